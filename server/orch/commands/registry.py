"""The commands by name. Each stands in a module of its own, which is imported when it is first asked for.

A command's module has `COMMAND`, its record. To add one: write the module, add its line to
`names.py`, and test it.
"""

from importlib import import_module
from typing import Any

from orch.commands.command import Command
from orch.commands.names import COMMAND_NAMES, MODULES
from orch.commands.outcome import Outcome, Refusal
from orch.commands.project import Project
from orch.commands.unfiled import keeping, settling
from orch.storage.port import StorageError

__all__ = ["COMMAND_NAMES", "attempt", "command", "run"]


def command(name: str) -> Command[Any]:
    """The command called `name`. Raises KeyError when there is none."""
    found = import_module(f"orch.commands.{MODULES[name]}").COMMAND
    assert isinstance(found, Command)
    assert found.name == name
    return found


def run(project: Project, name: str, params: Any) -> Outcome | Refusal:
    """What the command would do; nothing is written. Trouble with a file is a refusal like any other.

    A refusal keeps the text that arrived.

    A command that changes something (`Command.changes`) is run under `project.storage.lock(project.root)`,
    and what it hands back is carried out before the lock is let go.
    """
    return attempt(project, command(name), params)


def attempt(project: Project, found: Command[Any], params: Any) -> Outcome | Refusal:
    """`run` for a command that need not have a name of its own: a part of one that has."""
    try:
        done = found.function(project, params)
    except StorageError as error:
        done = Refusal(str(error))
    return keeping(project, found, params, done) if isinstance(done, Refusal) else settling(project, params, done)
