import * as vscode from "vscode";
import type { TemplateDetails, TemplateInfo } from "../api";
import type { Command, Orch } from "../orch";
import { chooseRoot } from "../target";
import { keyOf, pathOf } from "../template";

/** Makes a template of the project's own: asks which one, and whether one block is overridden or all is copied. */
export const customizeTemplate: Command = {
  id: "orch.customizeTemplate",
  async run(orch, given) {
    const root = await chooseRoot();
    if (!root) {
      return undefined;
    }
    const template = named(given) ?? (await pickTemplate(orch, root));
    if (!template) {
      return undefined;
    }
    const asked = { name: template.name, ...(template.feature_type ? { featureType: template.feature_type } : {}), ...root };
    const part = await pickPart(orch, asked);
    if (!part) {
      return undefined;
    }
    return orch.server.execute<TemplateInfo>("orch.template.customize", { ...asked, ...part });
  },
};

type Named = Pick<TemplateInfo, "name" | "feature_type">;

function named(given: unknown): Named | undefined {
  const { name, featureType } = (given ?? {}) as { name?: unknown; featureType?: unknown };
  return typeof name === "string"
    ? { name, feature_type: typeof featureType === "string" ? featureType : null }
    : undefined;
}

/** The templates that the project has none of its own above, the three roles first. */
async function pickTemplate(orch: Orch, root: object): Promise<Named | undefined> {
  const { templates } = await orch.server.execute<{ templates: TemplateInfo[] }>("orch.template.list", root);
  const own = new Set(templates.filter((one) => one.layer === "project").map(pathOf));
  const nearest = new Map([...templates].reverse().map((one) => [pathOf(one), one]));
  const items = [...nearest.values()]
    .filter((one) => !own.has(pathOf(one)))
    .sort((one, other) => Number(one.feature_type !== null) - Number(other.feature_type !== null) || order(pathOf(one), pathOf(other)))
    .map((template) => ({
      label: pathOf(template),
      description: template.layer,
      detail: template.description,
      template,
    }));
  const choice = await vscode.window.showQuickPick(items, {
    title: "Customize Template",
    placeHolder: "Which template? The project gets one of its own above it.",
    matchOnDetail: true,
  });
  return choice?.template;
}

function order(one: string, other: string): number {
  return one < other ? -1 : 1;
}

/** Which block is overridden, or the whole. */
async function pickPart(orch: Orch, asked: { name: string }): Promise<{ block?: string; copy?: boolean } | undefined> {
  const found = await orch.server.execute<TemplateDetails>("orch.template.show", asked);
  if (found.blocks.length === 0) {
    return { copy: true };
  }
  const items = [
    ...found.blocks.map((block) => ({ label: block.name, description: `block of ${block.template}`, part: { block: block.name } })),
    { label: "The whole text", description: `a copy of ${keyOf(found)}; upgrades of it no longer count`, part: { copy: true } },
  ];
  const choice = await vscode.window.showQuickPick(items, {
    title: `Customize ${pathOf(found)}`,
    placeHolder: "Which part? The rest stays as it is below, and follows its upgrades.",
  });
  return choice?.part;
}
