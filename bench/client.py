"""A small language client over a server's standard input and output.

One thread and no library, so that the client adds as little as it can to what it measures, and adds the same to
every server. Times are in seconds on the clock of `time.perf_counter`, from the first byte that goes to the last
that comes, without the encoding and decoding of the messages.
"""

import json
import os
import selectors
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import unquote

T = TypeVar("T")
TIMEOUT = 60.0
CAPABILITIES: Mapping[str, Any] = {
    "general": {"positionEncodings": ["utf-16"]},
    "workspace": {"applyEdit": True, "workspaceFolders": True},
    "textDocument": {
        "synchronization": {"didSave": True},
        "publishDiagnostics": {"versionSupport": True, "relatedInformation": True},
        "hover": {"contentFormat": ["markdown", "plaintext"]},
        "completion": {"completionItem": {"snippetSupport": True, "documentationFormat": ["markdown"]}},
        "definition": {"linkSupport": True},
        "codeLens": {},
    },
}
"""No pull diagnostics, so that every server pushes; no refresh requests, so that none pays for sending them."""


class MeasurementError(Exception):
    """The server ended, answered with an error, or did not answer in time: there is no figure to show."""


@dataclass(frozen=True, slots=True)
class Publish:
    """One publishDiagnostics, and when it arrived."""

    uri: str
    version: int | None
    count: int
    at: float


