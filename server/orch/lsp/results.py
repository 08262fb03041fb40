"""What a command answers, for a client: the contract's JSON, with a URI beside every path."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orch.lsp.convert import to_lsp_uri

if TYPE_CHECKING:
    from orch.lsp.language_server import OrchServer


class Written(str):
    """A result that is written as JSON already, in ASCII."""

    __slots__ = ()


class WrittenEntries:
    """The entries of a long list as JSON text, for as long as a command hands out the same ones again."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[Mapping[str, Any], str]] = {}

    def of(self, ls: "OrchServer", entries: Sequence[Mapping[str, Any]]) -> str:
        """All `entries`, each with its URI, in one JSON array."""
        opened = {str(document.path) for document in ls.documents if document.path is not None}
        found: dict[int, tuple[Mapping[str, Any], str]] = {}
        texts: list[str] = []
        for entry in entries:
            known = self._known.get(id(entry))
            # the entry is kept beside its text, so its id cannot be given to another one
            if known is None or known[0] is not entry or entry.get("path") in opened:
                known = (entry, json.dumps(_with_uri(ls, entry)))
            if entry.get("path") not in opened:
                found[id(entry)] = known
            texts.append(known[1])
        if len(found) >= len(self._known):
            self._known = found
        return f"[{', '.join(texts)}]"


def as_result(ls: "OrchServer", result: Mapping[str, Any]) -> dict[str, Any] | Written:
    """`result` with `uri` for the session itself, and for each entry of a list.

    The URI of an open document is the one that the client knows it by.
    """
    if result.keys() == {"sessions"}:
        return Written(f'{{"sessions": {ls.written.of(ls, result["sessions"])}}}')
    told = {key: _with_uris(ls, value) if isinstance(value, list) else value for key, value in result.items()}
    return _with_uri(ls, told)


def _with_uris(ls: "OrchServer", entries: list[Any]) -> list[Any]:
    return [_with_uri(ls, entry) if isinstance(entry, Mapping) else entry for entry in entries]


def _with_uri(ls: "OrchServer", entry: Mapping[str, Any]) -> dict[str, Any]:
    path = entry.get("path")
    if not isinstance(path, str) or "id" not in entry or not Path(path).is_absolute():
        return dict(entry)
    document = ls.documents.at(Path(path))
    return {**entry, "uri": document.uri if document is not None else to_lsp_uri(Path(path))}
