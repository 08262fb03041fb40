import * as vscode from "vscode";
import { pickExperiment } from "../experiments";
import type { Command } from "../orch";

/** Stops an experiment; sessions keep the arms that they have, and the report stays. */
export const stopExperiment: Command = {
  id: "orch.stopExperiment",
  async run(orch) {
    const experiment = await pickExperiment(orch, "Stop Experiment", (one) => one.status !== "stopped");
    if (!experiment) {
      return undefined;
    }
    const done = await orch.server.execute("orch.experiment.stop", experiment);
    void vscode.window.showInformationMessage(`Stopped ${experiment.name}; its report stays.`);
    return done;
  },
};
