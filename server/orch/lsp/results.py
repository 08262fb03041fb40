"""What a command answers, for a client: the contract's JSON, with a URI beside every path."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orch.lsp.convert import to_lsp_uri

if TYPE_CHECKING:
    from orch.lsp.language_server import OrchServer


def as_result(ls: "OrchServer", result: Mapping[str, Any]) -> dict[str, Any]:
    """`result` with `uri` for the session itself, and for each entry of a list.

    The URI of an open document is the one that the client knows it by.
    """
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
