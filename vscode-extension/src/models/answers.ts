/** The answer that a model is writing, as a read-only Markdown document that grows: `orch-answer:/<title>.md`. */

import * as vscode from "vscode";
import { inPath } from "../views/prompts";

const SCHEME = "orch-answer";

/** One answer on its way. */
export interface Answer {
  /** Adds a piece; the first one opens the document beside the session. */
  add(text: string): void;
}

export class AnswerDocuments implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly changes = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.changes.event;
  private readonly texts = new Map<string, string>();
  private readonly subscriptions: vscode.Disposable[];
  private number = 0;

  constructor() {
    this.subscriptions = [
      vscode.workspace.registerTextDocumentContentProvider(SCHEME, this),
      vscode.workspace.onDidChangeTextDocument((event) => follow(event)),
      vscode.workspace.onDidCloseTextDocument((doc) => this.texts.delete(doc.uri.toString())),
    ];
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.texts.get(uri.toString()) ?? "";
  }

  /** A new answer to the session's prompt. */
  begin(title: string): Answer {
    this.number += 1;
    const path = `/${inPath(title)} - answer.md`;
    const uri = vscode.Uri.from({ scheme: SCHEME, path, query: String(this.number) });
    let isShown = false;
    return {
      add: (text) => {
        this.texts.set(uri.toString(), (this.texts.get(uri.toString()) ?? "") + text);
        if (isShown) {
          this.changes.fire(uri);
        } else {
          isShown = true;
          void vscode.window.showTextDocument(uri, {
            viewColumn: vscode.ViewColumn.Beside,
            preserveFocus: true,
            preview: true,
          });
        }
      },
    };
  }

  dispose(): void {
    vscode.Disposable.from(...this.subscriptions, this.changes).dispose();
  }
}

/** Keeps the end in sight for somebody who reads along, and leaves alone who went back to read again. */
function follow({ document, contentChanges }: vscode.TextDocumentChangeEvent): void {
  if (document.uri.scheme !== SCHEME || contentChanges.length === 0) {
    return;
  }
  const before = Math.min(...contentChanges.map((change) => change.range.start.line));
  for (const editor of vscode.window.visibleTextEditors) {
    const seen = editor.visibleRanges.at(-1)?.end.line ?? 0;
    if (editor.document === document && seen >= before - 1) {
      const end = document.lineAt(document.lineCount - 1).range.end;
      editor.revealRange(new vscode.Range(end, end));
    }
  }
}
