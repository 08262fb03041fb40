"""A runner's process: text to its standard input, the answer from its standard output.

It leads a process group of its own, and the whole group is killed when it ends, is cancelled or is late; a guard
does the same when Orch itself is killed. No shell is ever asked.
"""

import codecs
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from orch.runners import guard
from orch.runners.port import Status

TIMEOUT = 600.0
"""Seconds that a runner may take when the configuration does not say."""

MOST = 8 * 2**20
"""Bytes of an answer, after which the runner is stopped. What came is kept."""

_TICK = 0.05
_GRACE = 0.5
_LEFT_OPEN = 2.0
_END_OF_ERRORS = 4096


@dataclass(frozen=True, slots=True)
class Launch:
    """A process to be: `argv` with the full path of its program, what it is `given` on standard input, its folder.

    `name` is what sentences call it, `limit` the seconds that it may take.
    """

    name: str
    argv: tuple[str, ...]
    given: bytes
    folder: Path
    limit: float


@dataclass(frozen=True, slots=True)
class Launched:
    """A process that has ended, or was ended: all that it wrote, the end of its standard error, its exit code.

    `status` is ok where it ended by itself, whatever its code, which is negative for a signal. `sentence` says why
    the status is not ok.
    """

    status: Status
    text: str
    seconds: float
    sentence: str = ""
    code: int = 0
    errors: str = ""


def launch(wanted: Launch, told: Callable[[str], None], stop: threading.Event) -> Launched:
    """Runs a process to its end, its time limit, or until `stop` is set. `told` is called as in the port."""
    began = time.monotonic()
    try:
        running = _Running(wanted)
    except (OSError, ValueError) as error:
        # a ValueError is a word that no program can be given: one with a NUL
        why = getattr(error, "strerror", None) or str(error)
        seconds = time.monotonic() - began
        return Launched("failed", "", seconds, f"{wanted.name} could not be started: {why}.")
    text: list[str] = []

    def heard(piece: str) -> None:
        text.append(piece)
        told(piece)

    try:
        status, sentence = _watch(running, wanted, heard, stop, began)
    finally:
        running.end()
    seconds = time.monotonic() - began
    return Launched(status, "".join(text), seconds, sentence, running.code, running.errors)


def _watch(
    running: "_Running", wanted: Launch, heard: Callable[[str], None], stop: threading.Event, began: float
) -> tuple[Status, str]:
    """Hands on what comes until the runner has ended, and says how it did, as far as that can be told by now."""
    name, limit = wanted.name, wanted.limit
    size = 0
    ended: float | None = None
    decode = codecs.getincrementaldecoder("utf-8")("replace").decode
    while True:
        try:
            piece = running.output.get(timeout=_TICK)
        except queue.Empty:
            piece = b""
        now = time.monotonic()
        if piece is None:
            break
        if text := decode(piece[: MOST - size]):
            heard(text)
        size += len(piece)
        if size > MOST:
            return "failed", f"{name} wrote more than {MOST // 2**20} MiB and was stopped."
        if stop.is_set():
            return "cancelled", f"The run was cancelled after {now - began:.0f} s."
        if now - began > limit:
            return "timeout", f"{name} took longer than {limit:g} s and was stopped."
        if ended is None and running.has_ended():
            ended = now
        # something that it started holds the pipe open, and would for ever
        if ended is not None and not piece and now - ended > _LEFT_OPEN:
            break
    if rest := decode(b"", True):
        heard(rest)
    return _wait(running, wanted, stop, began)


def _wait(running: "_Running", wanted: Launch, stop: threading.Event, began: float) -> tuple[Status, str]:
    """It has said all; now it has to end."""
    while not running.has_ended():
        if stop.wait(_TICK):
            return "cancelled", f"The run was cancelled after {time.monotonic() - began:.0f} s."
        if time.monotonic() - began > wanted.limit:
            return "timeout", f"{wanted.name} took longer than {wanted.limit:g} s and was stopped."
    return "ok", ""


