"""Messages over two file descriptors: a thread reads, the event loop handles and writes.

pygls reads a header line by header line, each through a thread pool; here one thread takes what the pipe holds and
hands over whole messages. So the loop knows when nothing more is waiting, which is when work that only the last of
many edits needs is worth doing.
"""

import asyncio
import logging
import os
import threading
from collections import deque
from collections.abc import Callable

log = logging.getLogger(__name__)

CHUNK = 1 << 18
"""Bytes asked for in one read."""

MAX_HEADER = 1 << 16


class FramingError(Exception):
    """What came in is not the base protocol of LSP, and there is no way to find the next message."""


class Frames:
    """Cuts a stream of bytes into the bodies of messages (LSP 3.17, "Base Protocol")."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._wanted: int | None = None

    def feed(self, chunk: bytes) -> list[bytes]:
        """The bodies that `chunk` completes, in order. Raises FramingError for a header without a length."""
        self._buffer += chunk
        bodies: list[bytes] = []
        while True:
            if self._wanted is None:
                end = self._buffer.find(b"\r\n\r\n")
                if end < 0:
                    if len(self._buffer) > MAX_HEADER:
                        raise FramingError("a message header has no end")
                    return bodies
                self._wanted = _content_length(bytes(self._buffer[:end]))
                del self._buffer[: end + 4]
            if len(self._buffer) < self._wanted:
                return bodies
            bodies.append(bytes(self._buffer[: self._wanted]))
            del self._buffer[: self._wanted]
            self._wanted = None


def _content_length(header: bytes) -> int:
    for line in header.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length" and value.strip().isdigit():
            return int(value)
    raise FramingError("a message header has no Content-Length")


class Inbox:
    """Messages in the order they came, one for each turn of the loop.

    A request's handler may be a coroutine, which takes its first step in the next turn: so it sees the documents
    as they were when it was sent. `idle` is called each time the last waiting message has been handled, and `ended`
    when no more can come.
    """

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        handle: Callable[[bytes], None],
        idle: Callable[[], None],
        ended: Callable[[], None],
    ) -> None:
        self._loop = loop
        self._ended = ended
        self._is_over = False
        self._handle = handle
        self._idle = idle
        self._waiting: deque[bytes] = deque()

    def put(self, bodies: list[bytes]) -> None:
        """Takes messages from the reading thread. Called on the loop."""
        starts = not self._waiting
        self._waiting.extend(bodies)
        if starts and self._waiting:
            self._next()

    def end(self) -> None:
        """The stream has ended: what has come is still handled. Called on the loop."""
        self._is_over = True
        self._rest()

    def _next(self) -> None:
        body = self._waiting[0]
        try:
            self._handle(body)
        finally:
            # taken away only now, so that a handler that looks sees the inbox busy
            self._waiting.popleft()
            self._loop.call_soon(self._next if self._waiting else self._rest)

    def _rest(self) -> None:
        if self._waiting:
            return
        self._idle()
        if self._is_over:
            self._ended()


class Writer:
    """Writes whole messages to a file descriptor, on the loop's thread only (the writer that pygls expects)."""

    def __init__(self, fd: int) -> None:
        self._fd = fd
        self._open = True

    def write(self, data: bytes) -> None:
        """Writes all of `data`; when the client is gone, nothing."""
        rest = memoryview(data)
        while rest and self._open:
            try:
                rest = rest[os.write(self._fd, rest) :]
            except (BrokenPipeError, ConnectionResetError):
                self._open = False

    def close(self) -> None:
        """Nothing more is written."""
        self._open = False


def read_in_thread(
    fd: int, loop: asyncio.AbstractEventLoop, deliver: Callable[[list[bytes]], None], ended: Callable[[], None]
) -> None:
    """Starts the reading thread. `deliver` and `ended` (the stream's end, or an error in it) run on the loop."""

    def read() -> None:
        frames = Frames()
        try:
            # os.read and not a buffered file: a thread that sleeps in one would hold its lock at exit
            while chunk := os.read(fd, CHUNK):
                if bodies := frames.feed(chunk):
                    loop.call_soon_threadsafe(deliver, bodies)
        except (OSError, FramingError) as error:
            log.error("reading from the client ended: %s", error)
        try:
            loop.call_soon_threadsafe(ended)
        except RuntimeError:
            pass  # the loop has ended before the stream

    threading.Thread(target=read, name="orch-lsp-reader", daemon=True).start()
