/** Tells once, after Orch itself was upgraded, which built-in templates changed below templates of one's own. */

import * as vscode from "vscode";
import type { TemplateUpgrade } from "../api";
import type { Orch } from "../orch";
import { roots } from "../template";

const TOLD = "orch.upgradesTold";
const COMPARE = "Compare Prompts";

interface Upgrade extends TemplateUpgrade {
  /** The folder that it is in, where there are several. */
  readonly root?: string;
}

/** Looks for upgrades once for each version of the extension: the built-ins change with nothing else. */
export async function tellUpgrades(orch: Orch): Promise<void> {
  const { version } = orch.context.extension.packageJSON as { readonly version: string };
  if (orch.context.workspaceState.get(TOLD) === version) {
    return;
  }
  const upgrades = await findUpgrades(orch);
  await orch.context.workspaceState.update(TOLD, version);
  if (upgrades.length === 0) {
    return;
  }
  const sentences = upgrades.slice(0, 3).map((one) => one.sentence);
  const more = upgrades.length - sentences.length;
  const message = [...sentences, ...(more > 0 ? [`So it is with ${more} more.`] : [])].join(" ");
  if ((await vscode.window.showInformationMessage(message, COMPARE)) === COMPARE) {
    await compare(upgrades);
  }
}

async function findUpgrades(orch: Orch): Promise<Upgrade[]> {
  const found: Upgrade[] = [];
  for (const root of roots()) {
    try {
      const { upgrades } = await orch.server.execute<{ upgrades: TemplateUpgrade[] }>("orch.template.list", root);
      // a general template stands on those of each type as well: one sentence is enough, the nearest part's
      const first = new Map([...upgrades].reverse().map((one) => [one.template, one]));
      found.push(...[...first.values()].reverse().map((one) => ({ ...one, ...root })));
    } catch {
      // a folder whose templates cannot be listed says so where they are used
    }
  }
  return found;
}

async function compare(upgrades: readonly Upgrade[]): Promise<void> {
  const items = upgrades.map((upgrade) => ({ label: upgrade.template, detail: upgrade.sentence, upgrade }));
  const choice =
    items.length === 1
      ? items[0]
      : await vscode.window.showQuickPick(items, { title: COMPARE, placeHolder: "Of which template?" });
  if (choice) {
    const { recorded, template, root } = choice.upgrade;
    await vscode.commands.executeCommand("orch.compareTemplates", { left: recorded, right: template, root });
  }
}
