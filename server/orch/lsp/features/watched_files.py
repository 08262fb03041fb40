"""`workspace/didChangeWatchedFiles`: files of `.orch` folders that somebody else changed."""

from typing import TYPE_CHECKING

from lsprotocol import types

if TYPE_CHECKING:
    from orch.lsp.language_server import OrchServer

PATTERNS = ("**/.orch/**", "**/*.orch")


def register(server: "OrchServer") -> None:
    """Registers the handler."""

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def did_change_watched_files(ls: "OrchServer", params: types.DidChangeWatchedFilesParams) -> None:
        """Checks the open documents anew; the open ones themselves are known from the editor."""
        if any(ls.documents.get(change.uri) is None for change in params.changes):
            ls.checker.files_changed()


def watch(ls: "OrchServer") -> None:
    """Asks the client to watch. What it does not watch is looked at again and again: see `polling`."""
    options = types.DidChangeWatchedFilesRegistrationOptions(
        watchers=[types.FileSystemWatcher(glob_pattern=pattern) for pattern in PATTERNS]
    )
    registration = types.Registration("orch-files", types.WORKSPACE_DID_CHANGE_WATCHED_FILES, options)
    ls.client_register_capability(types.RegistrationParams([registration]))
