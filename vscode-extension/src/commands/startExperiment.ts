import * as vscode from "vscode";
import { rootHere } from "../experiments";
import type { Command } from "../orch";
import { versionItems, type TemplateTarget } from "../template";

const ROLES = ["orchestrator", "analysis", "implementation"];
const ARMS = ["a", "b", "c", "d", "e", "f"];

/** Asks for a template, its versions and a name, and starts an experiment with equal weights. */
export const startExperiment: Command = {
  id: "orch.startExperiment",
  async run(orch) {
    const title = "Start Experiment";
    const template = await vscode.window.showQuickPick(ROLES, { title, placeHolder: "Which prompt?" });
    if (!template) {
      return undefined;
    }
    const target: TemplateTarget = { name: template, ...rootHere() };
    const [, items] = await versionItems(orch, target);
    if (items.length < 2) {
      void vscode.window.showInformationMessage("An experiment wants two versions; publish another one first.");
      return undefined;
    }
    const chosen = await vscode.window.showQuickPick(items, {
      title,
      placeHolder: "Which versions are tried? Choose two or more.",
      canPickMany: true,
      matchOnDetail: true,
    });
    const versions = (chosen ?? []).flatMap((item) => (item.version ? [item.version.reference] : []));
    if (versions.length < 2 || versions.length > ARMS.length) {
      return undefined;
    }
    const name = await vscode.window.showInputBox({ title, prompt: "What is it called?", ignoreFocusOut: true });
    if (!name?.trim()) {
      return undefined;
    }
    const arms = versions.map((version, index) => ({ name: ARMS[index], version }));
    const done = await orch.server.execute("orch.experiment.start", { ...rootHere(), name: name.trim(), template, arms });
    void vscode.window.showInformationMessage(`Started ${name.trim()}; sessions planned from now on take part.`);
    return done;
  },
};
