"""show: one session, whole."""

from dataclasses import dataclass

from orch.commands.choosing import named_or_open
from orch.commands.command import Command
from orch.commands.outcome import Outcome, Refusal
from orch.commands.project import Project
from orch.commands.session_json import session_json
from orch.workflow.steps import due


@dataclass(frozen=True, slots=True)
class ShowParams:
    """The session; without one, the only open session."""

    session: str | None = None


def show(project: Project, params: ShowParams) -> Outcome | Refusal:
    """The session as JSON, with what comes next in it."""
    file = named_or_open(project, params.session, to_read=True)
    if isinstance(file, Refusal):
        return file
    return Outcome({**session_json(file.path, file.data), "next": due(file.session).words})


COMMAND = Command("orch.session.show", ShowParams, show, "Show one session", changes=False)
