/** A long request is written in an untitled Markdown document; a lens on its first line plans it. */

import * as vscode from "vscode";

/** The drafts that are open, by URI: any other untitled document is none of ours. */
const drafts = new Set<string>();

/** Opens a draft that begins with `text`. */
export async function openDraft(text: string): Promise<void> {
  const doc = await vscode.workspace.openTextDocument({ language: "markdown", content: text });
  drafts.add(doc.uri.toString());
  const editor = await vscode.window.showTextDocument(doc);
  const end = doc.lineAt(doc.lineCount - 1).range.end;
  editor.selection = new vscode.Selection(end, end);
}

/** The text of the draft that a lens stands in, or of the active one; undefined when there is none. */
export function draftText(given: unknown): string | undefined {
  return draft(given)?.getText();
}

/** Closes the draft: its text is the session's request now. */
export async function closeDraft(given: unknown): Promise<void> {
  const doc = draft(given);
  if (doc) {
    drafts.delete(doc.uri.toString());
    await vscode.window.showTextDocument(doc);
    await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
  }
}

function draft(given: unknown): vscode.TextDocument | undefined {
  const named = (given as { draft?: unknown } | undefined)?.draft;
  const uri = typeof named === "string" ? named : vscode.window.activeTextEditor?.document.uri.toString();
  return uri !== undefined && drafts.has(uri)
    ? vscode.workspace.textDocuments.find((doc) => doc.uri.toString() === uri)
    : undefined;
}

export class DraftLenses implements vscode.CodeLensProvider, vscode.Disposable {
  private readonly subscriptions = [
    vscode.languages.registerCodeLensProvider({ scheme: "untitled", language: "markdown" }, this),
    vscode.workspace.onDidCloseTextDocument((doc) => drafts.delete(doc.uri.toString())),
  ];

  provideCodeLenses(doc: vscode.TextDocument): vscode.CodeLens[] {
    const uri = doc.uri.toString();
    const plan = { title: "$(play) Plan Feature", command: "orch.plan", arguments: [{ draft: uri }] };
    return drafts.has(uri) ? [new vscode.CodeLens(new vscode.Range(0, 0, 0, 0), plan)] : [];
  }

  dispose(): void {
    vscode.Disposable.from(...this.subscriptions).dispose();
  }
}
