/** The sessions of the project in the side bar: the open ones, then the ended ones. */

import * as vscode from "vscode";
import type { SessionInfo } from "../api";
import type { Server } from "../client";
import { listSessions, uriOf } from "../target";

const WAIT_FOR_MORE_CHANGES = 300;
const MOST_ENDED = 200;

/** A session, or the folder of the ended ones. */
type Node = SessionNode | EndedNode;

class SessionNode extends vscode.TreeItem {
  /** Named like a lens's argument, so that the tree's menus hand the session to a command. */
  readonly session: string | undefined;

  constructor(info: SessionInfo) {
    super(info.title || "Untitled");
    this.session = uriOf(info);
    const ended = ENDED.has(info.status);
    this.id = info.path;
    this.description = ended || !info.next ? info.status : `${info.status} - ${info.next}`;
    this.tooltip = `${info.title}\n${info.status}${info.next ? `, next: ${info.next}` : ""}`;
    this.contextValue = ended ? "ended" : `open-${info.status}`;
    this.iconPath = new vscode.ThemeIcon(ICONS[info.status] ?? "file");
    if (this.session !== undefined) {
      this.command = { command: "vscode.open", title: "Open", arguments: [vscode.Uri.parse(this.session)] };
    }
  }
}

class EndedNode extends vscode.TreeItem {
  constructor(readonly sessions: readonly SessionInfo[]) {
    super("Ended", vscode.TreeItemCollapsibleState.Collapsed);
    this.description = String(sessions.length);
    this.id = "ended";
  }
}

const ENDED = new Set(["completed", "abandoned"]);
const ICONS: Record<string, string> = {
  planning: "lightbulb",
  analysis: "search",
  implementation: "tools",
  completed: "pass",
  abandoned: "circle-slash",
};

export class SessionsView implements vscode.TreeDataProvider<Node>, vscode.Disposable {
  private readonly changes = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.changes.event;
  private readonly subscriptions: vscode.Disposable[];
  private timer: NodeJS.Timeout | undefined;

  constructor(readonly server: Server) {
    const watcher = vscode.workspace.createFileSystemWatcher("**/.orch/sessions/*.orch");
    const refresh = (): void => this.refresh();
    this.subscriptions = [
      watcher,
      watcher.onDidChange(refresh),
      watcher.onDidCreate(refresh),
      watcher.onDidDelete(refresh),
      vscode.window.createTreeView("orch.sessions", { treeDataProvider: this }),
    ];
  }

  /** Reads the list again, once for many changes. */
  refresh(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.changes.fire(undefined);
      void this.countOpen();
    }, WAIT_FOR_MORE_CHANGES);
  }

  getTreeItem(node: Node): vscode.TreeItem {
    return node;
  }

  async getChildren(node?: Node): Promise<Node[]> {
    if (node instanceof EndedNode) {
      return node.sessions.slice(0, MOST_ENDED).map((info) => new SessionNode(info));
    }
    if (node) {
      return [];
    }
    const all = await listSessions(this, {}).catch(() => []);
    const open = all.filter((info) => !ENDED.has(info.status));
    const ended = all.filter((info) => ENDED.has(info.status));
    return [
      ...open.map((info) => new SessionNode(info)),
      ...(ended.length > 0 ? [new EndedNode(ended)] : []),
    ];
  }

  /** Tells the palette whether there is an open session to do something with; the tree may never be looked at. */
  private async countOpen(): Promise<void> {
    const open = await listSessions(this, { status: "open", limit: 1 }).catch(() => []);
    await vscode.commands.executeCommand("setContext", "orch.hasOpenSessions", open.length > 0);
  }

  dispose(): void {
    clearTimeout(this.timer);
    vscode.Disposable.from(...this.subscriptions, this.changes).dispose();
  }
}
