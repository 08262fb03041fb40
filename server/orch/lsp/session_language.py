"""The abilities of session documents: each joins a plain function of `ide` with what the project has around it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from orch.commands.session_surroundings import ProjectSurroundings, SessionIndex
from orch.ide.results import Action, Completion, Folding, Hover, Lens, Link, Place, Symbol, Token, WorkspaceSymbol
from orch.ide.session_findings import quick_findings, slow_findings
from orch.ide.session_view import SessionView
from orch.lsp.languages import Asked, Language
from orch.rules.finding import Finding
from orch.storage.port import StorageError
from orch.text.span import Span

if TYPE_CHECKING:
    from orch.commands.project import Project

_INDEXES: dict[Path, SessionIndex] = {}


def _index(project: "Project") -> SessionIndex:
    return _INDEXES.setdefault(project.root, SessionIndex())


def _files_changed() -> None:
    for index in list(_INDEXES.values()):
        index.forget()


def _surroundings(view: SessionView, project: "Project | None") -> ProjectSurroundings | None:
    if project is None:
        return None
    return ProjectSurroundings(project, _index(project), view.path, view.session.feature_type)


def _slow(view: SessionView, project: "Project | None") -> Sequence[Finding]:
    return slow_findings(view, _surroundings(view, project))


def _offered(view: SessionView) -> object:
    """What the findings of other sessions depend on."""
    session = view.session
    return session.id, session.is_open, session.notes.key_files if session.notes else ()


def _lenses(asked: Asked) -> Sequence[Lens]:
    from orch.ide.session_lenses import session_lenses

    runner, found = _runner(asked)
    lenses = session_lenses(asked.view, asked.uri, asked.client_commands, runner, asked.run_choice, found)
    return sorted([*lenses, *_newer(asked)], key=lambda lens: lens.span.start)


def _newer(asked: Asked) -> Sequence[Lens]:
    """Whether the template of the prompt that is due has changed meanwhile."""
    from orch.commands.settings import project_library
    from orch.ide.session_template import newer_template_lenses

    if asked.project is None or not asked.view.session.is_open or not asked.view.tree.valid:
        return ()
    library = project_library(asked.project)
    return list(newer_template_lenses(asked.view, asked.uri, asked.client_commands, library))


def _runner(asked: Asked) -> tuple[str | None, str | None]:
    """The runner that a lens may name, else a program that could be one.

    Read only where one can be shown: in a thread, like all lenses.
    """
    from orch.commands.runners import found_program, ready_runner

    if asked.project is None or not asked.view.session.is_open:
        return None, None
    try:
        runner = ready_runner(asked.project)
        return runner, found_program(asked.project) if runner is None else None
    except StorageError:
        return None, None  # a configuration that cannot be read takes no other lens away


def _symbols(asked: Asked) -> Sequence[Symbol]:
    from orch.ide.session_symbols import session_symbols

    return session_symbols(asked.view)


def _folding(asked: Asked) -> Sequence[Folding]:
    from orch.ide.session_fold import session_folding

    return session_folding(asked.view)


def _tokens(asked: Asked) -> Sequence[Token]:
    from orch.ide.session_tokens import session_tokens

    return session_tokens(asked.view)


def _highlights(asked: Asked) -> Sequence[Span]:
    from orch.ide.session_places import session_highlights

    return session_highlights(asked.view, asked.offset)


def _hover(asked: Asked) -> Hover | None:
    from orch.ide.session_hover import session_hover

    return session_hover(asked.view, asked.offset, partial(_layers, asked))


def _layers(asked: Asked, reference: str) -> str:
    from orch.commands.settings import project_library
    from orch.ide.session_template import layers_line

    if asked.project is None:
        return ""
    return layers_line(project_library(asked.project), reference, asked.view.session.feature_type)


def _completion(asked: Asked) -> Sequence[Completion]:
    from orch.ide.session_completion import Names, session_completion

    project = asked.project
    if project is None:
        return session_completion(asked.view, asked.offset, Names())
    surroundings = _surroundings(asked.view, project)
    assert surroundings is not None
    names = Names(surroundings.templates, surroundings.feature_types)
    return session_completion(asked.view, asked.offset, names)


def _definition(asked: Asked) -> Sequence[Place]:
    from orch.ide.session_places import session_definition

    return session_definition(asked.view, asked.offset, _Files.of(asked))


def _references(asked: Asked) -> Sequence[Place]:
    from orch.ide.session_places import session_references

    return session_references(asked.view, asked.offset, _Files.of(asked) if asked.project is not None else None)


def _links(asked: Asked) -> Sequence[Link]:
    from orch.ide.session_places import session_links

    return session_links(asked.view, _Files.of(asked))


def _actions(asked: Asked, findings: Sequence[Finding]) -> Sequence[Action]:
    from orch.ide.session_actions import session_actions
    from orch.ide.session_steps import session_step_actions

    new_id = asked.project.new_id if asked.project is not None else None
    found = session_actions(asked.view, asked.uri, asked.span, findings, asked.client_commands, new_id)
    return [*found, *session_step_actions(asked.view, _lenses(asked), asked.span)]


def _workspace_symbols(query: str, project: "Project") -> Sequence[WorkspaceSymbol]:
    wanted = query.casefold()
    return [
        WorkspaceSymbol(title, "event", Place(path), status)
        for path, title, status in _index(project).titles(project)
        if all(word in f"{title} {status}".casefold() for word in wanted.split())
    ]


@dataclass(frozen=True, slots=True)
class _Files:
    """Where the things that a session names are (see `ide/session_places.py`). Without a project, nowhere."""

    around: ProjectSurroundings | None

    @classmethod
    def of(cls, asked: Asked) -> "_Files":
        return cls(_surroundings(asked.view, asked.project))

    def template_file(self, reference: str) -> Path | None:
        found = self.around.template_path(reference) if self.around is not None else ""
        return found if isinstance(found, Path) else None

    def key_file(self, name: str) -> Path | None:
        return self.around.key_file(name) if self.around is not None else None

    def kept_file(self, digest: str) -> Path | None:
        return self.around.kept_file(digest) if self.around is not None else None

    def mentions(self, text: str) -> Sequence[tuple[Path, Span]]:
        return self.around.mentions(text) if self.around is not None else ()


LANGUAGE = Language(
    view=SessionView,
    quick=quick_findings,
    slow_key=lambda view: view.slow_key,
    slow=_slow,
    files_changed=_files_changed,
    offered=_offered,
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
    workspace_symbols=_workspace_symbols,
)
