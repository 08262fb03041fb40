"""next: takes the due step and gives its prompt."""

from dataclasses import dataclass

from orch.commands.choosing import named_or_open
from orch.commands.command import Command
from orch.commands.complete import CompleteParams, completion
from orch.commands.outcome import Outcome, Refusal
from orch.commands.phase_step import take_phase
from orch.commands.plan import PlanParams, plan
from orch.commands.process import process_answer
from orch.commands.project import Project
from orch.commands.prompt import missing_values
from orch.commands.session_files import SessionFile
from orch.commands.session_json import session_json
from orch.commands.stepping import take
from orch.workflow.follow_up import follow_up
from orch.workflow.steps import Due, due, unknown_status


@dataclass(frozen=True, slots=True)
class NextParams:
    """The session; without one, the only open session."""

    session: str | None = None


def next_step(project: Project, params: NextParams) -> Outcome | Refusal:
    """Takes the due step. A session that waits for an answer gives its prompt once more and does not change.

    Where the planning answer lacks a part, the prompt is a follow-up that asks for it.
    """
    file = named_or_open(project, params.session)
    if isinstance(file, Refusal):
        return file
    what = due(file.session)
    if what.waits:
        return _waiting(file, what)
    match what.step:
        case "process":
            return process_answer(project, file, None)
        case "plan":
            return plan(project, PlanParams(session=str(file.path)))
        case "analyze" | "implement":
            return take_phase(project, file, what.step, {})
        case "complete":
            return take(project, file, completion(CompleteParams()))
        case _:
            ended = f"This session is {file.session.status}; to go on, reopen it first (reopen)."
            return Refusal(unknown_status(file.session) or ended)


COMMAND = Command("orch.session.next", NextParams, next_step, "Take the due step and give its prompt")


def _waiting(file: SessionFile, what: Due) -> Outcome:
    """The prompt whose answer is waited for."""
    session = file.session
    assert what.phase is not None
    text = follow_up(session.short_id, what.lacks) if what.lacks else session.phase(what.phase).prompt
    missing = [] if what.lacks else missing_values(session, what.phase)
    told = "The answer lacked a part; this asks for it." if what.lacks else "It still waits for the answer to this."
    return Outcome({**session_json(file.path, file.data), "prompt": text, "missing": missing}, notices=(told,))
