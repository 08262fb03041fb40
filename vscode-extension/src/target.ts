/** Which session a command means. */

import * as path from "node:path";
import * as vscode from "vscode";
import type { Phase, SessionInfo, Target } from "./api";
import type { Orch } from "./orch";
import { promptTarget } from "./views/prompts";

/**
 * The session that a command is given, else the active editor's, else the only open one, else the one that the
 * person picks. Undefined when there is none; the person has been told, or has turned away.
 */
export async function chooseSession(orch: Orch, given: unknown): Promise<string | undefined> {
  const named = targetOf(given).session ?? orch.current.uri;
  if (named !== undefined) {
    return named;
  }
  const open = await listSessions(orch, { status: "open" });
  if (open.length === 0) {
    void vscode.window.showInformationMessage("No session is open in this project.", "Plan Feature").then((choice) => {
      return choice && vscode.commands.executeCommand("orch.plan");
    });
    return undefined;
  }
  return open.length === 1 ? uriOf(open[0]) : pickSession(open, "Which session?");
}

/** What a lens, a menu of the tree or an editor title hands to a command, as a target. */
export function targetOf(given: unknown): Target {
  if (given instanceof vscode.Uri) {
    return given.path.endsWith(".orch") ? { session: given.toString() } : (promptTarget(given) ?? {});
  }
  if (typeof given !== "object" || given === null) {
    return {};
  }
  const { session, phase } = given as { session?: unknown; phase?: unknown };
  return {
    ...(typeof session === "string" ? { session } : {}),
    ...(typeof phase === "string" ? { phase: phase as Phase } : {}),
  };
}

/** The project's sessions, the newest first. In a workspace of several folders, those of all of them. */
export async function listSessions(orch: Pick<Orch, "server">, params: object): Promise<SessionInfo[]> {
  const roots = (vscode.workspace.workspaceFolders ?? []).map((folder) => folder.uri.toString());
  const lists = await Promise.all(
    roots.map((root) =>
      orch.server.execute<{ sessions: SessionInfo[] }>("orch.session.list", {
        ...params,
        ...(roots.length > 1 ? { root } : {}),
      }),
    ),
  );
  const all = lists.flatMap((list) => list.sessions);
  return [...new Map(all.map((session) => [session.path, session])).values()];
}

export function uriOf(session: SessionInfo | undefined): string | undefined {
  return session && (session.uri ?? vscode.Uri.file(session.path).toString());
}

export async function pickSession(sessions: readonly SessionInfo[], title: string): Promise<string | undefined> {
  const items = sessions.map((session) => ({
    label: session.title,
    description: `${session.status}${session.next ? ` - next: ${session.next}` : ""}`,
    detail: path.basename(session.path),
    session,
  }));
  const choice = await vscode.window.showQuickPick(items, {
    title,
    matchOnDescription: true,
    matchOnDetail: true,
    placeHolder: "A title, a status or a date",
  });
  return uriOf(choice?.session);
}

/** The folder in which a new session is to be made, as the parameter `root`; undefined when there is no folder. */
export async function chooseRoot(): Promise<{ root?: string } | undefined> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  if (folders.length === 0) {
    const open = "Open Folder";
    const choice = await vscode.window.showErrorMessage("Sessions live in a project's folder; open one first.", open);
    if (choice === open) {
      await vscode.commands.executeCommand("workbench.action.files.openFolder");
    }
    return undefined;
  }
  if (folders.length === 1) {
    return {};
  }
  const active = vscode.window.activeTextEditor?.document.uri;
  const folder =
    (active && vscode.workspace.getWorkspaceFolder(active)) ?? (await vscode.window.showWorkspaceFolderPick());
  return folder && { root: folder.uri.toString() };
}
