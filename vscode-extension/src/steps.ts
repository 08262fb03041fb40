/** Taking a step: one path for the palette, the lenses and the views. */

import * as vscode from "vscode";
import type { Candidate, StepResult } from "./api";
import type { Server } from "./client";
import { NotRunning } from "./notRunning";
import { lastChoice, type RunChoice } from "./models/choice";
import type { Orch } from "./orch";
import { foldOthers, longTexts } from "./views/folding";

/** Sends a command to the server. */
type Send = (command: string, params: Record<string, unknown>) => Thenable<StepResult>;

/**
 * Takes the step `command`. The session's file is saved when it had no unsaved changes before; a prompt that the
 * step made goes to the clipboard. Rejects with the server's sentence when the step is refused.
 */
export async function take(
  orch: Orch,
  command: string,
  params: Record<string, unknown>,
  send?: Send,
): Promise<StepResult | undefined> {
  let result: StepResult;
  try {
    result = await takeQuietly(orch, command, params, send);
  } catch (error) {
    return refused(orch, command, params, error);
  }
  if (result?.prompt) {
    await handOver(result.prompt, result.missing ?? [], { session: result.uri ?? result.id }, lastChoice(orch.context));
  } else if (result?.parts) {
    tellParts(result, { session: result.uri ?? result.id });
  } else if (SAVING.has(command)) {
    tellSaved(result, { session: result.uri ?? result.id });
  }
  return result;
}

/** Takes a step and saves its file like `take`, and says nothing: rejects with the server's sentence when refused. */
export async function takeQuietly(
  orch: Orch,
  command: string,
  params: Record<string, unknown>,
  send: Send = (name, given) => orch.server.execute<StepResult>(name, given),
): Promise<StepResult> {
  const dirty = new Set(vscode.workspace.textDocuments.filter((doc) => doc.isDirty).map((doc) => doc.uri.toString()));
  const folded = await longTexts();
  const result = await send(command, params).then(undefined, async (error: unknown) => {
    // a run that fails leaves its record in the session all the same
    const { session } = params;
    await saveUnless(dirty, typeof session === "string" && session.includes(":") ? { uri: session } : undefined);
    throw error;
  });
  await saveUnless(dirty, result);
  await foldOthers(folded);
  orch.changed();
  return result;
}

/** Puts a prompt on the clipboard and says what to do with it: paste it, or run it with what was taken last time. */
export async function handOver(
  prompt: string,
  missing: readonly string[],
  target: object,
  choice?: RunChoice,
): Promise<void> {
  await vscode.env.clipboard.writeText(prompt);
  if (missing.length === 0) {
    void offer("The prompt is on the clipboard. Give it to a model, then paste its answer.", {
      ...(choice && {
        [`Run with ${choice.title}`]: () => vscode.commands.executeCommand("orch.run", { ...target, ...choice }),
      }),
      "Open Prompt": () => vscode.commands.executeCommand("orch.openPrompt", target),
    });
    return;
  }
  const places = missing.length === 1 ? "one place has no value yet" : `${missing.length} places have no value yet`;
  void offer(`The prompt is on the clipboard; ${places} (${missing.slice(0, 5).join(", ")}).`, {
    "Fill In": () => vscode.commands.executeCommand("orch.fill", target),
    "Open Prompt": () => vscode.commands.executeCommand("orch.openPrompt", target),
  });
}

/** The commands that store an answer. */
const SAVING = new Set(["answer", "saveAnalysis", "saveImplementation", "run"].map((name) => `orch.session.${name}`));

/** Says that an answer is stored. What was built is asked about by its own step, so that only a word is needed here. */
function tellSaved(result: StepResult, target: object): void {
  const next = result.status === "implementation" ? "Complete" : "Next Step";
  void offer("The answer is stored.", { [next]: () => vscode.commands.executeCommand("orch.next", target) });
}

