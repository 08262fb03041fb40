/** A run of a prompt: its progress, its text as it comes, its answer filed, and what is offered when it fails. */

import * as vscode from "vscode";
import type { StepResult } from "../api";
import type { Orch } from "../orch";
import { refusalData, take } from "../steps";
import type { RunChoice } from "./choice";

/** Gives the due prompt of `session` to what was chosen and files the answer. The message about it is shown here. */
export async function runPrompt(orch: Orch, session: string, choice: RunChoice): Promise<StepResult | undefined> {
  const { title } = await orch.current.ask(session);
  return attempt(orch, session, title, choice, false);
}

async function attempt(
  orch: Orch,
  session: string,
  title: string,
  choice: RunChoice,
  force: boolean,
): Promise<StepResult | undefined> {
  const answer = orch.answers.begin(title);
  const params = { session, runner: choice.runner, ...(force ? { force } : {}) };
  let isCancelled = false;
  try {
    return await take(orch, "orch.session.run", params, (command, given) =>
      vscode.window.withProgress(
        { location: vscode.ProgressLocation.Notification, title: `${choice.title}: ${title}`, cancellable: true },
        (progress, cancel) => {
          cancel.onCancellationRequested(() => (isCancelled = true));
          const report = (message: string): void => progress.report({ message });
          return orch.server.executeLong<StepResult>(command, given, { report, text: answer.add }, cancel);
        },
      ),
    );
  } catch (error) {
    const { missing, kept } = refusalData(error);
    if (missing && !force) {
      return (await askForce(session, missing)) ? attempt(orch, session, title, choice, true) : undefined;
    }
    if (kept === undefined && !isCancelled) {
      throw error;
    }
    orch.changed();
    void offerKept(session, error, kept, isCancelled);
    return undefined;
  }
}

/** Whether a prompt with open places is to be sent as it is. Nothing is sent when the person would rather fill them. */
async function askForce(session: string, missing: readonly string[]): Promise<boolean> {
  const send = "Send It All the Same";
  const fill = "Fill In";
  const places = missing.length === 1 ? "an open place" : `${missing.length} open places`;
  const choice = await vscode.window.showWarningMessage(
    `The prompt has ${places}: ${missing.join(", ")}.`,
    { modal: true, detail: "Send it all the same?" },
    fill,
    send,
  );
  if (choice === fill) {
    await vscode.commands.executeCommand("orch.fill", { session });
  }
  return choice === send;
}

/** A run that was cancelled or failed: why, where what came is, and what can be done. */
async function offerKept(session: string, error: unknown, kept: string | undefined, isCancelled: boolean): Promise<void> {
  const sentence = error instanceof Error ? error.message : String(error);
  const show = isCancelled ? vscode.window.showInformationMessage : vscode.window.showErrorMessage;
  const open = "Open What Came";
  const again = "Run with ...";
  const file = kept === undefined ? undefined : vscode.Uri.parse(kept);
  const choice = await show(sentence, ...(file ? [open] : []), again);
  if (choice === open && file) {
    await vscode.window.showTextDocument(file);
  } else if (choice === again) {
    await vscode.commands.executeCommand("orch.run", { session });
  }
}
