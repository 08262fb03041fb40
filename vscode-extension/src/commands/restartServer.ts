import type { Command } from "../orch";

/** Starts the server anew, with a fresh look for a Python. */
export const restartServer: Command = {
  id: "orch.restartServer",
  run: (orch) => orch.server.restart(),
};
