import * as vscode from "vscode";
import type { TemplateInfo } from "../api";
import type { Command } from "../orch";
import { keyOf, templateDocument, templateTarget, versionItems } from "../template";

/** Makes the working copy what an earlier version was: one edit, which one undo takes back. */
export const rollBackTemplate: Command = {
  id: "orch.rollBackTemplate",
  async run(orch, given) {
    const target = templateTarget(given);
    if (!target) {
      return undefined;
    }
    const [found, items] = await versionItems(orch, target);
    const earlier = items.filter((item) => !item.version?.current);
    if (earlier.length === 0) {
      void vscode.window.showInformationMessage("There is no other version of this template.");
      return undefined;
    }
    const choice = await vscode.window.showQuickPick(earlier, {
      title: `Roll back ${keyOf(found)}`,
      placeHolder: "To which version? What stands here now is kept.",
      matchOnDetail: true,
    });
    if (!choice?.version) {
      return undefined;
    }
    const doc = templateDocument();
    const saved = doc !== undefined && !doc.isDirty;
    const version = choice.version.reference;
    const done = await orch.server.execute<TemplateInfo>("orch.template.rollback", { ...target, version });
    if (saved && doc.isDirty) {
      await doc.save();
    }
    void vscode.window.showInformationMessage(`This is the text of ${choice.label.toLowerCase()} again.`);
    return done;
  },
};
