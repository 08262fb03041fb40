"""`textDocument/hover`."""

from typing import TYPE_CHECKING

from lsprotocol import types

from orch.lsp.convert import to_lsp_hover
from orch.lsp.features.asking import in_thread, question

if TYPE_CHECKING:
    from orch.lsp.language_server import OrchServer


def register(server: "OrchServer") -> None:
    """Registers the handler."""

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    async def hover(ls: "OrchServer", params: types.HoverParams) -> types.Hover | None:
        """What is known of the place under the cursor."""
        about = question(ls, params.text_document.uri, params.position)
        if about is None or about.language.hover is None:
            return None
        found = await in_thread(ls, about, about.language.hover)
        return to_lsp_hover(about.sheet, found, ls.client.hover_markup) if found is not None else None
