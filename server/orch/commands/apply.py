"""Carrying out an outcome on a store: what was replaced is kept first, then the session changes."""

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

from orch.commands.command import Command
from orch.commands.outcome import Outcome, Refusal
from orch.commands.project import Project
from orch.commands.registry import attempt, command
from orch.commands.unfiled import rescued
from orch.storage.port import StorageError


def perform(project: Project, name: str, params: object) -> Outcome | Refusal:
    """Runs a command and carries it out, under the project's lock when it changes something."""
    return carry_out(project, command(name), params)


def carry_out(
    project: Project, found: Command[Any], params: object, cancelled: Callable[[], bool] = lambda: False
) -> Outcome | Refusal:
    """`perform` for a command that need not have a name of its own.

    `cancelled` is asked once, before anything is written: then nothing is changed, and no text is kept.
    """
    try:
        with project.storage.lock(project.root) if found.changes else nullcontext():
            done = attempt(project, found, params)
            if cancelled():
                return Refusal("The command was cancelled; nothing was changed.")
            apply(project, done)
            return done
    except StorageError as error:
        return rescued(project, found, params, error)


def apply(project: Project, done: Outcome | Refusal) -> None:
    """Writes all that `done` holds. Raises StorageError; what was written before it is harmless by itself."""
    for write in done.writes:
        project.storage.write(write.path, write.text, replaces=write.replaces)
    for edit in done.edits if isinstance(done, Outcome) else ():
        project.storage.write(edit.path, edit.after, replaces=edit.before)
    if isinstance(done, Outcome):
        remove(project, done)


def remove(project: Project, done: Outcome) -> None:
    """Takes away what `done` has made superfluous, once all else of it stands on the disk."""
    for removal in done.removals:
        try:
            project.storage.remove(removal.path, removal.text)
        except StorageError:
            pass  # a copy that stays is no harm, and the step itself is done
