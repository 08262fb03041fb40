import type { Command } from "../orch";

/** Shows what the server and the extension wrote down. */
export const showLog: Command = {
  id: "orch.showLog",
  async run(orch) {
    orch.server.log.show();
  },
};
