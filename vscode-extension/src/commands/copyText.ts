import * as vscode from "vscode";
import type { Command } from "../orch";

/** Puts a text that the server made (a follow-up for a missing part) on the clipboard. Only the server's fixes call it. */
export const copyText: Command = {
  id: "orch.copyText",
  async run(_orch, given) {
    const { text } = (given ?? {}) as { text?: unknown };
    if (typeof text === "string") {
      await vscode.env.clipboard.writeText(text);
      void vscode.window.showInformationMessage("Copied. Give it to the model, then paste its answer.");
    }
  },
};
