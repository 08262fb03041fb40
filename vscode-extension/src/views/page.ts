/** Pages that the server makes, in a web view without scripts. */

import * as vscode from "vscode";

const panels = new Map<string, vscode.WebviewPanel>();

/** Shows `html`, a whole page, under that title; one that is open already is brought up to date. */
export function showPage(title: string, html: string): void {
  const known = panels.get(title);
  const panel =
    known ??
    vscode.window.createWebviewPanel("orch.page", title, vscode.ViewColumn.Active, {
      enableScripts: false,
      localResourceRoots: [],
    });
  if (known) {
    known.reveal();
  } else {
    panels.set(title, panel);
    panel.onDidDispose(() => panels.delete(title));
  }
  panel.webview.html = html;
}
