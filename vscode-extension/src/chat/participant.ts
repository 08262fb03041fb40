/** `@orch` in the chat: takes the due step with the chat's own model, and files answers. */

import * as vscode from "vscode";
import type { PartState, SessionInfo, Standing, StepResult } from "../api";
import { rootHere } from "../experiments";
import { lending, runnerOf } from "../models/languageModel";
import type { Orch } from "../orch";
import { refusalData, takeQuietly } from "../steps";
import { listSessions, uriOf } from "../target";
import { modelOf } from "./newer";

const ID = "orch.orch";
const WORDS_FOR_NEXT = /^(next|go on|continue|go ahead)?[.!]?$/i;
const ANYWAY = /^anyway\b\s*/i;
const SESSION = /^[0-9a-f]{8}(?:-[0-9a-f-]{1,27})?\b\s*/i;

interface Reply extends vscode.ChatResult {
  readonly metadata?: { readonly next?: boolean };
}

/** What a person wrote, with everything that answering takes. */
interface Turn {
  readonly orch: Orch;
  readonly request: vscode.ChatRequest;
  readonly context: vscode.ChatContext;
  readonly stream: vscode.ChatResponseStream;
  readonly cancel: vscode.CancellationToken;
}

/** Registers the participant; in a VS Code without a chat there is nobody to talk to it. */
export function registerParticipant(orch: Orch): vscode.Disposable {
  const { chat } = vscode as Partial<Pick<typeof vscode, "chat">>;
  if (!chat) {
    return new vscode.Disposable(() => undefined);
  }
  const participant = chat.createChatParticipant(ID, async (request, context, stream, cancel): Promise<Reply> => {
    try {
      return await respond({ orch, request, context, stream, cancel });
    } catch (error) {
      return refuse(stream, error);
    }
  });
  participant.iconPath = vscode.Uri.joinPath(orch.context.extensionUri, "icons", "orch.png");
  participant.followupProvider = {
    provideFollowups: (result: Reply) =>
      result.metadata?.next ? [{ prompt: "", command: "next", label: "Take the next step" }] : [],
  };
  return participant;
}

async function respond(turn: Turn): Promise<Reply> {
  const { request } = turn;
  const text = request.prompt.trim();
  switch (request.command) {
    case "answer":
      return fileAnswer(turn, text);
    case "plan":
      return planFeature(turn, text);
    case "next":
      return takeNext(turn, text);
    default:
      return WORDS_FOR_NEXT.test(text) ? takeNext(turn, "") : plainText(turn, text);
  }
}

/** A text without a command: a request, where nothing is open that it could be about. */
async function plainText(turn: Turn, text: string): Promise<Reply> {
  const open = await listSessions(turn.orch, { status: "open" });
  if (open.length === 0) {
    return planFeature(turn, text);
  }
  turn.stream.markdown(
    `${open.length === 1 ? "A session is" : `${open.length} sessions are`} open, so I do not take this as a new ` +
      "request by myself. `/plan` makes a new session of it, `/next` goes on with an open one, `/answer` files it as " +
      "a model's answer.",
  );
  ask(turn.stream, "Plan It as a New Feature", `/plan ${text}`);
  offerSessions(turn.stream, open);
  return {};
}

async function planFeature(turn: Turn, request: string): Promise<Reply> {
  if (request === "") {
    turn.stream.markdown("Say what you want behind `/plan`, in a sentence or more.");
    return {};
  }
  const planned = await takeQuietly(turn.orch, "orch.session.plan", { ...rootHere(), request });
  turn.stream.markdown(`Planned as a new session: ${linkTo(planned)}.\n\n`);
  return run(turn, uriOf(planned) ?? planned.id, false);
}

async function takeNext(turn: Turn, text: string): Promise<Reply> {
  const force = ANYWAY.test(text);
  const named = SESSION.exec(text.replace(ANYWAY, ""))?.[0].trim();
  const session = named ?? (await sessionAtHand(turn));
  return session === undefined ? {} : run(turn, session, force);
}

/** The active editor's session, else the only open one; with several, they are offered. */
async function sessionAtHand(turn: Turn): Promise<string | undefined> {
  const active = turn.orch.current.uri;
  if (active !== undefined) {
    return active;
  }
  const open = await listSessions(turn.orch, { status: "open" });
  if (open.length === 0) {
    turn.stream.markdown("No session is open in this project. Say what you want, and I plan it.");
  } else if (open.length > 1) {
    turn.stream.markdown(`${open.length} sessions are open. Which one is meant?`);
    offerSessions(turn.stream, open);
  }
  return open.length === 1 ? uriOf(open[0]) : undefined;
}

