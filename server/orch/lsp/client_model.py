"""A model of the editor as a runner: the client is asked to give it the prompt, and passes on what it writes.

    server -> client   orch/model/run {token, model, prompt}, answered when the model has ended with
                       {status, model?, sentence?, inputTokens?, outputTokens?}; cancelled by `$/cancelRequest`
    client -> server   orch/model/piece {token, text}, as often as there is something

A client that can do so says `clientModels: true` in its `initializationOptions`; a run then takes the runner
`vscode:<model>`. What a client says wrongly, twice, too late or never does no more than end that one run.
"""

import codecs
import queue
import threading
import time
import uuid
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from orch.model.config import Runner
from orch.runners.endings import wrote_nothing
from orch.runners.port import Ran, RunnerJob, Status

if TYPE_CHECKING:
    from orch.lsp.language_server import OrchServer

PREFIX = "vscode:"
"""What the names of runners begin with that are models of the editor."""

SILENCE = 600.0
"""Seconds without a word after which a model is given up: a person may have to agree first, or models to think."""

MOST = 8 * 2**20
"""Characters of an answer, after which the model is stopped. What came is kept."""

RUN = "orch/model/run"

_TICK = 0.05
_GRACE = 2.0
"""Seconds that a client has for its last words once it was told to stop."""

_LONGEST = 500
"""Characters of a sentence that comes from the client."""


def client_model(ls: "OrchServer", name: str | None) -> "tuple[Runner, ClientModel] | None":
    """The runner called `name`, and how it is run, where that is a model of this client; None for any other."""
    if name is None or not name.startswith(PREFIX) or not ls.client.models:
        return None
    model = name.removeprefix(PREFIX)
    return Runner(PREFIX.removesuffix(":"), model=model), ClientModel(ls, model)


@dataclass(frozen=True, slots=True)
class ClientModel:
    """Gives a prompt to the client's model `model`: a `RunModel` for threads, while the loop serves the client."""

    ls: "OrchServer"
    model: str
    silence: float = SILENCE

    def __call__(self, job: RunnerJob, told: Callable[[str], None], stop: threading.Event) -> Ran:
        """See the port."""
        began = time.monotonic()
        token = str(uuid.uuid4())
        heard: queue.SimpleQueue[str | _End] = queue.SimpleQueue()
        self.ls.model_pieces[token] = heard.put
        try:
            self.ls.later(lambda: self._ask(token, job.prompt, heard.put))
            ran = _Listening(self, token, heard, told, stop, began).until_the_end()
        finally:
            self.ls.model_pieces.pop(token, None)
        return replace(ran, seconds=time.monotonic() - began, model=ran.model or self.model)

    def cancel(self, token: str) -> None:
        """Tells the client that nobody waits for the model any more."""
        params = types.CancelParams(token)
        self.ls.later(lambda: self.ls.protocol.notify(types.CANCEL_REQUEST, params))

    def _ask(self, token: str, prompt: str, ended: "Callable[[_End], None]") -> None:
        params = {"token": token, "model": self.model, "prompt": prompt}
        # the callback comes on the loop, like the pieces: so the end is behind all that was sent before it
        asked = self.ls.protocol.send_request(RUN, params, msg_id=token)
        asked.add_done_callback(lambda future: ended(_end(future)))


@dataclass(frozen=True, slots=True)
class _End:
    """What the client answered: an object of any shape, an error in words, or that it has gone."""

    answer: Any = None
    error: str | None = None
    gone: bool = False


def _end(future: "Future[Any]") -> _End:
    if future.cancelled():
        return _End(gone=True)
    error = future.exception()
    if isinstance(error, JsonRpcException):
        return _End(error=error.message)
    return _End(error=str(error)) if error is not None else _End(future.result())


