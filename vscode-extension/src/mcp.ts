/** Offers `orch mcp` to VS Code's models, where this VS Code takes MCP servers from extensions and `orch` is installed. */

import * as vscode from "vscode";
import { programOnPath } from "./python";

/** The id in the manifest's `mcpServerDefinitionProviders`. */
const PROVIDER = "orch";

/**
 * The server comes from the `orch` that the setting `orch.mcp` names, else from that on the PATH, unless it lies in the
 * workspace: the protocol's library is compiled code, which the extension does not carry. VS Code tells the server which
 * folders are open.
 */
export function offerMcp(context: vscode.ExtensionContext): vscode.Disposable {
  const models = vscode.lm as Partial<McpServers>;
  const { McpStdioServerDefinition: Definition } = vscode as Partial<McpDefinitions>;
  if (!models.registerMcpServerDefinitionProvider || !Definition) {
    return new vscode.Disposable(() => undefined);
  }
  const { version } = context.extension.packageJSON as { readonly version: string };
  const changed = new vscode.EventEmitter<void>();
  const provider = models.registerMcpServerDefinitionProvider(PROVIDER, {
    onDidChangeMcpServerDefinitions: changed.event,
    provideMcpServerDefinitions: async () => {
      const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
      const command = await program();
      if (command === undefined || folder === undefined) {
        return [];
      }
      const server = new Definition("Orch", command, ["mcp"], {}, version);
      server.cwd = folder;
      return [server];
    },
  });
  const settings = vscode.workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration("orch.mcp")) {
      changed.fire();
    }
  });
  return vscode.Disposable.from(provider, settings, changed);
}

async function program(): Promise<string | undefined> {
  const setting = vscode.workspace.getConfiguration("orch").get("mcp", "").trim();
  const workspace = (vscode.workspace.workspaceFolders ?? []).map((folder) => folder.uri.fsPath);
  return setting === "" ? programOnPath("orch", process.env["PATH"] ?? "", workspace) : setting;
}

/** What VS Code has had since 1.101; the extension goes without where it is older. */
interface McpServers {
  registerMcpServerDefinitionProvider(
    id: string,
    provider: {
      readonly onDidChangeMcpServerDefinitions: vscode.Event<void>;
      provideMcpServerDefinitions(): Promise<readonly StdioServer[]>;
    },
  ): vscode.Disposable;
}

interface McpDefinitions {
  readonly McpStdioServerDefinition: new (
    label: string,
    command: string,
    args: readonly string[],
    env: Readonly<Record<string, string>>,
    version: string,
  ) => StdioServer;
}

interface StdioServer {
  cwd?: vscode.Uri;
}
