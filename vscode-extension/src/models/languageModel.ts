/** Models that VS Code has, as runners: the server asks for one with `orch/model/run`, and hears what it writes. */

import * as vscode from "vscode";

const PREFIX = "vscode:";
const TIME_TO_COUNT = 5_000;

/** What the server asks for. `model` is what stands behind the prefix in the runner's name. */
export interface ModelRequest {
  readonly token: string;
  readonly model: string;
  readonly prompt: string;
}

/** How it ended. */
export interface ModelEnd {
  readonly status: "ok" | "failed" | "cancelled";
  readonly model?: string;
  readonly sentence?: string;
  readonly inputTokens?: number;
  readonly outputTokens?: number;
}

/** The name by which the server knows a model. */
export function runnerOf(model: vscode.LanguageModelChat): string {
  return `${PREFIX}${nameOf(model)}`;
}

function nameOf(model: vscode.LanguageModelChat): string {
  return `${model.vendor}/${model.id}`;
}

/** Models that a chat has lent for one request: with them, VS Code does not ask for consent once more. */
const lent = new Map<string, vscode.LanguageModelChat>();

/** Runs `work` with `model` in place of the one of that name. */
export async function lending<T>(model: vscode.LanguageModelChat, work: () => Promise<T>): Promise<T> {
  lent.set(nameOf(model), model);
  try {
    return await work();
  } finally {
    lent.delete(nameOf(model));
  }
}

/**
 * Gives a prompt to a model. `say` is called with each piece of its answer. What goes wrong is told in the model's
 * own words; never rejects.
 */
export async function runModel(
  request: ModelRequest,
  say: (text: string) => Promise<void>,
  cancel: vscode.CancellationToken,
): Promise<ModelEnd> {
  let model: vscode.LanguageModelChat | undefined;
  try {
    model = lent.get(request.model) ?? (await find(request.model));
    if (!model) {
      return { status: "failed", sentence: `VS Code has no model ${request.model} just now; choose another one.` };
    }
    return await converse(model, request.prompt, say, cancel);
  } catch (error) {
    if (cancel.isCancellationRequested || error instanceof vscode.CancellationError) {
      return { status: "cancelled" };
    }
    const name = model?.name ?? request.model;
    return { status: "failed", ...(model ? { model: model.id } : {}), sentence: `${name}: ${wordsOf(error)}` };
  }
}

async function find(name: string): Promise<vscode.LanguageModelChat | undefined> {
  const [vendor = "", ...id] = name.split("/");
  const models = await vscode.lm.selectChatModels({ vendor, id: id.join("/") });
  return models[0];
}

async function converse(
  model: vscode.LanguageModelChat,
  prompt: string,
  say: (text: string) => Promise<void>,
  cancel: vscode.CancellationToken,
): Promise<ModelEnd> {
  const justification = "Orch gives the model the prompt of your session and files its answer there.";
  const response = await model.sendRequest([vscode.LanguageModelChatMessage.User(prompt)], { justification }, cancel);
  const inputs = count(model, prompt);
  let written = "";
  for await (const piece of response.text) {
    written += piece;
    await say(piece);
  }
  const [inputTokens, outputTokens] = await Promise.all([inputs, count(model, written)]);
  return {
    status: cancel.isCancellationRequested ? "cancelled" : "ok",
    model: model.id,
    ...(inputTokens === undefined ? {} : { inputTokens }),
    ...(outputTokens === undefined ? {} : { outputTokens }),
  };
}

/** How many tokens a text is to the model; undefined where it does not tell, or not soon. */
async function count(model: vscode.LanguageModelChat, text: string): Promise<number | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), TIME_TO_COUNT);
  });
  const counted = Promise.resolve(model.countTokens(text)).catch(() => undefined);
  const number = await Promise.race([counted, late]);
  clearTimeout(timer);
  return Number.isSafeInteger(number) ? number : undefined;
}

/** Why a model did not answer: its own sentence, and the one behind it where that says more. */
function wordsOf(error: unknown): string {
  const { message, cause } = error as { message?: unknown; cause?: { message?: unknown } };
  const words = [message, cause?.message].filter((text): text is string => typeof text === "string" && text !== "");
  if (words.length > 0) {
    return [...new Set(words)].join(" ");
  }
  const code = error instanceof vscode.LanguageModelError ? error.code : "";
  return WORDS[code] ?? (code || String(error));
}

/** For an error without a sentence. */
const WORDS: Record<string, string> = {
  NoPermissions: "it may not be used; allow it when VS Code asks, or in the settings of your account.",
  Blocked: "it does not take the request now: a quota is used up, or its filter refused the prompt.",
  NotFound: "it is not there any more; choose another one.",
};
