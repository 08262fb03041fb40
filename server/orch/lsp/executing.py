"""`workspace/executeCommand`: the commands, carried out under the project's lock.

What is kept is written first. Then an open document is changed through the client, with its version, and any other
file on disk. When the client does not take the change, because the person typed meanwhile, the command is worked
out once more from the new text; then it is refused.
"""

import asyncio
import logging
import os
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from orch.commands.apply import remove
from orch.commands.command import Command, decode
from orch.commands.outcome import FileEdit, Outcome, Refusal
from orch.commands.registry import COMMAND_NAMES, attempt, command
from orch.commands.unfiled import arrived, rescued
from orch.lsp.documents import Document
from orch.lsp.progress import working
from orch.lsp.protocol import UNEXPECTED, RefusedError
from orch.lsp.results import as_result
from orch.lsp.roots import root_for
from orch.lsp.showing import show
from orch.storage.port import StorageError

if TYPE_CHECKING:
    from orch.commands.project import Project
    from orch.lsp.language_server import OrchServer

log = logging.getLogger(__name__)

ASKING = "orch.fill"
"""The client's own command that asks for values."""

STEPS_THAT_WANT_VALUES = ("orch.session.analyze", "orch.session.implement", "orch.session.next")
"""The steps that end at the first place without a value."""

ANSWER_TIME = 30.0
"""Seconds that a client may take for `workspace/applyEdit`."""

RUN = "orch.session.run"
"""The command that gives a prompt to a model, which takes minutes and not milliseconds."""

FOLLOW_TIME = 1.0
"""Seconds that are waited at most for the client to tell of the change that it made."""


async def execute(ls: "OrchServer", params: types.ExecuteCommandParams) -> Any:
    """Runs one command with its one JSON object and gives its result. Raises RefusedError."""
    name = params.command
    if name not in COMMAND_NAMES:
        raise RefusedError(f"There is no command {name!r}.")
    given = _given(params)
    stop = threading.Event()
    job = Job(ls, name, given, stop, params.work_done_token)
    async with working(ls, params.work_done_token, command(name).summary, stop) as report:
        try:
            if name == RUN:
                from orch.lsp.running import run_model

                done, shown = await ls.in_own_thread(run_model, job, report)
            else:
                ls.commands_at_work += 1
                try:
                    done, shown = await ls.in_thread(job.work)
                finally:
                    ls.commands_at_work -= 1
        except asyncio.CancelledError:
            # the thread may be past the point of return; it looks at this before it changes anything
            stop.set()
            raise
    ls.tell_notices(done.notices)
    # a client that asks for values by itself is not shown where one is wanted, unless it asked for that
    if shown is not None and (name not in STEPS_THAT_WANT_VALUES or ASKING not in ls.client.commands):
        await show(ls, *shown)
    return as_result(ls, done.result)


def _given(params: types.ExecuteCommandParams) -> Mapping[str, Any]:
    arguments = params.arguments or []
    given = arguments[0] if arguments else {}
    if len(arguments) > 1 or not isinstance(given, Mapping):
        raise RefusedError(f"{params.command} takes one JSON object.")
    return given


