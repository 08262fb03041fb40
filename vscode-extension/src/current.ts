/** The session that the active editor shows, and the context keys that hide what cannot be done in it. */

import * as vscode from "vscode";
import type { Phase, Standing } from "./api";
import { promptTarget } from "./views/prompts";
import type { Server } from "./client";

const WAIT_AFTER_TYPING = 400;

export class Current implements vscode.Disposable {
  private readonly changes = new vscode.EventEmitter<Standing | undefined>();
  /** Fires when the session, or where it stands, is another. */
  readonly onDidChange = this.changes.event;
  /** Where the active session stands; undefined when none is active or its file cannot be read. */
  standing: Standing | undefined;
  private readonly subscriptions: vscode.Disposable[];
  private timer: NodeJS.Timeout | undefined;
  private asked = 0;

  constructor(private readonly server: Server) {
    this.subscriptions = [
      vscode.window.onDidChangeActiveTextEditor(() => void this.refresh()),
      vscode.workspace.onDidChangeTextDocument((event) => {
        if (event.document.uri.toString() === this.uri) {
          clearTimeout(this.timer);
          this.timer = setTimeout(() => void this.refresh(), WAIT_AFTER_TYPING);
        }
      }),
    ];
  }

  /** The active session's URI: that of its file, or of the session whose prompt is shown. */
  get uri(): string | undefined {
    const doc = vscode.window.activeTextEditor?.document;
    if (!doc) {
      return undefined;
    }
    return doc.languageId === "orch" && doc.uri.scheme === "file" ? doc.uri.toString() : promptTarget(doc.uri)?.session;
  }

  /** Asks the server where the active session stands. */
  async refresh(): Promise<void> {
    clearTimeout(this.timer);
    const number = ++this.asked;
    const { uri } = this;
    // a file that is broken just now says so in its diagnostics
    const standing = uri === undefined ? undefined : await this.ask(uri).catch(() => undefined);
    if (number === this.asked) {
      this.standing = standing;
      await setContexts(uri !== undefined, standing);
      this.changes.fire(standing);
    }
  }

  /** Where a session stands. `phase`: whose missing values are wanted. Rejects when its file cannot be read. */
  ask(session: string, phase?: Phase): Promise<Standing> {
    const asked = phase === undefined ? { session } : { session, phase };
    return this.server.execute<Standing>("orch.session.standing", asked);
  }

  dispose(): void {
    clearTimeout(this.timer);
    vscode.Disposable.from(...this.subscriptions, this.changes).dispose();
  }
}

/** The steps that file an answer. */
const ANSWERS = ["process", "save-analysis", "save-implementation"];

async function setContexts(isSession: boolean, standing: Standing | undefined): Promise<void> {
  const steps = standing?.steps ?? [];
  const keys: Record<string, boolean> = {
    "orch.session": isSession,
    "orch.can.next": standing?.due !== null && standing !== undefined,
    "orch.can.answer": ANSWERS.some((step) => steps.includes(step)),
    "orch.can.fill": (standing?.missing.length ?? 0) > 0,
    "orch.can.prompt": (standing?.prompts.length ?? 0) > 0,
    "orch.can.complete": steps.includes("complete"),
    "orch.can.reopen": (standing?.reopen.length ?? 0) > 0,
    "orch.can.abandon": steps.includes("abandon"),
  };
  await Promise.all(
    Object.entries(keys).map(([key, value]) => vscode.commands.executeCommand("setContext", key, value)),
  );
}
