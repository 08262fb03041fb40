import * as vscode from "vscode";
import type { FeatureTypes, StepResult } from "../api";
import type { Command, Orch } from "../orch";
import { take } from "../steps";
import { chooseRoot, targetOf } from "../target";
import { preview, selectedText, size } from "../texts";
import { closeDraft, draftText, openDraft } from "../views/drafts";

/**
 * Plans a feature: asks for the request (typed, selected, or written in a draft) and its type, makes the session
 * and shows it. On a lens it plans the draft, or the session, that the lens stands in.
 */
export const plan: Command = {
  id: "orch.plan",
  async run(orch, given) {
    const { session } = targetOf(given);
    if (session !== undefined) {
      return take(orch, "orch.session.plan", { session });
    }
    const root = await chooseRoot();
    const draft = draftText(given);
    const request = root && (draft ?? (await askRequest()));
    if (request === undefined || request.trim() === "") {
      return draft === undefined ? undefined : vscode.window.showInformationMessage("The draft is empty: write first what you want.");
    }
    const featureType = await askType(orch, request, root ?? {});
    if (featureType === undefined) {
      return undefined;
    }
    let result: StepResult | undefined;
    try {
      result = await take(orch, "orch.session.plan", { ...root, request, featureType });
    } catch (error) {
      if (draft === undefined) {
        // what was typed is not lost with the box that it was typed into
        await openDraft(request);
      }
      throw error;
    }
    if (!result) {
      return undefined;
    }
    if (draft !== undefined) {
      await closeDraft(given);
    }
    const uri = result.uri ? vscode.Uri.parse(result.uri) : vscode.Uri.file(result.path);
    await vscode.window.showTextDocument(uri, { preview: false });
    return result;
  },
};

/** The request: one line, or the selection. Undefined when the person turns away or goes on to write a draft. */
function askRequest(): Promise<string | undefined> {
  const selection = selectedText();
  const write = { iconPath: new vscode.ThemeIcon("edit"), tooltip: "Write a long request in the editor" };
  const select = {
    iconPath: new vscode.ThemeIcon("list-selection"),
    tooltip: `Use the selection (${size(selection)}): ${preview(selection)}`,
  };
  const input = vscode.window.createInputBox();
  input.title = "Plan Feature";
  input.placeholder = "What do you want? For example: Add user authentication";
  input.prompt = selection
    ? "Press Enter with nothing typed to use the selection."
    : "One or two sentences. For a longer request, use the pencil above.";
  input.buttons = selection ? [select, write] : [write];
  input.ignoreFocusOut = true;
  return new Promise((resolve) => {
    const done = (request: string | undefined): void => {
      resolve(request);
      input.hide();
    };
    input.onDidAccept(() => {
      const typed = input.value.trim();
      if (typed !== "" || selection !== "") {
        done(typed === "" ? selection : typed);
      }
    });
    input.onDidTriggerButton((button) => {
      if (button === select) {
        done(selection);
      } else {
        done(undefined);
        void openDraft(input.value);
      }
    });
    input.onDidHide(() => {
      resolve(undefined);
      input.dispose();
    });
    input.show();
  });
}

/** The feature type, the one that the request's words point to first. */
async function askType(orch: Orch, request: string, root: object): Promise<string | undefined> {
  const asked = { ...root, request };
  const { suggested, types } = await orch.server.execute<FeatureTypes>("orch.session.featureTypes", asked);
  const names = [suggested, ...types.filter((name) => name !== suggested)];
  const items = names.map((label, index) => ({
    label,
    description: [index === 0 ? "from the words of the request" : "", WORDS[label] ?? ""].filter(Boolean).join(" - "),
  }));
  const choice = await vscode.window.showQuickPick(items, {
    title: `Plan Feature: ${preview(request)}`,
    placeHolder: "What kind of change is it?",
    ignoreFocusOut: true,
  });
  return choice?.label;
}

const WORDS: Record<string, string> = {
  feature: "something new",
  bugfix: "something that is wrong",
  refactor: "the same, better built",
  performance: "the same, faster or smaller",
  migration: "from one version, place or system to another",
  docs: "words, not code",
};
