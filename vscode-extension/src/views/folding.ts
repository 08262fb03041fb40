/** Long texts fold when a file opens (`editor.foldingImportsByDefault`); those that a step adds are folded here. */

import * as vscode from "vscode";

/** The long texts of the session in the active editor, to know later which ones are new. */
export async function longTexts(): Promise<ReadonlySet<string>> {
  return new Set((await foldable()).map((text) => text.content));
}

/** Folds the long texts of the active editor that are not among `known`. Those that a person opened stay open. */
export async function foldOthers(known: ReadonlySet<string>): Promise<void> {
  const added = (await foldable()).filter((text) => !known.has(text.content));
  if (added.length > 0) {
    const selectionLines = added.map((text) => text.line);
    await vscode.commands.executeCommand("editor.fold", { selectionLines, levels: 1, direction: "down" });
  }
}

async function foldable(): Promise<{ line: number; content: string }[]> {
  const doc = vscode.window.activeTextEditor?.document;
  if (doc?.languageId !== "orch") {
    return [];
  }
  const ranges = await vscode.commands.executeCommand<vscode.FoldingRange[] | undefined>(
    "vscode.executeFoldingRangeProvider",
    doc.uri,
  );
  // the server marks long texts as imports: the one kind that editors fold by themselves
  return (ranges ?? [])
    .filter((range) => range.kind === vscode.FoldingRangeKind.Imports)
    .map(({ start, end }) => ({ line: start, content: doc.getText(new vscode.Range(start, 0, end + 1, 0)) }));
}