class Server:
    """A running server and the conversation with it. Use it as a context manager: leaving it ends the process.

    `started` is when the process was asked for.
    """

    def __init__(self, command: Sequence[str], folder: Path, log: Path) -> None:
        """Start `command` in `folder`, with what it says on standard error going to the file `log`."""
        self.log = log
        self.published: list[Publish] = []
        self.capabilities: Mapping[str, Any] = {}
        self._answers: dict[int, tuple[Mapping[str, Any], float]] = {}
        self._last_id = 0
        self._incoming = bytearray()
        self._outgoing = bytearray()
        self.started = time.perf_counter()
        with log.open("wb") as errors:
            self.process = subprocess.Popen(
                command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, bufsize=0
            )
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self._input = self.process.stdin.fileno()
        self._output = self.process.stdout.fileno()
        os.set_blocking(self._input, False)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._output, selectors.EVENT_READ)

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the server: in good order where it follows, else by ending its process."""
        if self.process.returncode is not None:
            return
        try:
            self._ask("shutdown", None, seconds=5)
            self.notify("exit", None)
            self.process.wait(5)
        except (MeasurementError, subprocess.TimeoutExpired, OSError):
            self.process.kill()  # nothing is measured any more
            self.process.wait()
        self._selector.close()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()

    def initialize(self, root: Path, options: Mapping[str, Any] | None = None) -> float:
        """Take up the conversation; gives the seconds from process start to the answer to `initialize`."""
        params = {
            "processId": os.getpid(),
            "clientInfo": {"name": "orch-bench"},
            "rootUri": root.as_uri(),
            "rootPath": str(root),
            "workspaceFolders": [{"uri": root.as_uri(), "name": root.name}],
            "capabilities": CAPABILITIES,
            "initializationOptions": options or {},
        }
        result, _, arrived = self._ask("initialize", params)
        self.capabilities = result["capabilities"]
        self.notify("initialized", {})
        return arrived - self.started

    def request(self, method: str, params: Any) -> float:
        """Ask and wait for the answer; gives the seconds between."""
        _, sent, arrived = self._ask(method, params)
        return arrived - sent

    def notify(self, method: str, params: Any) -> None:
        """Send a notification."""
        self.send(encoded({"jsonrpc": "2.0", "method": method, "params": params}))

    def send(self, message: bytes) -> float:
        """Send a message that `encoded` made; gives when its first byte went."""
        self._outgoing += message
        sent = time.perf_counter()
        self._write()
        return sent

    def wait_for_publish(self, uri: str, version: int, since: int) -> Publish:
        """The first publish for `uri`, from number `since` of `published` on, of that version or of none."""
        seen = since

        def arrived() -> Publish | None:
            nonlocal seen
            while seen < len(self.published):
                publish = self.published[seen]
                seen += 1
                if unquote(publish.uri) == unquote(uri) and publish.version in (None, version):
                    return publish
            return None

        return self._until(arrived, f"the diagnostics of version {version}")

    @property
    def wants_whole_text(self) -> bool:
        """Whether the server takes changes only as the whole text (TextDocumentSyncKind.Full)."""
        sync = self.capabilities.get("textDocumentSync")
        return (sync.get("change") if isinstance(sync, Mapping) else sync) == 1

    def drain(self, seconds: float = 0.0) -> None:
        """Read what arrives until the server has been silent for that long."""
        while self.drain_some(seconds):
            pass

    def drain_some(self, seconds: float) -> bool:
        """Read what there is, or what comes first; False when nothing came for that long."""
        return self._pump(seconds)

    def process_ids(self) -> list[int]:
        """The server's process and all that it started and that still run. Linux only: empty elsewhere."""
        try:
            return _with_descendants(self.process.pid)
        except OSError:
            return []

    def _ask(self, method: str, params: Any, seconds: float = TIMEOUT) -> tuple[Any, float, float]:
        self._last_id += 1
        asked = self._last_id
        sent = self.send(encoded({"jsonrpc": "2.0", "id": asked, "method": method, "params": params}))
        answer, arrived = self._until(lambda: self._answers.pop(asked, None), f"the answer to {method}", seconds)
        if "error" in answer:
            raise MeasurementError(f"{method} was answered with an error: {answer['error'].get('message')}")
        return answer.get("result"), sent, arrived

    def _write(self) -> None:
        try:
            while self._outgoing:
                del self._outgoing[: os.write(self._input, self._outgoing)]
        except BlockingIOError:
            pass  # the pipe is full: the rest goes when the server has read some
        except BrokenPipeError as error:
            raise MeasurementError(self._ended()) from error
        waiting = self._input in self._selector.get_map()
        if self._outgoing and not waiting:
            self._selector.register(self._input, selectors.EVENT_WRITE)
        elif waiting and not self._outgoing:
            self._selector.unregister(self._input)

    def _until(self, found: Callable[[], T | None], what: str, seconds: float = TIMEOUT) -> T:
        deadline = time.perf_counter() + seconds
        while (result := found()) is None:
            if not self._pump(0.5) and time.perf_counter() > deadline:
                raise MeasurementError(f"{what} did not come within {seconds:.0f} s{self._last_words()}")
        return result

    def _pump(self, timeout: float) -> bool:
        """Wait until something can be read or written, and do it; gives whether there was anything."""
        ready = [key.fd for key, _ in self._selector.select(timeout)]
        if self._input in ready:
            self._write()
        if self._output in ready:
            self._read()
        return bool(ready)

    def _read(self) -> None:
        chunk = os.read(self._output, 1 << 18)
        arrived = time.perf_counter()
        if not chunk:
            raise MeasurementError(self._ended())
        self._incoming += chunk
        while (message := self._next_message()) is not None:
            self._receive(message, arrived)

    def _ended(self) -> str:
        return f"the server ended with code {self.process.poll()}{self._last_words()}"

    def _last_words(self) -> str:
        tail = self.log.read_text(errors="replace").strip()[-500:]
        return f"; its log ends: {tail}" if tail else ""

    def _next_message(self) -> Any | None:
        end = self._incoming.find(b"\r\n\r\n")
        if end < 0:
            return None
        headers = bytes(self._incoming[:end]).decode("ascii").lower().split("\r\n")
        length = next(int(line.split(":")[1]) for line in headers if line.startswith("content-length"))
        start = end + 4
        if len(self._incoming) < start + length:
            return None
        body = bytes(self._incoming[start : start + length])
        del self._incoming[: start + length]
        return json.loads(body)

    def _receive(self, message: Mapping[str, Any], arrived: float) -> None:
        method = message.get("method")
        if method is None:
            self._answers[message["id"]] = (message, arrived)
        elif method == "textDocument/publishDiagnostics":
            params = message["params"]
            self.published.append(
                Publish(params["uri"], params.get("version"), len(params["diagnostics"]), arrived)
            )
        elif "id" in message:
            result = [None] * len(message["params"]["items"]) if method == "workspace/configuration" else None
            self.send(encoded({"jsonrpc": "2.0", "id": message["id"], "result": result}))


def encoded(message: Mapping[str, Any]) -> bytes:
    """A message as it goes over the wire, header and all."""
    body = json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()
    return b"Content-Length: %d\r\n\r\n" % len(body) + body


def peak_memory(process_ids: Sequence[int]) -> float | None:
    """The highest resident size of those processes, added up, in MiB. None where there is no /proc."""
    total = 0
    for process_id in process_ids:
        try:
            status = Path(f"/proc/{process_id}/status").read_text()
        except OSError:
            return None
        total += next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:")), 0)
    return total / 1024 if total else None


def _with_descendants(process_id: int) -> list[int]:
    found = [process_id]
    for task in Path(f"/proc/{process_id}/task").iterdir():
        for child in (task / "children").read_text().split():
            found += _with_descendants(int(child))
    return found
