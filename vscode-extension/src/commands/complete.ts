import * as vscode from "vscode";
import type { Command } from "../orch";
import { take } from "../steps";
import { chooseSession } from "../target";

/** Completes a session: asks how it went, for a rating and for a comment. */
export const complete: Command = {
  id: "orch.complete",
  async run(orch, given) {
    const session = await chooseSession(orch, given);
    if (session === undefined) {
      return undefined;
    }
    const { steps } = await orch.current.ask(session);
    if (!steps.includes("complete")) {
      // refused before anything is asked, in the server's words
      return take(orch, "orch.session.complete", { session });
    }
    const outcome = givenOutcome(given) ?? (await askOutcome());
    const rating = outcome && (await askRating());
    if (outcome === undefined || rating === undefined) {
      return undefined;
    }
    const comment = await vscode.window.showInputBox({
      title: "Complete (3/3)",
      placeHolder: "What is worth remembering?",
      prompt: "Enter with nothing typed leaves the comment out.",
      ignoreFocusOut: true,
    });
    if (comment === undefined) {
      return undefined;
    }
    return take(orch, "orch.session.complete", {
      session,
      outcome,
      ...(rating === 0 ? {} : { rating }),
      ...(comment.trim() === "" ? {} : { comment }),
    });
  },
};

function givenOutcome(given: unknown): string | undefined {
  const outcome = (given as { outcome?: unknown } | undefined)?.outcome;
  return typeof outcome === "string" ? outcome : undefined;
}

async function askOutcome(): Promise<string | undefined> {
  const outcomes = [
    { label: "$(pass) Worked", description: "the change does what was wanted", value: "success" },
    { label: "$(circle-large-outline) Partly", description: "some of it, or with much help", value: "partial" },
    { label: "$(error) Did not work", description: "nothing of use came out", value: "failure" },
  ];
  const choice = await vscode.window.showQuickPick(outcomes, {
    title: "Complete (1/3)",
    placeHolder: "How did it go?",
    ignoreFocusOut: true,
  });
  return choice?.value;
}

/** 1 to 5, 0 for no rating, undefined when the person turns away. */
async function askRating(): Promise<number | undefined> {
  const words = ["poor", "weak", "fair", "good", "excellent"];
  const ratings = words.map((description, index) => ({
    label: "$(star-full)".repeat(index + 1) + "$(star-empty)".repeat(4 - index),
    description: `${index + 1} - ${description}`,
    value: index + 1,
  }));
  const choice = await vscode.window.showQuickPick([...ratings.reverse(), { label: "No rating", value: 0 }], {
    title: "Complete (2/3)",
    placeHolder: "How good were the prompts?",
    matchOnDescription: true,
    ignoreFocusOut: true,
  });
  return choice?.value;
}
