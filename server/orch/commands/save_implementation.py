"""save-implementation: what the model says it built comes in."""

from orch.commands.command import Command
from orch.commands.outcome import Outcome, Refusal
from orch.commands.project import Project
from orch.commands.saving import SaveParams, save


def save_implementation(project: Project, params: SaveParams) -> Outcome | Refusal:
    """Stores implementation.result."""
    return save(project, params, "implementation")


COMMAND = Command(
    "orch.session.saveImplementation",
    SaveParams,
    save_implementation,
    "Save what the model built",
    brings="text",
    files="orch save-implementation --session {session} --file {file}",
)
