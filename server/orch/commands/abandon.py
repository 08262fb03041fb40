"""abandon: an open session ends without an outcome; its texts stay."""

from dataclasses import dataclass

from orch.commands.choosing import named_or_able
from orch.commands.command import Command
from orch.commands.outcome import Outcome, Refusal
from orch.commands.project import Project
from orch.commands.stepping import Step, take
from orch.workflow.steps import refusal


@dataclass(frozen=True, slots=True)
class AbandonParams:
    """The session to abandon."""

    session: str | None = None


def abandon(project: Project, params: AbandonParams) -> Outcome | Refusal:
    """Abandons an open session; reopen brings it back."""
    file = named_or_able(project, params.session, "abandon")
    if isinstance(file, Refusal):
        return file
    sentence = refusal("abandon", file.session)
    if sentence:
        return Refusal(sentence)
    step = Step("abandon", {("status",): "abandoned"}, notices=("Abandoned; reopen brings it back.",))
    return take(project, file, step)


COMMAND = Command("orch.session.abandon", AbandonParams, abandon, "End the session without an outcome")
