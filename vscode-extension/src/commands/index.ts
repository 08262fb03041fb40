/** The extension's commands, one a file. */

import type { Command } from "../orch";
import { abandon } from "./abandon";
import { compareTemplates } from "./compareTemplates";
import { complete } from "./complete";
import { copyPrompt } from "./copyPrompt";
import { copyText } from "./copyText";
import { customizeTemplate } from "./customizeTemplate";
import { experimentReport } from "./experimentReport";
import { fill } from "./fill";
import { next } from "./next";
import { openPrompt } from "./openPrompt";
import { pasteAnswer } from "./pasteAnswer";
import { plan } from "./plan";
import { previewTemplate } from "./previewTemplate";
import { publishTemplate } from "./publishTemplate";
import { reopen } from "./reopen";
import { restartServer } from "./restartServer";
import { rollBackTemplate } from "./rollBackTemplate";
import { run } from "./run";
import { sendToChat } from "./sendToChat";
import { showLog } from "./showLog";
import { showSessions } from "./showSessions";
import { startExperiment } from "./startExperiment";
import { stopExperiment } from "./stopExperiment";

export const commands: readonly Command[] = [
  plan,
  next,
  run,
  sendToChat,
  pasteAnswer,
  fill,
  copyPrompt,
  openPrompt,
  complete,
  reopen,
  abandon,
  showSessions,
  customizeTemplate,
  previewTemplate,
  publishTemplate,
  compareTemplates,
  rollBackTemplate,
  startExperiment,
  experimentReport,
  stopExperiment,
  restartServer,
  showLog,
  copyText,
];

/** What the server may put on a lens or a code action, with one `Target` as its argument. */
export const clientCommands: readonly string[] = [
  plan.id,
  next.id,
  run.id,
  pasteAnswer.id,
  fill.id,
  copyPrompt.id,
  openPrompt.id,
  complete.id,
  copyText.id,
  customizeTemplate.id,
  previewTemplate.id,
  publishTemplate.id,
  compareTemplates.id,
];
