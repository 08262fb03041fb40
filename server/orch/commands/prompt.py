"""prompt: the text of a phase's prompt, and the placeholders in it that have no value."""

from dataclasses import dataclass

from orch.commands.choosing import named_or_open
from orch.commands.command import Command
from orch.commands.outcome import Outcome, Refusal
from orch.commands.project import Project
from orch.model.session import PHASES, Session
from orch.workflow.prompt_context import open_keys


@dataclass(frozen=True, slots=True)
class PromptParams:
    """`phase` is planning, analysis or implementation; without one, the phase that the session is in."""

    session: str | None = None
    phase: str | None = None


def prompt(project: Project, params: PromptParams) -> Outcome | Refusal:
    """The prompt as it stands in the session: `{text, missing}`."""
    file = named_or_open(project, params.session, to_read=True)
    if isinstance(file, Refusal):
        return file
    phase = params.phase or (file.session.status if file.session.is_open else "implementation")
    if phase not in PHASES:
        return Refusal(f"There is no phase {phase!r}; it is one of {', '.join(PHASES)}.")
    text = file.session.phase(phase).prompt
    if not text:
        step = {"planning": "plan", "analysis": "analyze", "implementation": "implement"}[phase]
        return Refusal(f"There is no {phase} prompt yet; make it first ({step}).")
    return Outcome({"text": text, "missing": missing_values(file.session, phase)})


COMMAND = Command("orch.session.prompt", PromptParams, prompt, "Give the text of a phase's prompt", changes=False)


def missing_values(session: Session, phase: str) -> list[str]:
    """The placeholders of the phase's body that have no value and that Orch does not know, in order."""
    return open_keys(session, phase)
