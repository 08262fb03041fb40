"""A run from its beginning to its end: the prompt, the model, and the answer filed or kept. Both faces use it."""

import hashlib
import re
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

from orch.commands.choosing import named_or_open
from orch.commands.command import Command
from orch.commands.outcome import FileWrite, Outcome, Refusal
from orch.commands.project import Project
from orch.commands.run import COMMAND, FINISH, FinishParams, RunParams
from orch.commands.runners import chosen_runner
from orch.commands.session_files import SessionFile, relative
from orch.commands.unfiled import free_path
from orch.model.config import Runner
from orch.runners.any_runner import run_any
from orch.runners.port import Ran, RunModel, RunnerJob
from orch.storage.port import StorageError
from orch.storage.run_files import Spool, held_run
from orch.workflow.steps import SAVING_STEPS


class Carry(Protocol):
    """Carries out a command in the way of a face. The lock is held by it, not by the run."""

    def __call__(self, found: Command[Any], params: object, /) -> Outcome | Refusal:
        """What the command hands back, carried out."""


def run_session(
    project: Project,
    params: RunParams,
    carry: Carry,
    told: Callable[[str], None],
    stop: threading.Event,
    model: RunModel = run_any,
    own: Runner | None = None,
) -> Outcome | Refusal:
    """Gives the due prompt to a runner and files what it answers. Blocks for as long as the model works.

    `told` is called with each piece of the answer as it comes; setting `stop` cancels. A text that cannot be filed
    is kept under `.orch/unfiled/`, and the refusal says where; where even that fails, it is among its writes.
    `own` is a runner of the face's own, which no configuration has; `model` runs it.
    """
    runner = own or chosen_runner(project, params.runner)
    if isinstance(runner, Refusal):
        return runner
    try:
        file = named_or_open(project, params.session)
        if isinstance(file, Refusal):
            return file
        with held_run(project.root, _key(file), free_path(project).stem) as spool:
            ready = carry(COMMAND, replace(params, session=str(file.path)))
            if isinstance(ready, Refusal):
                return ready
            return _Run(project, runner, ready, spool).run(carry, told, stop, model)
    except StorageError as error:
        return Refusal(str(error))


class _Run:
    """One run: the session as `next` left it, and where what comes is kept."""

    def __init__(self, project: Project, runner: Runner, ready: Outcome, spool: Spool) -> None:
        self._project, self._runner, self._spool = project, runner, spool
        self._session = ready.result
        self._phase: str = ready.result["status"]

    def run(
        self, carry: Carry, told: Callable[[str], None], stop: threading.Event, model: RunModel
    ) -> Outcome | Refusal:
        started = self._project.clock().replace(microsecond=0)

        def heard(piece: str) -> None:
            self._spool.add(piece)
            told(piece)

        job = RunnerJob(self._runner, self._session["prompt"], self._project.root)
        ran = model(job, heard, stop)
        session = self._session
        done = carry(
            FINISH,
            FinishParams(
                path=session["path"],
                id=session["id"],
                phase=self._phase,
                prompt=session["prompt"],
                base=session[self._phase]["prompt"],
                runner=self._runner.name,
                started=started,
                seconds=ran.seconds,
                status=ran.status,
                text=ran.text,
                sentence=ran.sentence,
                model=ran.model or self._runner.model,
                input_tokens=ran.input_tokens,
                output_tokens=ran.output_tokens,
            ),
        )
        if isinstance(done, Refusal):
            return self._kept(ran, ran.sentence or done.sentence)
        if "unfiled" in done.result:
            return self._kept(ran, done.result["unfiled"])
        if not any(self._project.storage.is_open(edit.path) for edit in done.edits):
            self._spool.remove()
        # an open document may be undone, or never saved: what came stays until it is (`settle_saved`)
        return done

    def _kept(self, ran: Ran, sentence: str) -> Refusal:
        """`sentence`, and where the text is kept."""
        session = self._session["id"][:8]
        if not ran.text.strip():
            self._spool.remove()
            return Refusal(sentence, session=session)
        path = self._spool.path if self._spool.is_there() else self._written(ran.text)
        if path is None:
            write = FileWrite(free_path(self._project), ran.text)
            return Refusal(sentence, (write,), session=session)
        name = relative(self._project, path)
        ended = sentence if sentence.endswith((".", "!", "?")) else f"{sentence}."
        kept = f"{ended} What {self._runner.name} wrote is kept in {name}"
        step = SAVING_STEPS[self._phase]
        return Refusal(
            f"{kept}; file it from there ({step}).",
            session=session,
            kept=path,
            terminal=f"{kept}; to file it: orch {step} --session {session} --file {name}",
        )

    def _written(self, text: str) -> Path | None:
        """A file with `text` in place of the one that grew with it and is gone; None where the disk takes none."""
        path = free_path(self._project)
        try:
            self._project.storage.write(path, text, replaces=None)
        except StorageError:
            return None
        return path


def _key(file: SessionFile) -> str:
    """Eight characters that mean this session, whatever its file says its id is."""
    short = file.session.short_id.lower()
    if re.fullmatch(r"[0-9a-f]{8}", short):
        return short
    return hashlib.sha256(str(file.path).encode("utf-8", "replace")).hexdigest()[:8]
