"""save-implementation: what the model says it built comes in."""

from dataclasses import dataclass

from orch.commands.answers import receive
from orch.commands.command import Command
from orch.commands.outcome import Outcome, Refusal
from orch.commands.project import Project
from orch.commands.saving import save_result


@dataclass(frozen=True, slots=True)
class SaveImplementationParams:
    """`text` is the model's answer; without one, the result that stands in the session is meant."""

    session: str | None = None
    text: str | None = None


def save_implementation(project: Project, params: SaveImplementationParams) -> Outcome | Refusal:
    """Stores implementation.result."""
    received = receive(project, params.session, params.text, "save-implementation")
    if isinstance(received, Refusal):
        return received
    file, text = received
    return save_result(project, file, "implementation", text)


COMMAND = Command(
    "orch.session.saveImplementation",
    SaveImplementationParams,
    save_implementation,
    "Save what the model says it built",
)
