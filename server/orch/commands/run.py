"""run: next, the runner, and answer in one.

No command holds the project's lock while a model works. So this one has two parts, each a command that is carried
out like any other: `COMMAND` takes the due step and gives the prompt, `FINISH` files the answer together with the
record of the run. `running.py` puts the model between them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from orch.commands.answers import receive
from orch.commands.choosing import named_or_open
from orch.commands.command import Command
from orch.commands.next_step import NextParams, next_step
from orch.commands.outcome import Outcome, Refusal
from orch.commands.process import process_answer
from orch.commands.project import Project
from orch.commands.saving import save_result
from orch.commands.session_files import SessionFile, find
from orch.commands.stepping import Step, take
from orch.runners.port import Status
from orch.workflow.steps import SAVING_STEPS, due, refusal, waits_for

STEPS = {"planning": "plan", "analysis": "analyze", "implementation": "implement"}
"""The step whose prompt a run answers, by phase."""


@dataclass(frozen=True, slots=True)
class RunParams:
    """The session, without one the only open one; the runner; and whether open placeholders are no hindrance."""

    session: str | None = None
    runner: str | None = None
    force: bool = False


def prepare(project: Project, params: RunParams) -> Outcome | Refusal:
    """Takes the due step as `next` does and gives its prompt, where there is one that a model can answer."""
    file = named_or_open(project, params.session)
    if isinstance(file, Refusal):
        return file
    what = due(file.session)
    if what.step == "complete":
        return Refusal("What was built is saved, so no model is waited for; say how it went (complete).")
    if what.step == "process" and not what.waits:
        return Refusal("The answer in this session is not processed yet; process it first (process).")
    done = next_step(project, NextParams(str(file.path)))
    if isinstance(done, Refusal):
        return done
    missing = done.result.get("missing")
    if missing and not params.force:
        number = f"{len(missing)} open {'place' if len(missing) == 1 else 'places'}"
        stands = f"The {done.result['status']} prompt has {number}: {', '.join(missing)}"
        first, anyway = "fill in what is missing first", "or run it all the same with force"
        return Refusal(
            f"{stands}; {first} (fill), {anyway}.",
            missing=tuple(missing),
            terminal=f"{stands}; {first} (fill, or analyze and implement with --set), {anyway} (--force).",
        )
    return done


COMMAND = Command("orch.session.run", RunParams, prepare, "Give the due prompt to a model and file its answer")


@dataclass(frozen=True, slots=True)
class FinishParams:
    """A run that has ended: of which session (`path`, `id`) and `phase`, with which prompt, and what came of it.

    `prompt` is what the runner was given, `base` the phase's prompt in the session at that time: another one where
    the runner was given a follow-up. `sentence` says why the status is not ok. `model`, `input_tokens` and
    `output_tokens` are what the runner told of itself.
    """

    path: str
    id: str
    phase: str
    prompt: str
    base: str
    runner: str
    started: datetime
    seconds: float
    status: Status
    text: str
    sentence: str = ""
    model: str = ""
    input_tokens: int | None = None
    output_tokens: int | None = None


def finish(project: Project, params: FinishParams) -> Outcome | Refusal:
    """Files the answer, with the record of the run, as one edit.

    Where it cannot be filed, the record alone is made, and the result has `unfiled`: why not, in one sentence.
    """
    file = _same_session(project, params)
    if isinstance(file, Refusal):
        return file
    record = _record(params)
    filed = _filed(project, file, params, record) if params.status == "ok" else Refusal(params.sentence)
    if isinstance(filed, Outcome):
        return filed
    recorded = take(project, file, Step("run", {}, history=False, execution=record))
    if isinstance(recorded, Refusal):
        return filed
    return replace(recorded, result={**recorded.result, "unfiled": filed.sentence}, complete=False)


FINISH = Command("orch.session.run", FinishParams, finish, "File the model's answer")


def _same_session(project: Project, params: FinishParams) -> SessionFile | Refusal:
    """The session of the run, under another name where its file was renamed meanwhile."""
    file = find(project, params.path)
    if isinstance(file, SessionFile) and file.session.id == params.id:
        return file
    moved = find(project, params.id) if params.id else file
    return file if isinstance(moved, Refusal) and isinstance(file, Refusal) else moved


def _record(params: FinishParams) -> dict[str, Any]:
    told = {
        "model": params.model or None,
        "started": params.started,
        "seconds": round(params.seconds, 1),
        "status": params.status,
        "prompt_chars": len(params.prompt),
        "answer_chars": len(params.text),
        "input_tokens": params.input_tokens,
        "output_tokens": params.output_tokens,
    }
    record = {"step": STEPS[params.phase], "runner": params.runner}
    return {**record, **{key: value for key, value in told.items() if value is not None}}


def _filed(
    project: Project, file: SessionFile, params: FinishParams, record: Mapping[str, Any]
) -> Outcome | Refusal:
    """The saving step of the run's phase. A session that went on meanwhile keeps what it has."""
    step = SAVING_STEPS[params.phase]
    if params.text.strip() == params.prompt.strip():
        return Refusal("That is the prompt, not the model's answer.")
    if sentence := refusal(step, file.session):
        return Refusal(sentence)
    if file.session.phase(params.phase).prompt != params.base:
        return Refusal(f"The prompt was made anew while {params.runner} worked, so this answers an older one.")
    if not waits_for(step, file.session):
        return Refusal(f"The session was given another answer while {params.runner} worked.")
    received = receive(project, str(file.path), params.text, step)
    if isinstance(received, Refusal):
        return received
    if step == "process":
        return process_answer(project, *received, record)
    return save_result(project, received[0], params.phase, received[1], record)
