import type { Command } from "../orch";
import { chooseRunner, remember, type RunChoice } from "../models/choice";
import { runPrompt } from "../models/running";
import { chooseSession } from "../target";

/**
 * Gives the due prompt to a model and files its answer. A lens says which one; else it is asked, the last choice first.
 */
export const run: Command = {
  id: "orch.run",
  async run(orch, given) {
    const session = await chooseSession(orch, given);
    if (session === undefined) {
      return undefined;
    }
    const named = givenChoice(given);
    const choice = named ?? (await chooseRunner(orch));
    if (choice === undefined) {
      return undefined;
    }
    if (named) {
      await remember(orch, named);
    }
    return runPrompt(orch, session, choice);
  },
};

function givenChoice(given: unknown): RunChoice | undefined {
  const { runner, title } = (given ?? {}) as { runner?: unknown; title?: unknown };
  return typeof runner === "string" ? { runner, title: typeof title === "string" ? title : runner } : undefined;
}
