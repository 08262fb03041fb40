/** What VS Code has had since a later version than the oldest that Orch runs in: looked for before it is used. */

import * as vscode from "vscode";

/** Since 1.95: the steps as tools of models. */
interface Tools {
  registerTool<T>(name: string, tool: LanguageModelTool<T>): vscode.Disposable;
}

export interface LanguageModelTool<T> {
  prepareInvocation(options: { readonly input: T }): PreparedInvocation;
  invoke(options: { readonly input: T }, cancel: vscode.CancellationToken): Promise<ToolResult>;
}

export interface PreparedInvocation {
  readonly invocationMessage: string;
  /** Asked before the tool runs; without it, nothing is asked. */
  readonly confirmationMessages?: { readonly title: string; readonly message: string };
}

/** The class `LanguageModelToolResult`; what it holds is VS Code's affair. */
export type ToolResult = object;

interface ToolClasses {
  readonly LanguageModelToolResult: new (parts: readonly object[]) => ToolResult;
  readonly LanguageModelTextPart: new (text: string) => object;
}

/** The function that registers a tool; undefined where VS Code has none. */
export function toolRegistry(): Tools["registerTool"] | undefined {
  return (vscode.lm as Partial<Tools>).registerTool;
}

/** A tool's result that is one text. */
export function textResult(text: string): ToolResult {
  const { LanguageModelToolResult, LanguageModelTextPart } = vscode as unknown as ToolClasses;
  return new LanguageModelToolResult([new LanguageModelTextPart(text)]);
}

/** The model that is chosen in the chat; before VS Code told it, the first one that there is. */
export async function modelOf(request: vscode.ChatRequest): Promise<vscode.LanguageModelChat | undefined> {
  const { model } = request as { model?: vscode.LanguageModelChat };
  return model ?? (await vscode.lm.selectChatModels())[0];
}
