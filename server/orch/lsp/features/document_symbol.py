"""`textDocument/documentSymbol`: the outline."""

from typing import TYPE_CHECKING

from lsprotocol import types

from orch.lsp.convert import to_lsp_symbol
from orch.lsp.features.asking import question

if TYPE_CHECKING:
    from orch.lsp.language_server import OrchServer


def register(server: "OrchServer") -> None:
    """Registers the handler."""

    @server.feature(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
    def document_symbol(
        ls: "OrchServer", params: types.DocumentSymbolParams
    ) -> list[types.DocumentSymbol] | list[types.SymbolInformation] | None:
        """The outline as a tree, or as a list for a client that knows no other."""
        about = question(ls, params.text_document.uri)
        if about is None or about.language.symbols is None:
            return None
        tree = [to_lsp_symbol(about.sheet, symbol) for symbol in about.language.symbols(about.asked)]
        return tree if ls.client.nested_symbols else _flat(tree, params.text_document.uri, None)


def _flat(tree: list[types.DocumentSymbol], uri: str, container: str | None) -> list[types.SymbolInformation]:
    found: list[types.SymbolInformation] = []
    for symbol in tree:
        location = types.Location(uri, symbol.range)
        found.append(types.SymbolInformation(location, symbol.name, symbol.kind, container_name=container))
        found += _flat(list(symbol.children or ()), uri, symbol.name)
    return found
