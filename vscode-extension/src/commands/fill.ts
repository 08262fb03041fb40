import * as vscode from "vscode";
import type { Phase } from "../api";
import type { Command } from "../orch";
import { take } from "../steps";
import { chooseSession, targetOf } from "../target";
import { preview, selectedText, size, textOfFile } from "../texts";

/** Asks for each value that a prompt lacks and stores what was given. Turning away stores what was given so far. */
export const fill: Command = {
  id: "orch.fill",
  async run(orch, given) {
    const session = await chooseSession(orch, given);
    if (session === undefined) {
      return undefined;
    }
    const standing = await orch.current.ask(session, targetOf(given).phase);
    const phase: Phase | null = standing.fill;
    if (phase === null || standing.missing.length === 0) {
      return vscode.window.showInformationMessage("Every place of the prompt has a value.");
    }
    const values: Record<string, string> = {};
    for (const [index, name] of standing.missing.entries()) {
      const answer = await askValue(name, index + 1, standing.missing.length);
      if (answer === "turned away") {
        break;
      }
      const value = answer === "keep" ? standing.written[name] : answer.value;
      if (value !== undefined) {
        values[name] = value;
      }
    }
    return Object.keys(values).length === 0 ? undefined : take(orch, "orch.session.fill", { session, phase, values });
  },
};

type Answer = { readonly value: string } | "keep" | "turned away";

function askValue(name: string, number: number, of: number): Promise<Answer> {
  const selection = selectedText();
  const clipboard = { iconPath: new vscode.ThemeIcon("clippy"), tooltip: "Use the clipboard" };
  const select = {
    iconPath: new vscode.ThemeIcon("list-selection"),
    tooltip: `Use the selection (${size(selection)}): ${preview(selection)}`,
  };
  const file = { iconPath: new vscode.ThemeIcon("file"), tooltip: "Use the text of a file" };
  const keep = { iconPath: new vscode.ThemeIcon("debug-step-over"), tooltip: "Keep as written" };
  const input = vscode.window.createInputBox();
  input.title = "Fill In Prompt";
  input.step = number;
  input.totalSteps = of;
  input.placeholder = name;
  input.prompt = `Type the value of ${name}, or take it from above. Enter with nothing typed keeps it as it is written.`;
  input.buttons = [clipboard, ...(selection ? [select] : []), file, keep];
  input.ignoreFocusOut = true;
  return new Promise((resolve) => {
    let busy = false;
    const done = (answer: Answer): void => {
      resolve(answer);
      input.hide();
    };
    const use = async (text: Thenable<string | undefined>): Promise<void> => {
      // the file dialog hides the box: that is no turning away
      busy = true;
      const value = await text;
      busy = false;
      if (value) {
        done({ value });
        return;
      }
      // undefined: no file was chosen, or why it cannot be read has been said
      input.validationMessage = value === undefined ? undefined : "There is no text there.";
      input.show();
    };
    input.onDidChangeValue(() => {
      input.validationMessage = undefined;
    });
    input.onDidAccept(() => done(input.value === "" ? "keep" : { value: input.value }));
    input.onDidTriggerButton((button) => {
      if (button === clipboard) {
        void use(vscode.env.clipboard.readText());
      } else if (button === select) {
        done({ value: selection });
      } else if (button === file) {
        void use(textOfFile(name));
      } else {
        done("keep");
      }
    });
    input.onDidHide(() => {
      if (!busy) {
        resolve("turned away");
        input.dispose();
      }
    });
    input.show();
  });
}
