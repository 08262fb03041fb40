"""`window/showDocument`: puts the reader's cursor where it belongs."""

from pathlib import Path
from typing import TYPE_CHECKING

from lsprotocol import types

from orch.lsp.convert import Sheet, to_lsp_uri
from orch.text.lines import LineIndex
from orch.text.span import Span

if TYPE_CHECKING:
    from orch.lsp.language_server import OrchServer


async def show(ls: "OrchServer", path: Path, text: str, span: Span) -> None:
    """Opens the file at `path`, whose text is `text`, with `span` selected. A client that cannot is left alone."""
    if not ls.client.show_document:
        return
    document = ls.documents.at(path)
    lines = document.lines if document is not None and document.text == text else LineIndex(text)
    sheet = Sheet(document.uri if document is not None else to_lsp_uri(path), lines, ls.documents.encoding)
    await ls.window_show_document_async(
        types.ShowDocumentParams(uri=sheet.uri, take_focus=True, selection=sheet.range(span))
    )
