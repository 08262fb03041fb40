"""`textDocument/foldingRange`."""

from typing import TYPE_CHECKING

from lsprotocol import types

from orch.lsp.convert import to_lsp_folding
from orch.lsp.features.asking import question

if TYPE_CHECKING:
    from orch.lsp.language_server import OrchServer


def register(server: "OrchServer") -> None:
    """Registers the handler."""

    @server.feature(types.TEXT_DOCUMENT_FOLDING_RANGE)
    def folding_range(ls: "OrchServer", params: types.FoldingRangeParams) -> list[types.FoldingRange] | None:
        """What folds."""
        about = question(ls, params.text_document.uri)
        if about is None or about.language.folding is None:
            return None
        ranges = (to_lsp_folding(about.sheet, folding) for folding in about.language.folding(about.asked))
        return [found for found in ranges if found is not None]
