"""An editor for protocol tests: a real client of a real server process, with buffers of its own.

It does what an editor does: sends what is typed, makes the server's edits in its buffers and tells the server of
them, shows documents, keeps diagnostics by version. It counts lines and characters by itself, so that the server's
arithmetic is checked against another.
"""

import asyncio
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pytest_lsp import LanguageClient, client_capabilities, make_test_lsp_client

WAIT = 20.0
"""Seconds after which a test gives up."""


@dataclass
class Buffer:
    """An open document."""

    text: str
    version: int = 1


class Editor:
    """One editor with one server. `refuse` answers the next so many edits with `applied: false`.

    `before_apply` is called when an edit comes in, before its version is looked at: it may type something.
    """

    def __init__(self, encoding: str = "utf-16") -> None:
        self.client: LanguageClient = make_test_lsp_client()
        self.encoding = encoding
        self.buffers: dict[str, Buffer] = {}
        self.published: list[types.PublishDiagnosticsParams] = []
        self.edits: list[types.ApplyWorkspaceEditParams] = []
        self.registered: list[types.Registration] = []
        self.refuse = 0
        self.before_apply: Callable[[], None] | None = None
        self._news = asyncio.Event()
        features = self.client.protocol.fm.features
        del features[types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS]
        # pygls writes attributes on its handlers, which bound methods do not take
        self.client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)(lambda params: self._publish(params))
        self.client.feature(types.WORKSPACE_APPLY_EDIT)(lambda params: self._apply(params))
        self.client.feature(types.CLIENT_REGISTER_CAPABILITY)(lambda params: self._register(params))

    async def start(
        self,
        *folders: Path,
        like: str = "visual-studio-code",
        commands: tuple[str, ...] = (),
        change: Callable[[types.ClientCapabilities], None] | None = None,
        env: Mapping[str, str] | None = None,
        options: Mapping[str, Any] | None = None,
    ) -> types.InitializeResult:
        """Starts a server and says hello, with the abilities of a real editor and more `initializationOptions`."""
        await self.client.start_io(sys.executable, "-P", "-m", "orch", "lsp", "--stdio", env=env)
        capabilities = client_capabilities(like)
        general = capabilities.general or types.GeneralClientCapabilities()
        general.position_encodings = [types.PositionEncodingKind(self.encoding), types.PositionEncodingKind.Utf16]
        capabilities.general = general
        if change is not None:
            change(capabilities)
        return await self.client.initialize_session(
            types.InitializeParams(
                capabilities=capabilities,
                workspace_folders=[types.WorkspaceFolder(folder.as_uri(), folder.name) for folder in folders],
                initialization_options={"clientCommands": list(commands), **(options or {})},
            )
        )

    async def stop(self) -> None:
        """Ends the server as the protocol wants."""
        await asyncio.wait_for(self.client.shutdown_session(), WAIT)
        await self.client.stop()

    def open(self, path: Path, text: str | None = None, language: str = "orch") -> str:
        """Opens a file and gives its URI; without a `text`, as it is on disk."""
        uri = path.as_uri()
        content = path.read_bytes().decode() if text is None else text
        self.buffers[uri] = Buffer(content)
        item = types.TextDocumentItem(uri=uri, language_id=language, version=1, text=content)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))
        return uri

    def close(self, uri: str) -> None:
        """Closes a document without saving it."""
        del self.buffers[uri]
        self.client.text_document_did_close(types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(uri)))

    def save(self, uri: str) -> None:
        """Writes a buffer to disk."""
        Path(types_path(uri)).write_bytes(self.buffers[uri].text.encode())
        self.client.text_document_did_save(types.DidSaveTextDocumentParams(types.TextDocumentIdentifier(uri)))

    def type(self, uri: str, start: int, end: int, new: str) -> int:
        """Puts `new` in place of `start:end` (code points) and gives the buffer's new version."""
        buffer = self.buffers[uri]
        range_ = types.Range(self.position(buffer.text, start), self.position(buffer.text, end))
        buffer.text = buffer.text[:start] + new + buffer.text[end:]
        return self._changed(uri, types.TextDocumentContentChangePartial(range=range_, text=new))

    def replace_all(self, uri: str, text: str) -> int:
        """Sends a whole new text."""
        self.buffers[uri].text = text
        return self._changed(uri, types.TextDocumentContentChangeWholeDocument(text=text))

    def text(self, uri: str) -> str:
        """What stands in the buffer."""
        return self.buffers[uri].text

    async def diagnostics(
        self, uri: str, version: int | None = None, until: Callable[[list[types.Diagnostic]], bool] | None = None
    ) -> list[types.Diagnostic]:
        """The diagnostics of a version (the present one), once they are there and `until` holds for them."""
        wanted = self.buffers[uri].version if version is None else version

        def found() -> list[types.Diagnostic] | None:
            for params in reversed(self.published):
                if params.uri == uri and params.version == wanted:
                    shown = list(params.diagnostics)
                    return shown if until is None or until(shown) else None
            return None

        return await self.wait_for(found)

    async def wait_for(self, found: Callable[[], Any]) -> Any:
        """What `found` gives, once that is not None."""

        async def wait() -> Any:
            while (result := found()) is None:
                self._news.clear()
                await self._news.wait()
            return result

        return await asyncio.wait_for(wait(), WAIT)

    async def run(self, command: str, **params: Any) -> Any:
        """The result of a command by its whole name, or without `orch.session.`. Raises JsonRpcException."""
        name = command if command.startswith("orch.") else f"orch.session.{command}"
        asked = types.ExecuteCommandParams(name, [params])
        return await asyncio.wait_for(self.client.workspace_execute_command_async(asked), WAIT)

    async def refused(self, command: str, **params: Any) -> JsonRpcException:
        """The error that a command is refused with."""
        try:
            result = await self.run(command, **params)
        except JsonRpcException as error:
            return error
        raise AssertionError(f"{command} was not refused but gave {result!r}")

    async def lenses(self, uri: str) -> list[types.CodeLens]:
        """The code lenses of a document."""
        params = types.CodeLensParams(types.TextDocumentIdentifier(uri))
        return list(await asyncio.wait_for(self.client.text_document_code_lens_async(params), WAIT) or [])

    async def click(self, uri: str, title: str) -> Any:
        """Runs the server command of the lens of that title."""
        lens = next(lens for lens in await self.lenses(uri) if lens.command and lens.command.title == title)
        assert lens.command is not None
        asked = types.ExecuteCommandParams(lens.command.command, lens.command.arguments)
        return await asyncio.wait_for(self.client.workspace_execute_command_async(asked), WAIT)

    def position(self, text: str, offset: int) -> types.Position:
        """Counts lines and units up to `offset`, character by character."""
        return self._places(text)[offset]

    def offset(self, text: str, position: types.Position) -> int:
        """The offset that `position` means: the first that counts to it."""
        return self._places(text).index(position)

    def _places(self, text: str) -> list[types.Position]:
        places: list[types.Position] = []
        line = character = 0
        for at, letter in enumerate(text):
            places.append(types.Position(line, character))
            if letter == "\n" or (letter == "\r" and text[at + 1 : at + 2] != "\n"):
                line, character = line + 1, 0
            elif letter != "\r":
                character += self._units(letter)
        return [*places, types.Position(line, character)]

    def slice(self, uri: str, range_: types.Range) -> str:
        """The part of a buffer that a range covers."""
        text = self.buffers[uri].text
        return text[self.offset(text, range_.start) : self.offset(text, range_.end)]

    def _units(self, text: str) -> int:
        match self.encoding:
            case "utf-32":
                return len(text)
            case "utf-8":
                return len(text.encode())
            case _:
                return len(text.encode("utf-16-le")) // 2

    def _changed(self, uri: str, change: types.TextDocumentContentChangeEvent) -> int:
        buffer = self.buffers[uri]
        buffer.version += 1
        named = types.VersionedTextDocumentIdentifier(version=buffer.version, uri=uri)
        self.client.text_document_did_change(types.DidChangeTextDocumentParams(named, [change]))
        return buffer.version

    def _publish(self, params: types.PublishDiagnosticsParams) -> None:
        self.published.append(params)
        self._news.set()

    def _register(self, params: types.RegistrationParams) -> None:
        self.registered += params.registrations
        self._news.set()

    def _apply(self, params: types.ApplyWorkspaceEditParams) -> types.ApplyWorkspaceEditResult:
        """Makes an edit as one change of the buffer, unless its version is stale or the person says no."""
        self.edits.append(params)
        if self.before_apply is not None:
            self.before_apply()
        if self.refuse:
            self.refuse -= 1
            return types.ApplyWorkspaceEditResult(applied=False)
        for change in params.edit.document_changes or []:
            assert isinstance(change, types.TextDocumentEdit)
            if change.text_document.version != self.buffers[change.text_document.uri].version:
                return types.ApplyWorkspaceEditResult(applied=False, failure_reason="stale")
        for change in params.edit.document_changes or []:
            assert isinstance(change, types.TextDocumentEdit)
            self._make(
                change.text_document.uri, [edit for edit in change.edits if isinstance(edit, types.TextEdit)]
            )
        return types.ApplyWorkspaceEditResult(applied=True)

    def _make(self, uri: str, edits: list[types.TextEdit]) -> None:
        text = self.buffers[uri].text
        placed = [(self.offset(text, edit.range.start), self.offset(text, edit.range.end), edit) for edit in edits]
        for start, end, edit in sorted(placed, key=lambda entry: entry[:2], reverse=True):
            text = text[:start] + edit.new_text + text[end:]
        self.replace_all(uri, text)


def types_path(uri: str) -> str:
    """The path of a `file:` URI of a test."""
    from urllib.parse import unquote, urlsplit

    return unquote(urlsplit(uri).path)


async def until(true: Callable[[], bool]) -> None:
    """Waits until `true()`."""
    async with asyncio.timeout(WAIT):
        while not true():
            await asyncio.sleep(0.01)
