// Language models that do what a test wants of them, and a command that calls tools as an agent would.
"use strict";

const vscode = require("vscode");

const MODELS = [
  { id: "calm", name: "Calm Model", behave: answerSlowly },
  { id: "endless", name: "Endless Model", behave: writeForEver },
  { id: "strict", name: "Strict Model", behave: refuse },
  { id: "empty-handed", name: "Spent Model", behave: runOut },
  { id: "private", name: "Private Model", behave: askConsent },
];

const PLAN = `<analysis_template>
Find out how customers log in.
</analysis_template>

<implementation_template>
Build the login page. What was found out: [PASTE ANALYSIS RESULTS HERE]
</implementation_template>

<execution_notes>
Complexity: Low
Time estimate: 2 hours
</execution_notes>
`;

/** The answer in the form that a prompt asks for. */
function answerTo(prompt) {
  const session = /Orch-Session: ([0-9a-f]{8})/.exec(prompt);
  const line = session ? `Orch-Session: ${session[1]}\n\n` : "";
  if (prompt.includes("Build the login page.")) {
    return `${line}The login page is built and tested.\n`;
  }
  return line + (prompt.includes("Find out how customers log in.") ? "Customers log in with a cookie.\n" : PLAN);
}

async function answerSlowly(prompt, say, cancel) {
  for (const line of answerTo(prompt).split(/(?<=\n)/)) {
    await pause(300, cancel);
    say(line);
  }
}

async function writeForEver(_prompt, say, cancel) {
  for (let number = 1; !cancel.isCancellationRequested; number += 1) {
    say(`Thought number ${number}.\n\n`);
    await pause(250, cancel);
  }
}

async function refuse() {
  throw vscode.LanguageModelError.Blocked("I cannot help with login pages, says my filter.");
}

async function runOut(prompt, say, cancel) {
  say("I begin with the analysis, and");
  await pause(300, cancel);
  throw vscode.LanguageModelError.Blocked("You have used up your 50 premium requests of this month.");
}

async function askConsent() {
  throw vscode.LanguageModelError.NoPermissions("You have not allowed Orch to use Private Model.");
}

function pause(milliseconds, cancel) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    cancel.onCancellationRequested(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}

function textOf(message) {
  return message.content.map((part) => (part instanceof vscode.LanguageModelTextPart ? part.value : "")).join("");
}

const provider = {
  async provideLanguageModelChatInformation() {
    return MODELS.map(({ id, name }) => ({
      id,
      name,
      family: "test",
      version: "1",
      maxInputTokens: 100000,
      maxOutputTokens: 10000,
      isUserSelectable: true,
      capabilities: { toolCalling: true },
    }));
  },
  async provideLanguageModelChatResponse(model, messages, _options, progress, cancel) {
    const { behave } = MODELS.find(({ id }) => id === model.id);
    const prompt = messages.map(textOf).join("\n");
    await behave(prompt, (text) => progress.report(new vscode.LanguageModelTextPart(text)), cancel);
  },
  async provideTokenCount(_model, text) {
    const words = typeof text === "string" ? text : textOf(text);
    return words.split(/\s+/).filter(Boolean).length;
  },
};

/** Calls the tool that is on the clipboard as `{name, input}` and puts its result, or its error, there. */
async function callTool() {
  const { name, input } = JSON.parse(await vscode.env.clipboard.readText());
  let said;
  try {
    const result = await vscode.lm.invokeTool(name, { input, toolInvocationToken: undefined });
    said = { text: result.content.map((part) => part.value).join("") };
  } catch (error) {
    said = { error: String(error.message ?? error) };
  }
  await vscode.env.clipboard.writeText(JSON.stringify(said));
  await vscode.window.showInformationMessage(`Tool ${name} has answered.`);
}

/** Puts on the clipboard which tools and models this VS Code has. */
async function showOffers() {
  const models = await vscode.lm.selectChatModels();
  const offers = {
    tools: vscode.lm.tools.map(({ name, description, inputSchema }) => ({ name, description, inputSchema })),
    models: models.map(({ vendor, id, name }) => ({ vendor, id, name })),
  };
  await vscode.env.clipboard.writeText(JSON.stringify(offers));
  await vscode.window.showInformationMessage("The offers are on the clipboard.");
}

exports.activate = (context) => {
  context.subscriptions.push(
    vscode.lm.registerLanguageModelChatProvider("orch-test", provider),
    vscode.commands.registerCommand("orchTest.tool", callTool),
    vscode.commands.registerCommand("orchTest.offers", showOffers),
  );
};
