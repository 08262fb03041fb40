/** Orch in VS Code: starts the server and offers its commands. The work itself is done by the server. */

import * as vscode from "vscode";
import { registerParticipant } from "./chat/participant";
import { registerTools } from "./chat/tools";
import { Server } from "./client";
import { commands } from "./commands";
import { Current } from "./current";
import { offerMcp } from "./mcp";
import { AnswerDocuments } from "./models/answers";
import type { Orch } from "./orch";
import { orRefusal, take } from "./steps";
import { DraftLenses } from "./views/drafts";
import { PromptDocuments } from "./views/prompts";
import { SessionsView } from "./views/sessions";
import { StatusItem } from "./views/status";
import { TemplateTexts } from "./views/templateTexts";
import { tellUpgrades } from "./views/upgrades";

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const server: Server = new Server(context, (command, params) => orRefusal(server, () => take(orch, command, params)));
  const current = new Current(server);
  const sessions = new SessionsView(server);
  const prompts = new PromptDocuments(server);
  const answers = new AnswerDocuments();
  const orch: Orch = {
    context,
    server,
    current,
    answers,
    changed: () => {
      void current.refresh();
      sessions.refresh();
      prompts.refresh();
    },
  };
  context.subscriptions.push(
    server,
    current,
    sessions,
    prompts,
    answers,
    new StatusItem(current),
    new DraftLenses(),
    new TemplateTexts(server),
    offerMcp(context),
    registerParticipant(orch),
    registerTools(orch),
    server.onStarted(() => {
      orch.changed();
      void tellUpgrades(orch);
    }),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration("orch.python")) {
        void server.restart();
      }
    }),
    ...commands.map((command) =>
      vscode.commands.registerCommand(command.id, (target: unknown) =>
        orRefusal(server, () => command.run(orch, target)),
      ),
    ),
  );
  await server.start();
}
