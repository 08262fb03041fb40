import * as vscode from "vscode";
import type { Command } from "../orch";
import { listSessions, pickSession } from "../target";

/** Lists the project's sessions, the newest first, and opens the one that is picked. */
export const showSessions: Command = {
  id: "orch.showSessions",
  async run(orch) {
    const sessions = await listSessions(orch, {});
    if (sessions.length === 0) {
      const choice = await vscode.window.showInformationMessage("This project has no session yet.", "Plan Feature");
      return choice && (await vscode.commands.executeCommand("orch.plan"));
    }
    const uri = await pickSession(sessions, "Sessions");
    return uri && (await vscode.window.showTextDocument(vscode.Uri.parse(uri), { preview: false }));
  },
};
