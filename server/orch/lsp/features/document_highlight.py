"""`textDocument/documentHighlight`: the other places of the thing under the cursor."""

from typing import TYPE_CHECKING

from lsprotocol import types

from orch.lsp.features.asking import in_thread, question

if TYPE_CHECKING:
    from orch.lsp.language_server import OrchServer


def register(server: "OrchServer") -> None:
    """Registers the handler."""

    @server.feature(types.TEXT_DOCUMENT_DOCUMENT_HIGHLIGHT)
    async def highlight(
        ls: "OrchServer", params: types.DocumentHighlightParams
    ) -> list[types.DocumentHighlight] | None:
        """The places in this document."""
        about = question(ls, params.text_document.uri, params.position)
        if about is None or about.language.highlights is None:
            return None
        spans = await in_thread(ls, about, about.language.highlights)
        return [types.DocumentHighlight(about.sheet.range(span)) for span in spans]
