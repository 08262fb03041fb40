"""The open documents: their exact text, its line index, and what is known of it.

pygls' own documents split lines on U+2028 and others that are no line ends in LSP; here a line ends at LF, CRLF or
CR only. A document is a session, or a template, or none of Orch's business, and then it is not kept.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal

from lsprotocol import types

from orch.lsp.convert import from_lsp_range, to_path
from orch.rules.finding import Finding
from orch.text.difference import difference
from orch.text.lines import Encoding, LineIndex
from orch.text.span import Span, TextEdit

Kind = Literal["session", "template"]


@dataclass(slots=True)
class Document:
    """One open document. `kind` is None while it is not known whether its folder is a layer's.

    `view` is what the document's language made of some earlier text; `lsp/languages.py` brings it up to date when
    it is asked for. `slow` are the findings of the last slow check, moved along with every edit since.
    """

    uri: str
    path: Path | None
    kind: Kind | None
    version: int
    text: str
    lines: LineIndex
    view: Any = None
    slow: tuple[Finding, ...] = ()
    slow_key: Any = None
    slow_seconds: float = 0.0
    slow_running: bool = False
    published: Any = None
    edits: list[TextEdit] = field(default_factory=list)

    def replace(self, span: Span, text: str) -> None:
        """Puts `text` in the place of `span`."""
        self.lines = self.lines.edited(span, text)
        self.text = self.lines.text
        if self.slow:
            self.edits.append(TextEdit(span, text))

    def replace_all(self, text: str) -> None:
        """The whole text anew. Only the part that differs counts as edited."""
        edit = edit_between(self.text, text)
        self.text, self.lines = text, LineIndex(text)
        if self.slow:
            self.edits.append(edit)


class Documents:
    """The open documents by URI, as the client writes it, and by path."""

    def __init__(self) -> None:
        self.encoding: Encoding = "utf-16"
        self._by_uri: dict[str, Document] = {}
        self._changed: set[str] = set()
        self._closed: list[Path] = []

    def __iter__(self) -> Iterator[Document]:
        # a copy first: threads iterate too
        return iter([document for document in list(self._by_uri.values()) if document.kind is not None])

    def get(self, uri: str) -> Document | None:
        """The open document at `uri`, None when it is not open or not Orch's."""
        document = self._by_uri.get(uri)
        return document if document is not None and document.kind is not None else None

    def open(self, uri: str, language: str, version: int, text: str) -> Document | None:
        """A document that the client opened; None when it is not Orch's.

        A template outside a project's `.orch` is Orch's when a layer holds it: `decide` says so later.
        """
        path = to_path(uri)
        kind = kind_of(path, uri, language)
        if kind is None and (path is None or path.suffix != ".j2"):
            return None
        document = Document(uri, path, kind, version, text, LineIndex(text))
        self._by_uri[uri] = document
        self._changed.add(uri)
        return document

    def decide(self, document: Document, layers: Sequence[Path]) -> bool:
        """Makes `document` a template if it lies in one of `layers` (`templates` folders), else forgets it."""
        inside = document.path is not None and any(document.path.is_relative_to(layer) for layer in layers)
        if inside:
            document.kind = "template"
            self._changed.add(document.uri)
        elif self._by_uri.get(document.uri) is document:
            del self._by_uri[document.uri]
            self._changed.discard(document.uri)
        return inside

    def change(
        self, uri: str, version: int, changes: Sequence[types.TextDocumentContentChangeEvent]
    ) -> Document | None:
        """Makes the client's changes one after the other: a range and its text, or the whole text.

        None for a document that is not Orch's, or not known to be yet.
        """
        document = self._by_uri.get(uri)
        if document is None:
            return None
        for change in changes:
            if isinstance(change, types.TextDocumentContentChangePartial):
                document.replace(from_lsp_range(document.lines, change.range, self.encoding), change.text)
            else:
                document.replace_all(change.text)
        document.version = version
        self._changed.add(uri)
        return self.get(uri)

    def close(self, uri: str) -> Document | None:
        """Forgets a document: from now on the disk speaks for it."""
        document = self._by_uri.pop(uri, None)
        self._changed.discard(uri)
        if document is not None and document.path is not None:
            self._closed.append(document.path)
        return document

    def at(self, path: Path) -> Document | None:
        """The open document of the file at `path`."""
        return next((document for document in self if document.path == path), None)

    def changes_since(self) -> tuple[list[tuple[Path, str]], list[Path]]:
        """The texts that are new since the last call, and the files that were closed since, for the overlay."""
        texts = [
            (document.path, document.text)
            for uri in self._changed
            if (document := self._by_uri[uri]).path is not None and document.kind is not None
        ]
        closed, self._closed = self._closed, []
        self._changed = set()
        open_now = {document.path for document in self._by_uri.values()}
        return texts, [path for path in closed if path not in open_now]


def kind_of(path: Path | None, uri: str, language: str) -> Kind | None:
    """What a document is to Orch, as far as its name and its language tell."""
    name = path.name if path is not None else uri
    if language == "orch" or name.endswith(".orch"):
        return "session"
    if language == "orch-template":
        return "template"
    folders = path.parts if path is not None else ()
    in_layer = any(pair == (".orch", "templates") for pair in pairwise(folders))
    return "template" if name.endswith(".j2") and in_layer else None


def edit_between(old: str, new: str) -> TextEdit:
    """One edit that makes `new` of `old`."""
    start, old_end, new_end = difference(old, new)
    return TextEdit(Span(start, old_end), new[start:new_end])
