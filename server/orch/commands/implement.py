"""implement: the implementation begins, and its prompt is made, with the analysis in it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from orch.commands.choosing import named_or_able
from orch.commands.command import Command
from orch.commands.outcome import Outcome, Refusal
from orch.commands.phase_step import take_phase
from orch.commands.project import Project


@dataclass(frozen=True, slots=True)
class ImplementParams:
    """`values` fill the template's inputs and the placeholders of the implementation body.

    `force` goes on without an analysis result.
    """

    session: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    force: bool = False


def implement(project: Project, params: ImplementParams) -> Outcome | Refusal:
    """Starts the implementation, or makes its prompt again."""
    file = named_or_able(project, params.session, "implement", force=params.force)
    if isinstance(file, Refusal):
        return file
    return take_phase(project, file, "implement", params.values, force=params.force)


COMMAND = Command("orch.session.implement", ImplementParams, implement, "Start the implementation: make its prompt")
