"""`orch.session.run`: the due prompt goes to a model, and its answer comes back through the editor.

The project's lock is held while the prompt is made and while the answer is filed, never in between.
"""

import asyncio
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from orch.commands.command import Command
from orch.commands.outcome import Outcome, Refusal
from orch.commands.running import run_session
from orch.lsp.client_model import client_model
from orch.lsp.executing import Job, refused
from orch.lsp.protocol import RefusedError
from orch.runners.any_runner import run_any
from orch.storage.port import StorageError

PIECE = "orch/run/piece"
"""The notification `{token, text}` by which a client that wants it sees the text of a run grow."""

PAUSE = 0.2
"""Seconds between two reports of how far a model has come."""

LONGEST_LINE = 80


def run_model(job: Job, report: Callable[[str], None]) -> tuple[Outcome, tuple[Path, str, Any] | None]:
    """The outcome of a whole run, carried out, and no place to show. Runs in a thread. Raises RefusedError."""
    project, params = job.asked()
    filing = replace(job, stop=threading.Event())
    prepared = False

    def carry(found: Command[Any], given: object) -> Outcome | Refusal:
        nonlocal prepared
        if job.ls.has_ended:
            return Refusal("The editor has gone.")
        # once a model has worked, cancelling does not keep its text from being filed or recorded
        way, prepared = (filing if prepared else job), True
        job.ls.on_loop(job.ls.queue_changes)
        job.ls.projects.lay_over()
        try:
            return way.carry_out(project, found, given)
        except RefusedError as error:
            told = error.data or {}
            return Refusal(
                str(error), candidates=tuple(told.get("candidates", ())), missing=tuple(told.get("missing", ()))
            )

    telling = _Telling(job, report)
    own, model = client_model(job.ls, params.runner) or (None, run_any)
    done = run_session(project, params, carry, telling, job.stop, model, own)
    telling.finish()
    if isinstance(done, Outcome):
        return done, None
    for write in done.writes:
        try:
            project.storage.write(write.path, write.text, replaces=write.replaces)
        except StorageError as error:
            sentence = f"{done.sentence} Its text could not be kept: {error}"
            raise RefusedError(sentence, {"text": write.text}) from error
    raise refused(done)


class _Telling:
    """Reports how much has come, and its last line, a few times a second; to a client that wants it, the text."""

    def __init__(self, job: Job, report: Callable[[str], None]) -> None:
        self._job, self._report = job, report
        self._lock = threading.Lock()
        self._length = 0
        self._end = ""
        self._fresh: list[str] = []
        self._waits = False

    def __call__(self, piece: str) -> None:
        with self._lock:
            self._length += len(piece)
            self._end = f"{self._end}{piece}"[-8 * LONGEST_LINE :]
            self._fresh.append(piece)
            waits, self._waits = self._waits, True
        if not waits:
            self._job.ls.later(self._tell_soon)

    def finish(self) -> None:
        """Tells the last of it before the request is answered."""
        self._job.ls.later(self._tell)

    def _tell_soon(self) -> None:
        asyncio.get_running_loop().call_later(PAUSE, self._tell)

    def _tell(self) -> None:
        """On the loop."""
        with self._lock:
            fresh, self._fresh = "".join(self._fresh), []
            self._waits = False
            length, end = self._length, self._end
        if not fresh:
            return
        ls, token = self._job.ls, self._job.token
        if ls.client.run_text and token is not None:
            ls.protocol.notify(PIECE, {"token": token, "text": fresh})
        line = next((line.strip() for line in reversed(end.split("\n")) if line.strip()), "")
        shown = line if len(line) <= LONGEST_LINE else f"{line[:LONGEST_LINE]}..."
        self._report(f"{length} characters: {shown}")
