/** What commands and views are given: the server, where the sessions stand, and the news that one changed. */

import * as vscode from "vscode";
import type { Server } from "./client";
import type { Current } from "./current";
import type { AnswerDocuments } from "./models/answers";

export interface Orch {
  readonly context: vscode.ExtensionContext;
  readonly server: Server;
  readonly current: Current;
  /** What models write, as it comes. */
  readonly answers: AnswerDocuments;
  /** Tells the views that sessions changed. */
  changed(): void;
}

/** A command of the extension. Its id is in `package.json`, or only lenses and views call it. */
export interface Command {
  readonly id: string;
  run(orch: Orch, target: unknown): Promise<unknown>;
}
