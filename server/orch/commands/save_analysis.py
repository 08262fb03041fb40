"""save-analysis: what the model answered to the analysis prompt comes in."""

from dataclasses import dataclass

from orch.commands.answers import receive
from orch.commands.command import Command
from orch.commands.outcome import Outcome, Refusal
from orch.commands.project import Project
from orch.commands.saving import save_result


@dataclass(frozen=True, slots=True)
class SaveAnalysisParams:
    """`text` is the model's answer; without one, the result that stands in the session is meant."""

    session: str | None = None
    text: str | None = None


def save_analysis(project: Project, params: SaveAnalysisParams) -> Outcome | Refusal:
    """Stores analysis.result."""
    received = receive(project, params.session, params.text, "save-analysis")
    if isinstance(received, Refusal):
        return received
    file, text = received
    return save_result(project, file, "analysis", text)


COMMAND = Command("orch.session.saveAnalysis", SaveAnalysisParams, save_analysis, "Save the model's analysis")
