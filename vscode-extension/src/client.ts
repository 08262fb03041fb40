/** The connection to Orch's server: finds a Python, starts the server from the extension, keeps one client. */

import { randomUUID } from "node:crypto";
import * as path from "node:path";
import * as vscode from "vscode";
import {
  ExecuteCommandRequest,
  LanguageClient,
  RevealOutputChannelOn,
  WorkDoneProgress,
  WorkDoneProgressCancelNotification,
} from "vscode-languageclient/node";
import { clientCommands } from "./commands";
import { lastChoice } from "./models/choice";
import { runModel, type ModelRequest } from "./models/languageModel";
import { NotRunning } from "./notRunning";
import { findPython } from "./python";

/** What a lens's server command goes through, so that a click does what the palette does. */
export type Taker = (command: string, params: Record<string, unknown>) => Promise<unknown>;

/** Hears how far a long command is, and what a model writes meanwhile. */
export interface Listener {
  report(message: string): void;
  text(piece: string): void;
}

export class Server implements vscode.Disposable {
  readonly log: vscode.LogOutputChannel;
  private readonly started = new vscode.EventEmitter<void>();
  /** Fires when a server has started, the first time and after each restart. */
  readonly onStarted = this.started.event;
  private client: LanguageClient | undefined;
  private starting: Promise<void> | undefined;
  /** Whom the text of a run is for, by the run's token. */
  private readonly listeners = new Map<string, Listener>();
  /** Says why the server does not run, with what to do about it; undefined while nothing is wrong. */
  private why: (() => Promise<void>) | undefined;

  constructor(
    private readonly context: vscode.ExtensionContext,
    private readonly take: Taker,
  ) {
    this.log = vscode.window.createOutputChannel("Orch", { log: true });
  }