class _Running:
    """The process, and the threads that feed it and listen to it."""

    def __init__(self, wanted: Launch) -> None:
        """Starts it. Raises OSError, and ValueError for a word that holds a NUL."""
        self._process = subprocess.Popen(
            wanted.argv,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=wanted.folder,
            bufsize=0,
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)
            | getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        self._guard = _start_guard(self._process.pid)
        self.output: queue.Queue[bytes | None] = queue.Queue(64)
        self._errors = b""
        self._closed = threading.Event()
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        assert self._process.stderr is not None
        self._threads = [
            _thread(self._feed, self._process.stdin, wanted.given),
            _thread(self._listen, self._process.stdout),
            _thread(self._listen_to_errors, self._process.stderr),
        ]

    @property
    def code(self) -> int:
        """The exit code, negative for a signal. Only after `end`."""
        return self._process.returncode

    @property
    def errors(self) -> str:
        """The end of what it wrote to standard error."""
        return self._errors.decode("utf-8", "replace")

    def has_ended(self) -> bool:
        """Whether the process has ended. It is not collected yet, so that its group's number stays its own."""
        if hasattr(os, "waitid"):
            return os.waitid(os.P_PID, self._process.pid, os.WEXITED | os.WNOWAIT | os.WNOHANG) is not None
        return self._process.poll() is not None

    def end(self) -> None:
        """Kills what is left of the process and of all that it started in its group, and collects it."""
        if not self.has_ended():
            self._signal(gently=True)
            deadline = time.monotonic() + _GRACE
            while not self.has_ended() and time.monotonic() < deadline:
                time.sleep(_TICK / 5)
        self._signal(gently=False)
        self._process.wait()
        self._closed.set()
        if self._guard is not None:
            _dismiss(self._guard)
        for thread in self._threads:
            # one that hangs on a pipe which something outside the group holds is left to itself
            thread.join(_GRACE)

    def _signal(self, *, gently: bool) -> None:
        if os.name == "nt":
            self._process.terminate()
            return
        try:
            os.killpg(self._process.pid, signal.SIGTERM if gently else signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            pass  # all of it has ended; macOS says the latter of a group of which only the dead leader is left

    def _feed(self, pipe: IO[bytes], data: bytes) -> None:
        rest = memoryview(data)
        try:
            with pipe:
                while rest:
                    rest = rest[os.write(pipe.fileno(), rest[:65536]) :]
        except OSError:
            pass  # it did not want to read all of it; how it ends says more

    def _listen(self, pipe: IO[bytes]) -> None:
        with pipe:
            while piece := os.read(pipe.fileno(), 65536):
                self._put(piece)
            self._put(None)

    def _listen_to_errors(self, pipe: IO[bytes]) -> None:
        with pipe:
            while piece := os.read(pipe.fileno(), 65536):
                self._errors = (self._errors + piece)[-_END_OF_ERRORS:]

    def _put(self, piece: bytes | None) -> None:
        """Queues a piece, unless nobody takes any more."""
        while not self._closed.is_set():
            try:
                self.output.put(piece, timeout=_TICK)
            except queue.Full:
                continue
            return


def _thread(work: Callable[..., None], *arguments: object) -> threading.Thread:
    thread = threading.Thread(target=work, args=arguments, name="orch-runner", daemon=True)
    thread.start()
    return thread


def _start_guard(group: int) -> "subprocess.Popen[bytes] | None":
    """The process that ends the group `group` when this process is gone; None where there is no such thing."""
    if os.name == "nt":
        return None
    try:
        return subprocess.Popen(
            [sys.executable, "-I", "-S", guard.__file__, str(group)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=os.sep,
            start_new_session=True,
        )
    except OSError:
        return None  # the run itself is not worse for it


def _dismiss(guarding: "subprocess.Popen[bytes]") -> None:
    assert guarding.stdin is not None
    try:
        with guarding.stdin as pipe:
            pipe.write(b"x")
    except OSError:
        pass  # it has gone before
    try:
        guarding.wait(_GRACE)
    except subprocess.TimeoutExpired:
        guarding.kill()
        guarding.wait()
