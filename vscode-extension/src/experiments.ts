/** Which experiment a command is about. */

import * as vscode from "vscode";
import type { Orch } from "./orch";
import { rootOf } from "./template";

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
  const root = rootHere();
  const { experiments } = await orch.server.execute<{ experiments: ExperimentInfo[] }>("orch.experiment.list", root);
  const found = experiments.filter(wanted);
  if (found.length === 0) {
    void vscode.window.showInformationMessage("There is no such experiment here; Start Experiment begins one.");
    return undefined;
  }
  const items = found.map((one) => ({
    label: one.name,
    description: one.status,
    detail: `${one.feature_type ? `${one.feature_type}/` : ""}${one.template}: ${one.arms.map((arm) => arm.version).join(", ")}`,
  }));
  const picked = items.length === 1 ? items[0] : await vscode.window.showQuickPick(items, { title });
  return picked && { ...root, name: picked.label };
}