  /** Starts the server unless it runs. When no Python is found, says so and stays off. */
  start(): Promise<void> {
    this.starting ??= this.launch().catch((error: unknown) => {
      this.log.error(String(error));
      const why = error instanceof Error ? error.message : String(error);
      this.off(() => sayNotStarted(`Orch's server did not start: ${why}`));
    });
    return this.starting;
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  async stop(): Promise<void> {
    const { client } = this;
    this.client = undefined;
    this.starting = undefined;
    this.why = undefined;
    await client?.dispose();
  }

  /** Says why the server does not run. Said twice, it is shown once: VS Code takes the older message away. */
  async complain(): Promise<void> {
    await this.why?.();
  }

  /** Runs a server command with its one parameter object. Rejects with the server's sentence when it refuses. */
  async execute<T>(command: string, params: object): Promise<T> {
    const client = await this.running();
    return (await client.sendRequest(ExecuteCommandRequest.type, { command, arguments: [params] })) as T;
  }

  /** `execute` for what takes minutes. Cancelling tells the server, which still says what became of it. */
  async executeLong<T>(
    command: string,
    params: object,
    listener: Listener,
    cancel: vscode.CancellationToken,
  ): Promise<T> {
    const client = await this.running();
    const token = randomUUID();
    const stop = (): Promise<void> => client.sendNotification(WorkDoneProgressCancelNotification.type, { token });
    const subscriptions = [
      client.onProgress(WorkDoneProgress.type, token, (progress) => {
        if (progress.kind === "report" && progress.message !== undefined) {
          listener.report(progress.message);
        }
      }),
      cancel.onCancellationRequested(() => void stop()),
    ];
    this.listeners.set(token, listener);
    try {
      const asked = { command, arguments: [params], workDoneToken: token };
      return (await client.sendRequest(ExecuteCommandRequest.type, asked)) as T;
    } finally {
      this.listeners.delete(token);
      vscode.Disposable.from(...subscriptions).dispose();
    }
  }

  /** Tells the server something of Orch's own (`orch/...`). */
  async notify(method: string, params: object): Promise<void> {
    const client = await this.running();
    await client.sendNotification(method, params);
  }

  /** Sends a request of Orch's own (`orch/...`). */
  async request<T>(method: string, params: object): Promise<T> {
    const client = await this.running();
    return client.sendRequest<T>(method, params);
  }

  dispose(): void {
    void this.stop();
    this.started.dispose();
    this.log.dispose();
  }

  private async running(): Promise<LanguageClient> {
    await this.start();
    if (!this.client || this.why) {
      throw new NotRunning();
    }
    return this.client;
  }

  private off(why: () => Promise<void>): void {
    this.why = why;
    void this.complain();
  }

  private async launch(): Promise<void> {
    const home = this.context.globalStorageUri.fsPath;
    await vscode.workspace.fs.createDirectory(this.context.globalStorageUri);
    const found = await findPython({
      setting: vscode.workspace.getConfiguration("orch").get("python", "").trim(),
      chosen: await chosenByPythonExtension(),
      workspace: (vscode.workspace.workspaceFolders ?? []).map((folder) => folder.uri.fsPath),
      path: process.env["PATH"] ?? "",
      cwd: home,
    });
    if ("problem" in found) {
      this.log.error(found.problem);
      this.off(() => sayNoPython(found.problem));
      return;
    }
    const { command, args } = found.python;
    this.log.info(`Starting the server with ${command} (Python ${found.version.join(".")}).`);
    // -I and -S: neither the project's folder, nor the environment, nor site-packages (and the .pth files in
    // them, which run code) have a say; the working folder lies outside the project; byte code goes there too
    const isolated = ["-I", "-S", "-X", `pycache_prefix=${path.join(home, "pycache")}`];
    const launcher = this.context.asAbsolutePath(path.join("bundled", "launch.py"));
    this.client = new LanguageClient(
      "orch",
      "Orch",
      { command, args: [...args, ...isolated, launcher, "lsp"], options: { cwd: home } },
      {
        // not `git:` and its like: what another version held is no place for diagnostics
        documentSelector: ["file", "untitled"].flatMap((scheme) =>
          ["orch", "orch-template"].map((language) => ({ scheme, language })),
        ),
        outputChannel: this.log,
        revealOutputChannelOn: RevealOutputChannelOn.Never,
        initializationOptions: {
          clientCommands,
          clientModels: true,
          clientRunText: true,
          clientRunChoice: lastChoice(this.context),
        },
        middleware: { executeCommand: (name, params, next) => this.route(name, params, next) },
      },
    );
    this.offerModels(this.client);
    await this.client.start();
    this.log.info(`Orch's server ${this.client.initializeResult?.serverInfo?.version ?? ""} is ready.`);
    this.started.fire();
  }

  /** VS Code's models answer the server, and what any model writes is shown as it comes. */
  private offerModels(client: LanguageClient): void {
    client.onRequest("orch/model/run", (request: ModelRequest, cancel: vscode.CancellationToken) =>
      runModel(request, (text) => client.sendNotification("orch/model/piece", { token: request.token, text }), cancel),
    );
    client.onNotification("orch/run/piece", ({ token, text }: { token: string; text: string }) =>
      this.listeners.get(token)?.text(text),
    );
  }

  /** A lens's step is taken like the palette's; any other server command goes on as it is. */
  private route(name: string, params: unknown[], next: (name: string, params: unknown[]) => unknown): unknown {
    const first = params[0];
    const isStep = name.startsWith("orch.session.") && typeof first === "object" && first !== null;
    return isStep ? this.take(name, first as Record<string, unknown>) : next(name, params);
  }
}

/** The interpreter that the Python extension has chosen for the first folder, where that extension is present. */
async function chosenByPythonExtension(): Promise<string | undefined> {
  const extension = vscode.extensions.getExtension("ms-python.python");
  if (!extension) {
    return undefined;
  }
  try {
    const api = (await extension.activate()) as PythonApi;
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
    const { environments } = api;
    const environment = await environments.resolveEnvironment(environments.getActiveEnvironmentPath(folder));
    return environment?.executable.uri?.fsPath;
  } catch {
    // that extension's troubles are not ours: go on with PATH
    return undefined;
  }
}

interface PythonApi {
  readonly environments: {
    getActiveEnvironmentPath(resource?: vscode.Uri): { readonly path: string };
    resolveEnvironment(
      path: { readonly path: string },
    ): Promise<{ readonly executable: { readonly uri?: vscode.Uri } } | undefined>;
  };
}

async function sayNoPython(problem: string): Promise<void> {
  const set = "Choose Python";
  const get = "Get Python";
  const choice = await vscode.window.showErrorMessage(problem, set, get);
  if (choice === set) {
    // a setting of the machine stands on a page of its own where VS Code works on another one
    const page = vscode.env.remoteName === undefined ? "openSettings" : "openRemoteSettings";
    await vscode.commands.executeCommand(`workbench.action.${page}`, { query: "orch.python" });
  } else if (choice === get) {
    await vscode.env.openExternal(vscode.Uri.parse("https://www.python.org/downloads/"));
  }
}

async function sayNotStarted(sentence: string): Promise<void> {
  const show = "Show Log";
  const again = "Restart Server";
  const choice = await vscode.window.showErrorMessage(sentence, show, again);
  if (choice) {
    await vscode.commands.executeCommand(choice === show ? "orch.showLog" : "orch.restartServer");
  }
}
