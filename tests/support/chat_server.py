"""A server on 127.0.0.1 that speaks chat-completions with streaming, well and badly; for tests of endpoints.

Each behaviour is a function that is given the request and writes the whole response, bytes and all.
"""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from support.fake_model import reply

MODEL = "owl-1-mini"


@dataclass
class Server:
    """The server: where it is, what it was asked (bodies and keys, in order), and how it behaves."""

    url: str
    behaviour: str
    bodies: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str | None] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)
    left: threading.Event = field(default_factory=threading.Event)
    """Set once somebody has gone before the answer was at its end."""

    folder: Path | None = None
    """Where the behaviours that have to meet somebody find files."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    told: Server

    def do_POST(self) -> None:
        """One request."""
        length = int(self.headers.get("content-length", "0"))
        body = json.loads(self.rfile.read(length))
        self.told.bodies.append(body)
        self.told.keys.append(self.headers.get("authorization"))
        try:
            BEHAVIOURS[self.told.behaviour](self, body["messages"][0]["content"])
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True
            self.told.left.set()

    def log_message(self, format: str, *arguments: Any) -> None:
        """Says nothing."""

    def begin(self, kind: str = "text/event-stream") -> None:
        """The head of a response that comes in chunks."""
        self.send_response(200)
        self.send_header("content-type", kind)
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()

    def chunk(self, data: bytes) -> None:
        """One chunk of the body."""
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
        self.wfile.flush()

    def finish(self) -> None:
        """The end of the body."""
        self.chunk(_event("[DONE]"))
        self.wfile.write(b"0\r\n\r\n")

    def whole(self, status: int, value: object, **headers: str) -> None:
        """A response at once; bytes go as they are, anything else as JSON."""
        data = value if isinstance(value, bytes) else json.dumps(value).encode()
        self.send_response(status)
        for name, text in {"content-type": "application/json", **headers}.items():
            self.send_header(name.replace("_", "-"), text)
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


def _event(value: object) -> bytes:
    return b"data: " + (value.encode() if isinstance(value, str) else json.dumps(value).encode()) + b"\n\n"


def _piece(text: str | None, finish: str | None = None, **more: object) -> dict[str, object]:
    delta = {"content": text} if text is not None else {}
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": MODEL, "choices": [choice], **more}


def _usage(prompt: str, text: str) -> dict[str, object]:
    usage = {"prompt_tokens": len(prompt), "completion_tokens": len(text), "total_tokens": len(prompt) + len(text)}
    return {**_piece(None), "choices": [], "usage": usage}


def _events(prompt: str, text: str, size: int = 7) -> list[bytes]:
    pieces = [_event(_piece(text[start : start + size])) for start in range(0, len(text), size)]
    role = {**_piece(None), "choices": [{"index": 0, "delta": {"role": "assistant", "content": ""}}]}
    return [_event(role), *pieces, _event(_piece(None, "stop")), _event(_usage(prompt, text))]


def _answer(asked: _Handler, prompt: str) -> None:
    asked.begin()
    for event in _events(prompt, reply(prompt)):
        asked.chunk(event)
    asked.finish()


def _slowly(asked: _Handler, prompt: str) -> None:
    asked.begin()
    for event in _events(prompt, reply(prompt), 120):
        asked.chunk(event)
        time.sleep(0.02)
    asked.finish()


def _by_bytes(asked: _Handler, _prompt: str) -> None:
    """The owl's surrogates in two events, and every byte in a chunk of its own, written as UTF-8."""
    asked.begin()
    owl = b'{"model": "owl", "choices": [{"index": 0, "delta": {"content": "%s"}}]}'
    halves = [_event((owl % half).decode()) for half in (b"\\ud83e", b"\\udd89")]
    text = json.dumps(_piece("café \u2028 🦉", "stop"), ensure_ascii=False)
    for number in b"".join([*halves, _event(text)]):
        asked.chunk(bytes([number]))
    asked.finish()


def _half_a_character(asked: _Handler, _prompt: str) -> None:
    asked.begin()
    asked.chunk(b'data: {"choices": [{"index": 0, "delta": {"content": "owl \\ud83e"}}]}\n\n')
    asked.chunk(_event(_piece(None, "stop")))
    asked.finish()