/** Says which parts a planning answer had, and offers what comes next. */
function tellParts(result: StepResult, target: object): void {
  const next = (): Thenable<unknown> => vscode.commands.executeCommand("orch.next", target);
  const fill = (): Thenable<unknown> => vscode.commands.executeCommand("orch.fill", target);
  const lacks = [
    ...(result.analysis?.body ? [] : ["no analysis template"]),
    ...(result.implementation?.body ? [] : ["no implementation template"]),
  ];
  const doubtful = Object.values(result.parts ?? {}).some((part) => part.state === "doubtful");
  if (lacks.length > 0) {
    void offer(`The answer is stored. It has ${lacks.join(" and ")}.`, { "Copy Follow-Up": next });
  } else if (doubtful) {
    void offer("The answer is stored. A part of it is doubtful: see the mark in the file.", { "Next Step": next });
  } else {
    void offer("The answer is stored, and its parts are found.", {
      ...(result.missing?.length ? { "Fill In": fill } : {}),
      "Next Step": next,
    });
  }
}

async function offer(message: string, actions: Record<string, () => Thenable<unknown>>): Promise<void> {
  const choice = await vscode.window.showInformationMessage(message, ...Object.keys(actions));
  if (choice !== undefined) {
    await actions[choice]?.();
  }
}

/** A step was refused. When several sessions could have been meant, asks which one and takes it there. */
async function refused(
  orch: Orch,
  command: string,
  params: Record<string, unknown>,
  error: unknown,
): Promise<StepResult | undefined> {
  const candidates = candidatesOf(error);
  if (candidates.length === 0 || params["session"] !== undefined) {
    throw error;
  }
  const choice = await vscode.window.showQuickPick(
    candidates.map((session) => ({ label: session.title, description: session.status, id: session.id })),
    { title: "Which session is meant?", placeHolder: "Several sessions could take this." },
  );
  if (!choice) {
    throw error;
  }
  return take(orch, command, { ...params, session: choice.id });
}

/** Runs `work`; when the server refuses, shows its one plain sentence and gives undefined. */
export async function orRefusal<T>(server: Server, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    showRefusal(server, error);
    return undefined;
  }
}

function showRefusal(server: Server, error: unknown): void {
  if (error instanceof NotRunning) {
    void server.complain();
    return;
  }
  const open = "Open Kept Text";
  const { kept } = refusalData(error);
  const sentence = error instanceof Error ? error.message : String(error);
  void vscode.window.showErrorMessage(sentence, ...(kept === undefined ? [] : [open])).then((choice) => {
    return choice && vscode.commands.executeCommand("vscode.open", vscode.Uri.parse(kept ?? ""));
  });
}

/** What a refusal of the server carries besides its sentence. */
export interface RefusalData {
  /** Open places of the prompt that stand in the way. */
  readonly missing?: readonly string[];
  /** The URI of the file in which the text that came is kept. */
  readonly kept?: string;
}

export function refusalData(error: unknown): RefusalData {
  const data = (error as { data?: RefusalData } | undefined)?.data;
  return {
    ...(Array.isArray(data?.missing) ? { missing: data.missing } : {}),
    ...(typeof data?.kept === "string" ? { kept: data.kept } : {}),
  };
}

function candidatesOf(error: unknown): readonly Candidate[] {
  const data = (error as { data?: { candidates?: readonly Candidate[] } } | undefined)?.data;
  return Array.isArray(data?.candidates) ? data.candidates : [];
}

async function saveUnless(dirtyBefore: ReadonlySet<string>, result: Pick<StepResult, "uri"> | undefined): Promise<void> {
  if (!result?.uri) {
    return;
  }
  const uri = vscode.Uri.parse(result.uri).toString();
  const doc = vscode.workspace.textDocuments.find((open) => open.uri.toString() === uri);
  if (!doc?.isDirty || dirtyBefore.has(uri)) {
    return;
  }
  if (vscode.workspace.getConfiguration("orch", doc.uri).get("saveAfterStep", true)) {
    await doc.save();
  }
}
