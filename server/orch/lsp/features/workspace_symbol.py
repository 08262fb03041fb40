"""`workspace/symbol`: sessions and templates by name."""

from typing import TYPE_CHECKING

from lsprotocol import types

from orch.lsp.convert import Sheet, pascal, to_lsp_uri
from orch.lsp.languages import languages
from orch.text.lines import LineIndex
from orch.text.span import Span

if TYPE_CHECKING:
    from orch.ide.results import WorkspaceSymbol
    from orch.lsp.language_server import OrchServer

MOST = 500
"""Symbols that are sent at most; who wants others types more of the name."""


def register(server: "OrchServer") -> None:
    """Registers the handler."""

    @server.feature(types.WORKSPACE_SYMBOL)
    async def workspace_symbol(
        ls: "OrchServer", params: types.WorkspaceSymbolParams
    ) -> list[types.SymbolInformation] | None:
        """What is called like the query in the projects at hand."""
        return await ls.in_thread(_find, ls, params.query)


def _find(ls: "OrchServer", query: str) -> list[types.SymbolInformation]:
    found = [
        symbol
        for project in ls.projects.known()
        for known in languages()
        if known.workspace_symbols is not None
        for symbol in known.workspace_symbols(query, project)
    ]
    return [_to_lsp(ls, symbol) for symbol in found[:MOST] if symbol.place.path is not None]


def _to_lsp(ls: "OrchServer", symbol: "WorkspaceSymbol") -> types.SymbolInformation:
    path = symbol.place.path
    assert path is not None
    document = ls.documents.at(path)
    # the name stands in the head of its file; only where a place within is told is the text needed
    text = (ls.projects.read(path) or "") if symbol.place.span is not None else ""
    sheet = Sheet(document.uri if document else to_lsp_uri(path), LineIndex(text), ls.documents.encoding)
    return types.SymbolInformation(
        location=types.Location(sheet.uri, sheet.range(symbol.place.span or Span(0, 0))),
        name=symbol.name,
        kind=types.SymbolKind[pascal(symbol.kind)],
        container_name=symbol.container or None,
    )
