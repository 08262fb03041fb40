"""`initialize`, `initialized` and `shutdown`."""

from typing import TYPE_CHECKING

from lsprotocol import types

from orch.commands.names import COMMAND_NAMES
from orch.lsp.client import read_client

if TYPE_CHECKING:
    from orch.lsp.language_server import OrchServer


def register(server: "OrchServer") -> None:
    """Registers the handlers, and the commands by name so that the client learns of them."""

    @server.feature(types.INITIALIZE)
    def initialize(ls: "OrchServer", params: types.InitializeParams) -> None:
        """Reads what the client can do. The encoding is the first of the client's that Orch knows."""
        ls.client = read_client(params)
        encoding = types.PositionEncodingKind(ls.workspace.position_encoding or "utf-16")
        ls.documents.encoding = encoding.value

    @server.feature(types.INITIALIZED)
    def initialized(ls: "OrchServer", _: types.InitializedParams) -> None:
        """Asks to be told of files that change in `.orch` folders, and looks at those that are no documents."""
        from orch.lsp.features.watched_files import watch
        from orch.lsp.polling import poll
        from orch.lsp.project_diagnostics import FIRST_PAUSE

        if ls.client.watched_files:
            watch(ls)
        ls.project_diagnostics.look(FIRST_PAUSE)
        ls.start(poll(ls))

    @server.feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)
    def configured(ls: "OrchServer", _: types.DidChangeConfigurationParams) -> None:
        """Orch's configuration is in files; many clients send this message once in any case."""

    for name in COMMAND_NAMES:
        server.command(name)(_in_executing)


def _in_executing(*_: object) -> None:
    """Every command is run by `executing.execute`; pygls only wants to know the names."""
