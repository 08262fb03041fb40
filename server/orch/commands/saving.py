"""What save-analysis and save-implementation have in common: a phase's result comes in."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from orch.commands.answers import receive
from orch.commands.outcome import Outcome, Refusal
from orch.commands.project import Project
from orch.commands.session_files import SessionFile
from orch.commands.stepping import Step, take
from orch.workflow.steps import SAVING_STEPS

_NOTICES = {
    "analysis": "The analysis is saved. Next: start the implementation.",
    "implementation": "What was built is saved. Next: complete the session and say how it went.",
}


@dataclass(frozen=True, slots=True)
class SaveParams:
    """`text` is the model's answer; without one, the result that stands in the session is meant."""

    session: str | None = None
    text: str | None = None


def save(project: Project, params: SaveParams, phase: str) -> Outcome | Refusal:
    """Takes the saving step of `phase` (`analysis` or `implementation`)."""
    received = receive(project, params.session, params.text, SAVING_STEPS[phase])
    return received if isinstance(received, Refusal) else save_result(project, received[0], phase, received[1])


def save_result(
    project: Project, file: SessionFile, phase: str, text: str | None, execution: Mapping[str, Any] | None = None
) -> Outcome | Refusal:
    """Stores `text` as the result of `phase`; without a text, what stands in the session is taken as it is.

    `execution` is the record of the run that `text` is from.
    """
    result = text if text is not None else file.session.phase(phase).result
    if not result or not result.strip():
        return Refusal(f"There is no answer to save; give the {phase} prompt to a model and bring its answer.")
    step = Step(SAVING_STEPS[phase], {(phase, "result"): result}, notices=(_NOTICES[phase],), execution=execution)
    return take(project, file, step)
