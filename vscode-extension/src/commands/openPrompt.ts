import * as vscode from "vscode";
import type { Phase } from "../api";
import type { Command } from "../orch";
import { chooseSession, targetOf } from "../target";
import { promptUri } from "../views/prompts";

/** Opens a phase's prompt as Markdown beside the session. */
export const openPrompt: Command = {
  id: "orch.openPrompt",
  async run(orch, given) {
    const session = await chooseSession(orch, given);
    if (session === undefined) {
      return;
    }
    const standing = await orch.current.ask(session);
    const phase = targetOf(given).phase ?? promptNow(standing.status, standing.prompts);
    if (phase === undefined) {
      void vscode.window.showInformationMessage("This session has no prompt yet; run Orch: Next Step first.");
      return;
    }
    await vscode.window.showTextDocument(promptUri(session, phase, standing.title), {
      viewColumn: vscode.ViewColumn.Beside,
      preserveFocus: true,
      preview: true,
    });
  },
};

/** The prompt of the phase that the session is in, else the last one that was made. */
function promptNow(status: string, prompts: readonly Phase[]): Phase | undefined {
  return prompts.find((phase) => phase === status) ?? prompts.at(-1);
}
