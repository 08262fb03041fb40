/** The status bar says where the active session stands; a click goes on. */

import * as vscode from "vscode";
import type { Standing } from "../api";
import type { Current } from "../current";

export class StatusItem implements vscode.Disposable {
  private readonly item = vscode.window.createStatusBarItem("orch.standing", vscode.StatusBarAlignment.Left, 10);
  private readonly subscription: vscode.Disposable;

  constructor(current: Current) {
    this.item.name = "Orch";
    this.subscription = current.onDidChange((standing) => this.show(standing));
  }

  private show(standing: Standing | undefined): void {
    if (!standing) {
      this.item.hide();
      return;
    }
    const status = standing.status.charAt(0).toUpperCase() + standing.status.slice(1);
    this.item.text = standing.due === null ? `$(pass) ${status}` : `$(milestone) ${status} - next: ${standing.next}`;
    this.item.tooltip = standing.title;
    this.item.command = standing.due === null ? "orch.showSessions" : standing.waits ? "orch.pasteAnswer" : "orch.next";
    this.item.show();
  }

  dispose(): void {
    vscode.Disposable.from(this.item, this.subscription).dispose();
  }
}
