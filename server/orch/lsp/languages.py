"""What can be done with each kind of document: one record of plain functions for sessions, one for templates.

A handler looks up the record of its document's kind and calls one function. A record's module is imported when the
first document of its kind opens, not at start-up. To give a kind a new ability, fill in its field.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol

from orch.rules.finding import Finding
from orch.text.span import Span

if TYPE_CHECKING:
    from pathlib import Path

    from orch.commands.project import Project
    from orch.ide import results
    from orch.lsp.documents import Document, Kind

_MODULES = {"session": "orch.lsp.session_language", "template": "orch.lsp.template_language"}


class View(Protocol):
    """What a language makes of a text. It never changes, so a thread may read it while the next one is made."""

    @property
    def text(self) -> str:
        """The text it was made of."""


START = Span(0, 0)


@dataclass(frozen=True, slots=True)
class Asked:
    """What an ability is asked about: a view, and where in it the cursor or selection is.

    `uri` is the document's as the client writes it; `client_commands` are the client's own; `project` is the
    project that the document belongs to, None where there is none; `run_choice` is what the person chose to run
    prompts with, (runner, title).
    """

    view: Any
    uri: str
    span: Span = START
    project: "Project | None" = None
    client_commands: frozenset[str] = frozenset()
    run_choice: tuple[str, str] | None = None

    @property
    def offset(self) -> int:
        """Where the cursor is."""
        return self.span.start


@dataclass(frozen=True, slots=True)
class Language:
    """The abilities of one kind of document; None for one that it has not.

    The first group runs on the event loop and may only look at the view. The second runs in a thread and may read
    files through `asked.project`. `files_changed` is told that what was read of other files may be out of date.
    `offered` is what other documents of the kind can see of one: when it changes, they are checked again.
    `used_later` are the modules that the abilities import when they are first asked; once a document has been
    checked, they are imported in a thread, so that nobody waits for them.
    """

    view: "Callable[[str, Path | None, Any], View]"
    quick: Callable[[Any], Sequence[Finding]]
    slow_key: Callable[[Any], Any]
    files_changed: Callable[[], None] | None = None
    offered: Callable[[Any], Any] | None = None
    used_later: tuple[str, ...] = ()
    symbols: "Callable[[Asked], Sequence[results.Symbol]] | None" = None
    folding: "Callable[[Asked], Sequence[results.Folding]] | None" = None

    slow: "Callable[[Any, Project | None], Sequence[Finding]] | None" = None
    lenses: "Callable[[Asked], Sequence[results.Lens]] | None" = None
    tokens: "Callable[[Asked], Sequence[results.Token]] | None" = None
    highlights: Callable[[Asked], Sequence[Span]] | None = None
    hover: "Callable[[Asked], results.Hover | None] | None" = None
    completion: "Callable[[Asked], Sequence[results.Completion]] | None" = None
    definition: "Callable[[Asked], Sequence[results.Place]] | None" = None
    references: "Callable[[Asked], Sequence[results.Place]] | None" = None
    links: "Callable[[Asked], Sequence[results.Link]] | None" = None
    actions: "Callable[[Asked, Sequence[Finding]], Sequence[results.Action]] | None" = None
    signature: "Callable[[Asked], results.SignatureHelp | None] | None" = None
    rename_span: Callable[[Asked], Span | None] | None = None
    rename: "Callable[[Asked, str], Sequence[results.FileChange] | str] | None" = None
    workspace_symbols: "Callable[[str, Project], Sequence[results.WorkspaceSymbol]] | None" = None


_LOADED: dict[str, Language] = {}


def language(kind: "Kind | None") -> Language | None:
    """The abilities of a kind of document; None for one that is not known yet."""
    if kind is None:
        return None
    if kind not in _LOADED:
        found = import_module(_MODULES[kind]).LANGUAGE
        assert isinstance(found, Language)
        _LOADED[kind] = found
    return _LOADED[kind]


def languages() -> list[Language]:
    """The abilities of every kind of document."""
    kinds: tuple[Kind, ...] = ("session", "template")
    return [known for kind in kinds if (known := language(kind)) is not None]


def languages_in_use() -> list[Language]:
    """The abilities of the kinds of which a document has been open; the others have nothing to forget."""
    return list(_LOADED.values())


def import_later(known: Language) -> None:
    """Imports what the abilities will need. For a thread."""
    for name in known.used_later:
        import_module(name)


def view_of(document: "Document") -> Any:
    """The document's view, brought up to date with its text. None for a kind without a language."""
    known = language(document.kind)
    if known is None:
        return None
    if document.view is None or document.view.text is not document.text:
        document.view = known.view(document.text, document.path, document.view)
    return document.view
