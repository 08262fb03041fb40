import * as vscode from "vscode";
import type { Replay } from "../api";
import type { Command, Orch } from "../orch";
import { templateDocument, templateTarget, type TemplateTarget } from "../template";

interface Published {
  readonly reference: string;
  readonly version: number;
  readonly published: boolean;
}

/** Publishes the working copy; shows first what it changes in the prompts of the last sessions. */
export const publishTemplate: Command = {
  id: "orch.publishTemplate",
  async run(orch, given) {
    const target = templateTarget(given);
    if (!target) {
      return undefined;
    }
    const prompt = await whatChanges(orch, target);
    const message = await vscode.window.showInputBox({
      title: "Publish Template",
      placeHolder: "What changed, in one line",
      prompt,
      ignoreFocusOut: true,
    });
    if (!message?.trim()) {
      return undefined;
    }
    await templateDocument()?.save();
    const done = await orch.server.execute<Published>("orch.template.publish", { ...target, message });
    void vscode.window.showInformationMessage(
      done.published ? `Published as version ${done.version}.` : `This text is version ${done.version} already.`,
    );
    return done;
  },
};

/** What replay tells, in one line; of a partial, which makes no prompt by itself, nothing. */
async function whatChanges(orch: Orch, target: TemplateTarget): Promise<string> {
  try {
    const { changed, sessions } = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Window, title: "Rendering the last prompts" },
      () => orch.server.execute<Replay>("orch.template.replay", target),
    );
    if (sessions.length === 0) {
      return "No session has used this template yet.";
    }
    const broken = sessions.filter((session) => session.problem !== null).length;
    const answered = sessions.filter((session) => session.extracts !== null).length;
    const lost = sessions.filter((session) => session.extracts === false).length;
    return [
      sessions.length === 1
        ? `It ${changed ? "changes" : "does not change"} the only prompt so far`
        : `It changes ${changed || "none"} of the last ${sessions.length} prompts`,
      ...(broken ? [`${broken} cannot be made`] : []),
      ...(lost ? [`${lost} of ${answered} stored answers would lack a part`] : []),
      ...(answered && !lost ? ["every stored answer still extracts"] : []),
    ].join("; ");
  } catch {
    return "";
  }
}
