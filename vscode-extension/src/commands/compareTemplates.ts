import * as vscode from "vscode";
import type { TemplateVersion } from "../api";
import type { Command, Orch } from "../orch";
import { keyOf, rootOf, templateTarget, versionItems, type TemplateTarget, type VersionItem } from "../template";
import { textUri } from "../views/templateTexts";

/** Opens two versions of a template, or a version and the working copy, in the diff editor. */
export const compareTemplates: Command = {
  id: "orch.compareTemplates",
  async run(orch, given) {
    const sides = sidesOf(given);
    if (sides) {
      return compareRendered(sides);
    }
    const target = templateTarget(given);
    return target && compareVersions(orch, target);
  },
};

interface RenderedSides {
  readonly left: string;
  readonly right: string;
  /** Whose values the prompts are made with; a sample's without it. */
  readonly session?: string;
  readonly root?: string;
}

function sidesOf(given: unknown): RenderedSides | undefined {
  const { left, right, session, root } = (given ?? {}) as Record<string, unknown>;
  return typeof left === "string" && typeof right === "string"
    ? {
        left,
        right,
        ...(typeof session === "string" ? { session } : {}),
        ...(typeof root === "string" ? { root } : rootOf(vscode.window.activeTextEditor?.document.uri)),
      }
    : undefined;
}

/** The prompts that two templates make. */
function compareRendered(sides: RenderedSides): Thenable<unknown> {
  const shown = { kind: "rendered", ...sides } as const;
  return diff(
    textUri({ ...shown, side: "left" }, `${titleOf(sides.left)}.md`),
    textUri({ ...shown, side: "right" }, `${titleOf(sides.right)}.md`),
    `Prompts: ${titleOf(sides.left)} - ${titleOf(sides.right)}`,
  );
}

/** A reference as it is, a file by its name. */
function titleOf(side: string): string {
  return side.startsWith("file:") ? vscode.Uri.parse(side).path.replace(/^.*\/templates\//, "") : side;
}

async function compareVersions(orch: Orch, target: TemplateTarget): Promise<unknown> {
  const [found, items] = await versionItems(orch, target);
  if (items.length === 0) {
    void vscode.window.showInformationMessage("This template has no version yet; publish it first.");
    return undefined;
  }
  const left = await vscode.window.showQuickPick(items, {
    title: `Compare ${keyOf(found)}`,
    placeHolder: "Which version?",
    matchOnDetail: true,
  });
  if (!left?.version) {
    return undefined;
  }
  const copy: VersionItem = { label: "The working copy", description: "as it stands in the editor" };
  const others = [...(found.path === null ? [] : [copy]), ...items.filter((item) => item !== left)];
  const right = await vscode.window.showQuickPick(others, {
    title: `Compare ${left.label} of ${keyOf(found)}`,
    placeHolder: "With what?",
    matchOnDetail: true,
  });
  if (!right) {
    return undefined;
  }
  const rightUri = right.version ? uriOf(right.version, target) : vscode.Uri.file(found.path ?? "");
  return diff(uriOf(left.version, target), rightUri, `${keyOf(found)}: ${left.label} - ${right.label}`);
}

function uriOf(version: TemplateVersion, target: TemplateTarget): vscode.Uri {
  const root = target.root === undefined ? {} : { root: target.root };
  return textUri({ kind: "version", name: version.reference, ...root }, `${version.reference}.md.j2`);
}

function diff(left: vscode.Uri, right: vscode.Uri, title: string): Thenable<unknown> {
  return vscode.commands.executeCommand("vscode.diff", left, right, title, { preview: true });
}