@dataclass(frozen=True, slots=True)
class Job:
    """One command on its way, in a thread. `token` is what the client knows it by, where it gave one."""

    ls: "OrchServer"
    name: str
    given: Mapping[str, Any]
    stop: threading.Event
    token: int | str | None = None

    def work(self) -> tuple[Outcome, tuple[Path, str, Any] | None]:
        """The outcome, carried out, and the place to show: (path, its new text, span)."""
        project, params = self.asked()
        done = self.carry_out(project, command(self.name), params)
        return done, _place(project, done)

    def asked(self) -> tuple["Project", Any]:
        """The project that is meant, and the parameters of the command."""
        own = {key: value for key, value in self.given.items() if key != "root"}
        params = decode(command(self.name).params, own, self.name)
        if isinstance(params, Refusal):
            raise RefusedError(params.sentence)
        return self.ls.projects.at(root_for(self.ls, self.given)), params

    def carry_out(self, project: "Project", found: Command[Any], params: object) -> Outcome:
        """The outcome of `found`, carried out. Raises RefusedError."""
        try:
            done = self._carry_out(project, found, params)
        except StorageError as error:
            raise RefusedError(rescued(project, found, params, error).sentence) from error
        except RefusedError:
            raise
        except Exception as error:  # whatever went wrong, the text that came is not lost
            if arrived(found, params) is None:
                raise
            log.error("unexpected error", exc_info=error)
            raise RefusedError(rescued(project, found, params, StorageError(UNEXPECTED)).sentence) from error
        if found.changes:
            self.ls.on_loop(self.ls.checker.files_changed)
        return done

    def _carry_out(self, project: "Project", found: Command[Any], params: object) -> Outcome:
        """The outcome, carried out. Raises StorageError where a file, or the editor, does not take the change."""
        with project.storage.lock(project.root) if found.changes else nullcontext():
            done = self._take(project, found, params)
            if done is None:
                # the text that the first attempt was worked out from is no longer the editor's
                self.ls.on_loop(self.ls.queue_changes)
                self.ls.projects.lay_over()
                done = self._take(project, found, params)
        if done is None:
            raise StorageError("The editor did not take the change, so nothing was changed; try again.")
        return done

    def _take(self, project: "Project", found: Command[Any], params: object) -> Outcome | None:
        """One attempt; None when the client did not take the change."""
        done = attempt(project, found, params)
        if self.stop.is_set():
            raise RefusedError("The command was cancelled; nothing was changed.")
        for write in done.writes:
            project.storage.write(write.path, write.text, replaces=write.replaces)
        if isinstance(done, Refusal):
            raise refused(done)
        in_editor, on_disk = self._split(done.edits)
        if in_editor and not self.ls.on_loop_async(lambda: _apply(self.ls, self.name, in_editor)):
            return None
        for edit in on_disk:
            project.storage.write(edit.path, edit.after, replaces=edit.before)
        if not in_editor:
            remove(project, done)  # what stands in an editor alone may be undone, or never saved
        return done

    def _split(self, edits: Sequence[FileEdit]) -> tuple[list[tuple[Document, FileEdit]], list[FileEdit]]:
        """The edits of open documents with their document, and those of other files.

        Links are followed: the editor may name a file otherwise than the project does.
        """
        documents = {
            os.path.normcase(os.path.realpath(document.path)): document
            for document in self.ls.on_loop(lambda: list(self.ls.documents))
            if document.path is not None
        }
        found = [(documents.get(os.path.normcase(os.path.realpath(edit.path))), edit) for edit in edits]
        in_editor = [(document, edit) for document, edit in found if document is not None]
        return in_editor, [edit for document, edit in found if document is None]


def refused(done: Refusal) -> RefusedError:
    """The error that a refusal is answered with: its sentence, and what a client may make of it."""
    data: dict[str, Any] = {"candidates": [dict(card) for card in done.candidates]}
    if done.missing:
        data["missing"] = list(done.missing)
    if done.kept is not None:
        data["kept"] = done.kept.as_uri()
    return RefusedError(done.sentence, data)


def _place(project: "Project", done: Outcome) -> tuple[Path, str, Any] | None:
    if done.show is None:
        return None
    path, span = done.show
    edited = next((edit.after for edit in done.edits if edit.path == path), None)
    text = edited if edited is not None else project.storage.read(path)
    return (path, text, span) if text is not None else None


async def _apply(ls: "OrchServer", name: str, edits: Sequence[tuple[Document, FileEdit]]) -> bool:
    """Whether the client made the edits. Runs on the loop; waits for the client to tell of the new text."""
    if not ls.client.apply_edit:
        raise StorageError(
            "This editor does not let a server change an open document; close the file and try again."
        )
    if any(
        ls.documents.get(document.uri) is not document or document.text != edit.before for document, edit in edits
    ):
        return False
    from orch.lsp.convert import to_lsp_workspace_edit

    changes = [(ls.sheet(document), document.version, edit.edits) for document, edit in edits]
    versions = [(document, document.version) for document, _ in edits]
    params = types.ApplyWorkspaceEditParams(
        edit=to_lsp_workspace_edit(changes, ls.client.versioned_edits), label=f"Orch: {command(name).summary}"
    )
    try:
        answer = await asyncio.wait_for(ls.workspace_apply_edit_async(params), ANSWER_TIME)
    except TimeoutError:
        raise StorageError(
            "The editor did not answer in time; see whether the change is there, and try again."
        ) from None
    if not answer.applied:
        return False
    await _wait_until(lambda: all(document.version != version for document, version in versions))
    return True


async def _wait_until(true: Callable[[], bool]) -> None:
    """Waits until `true()`, for `FOLLOW_TIME` at most: a client may tell of its change only later."""
    loop = asyncio.get_running_loop()
    end = loop.time() + FOLLOW_TIME
    while not true() and loop.time() < end:
        await asyncio.sleep(0.002)
