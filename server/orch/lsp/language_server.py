"""The language server: `python -m orch lsp`, on standard input and output.

main -> OrchServer: documents, checker, projects
     -> features/<method>.py: one handler per LSP method, each decodes, calls one function, converts
     -> executing.py: the commands
"""

import asyncio
import gc
import logging
import sys
import threading
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import wait
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

from lsprotocol import types
from pygls.exceptions import FeatureRequestError
from pygls.lsp.server import LanguageServer

import orch
from orch.lsp.client import Client
from orch.lsp.convert import Sheet, to_lsp_diagnostic, to_path
from orch.lsp.documents import Document, Documents
from orch.lsp.protocol import UNEXPECTED, OrchProtocol
from orch.lsp.results import WrittenEntries
from orch.lsp.transport import Inbox, Writer, read_in_thread

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

    from orch.rules.finding import Finding

log = logging.getLogger(__name__)
T = TypeVar("T")

THREADS = 6
USUAL_COLLECTION = (700, 10, 10)
"""Python's own thresholds for collecting garbage."""


class OrchServer(LanguageServer):
    """What the handlers are given as `ls`."""

    protocol: OrchProtocol

    def __init__(self) -> None:
        from pygls.protocol import default_converter

        from orch.lsp.checking import Checker
        from orch.lsp.project_diagnostics import ProjectDiagnostics
        from orch.lsp.projects import Projects

        super().__init__("orch", orch.__version__, protocol_cls=OrchProtocol, converter_factory=default_converter)
        self.client = Client()
        self.documents = Documents()
        self.checker = Checker(self)
        self.project_diagnostics = ProjectDiagnostics(self)
        self.projects = Projects(self)
        self.commands_at_work = 0
        self.written = WrittenEntries()
        self.written_templates = WrittenEntries()
        self.model_pieces: dict[str, Callable[[str], None]] = {}
        self._settled = False
        self._tasks: set[asyncio.Task[Any]] = set()
        self._executor: ThreadPoolExecutor | None = None
        self._runs: set[threading.Thread] = set()
        self._ended: asyncio.Future[int] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    def serve(self, read_fd: int, write_fd: int) -> int:
        """Serves on two file descriptors until the client says exit or is gone."""
        try:
            return asyncio.run(self._serve(read_fd, write_fd))
        finally:
            # each has been cancelled with its request; what its model wrote by then is kept before it ends
            for run in list(self._runs):
                run.join()
            self.projects.close()
            if self._executor is not None:
                self._executor.shutdown(wait=True, cancel_futures=True)

    async def _serve(self, read_fd: int, write_fd: int) -> int:
        self._loop = loop = asyncio.get_running_loop()
        self._ended = loop.create_future()
        writer = Writer(write_fd)
        self.protocol.set_writer(writer)
        inbox = Inbox(loop, self.protocol.handle_body, self._idle, lambda: self.stop(1))
        read_in_thread(read_fd, loop, inbox.put, inbox.end)
        code = await self._ended
        writer.close()
        self.protocol.forget_requests()
        return code

    def _idle(self) -> None:
        """No message is waiting."""
        if not self._settled:
            self._settled = True
            # what start-up made stays for good: the collector need not look at it again and again
            gc.freeze()
            gc.set_threshold(*USUAL_COLLECTION)
        self.checker.idle()

    def stop(self, code: int) -> None:
        """Ends `serve`."""
        if self._ended is not None and not self._ended.done():
            self._ended.set_result(code)

    async def in_thread(self, function: Callable[..., T], *arguments: Any) -> T:
        """The result of `function`, called in a thread with the open texts laid over the files."""
        if self._executor is None:
            from concurrent.futures import ThreadPoolExecutor

            # a busy thread must let the event loop go on soon; the default lets it wait for 5 ms
            sys.setswitchinterval(0.0005)
            self._executor = ThreadPoolExecutor(THREADS, "orch-lsp")
        self.queue_changes()

        def work() -> T:
            self.projects.lay_over()
            return function(*arguments)

        return await asyncio.get_running_loop().run_in_executor(self._executor, work)

    async def in_own_thread(self, function: Callable[..., T], *arguments: Any) -> T:
        """`in_thread` for what takes minutes, so that it takes no thread away from the others."""
        loop = asyncio.get_running_loop()
        result: asyncio.Future[T] = loop.create_future()
        self.queue_changes()

        def settle(value: T | None, error: BaseException | None) -> None:
            if result.done():
                return  # nobody waits for it any more
            if error is not None:
                result.set_exception(error)
            else:
                result.set_result(cast(T, value))

        def work() -> None:
            value: T | None = None
            problem: BaseException | None = None
            try:
                self.projects.lay_over()
                value = function(*arguments)
            except BaseException as error:  # handed on to whoever waits
                problem = error
            self._runs.discard(thread)
            try:
                loop.call_soon_threadsafe(settle, value, problem)
            except RuntimeError:
                pass  # the server has ended meanwhile

        thread = threading.Thread(target=work, name="orch-run")
        self._runs.add(thread)
        thread.start()
        return await result

    @property
    def has_ended(self) -> bool:
        """Whether the client has said exit or is gone: nothing can be asked of it any more."""
        return self._ended is None or self._ended.done()

    def queue_changes(self) -> None:
        """Hands what changed in the editor to the overlay, for the next thread that reads. Called on the loop."""
        self.projects.queue(*self.documents.changes_since())

    def on_loop(self, function: Callable[[], T]) -> T:
        """The result of `function`, called on the event loop. For threads only."""

        async def call() -> T:
            return function()

        return self.on_loop_async(call)

    def later(self, function: Callable[[], None]) -> None:
        """Calls `function` on the event loop, some time, unless the server ends before. For threads only."""
        assert self._loop is not None
        try:
            self._loop.call_soon_threadsafe(function)
        except RuntimeError:
            pass  # it has ended

    def on_loop_async(self, function: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """The result of a coroutine function, run on the event loop. For threads only."""
        assert self._loop is not None
        coroutine = function()
        try:
            future = asyncio.run_coroutine_threadsafe(coroutine, self._loop)
        except RuntimeError:
            coroutine.close()
            raise asyncio.CancelledError from None  # it has ended
        while not wait([future], timeout=1.0).done:
            if self._loop.is_closed():
                raise asyncio.CancelledError
        return future.result()

    def folders(self) -> list[Path]:
        """The workspace folders that are on disk, else the root that the client gave."""
        uris = [folder.uri for folder in list(self.workspace.folders.values())]
        if not uris and self.workspace.root_uri:
            uris = [self.workspace.root_uri]
        return [path for uri in uris if (path := to_path(uri)) is not None]

    def paths(self) -> list[Path]:
        """The files of the open documents."""
        return [document.path for document in self.documents if document.path is not None]

    def start(self, work: Coroutine[Any, Any, Any]) -> None:
        """Runs `work` beside everything else; an error in it is logged and told."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._finished)

    def _finished(self, task: "asyncio.Task[Any]") -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self.report_unexpected(error)

    def sheet(self, document: Document) -> Sheet:
        """`document` for converting its places."""
        return Sheet(document.uri, document.lines, self.documents.encoding)

    def publish(self, document: Document, findings: "Sequence[Finding]", *, unless_same: bool = False) -> None:
        """Sends the findings of the document's present version; `unless_same` only when they are news."""
        from orch.storage.rule_pages import rule_page

        shown = (document.version, tuple(findings))
        if unless_same and document.published == shown:
            return
        document.published = shown
        sheet = self.sheet(document)
        diagnostics = [
            to_lsp_diagnostic(sheet, finding, rule_page(finding.rule), self.client.related) for finding in findings
        ]
        self.text_document_publish_diagnostics(
            types.PublishDiagnosticsParams(uri=document.uri, version=document.version, diagnostics=diagnostics)
        )

    def refresh_lenses(self) -> None:
        """Has the client ask for lenses again: those of a text that did not change may be others by now."""
        if self.client.refresh_lenses and any(self.documents):
            self.workspace_code_lens_refresh(None)

    def tell(self, kind: types.MessageType, sentence: str) -> None:
        """Shows the person one plain sentence."""
        self.window_show_message(types.ShowMessageParams(type=kind, message=sentence))

    def tell_notices(self, notices: Sequence[str]) -> None:
        """What a command has to say: to the log of a client with commands of its own, which tells it in its way."""
        if self.client.commands:
            for notice in notices:
                self.window_log_message(types.LogMessageParams(type=types.MessageType.Info, message=notice))
        elif notices:
            self.tell(types.MessageType.Info, " ".join(notices))

    def report_unexpected(self, error: BaseException) -> None:
        """Logs an error that nobody foresaw, with its traceback, and says so in one sentence."""
        log.error("unexpected error", exc_info=error)
        self.tell(types.MessageType.Error, UNEXPECTED)

    def report_server_error(self, error: Exception, source: Any) -> None:
        """Where pygls itself reports an error; one in a request has been answered already."""
        if source is not FeatureRequestError:
            self.report_unexpected(error)
