"""reopen: a session goes back to an earlier phase; its texts stay."""

from dataclasses import dataclass

from orch.commands.choosing import named_or_able
from orch.commands.command import Command
from orch.commands.outcome import Outcome, Refusal
from orch.commands.project import Project
from orch.commands.stepping import Step, take
from orch.workflow.steps import refusal


@dataclass(frozen=True, slots=True)
class ReopenParams:
    """`phase` is planning, analysis or implementation."""

    phase: str
    session: str | None = None


def reopen(project: Project, params: ReopenParams) -> Outcome | Refusal:
    """Goes back to `phase`."""
    file = named_or_able(project, params.session, "reopen", phase=params.phase)
    if isinstance(file, Refusal):
        return file
    sentence = refusal("reopen", file.session, phase=params.phase)
    if sentence:
        return Refusal(sentence)
    step = Step("reopen", {("status",): params.phase}, notices=(f"Reopened at {params.phase}.",))
    return take(project, file, step)


COMMAND = Command("orch.session.reopen", ReopenParams, reopen, "Go back to an earlier phase; the texts stay")