class _Listening:
    """One run, as its thread hears of it."""

    def __init__(
        self,
        model: ClientModel,
        token: str,
        heard: "queue.SimpleQueue[str | _End]",
        told: Callable[[str], None],
        stop: threading.Event,
        began: float,
    ) -> None:
        self._model, self._token, self._heard, self._told, self._stop = model, token, heard, told, stop
        self._began = began
        self._text: list[str] = []
        self._size = 0
        # a client may cut what is one character in two: its texts are UTF-16
        self._decode = codecs.getincrementaldecoder("utf-16-le")("replace").decode

    def until_the_end(self) -> Ran:
        """Hands on what comes until the model has ended, is too loud or too silent, or the run is cancelled."""
        last = time.monotonic()
        while True:
            item = self._next()
            now = time.monotonic()
            if isinstance(item, _End):
                return self._ended(item)
            if item is not None:
                last = now
                if not self._add(item):
                    self._model.cancel(self._token)
                    return self._ran("failed", f"The model wrote more than {MOST // 2**20} MiB and was stopped.")
            if self._stop.is_set():
                return self._cancelled()
            if now - last > self._model.silence:
                self._model.cancel(self._token)
                return self._ran("timeout", f"Nothing came for {self._model.silence:g} s, so the run was stopped.")

    def _next(self) -> str | _End | None:
        try:
            return self._heard.get(timeout=_TICK)
        except queue.Empty:
            return None

    def _add(self, piece: str, *, last: bool = False) -> bool:
        """Hands on a piece; whether it was not one too many."""
        text = self._decode(piece.encode("utf-16-le", "surrogatepass"), last)
        kept = text[: MOST - self._size]
        self._size += len(kept)
        if kept:
            self._text.append(kept)
            self._told(kept)
        return len(kept) == len(text)

    def _cancelled(self) -> Ran:
        """Tells the client, and takes what it sends in its last moments: not a word that was written gets lost."""
        self._model.cancel(self._token)
        sentence = f"The run was cancelled after {time.monotonic() - self._began:.0f} s."
        deadline = time.monotonic() + _GRACE
        while time.monotonic() < deadline:
            item = self._next()
            if isinstance(item, _End):
                return replace(self._ended(item), status="cancelled", sentence=sentence)
            if item is not None and not self._add(item):
                break
        return self._ran("cancelled", sentence)

    def _ended(self, end: _End) -> Ran:
        if end.gone:
            return self._ran("cancelled", "The editor has gone.")
        if end.error is not None:
            why = _words(end.error)
            return self._ran("failed", f"The editor's model could not be run: {why}" if why else _NO_REASON)
        self._add("", last=True)
        return self._answered(end.answer)

    def _answered(self, answer: Any) -> Ran:
        told = self._judged(getattr(answer, "status", None), _words(getattr(answer, "sentence", None)))
        name = getattr(answer, "model", None)
        return replace(
            told,
            model=" ".join(name.split())[:_LONGEST] if isinstance(name, str) else "",
            input_tokens=_count(getattr(answer, "inputTokens", None)),
            output_tokens=_count(getattr(answer, "outputTokens", None)),
        )

    def _judged(self, status: object, sentence: str) -> Ran:
        match status:
            case "ok" if "".join(self._text).strip():
                return self._ran("ok", "")
            case "ok":
                return self._ran("failed", wrote_nothing("The model", ""))
            case "failed":
                return self._ran("failed", sentence or _NO_REASON)
            case "cancelled":
                return self._ran("cancelled", sentence or "The model's run was cancelled.")
            case "timeout":
                return self._ran("timeout", sentence or "The model took too long and was stopped.")
            case _:
                return self._ran("failed", "The editor did not say how the model ended.")

    def _ran(self, status: Status, sentence: str) -> Ran:
        return Ran(status, "".join(self._text), 0.0, sentence)


_NO_REASON = "The editor's model could not be run, and the editor does not say why."


def _words(given: object) -> str:
    """A sentence of the client's on one line, with its full stop."""
    text = " ".join(given.split()) if isinstance(given, str) else ""
    text = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."
    return f"{text}." if text and text[-1] not in ".!?…" else text


def _count(given: object) -> int | None:
    return given if isinstance(given, int) and not isinstance(given, bool) and given >= 0 else None
