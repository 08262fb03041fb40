"""The renderer: worker processes that render under limits, serve job after job, and are killed when late."""

import json
import os
import subprocess
import sys
import threading
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from orch.render import worker
from orch.render.port import Rendered, RenderFailure, RenderJob

DEADLINE = 2.0
"""Seconds that a job may take. The start of a worker process does not count."""

START_LIMIT = 30.0
"""Seconds that a worker process may take to start, on a machine that is very busy."""

KEPT_WORKERS = 2
"""Idle workers that are kept for the next job. More run only while more threads render at once."""


class WorkerRenderer:
    """Renders in worker processes (see `worker.py`). May be called from several threads at once.

    `deadline` is in seconds for each job. Workers are started when they are first needed; `close` ends them.
    """

    def __init__(self, deadline: float = DEADLINE) -> None:
        self._deadline = deadline
        self._idle: list[_Worker] = []
        self._running: set[_Worker] = set()
        self._closed = False
        self._guard = threading.Lock()

    def render(self, job: RenderJob) -> Rendered | RenderFailure:
        """See the port."""
        found = self._take()
        if not isinstance(found, _Worker):
            return found
        try:
            reply = found.ask(job, self._deadline)
        finally:
            self._give_back(found)
        if reply is None:
            return self._stopped(found, job.entry)
        if "text" in reply:
            return Rendered(reply["text"])
        return RenderFailure(reply["sentence"], reply["template"], reply["line"], reply["undefined"])

    def close(self) -> None:
        """See the port. A job that is under way fails; one that is asked for later is refused."""
        with self._guard:
            self._closed = True
            workers = [*self._idle, *self._running]
            self._idle.clear()
        for one in workers:
            one.kill()

    def _take(self) -> "_Worker | RenderFailure":
        """An idle worker, else a new one."""
        while True:
            with self._guard:
                if self._closed:
                    return RenderFailure("The renderer has been closed.")
                one = self._idle.pop() if self._idle else None
                if one is not None and one.alive:
                    self._running.add(one)
                    return one
            if one is None:
                return self._start()
            one.kill()  # it died while it was idle; the system may have wanted its memory

    def _start(self) -> "_Worker | RenderFailure":
        try:
            one = _Worker(self._deadline)
        except OSError as error:
            return RenderFailure(f"The renderer could not be started: {error.strerror or error}.")
        with self._guard:
            self._running.add(one)
            closed = self._closed
        if closed or not one.wait_ready(START_LIMIT):
            self._give_back(one, spent=True)
            return RenderFailure("The renderer could not be started: its process ended at once.")
        return one

    def _give_back(self, one: "_Worker", *, spent: bool = False) -> None:
        with self._guard:
            self._running.discard(one)
            if one.fit and not spent and not self._closed and len(self._idle) < KEPT_WORKERS:
                self._idle.append(one)
                return
        one.kill()

    def _stopped(self, one: "_Worker", entry: str) -> RenderFailure:
        if one.late:
            return RenderFailure(f"{entry} took longer than {self._deadline:g} seconds and was stopped.", entry)
        if self._closed:
            return RenderFailure("The renderer has been closed.", entry)
        return RenderFailure(f"{entry} stopped the renderer: it nests too deeply or needs too much memory.", entry)


class _Worker:
    """One worker process. `fit` while it may be given another job; `late` when it was killed at the deadline."""

    def __init__(self, deadline: float) -> None:
        """Starts the process. Raises OSError."""
        options = json.dumps({"path": _import_path(), "deadline": deadline})
        self.fit = True
        self.late = False
        self._waiting = False
        self._guard = threading.Lock()
        self._process = subprocess.Popen(
            # isolated, and without `site`: nothing that a project or a user's folder holds is imported
            [sys.executable, "-I", "-S", "-X", "utf8", *_byte_code(), worker.__file__, options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=Path(sys.executable).anchor or os.sep,
            env={name: os.environ[name] for name in _NEEDED_VARIABLES if name in os.environ},
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def wait_ready(self, limit: float) -> bool:
        """Whether the process has started, within `limit` seconds."""
        return self._exchange(None, limit) is not None

    def ask(self, job: RenderJob, limit: float) -> dict[str, Any] | None:
        """The reply to `job`; None when the process ended, or was killed after `limit` seconds."""
        message = {
            "entry": job.entry,
            "templates": dict(job.templates),
            "routes": {key: dict(routes) for key, routes in job.routes.items()},
            "names": dict(job.names),
            "variables": dict(job.variables),
            "extensions": list(job.extensions),
        }
        return self._exchange(message, limit)

    def kill(self) -> None:
        """Ends the process, whatever it does. May be called more than once, and from any thread."""
        self.fit = False
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            try:
                if stream is not None:
                    stream.close()
            except OSError:
                pass  # what was still to be sent can no longer be

    def _exchange(self, message: dict[str, Any] | None, limit: float) -> dict[str, Any] | None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        # until the reply is there; whoever interrupts this must not leave a reply for the next job
        self.fit = False
        self._waiting = True
        timer = threading.Timer(limit, self._expire)
        timer.daemon = True
        timer.start()
        try:
            if message is not None:
                worker.write_message(self._process.stdin, message)
            reply: dict[str, Any] | None = worker.read_message(self._process.stdout)
        except (OSError, ValueError):
            reply = None  # a pipe that broke or was closed, or half a message: the process was killed
        finally:
            timer.cancel()
            with self._guard:
                self._waiting = False
        if reply is not None:
            self.fit = not (self.late or reply.get("last"))
        return reply

    def _expire(self) -> None:
        with self._guard:
            # a reply that came at the last moment counts, and its process may serve the next job
            if self._waiting:
                self.late = True
                self._process.kill()


_NEEDED_VARIABLES = ("SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
"""What Python itself may need to start: Windows' folder, and where its own libraries are."""


def _byte_code() -> list[str]:
    """Where the worker keeps its byte code: where this process does, which may not write beside its own files."""
    return ["-X", f"pycache_prefix={sys.pycache_prefix}"] if sys.pycache_prefix else []


def _import_path() -> list[str]:
    """The folders that the worker imports from: Orch's, Jinja's and MarkupSafe's."""
    # looked up and not imported: a language server that renders nothing yet need not wait for Jinja
    found = (find_spec(name) for name in ("orch", "jinja2", "markupsafe"))
    files = (Path(spec.origin) for spec in found if spec is not None and spec.origin is not None)
    return list(dict.fromkeys(str(file.absolute().parents[1]) for file in files))
