"""analyze: the analysis begins, and its prompt is made."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from orch.commands.choosing import named_or_able
from orch.commands.command import Command
from orch.commands.outcome import Outcome, Refusal
from orch.commands.phase_step import take_phase
from orch.commands.project import Project


@dataclass(frozen=True, slots=True)
class AnalyzeParams:
    """`values` fill the template's inputs and the placeholders of the analysis body."""

    session: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)


def analyze(project: Project, params: AnalyzeParams) -> Outcome | Refusal:
    """Starts the analysis, or makes its prompt again."""
    file = named_or_able(project, params.session, "analyze")
    return file if isinstance(file, Refusal) else take_phase(project, file, "analyze", params.values)


COMMAND = Command("orch.session.analyze", AnalyzeParams, analyze, "Start the analysis: make its prompt")
