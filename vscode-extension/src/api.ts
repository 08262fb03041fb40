/** What the server answers, as far as the extension reads it. The contract describes the whole. */

export type Phase = "planning" | "analysis" | "implementation";

/** A session as a step or `.list` gives it. */
export interface SessionInfo {
  readonly id: string;
  readonly uri?: string;
  readonly path: string;
  readonly next?: string;
  readonly title: string;
  readonly status: string;
  readonly updated?: string | null;
  readonly created?: string | null;
}

/** The answer to a step: the session, and the prompt that the step made, if it made one. */
export interface StepResult extends SessionInfo {
  readonly prompt?: string;
  readonly missing?: readonly string[];
  /** What was found in a planning answer. */
  readonly parts?: Readonly<Record<"analysis" | "implementation" | "notes", { readonly state: PartState }>>;
  readonly analysis?: { readonly body?: string };
  readonly implementation?: { readonly body?: string };
}

export type PartState = "found" | "doubtful" | "missing";

export interface PromptResult {
  readonly text: string;
  readonly missing: readonly string[];
}

/** A session that a refused step could have meant. */
export interface Candidate {
  readonly id: string;
  readonly title: string;
  readonly status: string;
}

/** Where a session stands and what can be done in it now (`orch.session.standing`). */
export interface Standing {
  readonly id: string;
  readonly title: string;
  readonly status: string;
  /** What comes next, in words to be put behind "next: ". */
  readonly next: string;
  /** The step that is due; null when the session has ended. */
  readonly due: string | null;
  /** Whether the due step waits for the model's answer. */
  readonly waits: boolean;
  /** The steps that may be taken now, by their names in the contract. */
  readonly steps: readonly string[];
  /** The phases that the session may go back to. */
  readonly reopen: readonly Phase[];
  /** The phases that have a prompt. */
  readonly prompts: readonly Phase[];
  /** The phase in which values are wanted now, and the names of the missing ones. */
  readonly fill: Phase | null;
  readonly missing: readonly string[];
  /** How each of those stands in the text: given as its value, it stays as it is. */
  readonly written: Readonly<Record<string, string>>;
}

/** The types that a new session may have, and the one that a request's words point to. */
export interface FeatureTypes {
  readonly types: readonly string[];
  readonly suggested: string;
}

/** What prompts can be run with besides VS Code's own models (`orch.runner.list`). */
export interface RunnerList {
  readonly runners: readonly {
    readonly name: string;
    readonly kind: "command" | "endpoint";
    readonly default: boolean;
    readonly command?: readonly string[];
    readonly base_url?: string;
    readonly model?: string;
  }[];
  /** Programs of this machine that are no runners yet. */
  readonly found: readonly {
    readonly name: string;
    readonly command: readonly string[];
    readonly needs_model?: boolean;
  }[];
  /** The person's own settings. */
  readonly path: string;
}

/** What a command is given by a lens, a menu or another command. */
export interface Target {
  readonly session?: string;
  readonly phase?: Phase;
}

/** A template as `orch.template.list` and the commands that change one give it. */
export interface TemplateInfo {
  readonly name: string;
  readonly feature_type: string | null;
  readonly layer: string;
  readonly path: string;
  readonly version: number;
  readonly description: string;
  readonly hidden_by?: string | null;
}

/** A template with what it is made of (`orch.template.show`). */
export interface TemplateDetails extends TemplateInfo {
  readonly text: string;
  readonly blocks: readonly { readonly name: string; readonly template: string }[];
}

/** A built-in that changed below a template since the prompts of `recorded` (`orch.template.list`). */
export interface TemplateUpgrade {
  readonly template: string;
  readonly recorded: string;
  readonly sentence: string;
}

/** One version, as `orch.template.versions` lists it. */
export interface TemplateVersion {
  readonly version: number;
  readonly reference: string;
  readonly created: string | null;
  readonly author: string | null;
  readonly message: string | null;
  readonly current: boolean;
  readonly problem: string | null;
}

export interface TemplateVersions {
  readonly name: string;
  readonly feature_type: string | null;
  readonly layer: string;
  /** The working copy; null where it is gone. */
  readonly path: string | null;
  readonly versions: readonly TemplateVersion[];
}

/** What the working copy changes in the prompts of the last sessions (`orch.template.replay`). */
export interface Replay {
  readonly changed: number;
  readonly sessions: readonly { readonly problem: string | null; readonly extracts: boolean | null }[];
}

export interface Preview {
  readonly text: string;
  readonly missing: readonly string[];
  readonly problems: readonly { readonly sentence: string }[];
}
