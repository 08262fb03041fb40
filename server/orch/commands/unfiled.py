"""A text that arrived with a refused step is kept under `.orch/unfiled/`, with the command that would file it."""

import re
import shlex
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from orch.commands.command import Command
from orch.commands.outcome import FileRemoval, FileWrite, Outcome, Refusal
from orch.commands.project import Project
from orch.commands.session_files import UNNAMED, relative
from orch.model.session import PHASES
from orch.model.toml import exact_toml_data
from orch.storage.port import StorageError
from orch.storage.texts import encode
from orch.text.clean import clean_text

WORTH_KEEPING = 120
"""Code points from which a request of one line is kept, too; a shorter one is quickly typed again."""


def arrived(command: Command[Any], params: Any) -> str | None:
    """The text that `params` brought and that must not be lost, None where there is none."""
    text = getattr(params, command.brings, None) if command.brings else None
    if not isinstance(text, str) or not text.strip():
        return None
    short = command.brings == "request" and "\n" not in text.strip() and len(text) < WORTH_KEEPING
    return None if short else text


def keeping(project: Project, command: Command[Any], params: Any, refused: Refusal) -> Refusal:
    """`refused`, with the text that arrived among its writes and in its sentence."""
    text = arrived(command, params)
    if text is None:
        return refused
    there = _copies(project, text)
    path = there[0].path if there else free_path(project)
    name = relative(project, path)
    session = refused.session or getattr(params, "session", None) or UNNAMED
    how = command.files.format(session=session, file=name, template=_template(params), message=_message(params))
    if not refused.candidates:
        how = how.replace(f" --session {UNNAMED}", "")  # nobody knows a better one: what waits then will take it
    step = re.split(r" [-{A-Z]", command.files.removeprefix("orch "), maxsplit=1)[0]
    return replace(
        refused,
        sentence=f"{refused.sentence} The text is kept in {name}; file it from there ({step}).",
        terminal=f"{refused.in_terminal} The text is kept in {name}; to file it: {how}",
        writes=refused.writes if there else (*refused.writes, FileWrite(path, text)),
        kept=path,
    )


def settling(project: Project, params: Any, done: Outcome) -> Outcome:
    """`done`, and the removal of what was kept of the text that came, where it stands in the session now."""
    text = getattr(params, "text", None)
    if not isinstance(text, str) or not text.strip():
        return done
    return replace(done, removals=_copies(project, text)) if clean_text(text) in _answers(done.result) else done


def settle_saved(project: Project, text: str) -> None:
    """Removes what was kept of the answers in `text`, a session's text that an editor has just saved."""
    if not project.storage.list(project.folder / "unfiled", ".md"):
        return
    with project.storage.lock(project.root):
        for answer in _answers(exact_toml_data(text)):
            for copy in _copies(project, answer):
                project.storage.remove(copy.path, copy.text)


def _answers(session: Mapping[str, Any]) -> list[str]:
    """The answers of models that stand in the data of a session."""
    phases = [session.get(phase) for phase in PHASES]
    found = (phase.get(key) for phase in phases if isinstance(phase, Mapping) for key in ("response", "result"))
    return [text for text in found if isinstance(text, str)]


def _copies(project: Project, text: str) -> tuple[FileRemoval, ...]:
    """The files of `.orch/unfiled/` that hold `text`, apart from how its lines end."""
    wanted = clean_text(text)
    size, room = len(encode(wanted)), wanted.count("\n")
    found: list[FileRemoval] = []
    try:
        paths = project.storage.list(project.folder / "unfiled", ".md")
    except StorageError:
        return ()  # no step fails because of what lies there
    for path in paths:
        try:
            stamp = project.storage.stamp(path)
            # the length tells nearly always, and is quick to ask for
            if stamp is None or not size <= stamp[1] <= size + room:
                continue
            there = project.storage.read(path)
        except StorageError:
            continue
        if there is not None and clean_text(there) == wanted:
            found.append(FileRemoval(path, there))
    return tuple(found)


def _template(params: Any) -> str:
    """The template that was meant, as words of the command line."""
    kind = getattr(params, "feature_type", None)
    words = [str(getattr(params, "name", None) or "NAME"), *(("--type", str(kind)) if kind else ())]
    return shlex.join(words)


def _message(params: Any) -> str:
    return shlex.quote(" ".join(str(getattr(params, "message", None) or "M").split()) or "M")


def rescued(project: Project, command: Command[Any], params: Any, error: StorageError) -> Refusal:
    """The refusal for a step that broke off at the store; the text that arrived is written at once.

    Where that fails as well, the refusal has no writes.
    """
    refused = keeping(project, command, params, Refusal(str(error)))
    try:
        for write in refused.writes:
            project.storage.write(write.path, write.text, replaces=write.replaces)
    except StorageError:
        return Refusal(str(error))
    return refused


def free_path(project: Project) -> Path:
    """A path in `.orch/unfiled/` that no file has yet, named after the time."""
    folder = project.folder / "unfiled"
    stem = f"{project.clock():%Y%m%d-%H%M%S}"
    number = 1
    path = folder / f"{stem}.md"
    while project.storage.stamp(path) is not None:
        number += 1
        path = folder / f"{stem}-{number}.md"
    return path
