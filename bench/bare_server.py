"""The floor: a pygls server that analyses nothing. It publishes an empty list for each version of a document.

What a Python server can be measured against: everything above these figures is work that the server chose to do.
"""

from lsprotocol import types as lsp
from pygls.lsp.server import LanguageServer

server = LanguageServer("bare", "1")


@server.feature(lsp.TEXT_DOCUMENT_DID_OPEN)
def did_open(ls: LanguageServer, params: lsp.DidOpenTextDocumentParams) -> None:
    """Publish that nothing is wrong."""
    publish(ls, params.text_document.uri)


@server.feature(lsp.TEXT_DOCUMENT_DID_CHANGE)
def did_change(ls: LanguageServer, params: lsp.DidChangeTextDocumentParams) -> None:
    """Publish that nothing is wrong with this version either."""
    publish(ls, params.text_document.uri)


def publish(ls: LanguageServer, uri: str) -> None:
    """Send an empty list for the version that the server holds."""
    version = ls.workspace.get_text_document(uri).version
    ls.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(uri=uri, version=version, diagnostics=[]))


if __name__ == "__main__":
    server.start_io()
