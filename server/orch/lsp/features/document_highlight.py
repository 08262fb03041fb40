"""`textDocument/documentHighlight`: the other places of the thing under the cursor."""

from typing import TYPE_CHECKING

from lsprotocol import types

from orch.lsp.features.asking import question

if TYPE_CHECKING:
    from orch.lsp.language_server import OrchServer


def register(server: "OrchServer") -> None:
    """Registers the handler."""

    @server.feature(types.TEXT_DOCUMENT_DOCUMENT_HIGHLIGHT)
    def highlight(ls: "OrchServer", params: types.DocumentHighlightParams) -> list[types.DocumentHighlight] | None:
        """The places in this document."""
        about = question(ls, params.text_document.uri, params.position)
        if about is None or about.language.highlights is None:
            return None
        return [types.DocumentHighlight(about.sheet.range(span)) for span in about.language.highlights(about.asked)]
