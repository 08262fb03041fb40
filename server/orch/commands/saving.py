"""What save-analysis and save-implementation have in common: a phase's result comes in."""

from orch.commands.outcome import Outcome, Refusal
from orch.commands.project import Project
from orch.commands.session_files import SessionFile
from orch.commands.stepping import Step, take

_STEPS = {"analysis": "save-analysis", "implementation": "save-implementation"}
_NOTICES = {
    "analysis": "The analysis is saved. Next: start the implementation.",
    "implementation": "What was built is saved. Next: complete the session and say how it went.",
}


def save_result(project: Project, file: SessionFile, phase: str, text: str | None) -> Outcome | Refusal:
    """Stores `text` as the result of `phase`; without a text, what stands in the session is taken as it is."""
    result = text if text is not None else file.session.phase(phase).result
    if not result or not result.strip():
        return Refusal(f"There is no answer to save; give the {phase} prompt to a model and bring its answer.")
    return take(project, file, Step(_STEPS[phase], {(phase, "result"): result}, notices=(_NOTICES[phase],)))
