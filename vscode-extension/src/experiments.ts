/** Which experiment a command is about. */

import * as vscode from "vscode";
import type { Orch } from "./orch";
import { rootOf, roots } from "./template";

export interface ExperimentInfo {
  readonly name: string;
  readonly status: string;
  readonly template: string;
  readonly feature_type: string | null;
  readonly arms: readonly { readonly name: string; readonly version: string }[];
}

/** What the server is given to find an experiment. */
export interface ExperimentTarget {
  readonly name: string;
  readonly root?: string;
}

/** The folder of the document at hand, where there is one. */
export function rootHere(): { readonly root?: string } {
  return rootOf(vscode.window.activeTextEditor?.document.uri);
}

/** Asks for one of the experiments that are `wanted`; a single one needs no question. */
export async function pickExperiment(
  orch: Orch,
  title: string,
  wanted: (experiment: ExperimentInfo) => boolean,
): Promise<ExperimentTarget | undefined> {
  const lists = await Promise.all(
    roots().map(async (root) => {
      const list = await orch.server.execute<{ experiments: ExperimentInfo[] }>("orch.experiment.list", root);
      return list.experiments.filter(wanted).map((one) => ({
        label: one.name,
        description: one.status,
        detail: `${one.feature_type ? `${one.feature_type}/` : ""}${one.template}: ${one.arms.map((arm) => arm.version).join(", ")}`,
        root,
      }));
    }),
  );
  const items = lists.flat();
  if (items.length === 0) {
    void vscode.window.showInformationMessage("There is no such experiment here; Start Experiment begins one.");
    return undefined;
  }
  const picked = items.length === 1 ? items[0] : await vscode.window.showQuickPick(items, { title });
  return picked && { ...picked.root, name: picked.label };
}
