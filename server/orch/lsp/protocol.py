"""The protocol's machinery, as pygls has it, with what Orch does otherwise.

- pygls keeps every document itself and splits it into lines (on U+2028 too) at each change. Its handlers for
  opening, changing and closing a document are taken out, so that `documents.py` alone holds texts.
- A command is awaited as one task, so that cancelling the request reaches it.
- An error of a handler is answered in one plain sentence; its traceback goes to the log.
"""

import asyncio
import json
import logging
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

from lsprotocol import types
from pygls.protocol import LanguageServerProtocol, lsp_method

from orch.lsp.results import Written

if TYPE_CHECKING:
    from orch.lsp.language_server import OrchServer

log = logging.getLogger(__name__)

UNEXPECTED = "Orch met an error that it did not expect; its log has the details."


class RefusedError(Exception):
    """A request that is answered with an error on purpose: one plain sentence, and data for the client."""

    def __init__(self, sentence: str, data: Any = None) -> None:
        super().__init__(sentence)
        self.data = data


class OrchProtocol(LanguageServerProtocol):
    """The protocol of one server process and one client."""

    _server: "OrchServer"

    def _register_builtin_features(self) -> None:
        super()._register_builtin_features()  # type: ignore[no-untyped-call]
        for method in (
            types.TEXT_DOCUMENT_DID_OPEN,
            types.TEXT_DOCUMENT_DID_CHANGE,
            types.TEXT_DOCUMENT_DID_CLOSE,
        ):
            del self.fm.builtin_features[method]

    @lsp_method(types.EXIT)
    def lsp_exit(self, *_: Any) -> None:  # type: ignore[override]
        """Ends the process, once what is running has been told to stop."""
        self._server.stop(0 if self._shutdown else 1)

    @lsp_method(types.WORKSPACE_EXECUTE_COMMAND)
    async def lsp_workspace__execute_command(  # type: ignore[override]
        self, params: types.ExecuteCommandParams
    ) -> Any:
        """Runs a command and gives its result."""
        from orch.lsp.executing import execute

        return await execute(self._server, params)

    def handle_body(self, body: bytes) -> None:
        """Handles one message. A request that cannot be understood is answered, not passed over."""
        data: Any = None
        try:
            data = json.loads(body)
            message = self.structure_message(data)
        except Exception as error:  # any message at all may come in, and none may end the server
            log.error("a message from the client could not be read: %s", error)
            self._refuse_message(data, isinstance(error, ValueError) and data is None)
            return
        is_request = isinstance(data, dict) and "id" in data and "method" in data
        if is_request and (refused := self._out_of_turn(data["method"])) is not None:
            self._send_response(data["id"], error=refused)
            return
        try:
            self.handle_message(message)
        except Exception as error:
            self._server.report_unexpected(error)

    def _out_of_turn(self, method: Any) -> types.ResponseError | None:
        """Why no request is taken now: the server has not been initialized yet, or is shutting down."""
        if self._shutdown:
            return types.ResponseError(types.ErrorCodes.InvalidRequest, "The server is shutting down.")
        if self._workspace is None and method != types.INITIALIZE:
            return types.ResponseError(types.ErrorCodes.ServerNotInitialized, "The server is not initialized yet.")
        return None

    def _refuse_message(self, data: Any, no_json: bool) -> None:
        known = data if isinstance(data, dict) else {}
        if no_json:
            error = types.ResponseError(types.ErrorCodes.ParseError, "This message is not JSON.")
            self._send_data({"jsonrpc": self.VERSION, "id": None, "error": error})
        elif "id" in known and "method" in known:
            method = known["method"]
            error = types.ResponseError(
                types.ErrorCodes.InvalidParams, f"The parameters of {method} are not as the protocol has them."
            )
            if method not in {**self.fm.builtin_features, **self.fm.features}:
                error = types.ResponseError(types.ErrorCodes.MethodNotFound, f"There is no request {method}.")
            self._send_response(known["id"], error=error)

    def _send_handler_result(self, future: "Future[Any] | asyncio.Future[Any]", *, msg_id: int | str) -> None:
        self._request_futures.pop(msg_id, None)
        if future.cancelled():
            code = types.LSPErrorCodes.RequestCancelled
            self._send_response(msg_id, error=types.ResponseError(code, "The request was cancelled."))
            return
        error = future.exception()
        if error is None and isinstance(future.result(), Written):
            self._send_written(msg_id, future.result())
        elif error is None:
            self._send_response(msg_id, result=future.result())
        else:
            self._send_response(msg_id, error=response_error(error))

    def _send_written(self, msg_id: int | str, result: Written) -> None:
        """Answers with a result that is JSON already: for ten thousand sessions, that saves most of the time."""
        self._result_types.pop(msg_id, None)
        body = f'{{"jsonrpc": "{self.VERSION}", "id": {json.dumps(msg_id)}, "result": {result}}}'
        if self.writer is not None:
            self.writer.write(f"Content-Length: {len(body)}\r\n\r\n{body}".encode("ascii"))

    def _handle_response(self, msg_id: int | str, result: Any = None, error: Any = None) -> None:
        future = self._request_futures.get(msg_id)
        if future is not None and future.done():
            # whoever asked was cancelled meanwhile
            del self._request_futures[msg_id]
            return
        super()._handle_response(msg_id, result, error)

    def _check_handler_result(self, future: "Future[Any] | asyncio.Future[Any]") -> None:
        if not future.cancelled() and (error := future.exception()) is not None:
            self._server.report_unexpected(error)

    def forget_requests(self) -> None:
        """Cancels every request that waits for an answer, from either side."""
        for future in list(self._request_futures.values()):
            future.cancel()


def response_error(error: BaseException) -> types.ResponseError:
    """The answer to a request whose handler raised `error`. What was not foreseen is logged with its traceback."""
    if isinstance(error, RefusedError):
        return types.ResponseError(types.LSPErrorCodes.RequestFailed, str(error), error.data)
    log.error("unexpected error", exc_info=error)
    return types.ResponseError(types.ErrorCodes.InternalError, UNEXPECTED)
