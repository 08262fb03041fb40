"""`textDocument/documentLink`: names of files that open on a click."""

from typing import TYPE_CHECKING

from lsprotocol import types

from orch.lsp.convert import to_lsp_uri
from orch.lsp.features.asking import in_thread, question

if TYPE_CHECKING:
    from orch.lsp.language_server import OrchServer


def register(server: "OrchServer") -> None:
    """Registers the handler."""

    @server.feature(types.TEXT_DOCUMENT_DOCUMENT_LINK)
    async def document_link(ls: "OrchServer", params: types.DocumentLinkParams) -> list[types.DocumentLink] | None:
        """The links of the document."""
        about = question(ls, params.text_document.uri)
        if about is None or about.language.links is None:
            return None
        return [
            types.DocumentLink(about.sheet.range(link.span), to_lsp_uri(link.path), link.tooltip or None)
            for link in await in_thread(ls, about, about.language.links)
        ]
