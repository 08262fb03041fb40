"""`orch.session.run`: the due prompt goes to a model, and its answer comes back through the editor.

The project's lock is held while the prompt is made and while the answer is filed, never in between.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from orch.commands.command import Command
from orch.commands.outcome import Outcome, Refusal
from orch.commands.running import run_session
from orch.lsp.executing import Job
from orch.lsp.protocol import RefusedError
from orch.storage.port import StorageError

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
        except RefusedError as refused:
            candidates = refused.data["candidates"] if refused.data else ()
            return Refusal(str(refused), candidates=tuple(candidates))

    done = run_session(project, params, carry, _Telling(job, report), job.stop)
    if isinstance(done, Outcome):
        return done, None
    sentence = done.sentence
    for write in done.writes:
        try:
            project.storage.write(write.path, write.text, replaces=write.replaces)
        except StorageError as error:
            raise RefusedError(f"{sentence} Its text could not be kept: {error}", {"text": write.text}) from error
    raise RefusedError(sentence, {"candidates": [dict(card) for card in done.candidates]})


class _Telling:
    """Reports how much has come, and its last line, a few times a second."""

    def __init__(self, job: Job, report: Callable[[str], None]) -> None:
        self._job, self._report = job, report
        self._length = 0
        self._line = ""
        self._last = 0.0

    def __call__(self, piece: str) -> None:
        self._length += len(piece)
        lines = [line.strip() for line in f"{self._line}{piece}"[-4 * LONGEST_LINE :].split("\n")]
        self._line = f"{self._line}{piece}".rpartition("\n")[2][-4 * LONGEST_LINE :]
        now = time.monotonic()
        if now - self._last < PAUSE:
            return
        self._last = now
        line = next((line for line in reversed(lines) if line), "")
        shown = line if len(line) <= LONGEST_LINE else f"{line[:LONGEST_LINE]}..."
        message = f"{self._length} characters: {shown}"
        self._job.ls.later(lambda: self._report(message))
