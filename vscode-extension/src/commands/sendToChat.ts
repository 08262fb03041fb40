import * as vscode from "vscode";
import type { PromptResult } from "../api";
import type { Command } from "../orch";
import { takeQuietly } from "../steps";
import { chooseSession, targetOf } from "../target";

/** Puts the session's prompt into the chat view, where the person sends it to the model that is chosen there. */
export const sendToChat: Command = {
  id: "orch.sendToChat",
  async run(orch, given) {
    const session = await chooseSession(orch, given);
    if (session === undefined) {
      return;
    }
    const { phase } = targetOf(given);
    // a session that waits gives its prompt, or the follow-up, once more
    const text =
      phase === undefined
        ? (await takeQuietly(orch, "orch.session.next", { session })).prompt
        : (await orch.server.execute<PromptResult>("orch.session.prompt", { session, phase })).text;
    if (text === undefined) {
      void vscode.window.showInformationMessage("No prompt is due in this session.");
      return;
    }
    try {
      await vscode.commands.executeCommand("workbench.action.chat.open", { query: text, isPartialQuery: true });
    } catch {
      await vscode.env.clipboard.writeText(text);
      void vscode.window.showInformationMessage("VS Code's chat is not there; the prompt is on the clipboard instead.");
    }
  },
};
