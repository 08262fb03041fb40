import * as vscode from "vscode";
import type { TemplateInfo } from "../api";
import type { Command, Orch } from "../orch";
import { chooseRoot } from "../target";
import { keyOf, versionItems, type VersionItem } from "../template";

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
    const root = await chooseRoot();
    if (!root) {
      return undefined;
    }
    const items = await itemsOf(orch, template, root);
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
      if (chosen) {
        void vscode.window.showInformationMessage(`An experiment tries two versions or more, at most ${ARMS.length}.`);
      }
      return undefined;
    }
    const name = await vscode.window.showInputBox({
      title,
      prompt: "What is it called?",
      ignoreFocusOut: true,
      validateInput: (text) => (/^[\w.-]*$/.test(text.trim()) ? undefined : "Letters, digits, ., _ and - only, please."),
    });
    if (!name?.trim()) {
      return undefined;
    }
    const arms = versions.map((version, index) => ({ name: ARMS[index], version }));
    const done = await orch.server.execute("orch.experiment.start", { ...root, name: name.trim(), template, arms });
    void vscode.window.showInformationMessage(`Started ${name.trim()}; sessions planned from now on take part.`);
    return done;
  },
};

/** The versions of a template in every layer: one's own is mostly tried against the built-in one. */
async function itemsOf(orch: Orch, name: string, root: object): Promise<VersionItem[]> {
  const { templates } = await orch.server.execute<{ templates: TemplateInfo[] }>("orch.template.list", root);
  const layers = templates.filter((one) => one.name === name && one.feature_type === null).map(keyOf);
  // versions of the project's own stay when its working copy goes
  const keys = new Set([`project:${name}`, ...layers]);
  const found = await Promise.all(
    [...keys].map((key) => versionItems(orch, { name: key, ...root }).then(([own, items]) => inLayer(own.layer, items), () => [])),
  );
  return found.flat();
}

function inLayer(layer: string, items: readonly VersionItem[]): VersionItem[] {
  return items.map((item) => ({ ...item, description: [layer, item.description].filter(Boolean).join(" - ") }));
}
