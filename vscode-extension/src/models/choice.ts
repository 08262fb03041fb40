/** What prompts are run with: a runner of the person's settings, or a model that VS Code has. */

import * as vscode from "vscode";
import type { RunnerList } from "../api";
import type { Orch } from "../orch";
import { rootHere } from "../experiments";
import { runnerOf } from "./languageModel";

/** A runner as the server knows it, and what lenses and lists call it. */
export interface RunChoice {
  readonly runner: string;
  readonly title: string;
}

const KEY = "orch.runChoice";

/** The choice of last time, in whatever project; undefined when there was none. */
export function lastChoice(context: vscode.ExtensionContext): RunChoice | undefined {
  const kept = context.globalState.get<Partial<RunChoice>>(KEY);
  return typeof kept?.runner === "string" && typeof kept.title === "string"
    ? { runner: kept.runner, title: kept.title }
    : undefined;
}

/** Remembers a choice, and tells the server, whose lenses name it. */
export async function remember(orch: Orch, choice: RunChoice): Promise<void> {
  if (lastChoice(orch.context)?.runner !== choice.runner) {
    await orch.context.globalState.update(KEY, choice);
    await orch.server.notify("orch/run/chosen", choice);
  }
}

interface Item extends vscode.QuickPickItem {
  readonly choice?: RunChoice;
  /** A program that is not set up as a runner yet. */
  readonly add?: { readonly name: string; readonly needsModel: boolean };
}

/** Asks what to run a prompt with, the last choice first. Undefined when the person turns away or nothing is there. */
export async function chooseRunner(orch: Orch): Promise<RunChoice | undefined> {
  const [listed, models] = await Promise.all([
    orch.server.execute<RunnerList>("orch.runner.list", rootHere()),
    allModels(),
  ]);
  const items = inOrder(runnerItems(listed), modelItems(models), foundItems(listed), lastChoice(orch.context));
  if (items.length === 0) {
    await sayNone(listed.path);
    return undefined;
  }
  const picked = await vscode.window.showQuickPick(items, {
    title: "Run Prompt",
    placeHolder: "With which model?",
    matchOnDescription: true,
    matchOnDetail: true,
  });
  const choice = picked?.add ? await addRunner(orch, picked.add) : picked?.choice;
  if (choice) {
    await remember(orch, choice);
  }
  return choice;
}

/** The models of VS Code; none in an editor of its kind that has no such thing. */
async function allModels(): Promise<readonly vscode.LanguageModelChat[]> {
  const { lm } = vscode as Partial<Pick<typeof vscode, "lm">>;
  return (await lm?.selectChatModels().then(undefined, () => [])) ?? [];
}

/** The last choice on top of all; else the default runner on top of its own. */
function inOrder(runners: Item[], models: Item[], found: Item[], last: RunChoice | undefined): Item[] {
  const isLast = (item: Item): boolean => item.choice !== undefined && item.choice.runner === last?.runner;
  const others = (items: Item[]): Item[] => items.filter((item) => !isLast(item));
  return [
    ...section("last time", [...runners, ...models].filter(isLast)),
    ...section("your runners", others(runners)),
    ...section("models in VS Code", others(models)),
    ...section("on this machine", found),
  ];
}

function section(label: string, items: Item[]): Item[] {
  return items.length === 0 ? [] : [{ label, kind: vscode.QuickPickItemKind.Separator }, ...items];
}

function runnerItems({ runners }: RunnerList): Item[] {
  return [...runners]
    .sort((one, other) => Number(other.default) - Number(one.default))
    .map((runner) => ({
      label: `$(${runner.kind === "endpoint" ? "cloud" : "terminal"}) ${runner.name}`,
      description: [runner.model, runner.default ? "default" : ""].filter(Boolean).join(" - "),
      detail: runner.base_url ?? (runner.command ?? []).join(" "),
      choice: { runner: runner.name, title: runner.name },
    }));
}

function modelItems(models: readonly vscode.LanguageModelChat[]): Item[] {
  return models.map((model) => ({
    label: `$(sparkle) ${model.name}`,
    description: model.vendor,
    choice: { runner: runnerOf(model), title: model.name },
  }));
}

function foundItems({ found }: RunnerList): Item[] {
  return found.map((program) => ({
    label: `$(add) Add ${program.name} to your settings`,
    description: program.command.join(" "),
    add: { name: program.name, needsModel: program.needs_model === true },
  }));
}

async function addRunner(orch: Orch, wanted: { name: string; needsModel: boolean }): Promise<RunChoice | undefined> {
  const model = wanted.needsModel
    ? await vscode.window.showInputBox({ title: `Add ${wanted.name}`, placeHolder: "Which model is it to run?" })
    : "";
  if (model === undefined || (wanted.needsModel && model.trim() === "")) {
    return undefined;
  }
  const params = { ...rootHere(), name: wanted.name, ...(model === "" ? {} : { model: model.trim() }) };
  const added = await orch.server.execute<{ name: string; path: string }>("orch.runner.add", params);
  void vscode.window.showInformationMessage(`${added.name} is a runner now.`, "Open Settings").then((open) => {
    return open && vscode.window.showTextDocument(vscode.Uri.file(added.path));
  });
  return { runner: added.name, title: added.name };
}

async function sayNone(settings: string): Promise<void> {
  const copy = "Copy Prompt";
  const choice = await vscode.window.showInformationMessage(
    `There is nothing to run a prompt with: VS Code has no model, and ${settings} has no runner.`,
    copy,
  );
  if (choice === copy) {
    await vscode.commands.executeCommand("orch.copyPrompt");
  }
}
