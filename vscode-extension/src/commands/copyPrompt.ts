import type { PromptResult } from "../api";
import type { Command } from "../orch";
import { handOver } from "../steps";
import { chooseSession, targetOf } from "../target";

/** Puts a phase's prompt on the clipboard; without a phase, the prompt of the phase that the session is in. */
export const copyPrompt: Command = {
  id: "orch.copyPrompt",
  async run(orch, given) {
    const session = await chooseSession(orch, given);
    if (session !== undefined) {
      const { phase } = targetOf(given);
      const asked = phase === undefined ? { session } : { session, phase };
      const prompt = await orch.server.execute<PromptResult>("orch.session.prompt", asked);
      await handOver(prompt.text, prompt.missing, asked);
    }
  },
};
