"""The abilities of template documents: each joins a plain function of `ide` with what the project has around it."""

from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING

from orch.commands.settings import project_library
from orch.ide.results import (
    Action,
    Completion,
    FileChange,
    Folding,
    Hover,
    Lens,
    Link,
    Place,
    SignatureHelp,
    Symbol,
    Token,
    WorkspaceSymbol,
)
from orch.ide.template_findings import quick_findings, slow_findings
from orch.ide.template_offered import template_offered
from orch.ide.template_view import Desk, TemplateView
from orch.lsp.languages import Asked, Language
from orch.lsp.template_desks import desk_in, files_changed, index_of
from orch.rules.finding import Finding
from orch.text.span import Span

if TYPE_CHECKING:
    from orch.commands.project import Project


def _desk(asked: Asked) -> Desk:
    return desk_in(asked.view, asked.project)


def _slow(view: TemplateView, project: "Project | None") -> Sequence[Finding]:
    return slow_findings(view, desk_in(view, project))


def _key(view: TemplateView) -> Hashable:
    return view.text


def _symbols(asked: Asked) -> Sequence[Symbol]:
    from orch.ide.template_symbols import template_symbols
    from orch.rules.template_context import TemplateContext

    return template_symbols(TemplateContext(asked.view.analysis))


def _folding(asked: Asked) -> Sequence[Folding]:
    from orch.ide.template_symbols import template_folding

    return template_folding(asked.view.tree)


def _tokens(asked: Asked) -> Sequence[Token]:
    from orch.ide.template_tokens import template_tokens

    return template_tokens(asked.view.tree)


def _lenses(asked: Asked) -> Sequence[Lens]:
    from orch.ide.template_lenses import template_lenses

    return template_lenses(_desk(asked), asked.client_commands)


def _highlights(asked: Asked) -> Sequence[Span]:
    from orch.ide.template_places import template_highlights

    return template_highlights(_desk(asked), asked.offset)


def _hover(asked: Asked) -> Hover | None:
    from orch.ide.template_hover import template_hover

    return template_hover(_desk(asked), asked.offset)


def _completion(asked: Asked) -> Sequence[Completion]:
    from orch.ide.template_completion import template_completion

    return template_completion(_desk(asked), asked.offset)


def _signature(asked: Asked) -> SignatureHelp | None:
    from orch.ide.template_signature import template_signature

    return template_signature(_desk(asked), asked.offset)


def _definition(asked: Asked) -> Sequence[Place]:
    from orch.ide.template_places import template_definition

    return template_definition(_desk(asked), asked.offset)


def _references(asked: Asked) -> Sequence[Place]:
    from orch.ide.template_places import template_references

    return template_references(_desk(asked), asked.offset)


def _links(asked: Asked) -> Sequence[Link]:
    from orch.ide.template_places import template_links

    return template_links(_desk(asked))


def _actions(asked: Asked, findings: Sequence[Finding]) -> Sequence[Action]:
    from orch.ide.template_actions import template_actions

    return template_actions(_desk(asked), findings)


def _rename_span(asked: Asked) -> Span | None:
    from orch.ide.template_places import template_rename_span

    return template_rename_span(_desk(asked), asked.offset)


def _rename(asked: Asked, name: str) -> Sequence[FileChange] | str:
    from orch.ide.template_places import template_rename

    return template_rename(_desk(asked), asked.offset, name)


def _workspace_symbols(query: str, project: "Project") -> Sequence[WorkspaceSymbol]:
    from orch.ide.template_symbols import workspace_template_symbols

    return workspace_template_symbols(query, index_of(project).others(project_library(project)))


LANGUAGE = Language(
    view=TemplateView,
    quick=quick_findings,
    slow_key=_key,
    slow=_slow,
    files_changed=files_changed,
    offered=template_offered,
    used_later=(
        "orch.ide.template_hover",
        "orch.ide.template_completion",
        "orch.ide.template_places",
        "orch.ide.template_lenses",
        "orch.ide.template_signature",
        "orch.ide.template_symbols",
        "orch.ide.template_tokens",
        "orch.ide.template_actions",
    ),
    lenses=_lenses,
    symbols=_symbols,
    folding=_folding,
    tokens=_tokens,
    highlights=_highlights,
    hover=_hover,
    completion=_completion,
    definition=_definition,
    references=_references,
    links=_links,
    actions=_actions,
    signature=_signature,
    rename_span=_rename_span,
    rename=_rename,
    workspace_symbols=_workspace_symbols,
)
