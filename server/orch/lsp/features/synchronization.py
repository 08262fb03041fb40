"""Opening, changing, saving and closing documents."""

from typing import TYPE_CHECKING

from lsprotocol import types

from orch.storage.port import StorageError

if TYPE_CHECKING:
    from pathlib import Path

    from orch.lsp.documents import Document
    from orch.lsp.language_server import OrchServer


def register(server: "OrchServer") -> None:
    """Registers the handlers. None of them waits: the check comes when no message is waiting."""

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def did_open(ls: "OrchServer", params: types.DidOpenTextDocumentParams) -> None:
        """Keeps the text of a session or a template."""
        item = params.text_document
        document = ls.documents.open(item.uri, item.language_id, item.version, item.text)
        if document is not None and document.kind is None:
            ls.start(_decide(ls, document))
        elif document is not None:
            ls.checker.look_again()
            ls.checker.touch(document)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def did_change(ls: "OrchServer", params: types.DidChangeTextDocumentParams) -> None:
        """Makes the client's changes in the text."""
        item = params.text_document
        document = ls.documents.change(item.uri, item.version, params.content_changes)
        if document is not None:
            ls.checker.touch(document)

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    def did_save(ls: "OrchServer", params: types.DidSaveTextDocumentParams) -> None:
        """A file on disk changed: other documents may depend on it."""
        document = ls.documents.get(params.text_document.uri)
        if document is not None:
            ls.checker.files_changed()
            if document.kind == "session":
                ls.start(ls.in_thread(_settle, ls, document.path, document.text))

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def did_close(ls: "OrchServer", params: types.DidCloseTextDocumentParams) -> None:
        """Forgets the text and takes the findings back."""
        document = ls.documents.close(params.text_document.uri)
        if document is not None:
            ls.checker.forget(document)
            # what was open and not saved is gone for the others too
            ls.checker.files_changed()


async def _decide(ls: "OrchServer", document: "Document") -> None:
    """Looks, away from the loop, whether a layer of the user's or a shared one holds the template."""
    layers = await ls.in_thread(ls.projects.layers)
    if ls.documents.decide(document, layers):
        ls.checker.touch(document)
        ls.checker.idle()


def _settle(ls: "OrchServer", path: "Path | None", text: str) -> None:
    """Takes the copies away that were kept of answers which stand in the session on the disk now."""
    from orch.commands.unfiled import settle_saved

    project = ls.projects.of(path)
    try:
        if project is not None:
            settle_saved(project, text)
    except StorageError:
        pass  # a copy that stays is no harm
