"""`textDocument/codeAction`: what mends a finding, and what else can be changed at the cursor."""

from typing import TYPE_CHECKING

from lsprotocol import types

from orch.lsp.convert import to_lsp_command, to_lsp_diagnostic, to_lsp_workspace_edit
from orch.lsp.features.asking import Question, in_thread, question
from orch.rules.finding import Finding
from orch.text.span import Span

if TYPE_CHECKING:
    from orch.ide.results import Action
    from orch.lsp.language_server import OrchServer

_KINDS = {
    "quickfix": types.CodeActionKind.QuickFix,
    "refactor": types.CodeActionKind.Refactor,
    "source": types.CodeActionKind.Source,
}


def register(server: "OrchServer") -> None:
    """Registers the handler."""
    options = types.CodeActionOptions(code_action_kinds=list(_KINDS.values()))

    @server.feature(types.TEXT_DOCUMENT_CODE_ACTION, options)
    async def code_action(
        ls: "OrchServer", params: types.CodeActionParams
    ) -> list[types.CodeAction | types.Command] | None:
        """The fixes of the findings at the cursor, then the other actions there."""
        about = question(ls, params.text_document.uri, range_=params.range)
        if about is None:
            return None
        findings = [found for found in ls.checker.shown(about.document) if _touch(found.span, about.asked.span)]
        actions = [_to_lsp(ls, about, action, [finding]) for finding in findings for action in _fixes(finding)]
        if about.language.actions is not None:
            others = await in_thread(ls, about, about.language.actions, findings)
            actions += [_to_lsp(ls, about, action, findings) for action in others]
        wanted = list(params.context.only or ())
        return [
            action
            for action in actions
            if isinstance(action, types.Command)
            or (ls.client.literal_actions and (not wanted or _is_wanted(action.kind, wanted)))
        ]


def _touch(one: Span, other: Span) -> bool:
    return one.start <= other.end and other.start <= one.end


def _fixes(finding: Finding) -> "list[Action]":
    from orch.ide.results import Action

    return [
        Action(fix.title, "quickfix", fix.edits, preferred=fix.preferred, rules=(finding.rule,))
        for fix in finding.fixes
    ]


def _to_lsp(
    ls: "OrchServer", about: Question, action: "Action", findings: list[Finding]
) -> types.CodeAction | types.Command:
    command = to_lsp_command(action.command) if action.command is not None else None
    if command is not None and not action.edits and not ls.client.literal_actions:
        return command
    edit = None
    if action.edits:
        changes = [(about.sheet, about.document.version, action.edits)]
        edit = to_lsp_workspace_edit(changes, ls.client.versioned_edits)
    mended = [finding for finding in findings if finding.rule in action.rules]
    return types.CodeAction(
        title=action.title,
        kind=_KINDS[action.kind],
        diagnostics=[to_lsp_diagnostic(about.sheet, finding, None, False) for finding in mended] or None,
        is_preferred=True if action.preferred else None,
        edit=edit,
        command=command,
    )


def _is_wanted(kind: types.CodeActionKind | str | None, wanted: list[types.CodeActionKind | str]) -> bool:
    name = getattr(kind, "value", kind) or ""
    only = [getattr(entry, "value", entry) for entry in wanted]
    return any(name == entry or name.startswith(f"{entry}.") for entry in only)
