import type { Command } from "../orch";
import { take } from "../steps";
import { chooseSession } from "../target";
import { complete } from "./complete";

/** Takes the due step and gives its prompt. The last one, completing, asks how it went. */
export const next: Command = {
  id: "orch.next",
  async run(orch, given) {
    const session = await chooseSession(orch, given);
    if (session === undefined) {
      return undefined;
    }
    const standing = await orch.current.ask(session);
    return standing.due === "complete" ? complete.run(orch, { session }) : take(orch, "orch.session.next", { session });
  },
};