def _breaks_off(asked: _Handler, prompt: str) -> None:
    asked.begin()
    for event in _events(prompt, reply(prompt))[:5]:
        asked.chunk(event)
    asked.wfile.write(b"40\r\ndata: {")
    asked.wfile.flush()
    asked.connection.shutdown(socket.SHUT_RDWR)
    asked.close_connection = True


def _stops_early(asked: _Handler, prompt: str) -> None:
    """Ends as HTTP wants it, and no piece said that the answer is at its end."""
    asked.begin()
    for event in _events(prompt, reply(prompt))[:5]:
        asked.chunk(event)
    asked.wfile.write(b"0\r\n\r\n")


def _resets(asked: _Handler, prompt: str) -> None:
    asked.begin()
    asked.chunk(_events(prompt, reply(prompt))[1])
    asked.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
    asked.connection.shutdown(socket.SHUT_RD)
    asked.close_connection = True


def _no_entry(asked: _Handler, _prompt: str) -> None:
    message = f"Incorrect API key provided: {asked.headers.get('authorization', '').removeprefix('Bearer ')}."
    asked.whole(401, {"error": {"message": message, "type": "invalid_request_error", "code": "invalid_api_key"}})


def _patience(asked: _Handler, prompt: str) -> None:
    if len(asked.told.bodies) == 1:
        asked.whole(429, {"error": {"message": "Rate limit reached."}}, retry_after="1")
    else:
        _answer(asked, prompt)


def _no_more(asked: _Handler, _prompt: str) -> None:
    asked.whole(429, {"error": {"message": "You exceeded your quota."}}, retry_after="0.01")


def _recovers(asked: _Handler, prompt: str) -> None:
    if len(asked.told.bodies) == 1:
        asked.whole(500, {"error": {"message": "It fell over."}}, retry_after_ms="10")
    else:
        _answer(asked, prompt)


def _broken(asked: _Handler, _prompt: str) -> None:
    asked.whole(500, b"<html>\x1b[31mIt fell over.</html>", content_type="text/html", retry_after_ms="10")


def _silent(asked: _Handler, _prompt: str) -> None:
    """Takes the request and never answers, as long as the server is there."""
    asked.told.over.wait(60)
    asked.close_connection = True


def _thinks_for_ever(asked: _Handler, _prompt: str) -> None:
    asked.begin()
    asked.chunk(_event(_piece("Thinking … ä")))
    while not asked.told.over.wait(0.05):
        asked.chunk(b": still there\n\n")
    asked.close_connection = True


def _no_json(asked: _Handler, _prompt: str) -> None:
    asked.begin()
    asked.chunk(_event(_piece("So far")))
    asked.chunk(_event("it is {not JSON"))
    asked.finish()


def _a_page(asked: _Handler, _prompt: str) -> None:
    asked.whole(200, b"<html>Welcome</html>", content_type="text/html; charset=utf-8")


def _other_json(asked: _Handler, _prompt: str) -> None:
    asked.begin()
    for value in ("[1, 2]", "null", '{"choices": ["x"]}'):
        asked.chunk(_event(value))
    asked.finish()


def _error_inside(asked: _Handler, prompt: str) -> None:
    asked.begin()
    asked.chunk(_events(prompt, reply(prompt))[1])
    asked.chunk(_event({"error": {"message": "The model was unloaded."}}))
    asked.finish()


def _nothing(asked: _Handler, prompt: str) -> None:
    asked.begin()
    asked.chunk(_event(_piece(None, "stop")))
    asked.chunk(_event(_usage(prompt, "")))
    asked.finish()


def _not_even_a_piece(asked: _Handler, _prompt: str) -> None:
    asked.begin()
    asked.finish()


def _flood(asked: _Handler, _prompt: str) -> None:
    asked.begin()
    event = _event(_piece("a" * 2**20))
    for _ in range(50):
        asked.chunk(event)
    asked.finish()


def _echo(asked: _Handler, prompt: str) -> None:
    asked.begin()
    for event in _events(prompt, prompt, 1000):
        asked.chunk(event)
    asked.finish()


