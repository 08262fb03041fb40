"""What the editor's abilities answer: plain records in code-point offsets, for sessions and templates alike.

A `span` lies in the document that was asked about, unless a `path` says otherwise.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from orch.text.span import Span, TextEdit


@dataclass(frozen=True, slots=True)
class Hover:
    """Markdown about what stands at `span`."""

    span: Span
    markdown: str


@dataclass(frozen=True, slots=True)
class Completion:
    """One thing to insert. `edit` replaces what was typed; `snippet` says that its text has `$1` tab stops.

    `kind` is the name of an LSP completion kind in lower case (`property`, `enum_member`, `function` ...);
    `sort` orders entries where the label does not; `extra` are edits elsewhere in the document.
    """

    label: str
    kind: str
    edit: TextEdit
    detail: str = ""
    documentation: str = ""
    snippet: bool = False
    sort: str = ""
    filter: str = ""
    extra: tuple[TextEdit, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere in a file. `path` is None for the document itself; `span` None for the file as a whole."""

    path: Path | None = None
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Symbol:
    """An entry of the outline. `kind` is the name of an LSP symbol kind in lower case; `selection` is its name."""

    name: str
    kind: str
    span: Span
    selection: Span
    detail: str = ""
    children: tuple["Symbol", ...] = ()


@dataclass(frozen=True, slots=True)
class WorkspaceSymbol:
    """A thing that can be found by name in the whole project."""

    name: str
    kind: str
    place: Place
    container: str = ""


@dataclass(frozen=True, slots=True)
class Folding:
    """Lines that fold into the line where `span` starts; `collapsed` is shown in their place.

    `kind` is `comment`, `region` or `imports`. Long texts are `imports`: the one kind that editors can close
    when a file opens (`editor.foldingImportsByDefault`, `vim.lsp.foldclose`).
    """

    span: Span
    kind: str = "region"
    collapsed: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """Text that opens a file."""

    span: Span
    path: Path
    tooltip: str = ""


@dataclass(frozen=True, slots=True)
class Command:
    """Something to run, on the server or, for a name the client gave at the start, in the client."""

    title: str
    name: str
    arguments: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Lens:
    """A line of text above `span` that runs a command."""

    span: Span
    command: Command


@dataclass(frozen=True, slots=True)
class Action:
    """A change that the light bulb offers: edits to this document, edits to others, or a command.

    `kind` is `quickfix`, `refactor` or `source`; `rules` are the rules whose findings it mends.
    """

    title: str
    kind: str
    edits: tuple[TextEdit, ...] = ()
    command: Command | None = None
    preferred: bool = False
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Token:
    """A coloured range on one line. `kind` and `modifiers` are of `token_kinds.py`."""

    span: Span
    kind: str
    modifiers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SignatureHelp:
    """How a call is written. `parameters` are spans in `label`; `active` is the parameter at the cursor."""

    label: str
    parameters: tuple[Span, ...]
    active: int
    documentation: str = ""


@dataclass(frozen=True, slots=True)
class FileChange:
    """Edits to one file, as a rename makes them. `path` is None for the document itself."""

    path: Path | None
    edits: tuple[TextEdit, ...]