/** Takes the due step: its prompt goes to the chat's model, and the answer is filed. */
async function run(turn: Turn, session: string, force: boolean): Promise<Reply> {
  const { orch, stream, cancel } = turn;
  const standing = await orch.current.ask(session);
  if (standing.due === null || standing.due === "complete") {
    return sayEnd(stream, session, standing);
  }
  if (standing.due === "process" && !standing.waits) {
    return filed(turn, session, await takeQuietly(orch, "orch.session.next", { session }));
  }
  const model = await modelOf(turn.request);
  if (!model) {
    stream.markdown("VS Code has no model just now. Copy the prompt, or run it with a runner.");
    stream.button({ command: "orch.run", title: "Run with ...", arguments: [{ session }] });
    return {};
  }
  const params = { session, runner: runnerOf(model), ...(force ? { force } : {}) };
  // how long the text is need not be told as well: it is there
  const listener = { report: () => undefined, text: (piece: string): void => stream.markdown(piece) };
  stream.progress(`${model.name} answers the prompt of ${standing.title}`);
  try {
    const result = await lending(model, () =>
      takeQuietly(orch, "orch.session.run", params, (command, given) =>
        orch.server.executeLong<StepResult>(command, given, listener, cancel),
      ),
    );
    return await filed(turn, session, result);
  } catch (error) {
    const { missing } = refusalData(error);
    if (missing) {
      return offerPlaces(stream, session, standing, missing);
    }
    throw error;
  }
}

/** Says what was filed, what is missing, and what comes next. */
async function filed({ orch, stream }: Turn, session: string, result: StepResult): Promise<Reply> {
  const { due, next } = await orch.current.ask(session);
  stream.markdown(`\n\n---\n\nFiled in ${linkTo(result)}. ${partsOf(result)}Next: ${next}.`);
  stream.button({ command: "vscode.open", title: "Open Session", arguments: [vscode.Uri.parse(uriOf(result) ?? "")] });
  if (due === "complete") {
    stream.button({ command: "orch.complete", title: "Say How It Went", arguments: [{ session }] });
    return {};
  }
  ask(stream, "Next", `/next ${result.id.slice(0, 8)}`);
  return { metadata: { next: true } };
}

/** Which parts a planning answer had: `Found in the answer: analysis template, notes. Missing: ... `. */
function partsOf({ parts }: StepResult): string {
  const inState = (wanted: PartState): string[] =>
    Object.entries(parts ?? {}).flatMap(([part, { state }]) => (state === wanted ? [NAMES[part] ?? part] : []));
  const sentence = (words: string, names: string[]): string => (names.length > 0 ? `${words}: ${names.join(", ")}. ` : "");
  return [
    sentence("Found in the answer", inState("found")),
    sentence("Doubtful", inState("doubtful")),
    sentence("Missing", inState("missing")),
  ].join("");
}

const NAMES: Record<string, string> = {
  analysis: "analysis template",
  implementation: "implementation template",
  notes: "execution notes",
};

function sayEnd(stream: vscode.ChatResponseStream, session: string, standing: Standing): Reply {
  if (standing.due === null) {
    stream.markdown(`${standing.title} is ${standing.status}. Say what you want, and I plan it.`);
  } else {
    stream.markdown(`Everything of ${standing.title} is saved. Say how it went, and it is complete.`);
    stream.button({ command: "orch.complete", title: "Say How It Went", arguments: [{ session }] });
  }
  return {};
}

function offerPlaces(
  stream: vscode.ChatResponseStream,
  session: string,
  standing: Standing,
  missing: readonly string[],
): Reply {
  stream.markdown(`The prompt was not sent: it has open places (${missing.map((name) => `\`${name}\``).join(", ")}).`);
  stream.button({ command: "orch.fill", title: "Fill In", arguments: [{ session }] });
  ask(stream, "Send It All the Same", `/next anyway ${standing.id.slice(0, 8)}`);
  return {};
}

/** Files the text behind `/answer`, else the last answer of this chat. */
async function fileAnswer(turn: Turn, given: string): Promise<Reply> {
  const text = given || lastAnswer(turn.context);
  if (text === "") {
    turn.stream.markdown("There is no answer in this chat yet. Put the model's answer behind `/answer`.");
    return {};
  }
  const session = turn.orch.current.uri;
  const params = { text, ...(session === undefined ? {} : { session }) };
  const result = await takeQuietly(turn.orch, "orch.session.answer", params);
  return filed(turn, uriOf(result) ?? result.id, result);
}

function lastAnswer(context: vscode.ChatContext): string {
  const turns = context.history.filter((turn) => turn instanceof vscode.ChatResponseTurn);
  const parts = turns.at(-1)?.response ?? [];
  return parts.map((part) => (part instanceof vscode.ChatResponseMarkdownPart ? part.value.value : "")).join("").trim();
}

function offerSessions(stream: vscode.ChatResponseStream, open: readonly SessionInfo[]): void {
  for (const session of open.slice(0, 5)) {
    ask(stream, `Next in ${session.title}`, `/next ${session.id.slice(0, 8)}`);
  }
}

/** A button that asks this participant something. */
function ask(stream: vscode.ChatResponseStream, title: string, words: string): void {
  stream.button({ command: "workbench.action.chat.open", title, arguments: [{ query: `@orch ${words}` }] });
}

function linkTo(session: SessionInfo): string {
  const title = session.title.replace(/[[\]\\]/g, "\\$&");
  return `[${title}](${uriOf(session) ?? ""})`;
}

function refuse(stream: vscode.ChatResponseStream, error: unknown): Reply {
  const sentence = error instanceof Error ? error.message : String(error);
  const { kept } = refusalData(error);
  if (kept !== undefined) {
    stream.button({ command: "vscode.open", title: "Open What Came", arguments: [vscode.Uri.parse(kept)] });
  }
  return { errorDetails: { message: sentence } };
}