def _cut_off(asked: _Handler, prompt: str) -> None:
    asked.begin()
    asked.chunk(_event(_piece(reply(prompt)[:50])))
    asked.chunk(_event(_piece(None, "length")))
    asked.finish()


def _at_once(asked: _Handler, prompt: str) -> None:
    """A server that does not stream, whatever it is asked."""
    message = {"role": "assistant", "content": reply(prompt)}
    usage = {"prompt_tokens": 3, "completion_tokens": 4, "total_tokens": 7}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    asked.whole(200, {"id": "1", "object": "chat.completion", "model": MODEL, "choices": [choice], "usage": usage})


def _older(asked: _Handler, prompt: str) -> None:
    if "stream_options" in asked.told.bodies[-1]:
        asked.whole(400, {"error": {"message": "Unrecognized request argument supplied: stream_options"}})
        return
    asked.begin()
    for event in _events(prompt, reply(prompt))[:-1]:
        asked.chunk(event)
    asked.finish()


def _no_model(asked: _Handler, _prompt: str) -> None:
    asked.whole(404, {"error": {"message": f"model '{asked.told.bodies[-1]['model']}' not found"}})


def _when_told(asked: _Handler, prompt: str) -> None:
    """Begins, and goes on once there is a file `go` in the folder."""
    assert asked.told.folder is not None
    first, *rest = _events(prompt, reply(prompt), 40)
    asked.begin()
    asked.chunk(first + rest[0])
    while not (asked.told.folder / "go").exists() and not asked.told.over.wait(0.01):
        asked.chunk(b": still there\n\n")
    for event in rest[1:]:
        asked.chunk(event)
    asked.finish()


def _witnessed(asked: _Handler, prompt: str) -> None:
    """As the runner of that name: answers piece by piece, and says in `finished` once Orch has heard all of it."""
    folder = asked.told.folder
    assert folder is not None
    me = str(len(asked.told.bodies))
    text = f"{reply(prompt)}\nThis is the answer of {me}.\n"
    *events, usage = _events(prompt, text, 100)
    asked.begin()
    for event in events[:-1]:
        asked.chunk(event)
        time.sleep(0.03)
    while not any(path.read_bytes() == text.encode() for path in (folder / ".orch/unfiled").glob("*.md")):
        asked.chunk(b": still there\n\n")
        time.sleep(0.005)
    (folder / "finished" / me).touch()
    asked.chunk(events[-1] + usage)
    asked.finish()


BEHAVIOURS: dict[str, Callable[[_Handler, str], None]] = {
    "answer": _answer,
    "slowly": _slowly,
    "by-bytes": _by_bytes,
    "half-a-character": _half_a_character,
    "breaks-off": _breaks_off,
    "stops-early": _stops_early,
    "resets": _resets,
    "no-entry": _no_entry,
    "patience": _patience,
    "no-more": _no_more,
    "recovers": _recovers,
    "broken": _broken,
    "silent": _silent,
    "for-ever": _thinks_for_ever,
    "no-json": _no_json,
    "page": _a_page,
    "other-json": _other_json,
    "error-inside": _error_inside,
    "nothing": _nothing,
    "no-piece": _not_even_a_piece,
    "flood": _flood,
    "echo": _echo,
    "cut-off": _cut_off,
    "at-once": _at_once,
    "older": _older,
    "no-model": _no_model,
    "when-told": _when_told,
    "witnessed": _witnessed,
}


class _Quiet(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no news."""


@contextmanager
def chat_server(behaviour: str, folder: Path | None = None) -> Iterator[Server]:
    """A server that behaves so, on a free port, until the block ends."""
    handler = type("Handler", (_Handler,), {})
    with _Quiet(("127.0.0.1", 0), handler) as http:
        told = Server(f"http://127.0.0.1:{http.server_address[1]}/v1", behaviour, folder=folder)
        handler.told = told  # type: ignore[attr-defined]
        thread = threading.Thread(target=http.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield told
        finally:
            told.over.set()
            http.shutdown()
            thread.join()
