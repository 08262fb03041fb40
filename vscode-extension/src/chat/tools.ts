/** The steps as tools, so that an agent in VS Code plans, analyses and files its own answers. */

import * as vscode from "vscode";
import type { SessionInfo, StepResult } from "../api";
import { rootHere } from "../experiments";
import type { Orch } from "../orch";
import { takeQuietly } from "../steps";
import { listSessions } from "../target";
import { textResult, toolRegistry, type LanguageModelTool, type PreparedInvocation } from "./newer";

/** What a model gives a tool; the manifest has the schemas. */
interface Input {
  readonly session?: string;
  readonly request?: string;
  readonly featureType?: string;
  readonly text?: string;
  readonly status?: string;
  readonly query?: string;
  readonly values?: Readonly<Record<string, string>>;
  readonly outcome?: string;
  readonly rating?: number;
  readonly comment?: string;
}

/** A tool that takes a step. `asks` is what a person is asked before it changes their files. */
interface StepTool {
  readonly command: string;
  readonly doing: string;
  readonly asks: { readonly title: string; readonly message: (input: Input) => string };
  /** What of the input is sent along. */
  readonly sends: readonly (keyof Input)[];
}

const STEPS: Readonly<Record<string, StepTool>> = {
  orch_plan: {
    command: "orch.session.plan",
    doing: "Planning a feature with Orch",
    asks: { title: "Plan a feature", message: ({ request }) => `Orch makes a session for: ${request ?? ""}` },
    sends: ["request", "featureType"],
  },
  orch_next: {
    command: "orch.session.next",
    doing: "Taking the next step of the session",
    asks: { title: "Take the next step", message: (input) => `Orch takes the due step${of(input)} and gives its prompt.` },
    sends: ["session"],
  },
  orch_answer: {
    command: "orch.session.answer",
    doing: "Filing the answer in its session",
    asks: {
      title: "File the answer",
      message: (input) => `Orch stores ${input.text?.length ?? 0} characters as the model's answer${of(input)}.`,
    },
    sends: ["session", "text"],
  },
  orch_fill: {
    command: "orch.session.fill",
    doing: "Filling in open places of the prompt",
    asks: {
      title: "Fill in the prompt",
      message: (input) => `Orch fills in ${Object.keys(input.values ?? {}).join(", ")}${of(input)}.`,
    },
    sends: ["session", "values"],
  },
  orch_complete: {
    command: "orch.session.complete",
    doing: "Completing the session",
    asks: {
      title: "Complete the session",
      message: (input) => `Orch completes the session${of(input)} with the outcome ${input.outcome ?? ""}.`,
    },
    sends: ["session", "outcome", "rating", "comment"],
  },
};

/** Registers the tools that the manifest declares; none where VS Code has no tools. */
export function registerTools(orch: Orch): vscode.Disposable {
  const register = toolRegistry();
  if (!register) {
    return new vscode.Disposable(() => undefined);
  }
  return vscode.Disposable.from(
    register("orch_list", listTool(orch)),
    ...Object.entries(STEPS).map(([name, step]) => register(name, stepTool(orch, step))),
  );
}

function of({ session }: Input): string {
  return session === undefined ? "" : ` of session ${session}`;
}

function listTool(orch: Orch): LanguageModelTool<Input> {
  return {
    prepareInvocation: () => ({ invocationMessage: "Looking at the sessions of the project" }),
    async invoke({ input }) {
      const params = {
        status: input.status ?? "open",
        limit: 50,
        ...(input.query === undefined ? {} : { query: input.query }),
      };
      const sessions = await listSessions(orch, params);
      return textResult(JSON.stringify({ sessions: sessions.map(shortly) }, undefined, 1));
    },
  };
}

function stepTool(orch: Orch, step: StepTool): LanguageModelTool<Input> {
  return {
    prepareInvocation: ({ input }): PreparedInvocation => ({
      invocationMessage: step.doing,
      confirmationMessages: { title: step.asks.title, message: step.asks.message(input) },
    }),
    async invoke({ input }) {
      const given = step.sends.filter((key) => input[key] !== undefined).map((key) => [key, input[key]]);
      // a new session needs a folder; any other finds its own
      const root = step.command === "orch.session.plan" ? rootHere() : {};
      return textResult(told(await takeQuietly(orch, step.command, { ...root, ...Object.fromEntries(given) })));
    },
  };
}

/** What a model is told of a step: where the session stands now, what to do next, and the prompt, if there is one. */
function told(result: StepResult): string {
  const parts = Object.entries(result.parts ?? {}).map(([part, { state }]) => `${part}: ${state}`);
  const lines = [
    `Session ${result.id.slice(0, 8)} (${result.title}) is in ${result.status}.`,
    parts.length > 0 ? `Found in the answer: ${parts.join(", ")}.` : "",
    result.missing && result.missing.length > 0
      ? `Places without a value: ${result.missing.join(", ")}. Give them with orch_fill before you answer.`
      : "",
    result.prompt ? "Carry out this prompt, then file your whole answer with orch_answer:" : whatNext(result),
  ];
  return [...lines.filter(Boolean), ...(result.prompt ? ["", result.prompt] : [])].join("\n");
}

function whatNext(result: StepResult): string {
  return result.status === "completed" || result.status === "abandoned"
    ? "The session has ended."
    : "Go on with orch_next, or with orch_complete when what was built is saved.";
}

function shortly(session: SessionInfo): object {
  const { id, title, status, next, path } = session;
  return { session: id.slice(0, 8), title, status, next, path };
}
