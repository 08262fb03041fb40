import * as vscode from "vscode";
import type { Command } from "../orch";
import { take } from "../steps";
import { targetOf } from "../target";
import { preview, selectedText, size, textOfFile } from "../texts";

/**
 * Files a model's answer where its session waits for it: the text of the clipboard, of the selection or of a file.
 * Without a session at hand, the answer finds its session by itself.
 */
export const pasteAnswer: Command = {
  id: "orch.pasteAnswer",
  async run(orch, given) {
    const { session: named } = targetOf(given);
    const text = await askText(named !== undefined);
    if (text === undefined) {
      return undefined;
    }
    const session = named ?? orch.current.uri;
    return take(orch, "orch.session.answer", { text, ...(session === undefined ? {} : { session }) });
  },
};

interface Source extends vscode.QuickPickItem {
  readonly text: () => Promise<string | undefined>;
}

/** The answer's text. From a lens (`direct`) it is the clipboard's, as the lens says. */
async function askText(direct: boolean): Promise<string | undefined> {
  const clipboard = await vscode.env.clipboard.readText();
  if (direct && clipboard.trim() !== "") {
    return clipboard;
  }
  const sources: Source[] = [
    ...found("$(clippy) Clipboard", clipboard),
    ...found("$(list-selection) Selection", selectedText()),
    { label: "$(file) File...", description: "choose a file that holds the answer", text: () => textOfFile("Paste Answer") },
  ];
  const choice = await vscode.window.showQuickPick(sources, {
    title: "Paste Answer",
    placeHolder: clipboard.trim() === "" ? "The clipboard is empty. Where is the answer?" : "Where is the answer?",
  });
  return choice?.text();
}

function found(label: string, text: string): Source[] {
  return text.trim() === ""
    ? []
    : [{ label, description: size(text), detail: preview(text, 110), text: () => Promise.resolve(text) }];
}
