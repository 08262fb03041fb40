import * as vscode from "vscode";
import { pickExperiment } from "../experiments";
import type { Command } from "../orch";
import { showPage } from "../views/page";

interface Report {
  readonly name: string;
  readonly html: string;
}

/** Shows what an experiment has found so far, with a plot. */
export const experimentReport: Command = {
  id: "orch.experimentReport",
  async run(orch) {
    const experiment = await pickExperiment(orch, "Experiment Report", () => true);
    if (!experiment) {
      return undefined;
    }
    const report = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Window, title: `Reporting ${experiment.name}` },
      () => orch.server.execute<Report>("orch.experiment.report", { ...experiment, html: true }),
    );
    showPage(`Experiment ${report.name}`, report.html);
    return report;
  },
};
