/** Where a text can come from: the clipboard, the selection, a file. */

import * as path from "node:path";
import * as vscode from "vscode";

/** The text that is selected in the active editor, else in another visible one; "" when there is none. */
export function selectedText(): string {
  const editors = [vscode.window.activeTextEditor, ...vscode.window.visibleTextEditors];
  const editor = editors.find((candidate) => candidate && !candidate.selection.isEmpty);
  return editor ? editor.document.getText(editor.selection) : "";
}

/** The whole text of a file that the person chooses; undefined when none is chosen or it is not text. */
export async function textOfFile(title: string): Promise<string | undefined> {
  // not where the session's own file lies
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  const files = await vscode.window.showOpenDialog({
    title,
    openLabel: "Use This File",
    canSelectMany: false,
    ...(folder && { defaultUri: folder.uri }),
  });
  const file = files?.[0];
  if (!file) {
    return undefined;
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(await vscode.workspace.fs.readFile(file));
  } catch {
    void vscode.window.showErrorMessage(`${path.basename(file.path)} cannot be read as UTF-8 text.`);
    return undefined;
  }
}

/** The beginning of a text on one line, to recognise it by. */
export function preview(text: string, length = 70): string {
  const line = text.trim().replace(/\s+/g, " ");
  return line.length > length ? `${line.slice(0, length - 1)}…` : line;
}

/** How much text it is: "1 line", "214 lines". */
export function size(text: string): string {
  const lines = text.trimEnd().split("\n").length;
  return lines === 1 ? "1 line" : `${lines} lines`;
}
