import * as vscode from "vscode";
import type { Command } from "../orch";
import { take } from "../steps";
import { chooseSession, targetOf } from "../target";

/** Goes back to an earlier phase. The texts stay. */
export const reopen: Command = {
  id: "orch.reopen",
  async run(orch, given) {
    const session = await chooseSession(orch, given);
    if (session === undefined) {
      return undefined;
    }
    const standing = await orch.current.ask(session);
    const phase =
      targetOf(given).phase ??
      (await vscode.window.showQuickPick([...standing.reopen].reverse(), {
        title: `Reopen: ${standing.title}`,
        placeHolder: "At which phase? All texts stay.",
      }));
    return phase && take(orch, "orch.session.reopen", { session, phase });
  },
};
