import * as vscode from "vscode";
import type { Command, Orch } from "../orch";
import { rootOf, templateDocument } from "../template";
import { listSessions, uriOf } from "../target";
import { textUri } from "../views/templateTexts";

/** Shows beside the template the prompt that it makes, for a session of the project or a sample; it follows typing. */
export const previewTemplate: Command = {
  id: "orch.previewTemplate",
  async run(orch, given) {
    const uri = given instanceof vscode.Uri ? given : templateDocument()?.uri;
    if (!uri) {
      return undefined;
    }
    const session = await pickSession(orch);
    if (!session) {
      return undefined;
    }
    const name = uri.path.slice(uri.path.lastIndexOf("/") + 1).replace(/(\.md)?\.j2$/, "");
    const shown = { kind: "preview", uri: uri.toString(), session: session.id, ...rootOf(uri) } as const;
    return vscode.window.showTextDocument(textUri(shown, `${name} for ${session.title}.md`), {
      viewColumn: vscode.ViewColumn.Beside,
      preserveFocus: true,
      preview: true,
    });
  },
};

const SAMPLE = { id: "sample", title: "a sample" };

async function pickSession(orch: Orch): Promise<{ id: string; title: string } | undefined> {
  const sessions = await listSessions(orch, { limit: 50 });
  if (sessions.length === 0) {
    return SAMPLE;
  }
  const items = [
    ...sessions.map((session) => ({
      label: session.title,
      description: session.status,
      session: { id: uriOf(session) ?? session.id, title: session.title },
    })),
    { label: "A sample session", description: "made up", session: SAMPLE },
  ];
  const choice = await vscode.window.showQuickPick(items, {
    title: "Preview Template",
    placeHolder: "With the values of which session?",
    matchOnDescription: true,
  });
  return choice?.session;
}
