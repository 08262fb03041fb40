"""From a command line to the commands: which project is meant, the command carried out, and what is said of it."""

import shlex
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import typer

from orch.cli import terminal
from orch.cli.intake import Lost
from orch.cli.rescue import keep_bytes, keep_text
from orch.cli.tables import say_candidates, say_notices
from orch.commands.apply import perform
from orch.commands.command import decode
from orch.commands.open_project import open_project
from orch.commands.outcome import Outcome, Refusal
from orch.commands.project import Project
from orch.commands.registry import command
from orch.commands.session_files import path_of_uri
from orch.render.port import Rendered, RenderFailure, RenderJob
from orch.storage.disk import DiskStorage
from orch.storage.given import working_folder
from orch.storage.locate import find_project, new_project, user_config
from orch.storage.port import StorageError

NOTHING_HERE = 'No sessions here yet. Start one with: orch plan "Add a login page"'
_RENDERING = {"orch.session.plan", "orch.session.analyze", "orch.session.implement", "orch.session.next"}


@dataclass(frozen=True, slots=True)
class Call:
    """A command to carry out. `text` is what arrived for it and must not be lost; `again` files it later.

    `again` is the command line that would take the text from a file, without the file.
    """

    name: str
    params: Mapping[str, Any]
    json: bool
    text: str | None = None
    again: str = ""


def take_step(call: Call, *, create: bool = False) -> NoReturn:
    """Carries `call` out, says what came of it, and ends with the contract's exit code.

    With `create` a folder without `.orch` becomes a project; so it does for a text, which has to be kept somewhere.
    """
    done = carry_out(call, create=create or call.text is not None)
    raise typer.Exit(report(done, as_json=call.json))


def carry_out(call: Call, *, create: bool = False) -> Outcome | Refusal:
    """Carries `call` out in the project that it means. A refusal has kept the text that arrived."""
    reference = call.params.get("session")
    with opened(reference, create=create) as project:
        if project is None:
            return Refusal(NOTHING_HERE if _path(reference) is None else f"{reference} lies in no project of Orch.")
        given = {key: value for key, value in call.params.items() if value is not None}
        if reference:
            given["session"] = from_here(project, reference)
        params = decode(command(call.name).params, given, call.name)
        if isinstance(params, Refusal):
            return params
        try:
            done = _performed(project, call.name, params)
        except BaseException:
            if call.text:
                terminal.say(keep_text(project, Refusal("The command broke off."), call.text, call.again).sentence)
            raise
        if isinstance(done, Refusal) and call.text and call.text.strip() and done.kept is None:
            return keep_text(project, done, call.text, call.again)
        return done


def lose_nothing(lost: Lost, *, as_json: bool) -> NoReturn:
    """Keeps bytes that no command can take, says where, and ends with 1."""
    with opened(None, create=True) as project:
        assert project is not None
        raise typer.Exit(report(keep_bytes(project, lost), as_json=as_json))


def refuse(refused: Refusal, *, as_json: bool) -> NoReturn:
    """Says why and ends with 1."""
    raise typer.Exit(report(refused, as_json=as_json))


def report(done: Outcome | Refusal, *, as_json: bool) -> int:
    """Writes and says what came of a command. Gives the exit code: 0, or 1 when refused or incomplete."""
    if isinstance(done, Refusal):
        if as_json:
            terminal.write_json({"error": done.in_terminal, "candidates": [dict(card) for card in done.candidates]})
        terminal.say(done.in_terminal, "red")
        say_candidates(done.candidates)
        return 1
    if as_json:
        terminal.write_json(done.result)
    elif done.result.get("prompt"):
        terminal.write_text(done.result["prompt"])
    if not as_json:
        say_notices(done.result, done.notices)
        _say_how_to_fill(done.result)
    return 0 if done.complete else 1


@contextmanager
def opened(reference: str | None, *, create: bool = False) -> Iterator[Project | None]:
    """The project that the session `reference` names by path, else the one of the working folder.

    Without one it is None or, with `create`, a new one in the root of the git repository, else here.
    """
    path = _path(reference)
    root = find_project(path or working_folder())
    if root is None and create:
        root = new_project(path.parent if path else working_folder())
    if root is None:
        yield None
        return
    renderer = _LateRenderer()
    try:
        yield open_project(root, DiskStorage(root, user_config()), renderer)
    finally:
        renderer.close()


def _performed(project: Project, name: str, params: object) -> Outcome | Refusal:
    if name not in _RENDERING:
        return perform(project, name, params)
    with terminal.busy("Making the prompt"):
        return perform(project, name, params)


def _say_how_to_fill(result: Mapping[str, Any]) -> None:
    steps = {"analysis": "analyze", "implementation": "implement"}
    if result.get("prompt") and result.get("missing") and result.get("status") in steps:
        pairs = " ".join(f"--set {shlex.quote(f'{key}=...')}" for key in result["missing"][:3])
        terminal.say(f"Fill in: orch {steps[result['status']]} --session {result['id'][:8]} {pairs}", "dim")


def _path(reference: str | None) -> Path | None:
    """The file that a session is named by, None where the reference is an id."""
    if not reference:
        return None
    if reference.startswith("file:"):
        return path_of_uri(reference)
    return (
        working_folder() / reference
        if reference.endswith(".orch") or "/" in reference or "\\" in reference
        else None
    )


def from_here(project: Project, reference: str) -> str:
    """`reference` as the commands take it: a path counts from the working folder, else from the project's root."""
    path = _path(reference)
    if path is None:
        return reference
    try:
        there = project.storage.stamp(path) is None and project.storage.stamp(project.root / reference) is not None
    except StorageError:
        there = False
    return str(project.root / reference if there else path)


class _LateRenderer:
    """A renderer that costs nothing until something is rendered."""

    def __init__(self) -> None:
        self._real: Any = None

    def render(self, job: RenderJob) -> Rendered | RenderFailure:
        """See the port."""
        if self._real is None:
            from orch.render.worker_renderer import WorkerRenderer

            self._real = WorkerRenderer()
        rendered: Rendered | RenderFailure = self._real.render(job)
        return rendered

    def close(self) -> None:
        """See the port."""
        if self._real is not None:
            self._real.close()
