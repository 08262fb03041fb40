import * as vscode from "vscode";
import type { Command } from "../orch";
import { take } from "../steps";
import { chooseSession } from "../target";

/** Ends a session that is not wanted any more. It stays as a file and can be reopened, which is offered. */
export const abandon: Command = {
  id: "orch.abandon",
  async run(orch, given) {
    const session = await chooseSession(orch, given);
    if (session === undefined) {
      return undefined;
    }
    const { status: phase } = await orch.current.ask(session);
    const result = await take(orch, "orch.session.abandon", { session });
    void vscode.window.showInformationMessage(`Abandoned: ${result?.title}`, "Reopen").then((choice) => {
      return choice && vscode.commands.executeCommand("orch.reopen", { session, phase });
    });
    return result;
  },
};
