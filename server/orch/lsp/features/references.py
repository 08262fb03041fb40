"""`textDocument/references`."""

from typing import TYPE_CHECKING

from lsprotocol import types

from orch.lsp.features.asking import in_thread, question
from orch.lsp.features.places import to_lsp_locations

if TYPE_CHECKING:
    from orch.lsp.language_server import OrchServer


def register(server: "OrchServer") -> None:
    """Registers the handler."""

    @server.feature(types.TEXT_DOCUMENT_REFERENCES)
    async def references(ls: "OrchServer", params: types.ReferenceParams) -> list[types.Location] | None:
        """Where the thing under the cursor is used."""
        about = question(ls, params.text_document.uri, params.position)
        if about is None or about.language.references is None:
            return None
        places = await in_thread(ls, about, about.language.references)
        return await to_lsp_locations(ls, about.sheet, places)
