/** Which template a command means, and what is asked of a person about one. */

import * as vscode from "vscode";
import type { TemplateInfo, TemplateVersion, TemplateVersions } from "./api";
import type { Orch } from "./orch";

/** A template as commands name it: a name or the URI of its file, and the folder of its project. */
export interface TemplateTarget {
  readonly name: string;
  readonly featureType?: string;
  readonly root?: string;
}

/** What a lens, an editor title or the active editor means; undefined when that is no template. */
export function templateTarget(given: unknown): TemplateTarget | undefined {
  if (given instanceof vscode.Uri) {
    return { name: given.toString(), ...rootOf(given) };
  }
  const { name, featureType } = (given ?? {}) as { name?: unknown; featureType?: unknown };
  const doc = templateDocument();
  if (typeof name === "string") {
    return { name, ...(typeof featureType === "string" ? { featureType } : {}), ...rootOf(doc?.uri) };
  }
  return doc && { name: doc.uri.toString(), ...rootOf(doc.uri) };
}

/** The template that the active editor shows. */
export function templateDocument(): vscode.TextDocument | undefined {
  const doc = vscode.window.activeTextEditor?.document;
  return doc?.languageId === "orch-template" && doc.uri.scheme === "file" ? doc : undefined;
}

/** The parameter `root`, which is wanted where several folders are open. */
export function rootOf(uri: vscode.Uri | undefined): { root?: string } {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const own = uri && vscode.workspace.getWorkspaceFolder(uri);
  const folder = own ?? folders[0];
  return folders.length > 1 && folder ? { root: folder.uri.toString() } : {};
}

/** The parameter `root` for each of the open folders. */
export function roots(): { root?: string }[] {
  const folders = vscode.workspace.workspaceFolders ?? [];
  return folders.map((folder) => (folders.length > 1 ? { root: folder.uri.toString() } : {}));
}

/** `[type/]name`. */
export function pathOf(template: Pick<TemplateInfo, "name" | "feature_type">): string {
  return template.feature_type ? `${template.feature_type}/${template.name}` : template.name;
}

/** `layer:[type/]name`. */
export function keyOf(template: Pick<TemplateInfo, "name" | "feature_type" | "layer">): string {
  return `${template.layer}:${pathOf(template)}`;
}

export interface VersionItem extends vscode.QuickPickItem {
  readonly version?: TemplateVersion;
}

/** The versions of a template, to be picked from. What was changed by hand cannot be picked. */
export async function versionItems(orch: Orch, target: TemplateTarget): Promise<[TemplateVersions, VersionItem[]]> {
  const found = await orch.server.execute<TemplateVersions>("orch.template.versions", target);
  const items = found.versions
    .filter((version) => version.problem === null)
    .map((version) => ({
      label: version.version === 0 ? "Used, never published" : `Version ${version.version}`,
      description: [version.current ? "as it stands" : "", version.author ?? "", day(version.created)]
        .filter(Boolean)
        .join(" - "),
      ...(version.message ? { detail: version.message } : {}),
      version,
    }));
  return [found, items];
}

function day(created: string | null): string {
  return created === null ? "" : new Date(created).toLocaleDateString();
}
