"""save-analysis: what the model answered to the analysis prompt comes in."""

from orch.commands.command import Command
from orch.commands.outcome import Outcome, Refusal
from orch.commands.project import Project
from orch.commands.saving import SaveParams, save


def save_analysis(project: Project, params: SaveParams) -> Outcome | Refusal:
    """Stores analysis.result."""
    return save(project, params, "analysis")


COMMAND = Command(
    "orch.session.saveAnalysis",
    SaveParams,
    save_analysis,
    "Save the model's analysis",
    brings="text",
    files="orch save-analysis --session {session} --file {file}",
)
