/** Versions, rendered prompts and previews as read-only documents: `orch-template:/<title>?<what it shows>`. */

import * as vscode from "vscode";
import type { Preview, TemplateDetails } from "../api";
import type { Server } from "../client";

export const TEXT_SCHEME = "orch-template";

const WAIT_AFTER_TYPING = 300;

/** What a document shows. */
export type Shown =
  | { readonly kind: "version"; readonly name: string; readonly root?: string }
  | { readonly kind: "rendered"; readonly side: "left" | "right"; readonly left: string; readonly right: string; readonly session?: string; readonly root?: string }
  | { readonly kind: "preview"; readonly uri: string; readonly session?: string; readonly root?: string };

/** The document that shows `shown`. A `title` that ends in `.md` is coloured as Markdown. */
export function textUri(shown: Shown, title: string): vscode.Uri {
  const name = title.replace(/[\\?#%*"<>|]/g, " ").trim();
  return vscode.Uri.from({ scheme: TEXT_SCHEME, path: `/${name}`, query: JSON.stringify(shown) });
}

function shownIn(uri: vscode.Uri): Shown {
  return JSON.parse(uri.query) as Shown;
}

export class TemplateTexts implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly changes = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.changes.event;
  private readonly subscriptions: vscode.Disposable[];
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly server: Server) {
    this.subscriptions = [
      vscode.workspace.registerTextDocumentContentProvider(TEXT_SCHEME, this),
      // what follows the pattern of working copies has their language; versions lie elsewhere
      vscode.workspace.onDidOpenTextDocument((document) => {
        if (document.uri.scheme === TEXT_SCHEME && shownIn(document.uri).kind === "version" && document.languageId !== "orch-template") {
          void vscode.languages.setTextDocumentLanguage(document, "orch-template");
        }
      }),
      // a preview shows what is typed, in the template itself and in the parts that it includes
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        if (document.languageId === "orch-template" || document.languageId === "orch") {
          clearTimeout(this.timer);
          this.timer = setTimeout(() => this.refresh(), WAIT_AFTER_TYPING);
        }
      }),
    ];
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const { kind, ...asked } = JSON.parse(uri.query) as Shown & Record<string, unknown>;
    switch (kind) {
      case "version":
        return (await this.server.execute<TemplateDetails>("orch.template.show", asked)).text;
      case "rendered": {
        const { side, ...sides } = asked as { side: "left" | "right" };
        const found = await this.server.execute<Sides>("orch.template.diff", { ...sides, rendered: true });
        return found[side].text;
      }
      case "preview":
        return previewText(await this.server.execute<Preview>("orch.template.preview", asked));
    }
  }

  /** Makes the previews that are open again. */
  refresh(): void {
    for (const doc of vscode.workspace.textDocuments) {
      if (doc.uri.scheme === TEXT_SCHEME && shownIn(doc.uri).kind === "preview") {
        this.changes.fire(doc.uri);
      }
    }
  }

  dispose(): void {
    clearTimeout(this.timer);
    vscode.Disposable.from(...this.subscriptions, this.changes).dispose();
  }
}

interface Sides {
  readonly left: { readonly text: string };
  readonly right: { readonly text: string };
}

/** The prompt, or why there is none. */
function previewText(preview: Preview): string {
  return preview.problems.length === 0
    ? preview.text
    : `No prompt comes out of this template yet.\n\n${preview.problems.map((problem) => `- ${problem.sentence}`).join("\n")}\n`;
}
