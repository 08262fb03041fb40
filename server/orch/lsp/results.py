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
        self._last: tuple[Sequence[Mapping[str, Any]], set[str], str] = ([], set(), "[]")

    def of(self, ls: "OrchServer", entries: Sequence[Mapping[str, Any]]) -> str:
        """All `entries`, each with its URI, in one JSON array."""
        opened = {document.uri for document in ls.documents}
        if entries == self._last[0] and opened == self._last[1]:
            return self._last[2]  # to see that all entries are the same objects costs next to nothing
        text = self._written(ls, entries)
        self._last = entries, opened, text
        return text

    def _written(self, ls: "OrchServer", entries: Sequence[Mapping[str, Any]]) -> str:
        known = self._known
        if len(known) > 2 * len(entries) + MOST_KEPT:
            known.clear()
        texts: list[str] = []
        opened = {str(document.path) for document in ls.documents if document.path is not None}
        for entry in entries:
            kept = known.get(id(entry))
            # the entry is kept beside its text, so that its id cannot become another one's
            if kept is not None and kept[0] is entry and entry["path"] not in opened:
                texts.append(kept[1])
                continue
            text = json.dumps(_with_uri(ls, entry))
            if entry["path"] not in opened:
                known[id(entry)] = entry, text
            texts.append(text)
        return f"[{', '.join(texts)}]"


MOST_KEPT = 20_000
"""Entries that may be kept beside those that are asked for."""


def as_result(ls: "OrchServer", result: Mapping[str, Any]) -> dict[str, Any] | Written:
    """`result` with `uri` for the session itself, and for each entry of a list.

    The URI of an open document is the one that the client knows it by.
    """
    for key, written in (("sessions", ls.written), ("templates", ls.written_templates)):
        if key in result and result.keys() <= {key, "upgrades"}:
            others = "".join(f', "{name}": {json.dumps(value)}' for name, value in result.items() if name != key)
            return Written(f'{{"{key}": {written.of(ls, result[key])}{others}}}')
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
