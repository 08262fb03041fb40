"""The commands by name. Each stands in a module of its own, which is imported when it is first asked for.

A command's module has `COMMAND`, its record. To add one: write the module, add its line here, and test it.
"""

from importlib import import_module
from typing import Any

from orch.commands.command import Command
from orch.commands.outcome import Outcome, Refusal
from orch.commands.project import Project
from orch.storage.port import StorageError

_MODULES = {
    "orch.session.plan": "plan",
    "orch.session.process": "process",
    "orch.session.analyze": "analyze",
    "orch.session.saveAnalysis": "save_analysis",
    "orch.session.implement": "implement",
    "orch.session.saveImplementation": "save_implementation",
    "orch.session.complete": "complete",
    "orch.session.reopen": "reopen",
    "orch.session.abandon": "abandon",
    "orch.session.next": "next_step",
    "orch.session.answer": "answer",
    "orch.session.fill": "fill",
    "orch.session.prompt": "prompt",
    "orch.session.list": "list_sessions",
    "orch.session.show": "show",
    "orch.session.standing": "standing",
    "orch.session.edit": "edit",
    "orch.session.followUp": "follow_up",
    "orch.session.featureTypes": "feature_types",
}

COMMAND_NAMES: tuple[str, ...] = tuple(_MODULES)


def command(name: str) -> Command[Any]:
    """The command called `name`. Raises KeyError when there is none."""
    found = import_module(f"orch.commands.{_MODULES[name]}").COMMAND
    assert isinstance(found, Command)
    assert found.name == name
    return found


def run(project: Project, name: str, params: Any) -> Outcome | Refusal:
    """What the command would do; nothing is written. Trouble with a file is a refusal like any other.

    A command that changes something (`Command.changes`) is run under `project.storage.lock(project.root)`,
    and what it hands back is carried out before the lock is let go.
    """
    try:
        return command(name).function(project, params)
    except StorageError as error:
        return Refusal(str(error))
