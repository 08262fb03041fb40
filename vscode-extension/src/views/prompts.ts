/** Prompts as read-only Markdown documents: `orch-prompt:/<title> - <phase>.md?<session and phase>`. */

import * as vscode from "vscode";
import type { Phase, PromptResult, Target } from "../api";
import type { Server } from "../client";

export const PROMPT_SCHEME = "orch-prompt";

/** The document of the prompt of `phase` in `session`. */
export function promptUri(session: string, phase: Phase, title: string): vscode.Uri {
  return vscode.Uri.from({
    scheme: PROMPT_SCHEME,
    path: `/${inPath(title)} - ${phase} prompt.md`,
    query: JSON.stringify({ session, phase }),
  });
}

/** A session's title as the name of a document. */
export function inPath(title: string): string {
  return title.replace(/[/\\?#%:*"<>|]/g, " ").trim() || "session";
}

/** The session and phase whose prompt `uri` shows; undefined for any other document. */
export function promptTarget(uri: vscode.Uri): Target | undefined {
  return uri.scheme === PROMPT_SCHEME ? (JSON.parse(uri.query) as Target) : undefined;
}

export class PromptDocuments implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly changes = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.changes.event;
  private readonly registration: vscode.Disposable;

  constructor(private readonly server: Server) {
    this.registration = vscode.workspace.registerTextDocumentContentProvider(PROMPT_SCHEME, this);
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const prompt = await this.server.execute<PromptResult>("orch.session.prompt", promptTarget(uri) ?? {});
    return prompt.text;
  }

  /** Reads the prompts that are open again. */
  refresh(): void {
    for (const doc of vscode.workspace.textDocuments) {
      if (doc.uri.scheme === PROMPT_SCHEME) {
        this.changes.fire(doc.uri);
      }
    }
  }

  dispose(): void {
    vscode.Disposable.from(this.registration, this.changes).dispose();
  }
}
