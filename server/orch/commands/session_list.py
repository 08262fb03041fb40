"""The sessions of a project as a list: ten thousand files are read by their ends, and what they tell is kept."""

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from orch.commands.project import Project
from orch.commands.session_files import relative
from orch.commands.session_json import summary_json
from orch.commands.session_tail import last_step, runs_in
from orch.model.session import ENDED, SCHEMA_VERSION, HistoryEntry, Session, session_from_data
from orch.model.toml import exact_toml_data, toml_data
from orch.storage.port import StorageError
from orch.syntax.toml_outline import plain_data, toml_outline, without_long_texts
from orch.workflow.steps import due

HEAD_SIZE, TAIL_SIZE = 4096, 4096
"""Bytes of a file that hold what a list shows of an ended session, where nobody moved its runs and its history."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One session of the list: its JSON, and what the list is sorted by."""

    entry: Mapping[str, Any]
    newest: tuple[str, str]
    is_open: bool


@dataclass(frozen=True, slots=True)
class SessionList:
    """The sessions, the newest first, and a sentence for each file that none could be read from."""

    sessions: Sequence[Listed]
    problems: Sequence[str]


def listed_sessions(project: Project, *, only_open: bool = False) -> SessionList:
    """The sessions of the project. A draft, which has no id yet, is passed over.

    It is the same object as the last time when no file has changed. With `only_open` ended ones may be left out:
    where the list is not known yet, only those are read that have not ended.
    """
    folder = f"{project.sessions}{os.sep}"
    stamps = project.storage.stamps(project.sessions, ".orch")
    if only_open and not project.listed.knows(stamps):
        opened = (name for name in stamps if not _seems_ended(project, Path(folder + name)))
        return _newest_first({name: _listed(project, Path(folder + name)) for name in opened})
    found: SessionList = project.listed.look(
        stamps, lambda name: _listed(project, Path(folder + name)), _newest_first
    )
    return found


def _newest_first(found: Mapping[str, Listed | str | None]) -> SessionList:
    sessions = (one for one in found.values() if isinstance(one, Listed))
    problems = (one for one in found.values() if isinstance(one, str))
    return SessionList(sorted(sessions, key=lambda one: one.newest, reverse=True), sorted(problems))


_STATUS = re.compile(r'\A(?:[a-z_]+ = [^\n\'\[]*\n)*?status = "([a-z]+)"')


def _seems_ended(project: Project, path: Path) -> bool:
    """Whether the first lines of a file, as Orch writes them, say that the session has ended."""
    try:
        found = _STATUS.match(project.storage.head(path, 512) or "")
    except StorageError:
        return False
    return found is not None and found[1] in ENDED


def _listed(project: Project, path: Path) -> Listed | str | None:
    """One session; why its file cannot be read, in a sentence; None where there is none (any more)."""
    try:
        ends = project.storage.ends(path, HEAD_SIZE, TAIL_SIZE)
        ended = _ended(path, *ends) if ends is not None else None
        if ended is not None or ends is None:
            return ended
        whole = project.storage.read(path)
    except StorageError as error:
        return str(error)
    if whole is None:
        return None
    listed = _from_whole(path, whole)
    if listed is None and whole.strip() and not exact_toml_data(whole):
        return (
            f"{relative(project, path)} is not valid TOML, and no session's id can be read from it; mend the file."
        )
    return listed


_PLANNING = re.compile(r"^\[planning\]\n(?:[a-z]+ = \"[^\"\\\n]*\"\n)*", re.MULTILINE)


def _ended(path: Path, head: str, tail: str) -> Listed | None:
    """An ended session by the ends of its file; None where these do not tell enough."""
    planning = _PLANNING.search(head)
    short = without_long_texts(head[: planning.end()]) if planning else None
    data = plain_data(short) if short is not None else None
    if data is None or data.get("status") not in ENDED or data.get("schema") != SCHEMA_VERSION:
        return None
    if "notes" not in data or ("outcome" not in data and data["status"] == "completed"):
        return None  # it may stand further down
    updated, runs = last_step(tail), runs_in(tail)
    if runs is None or "\n[[executions]]" in head[: planning.end() if planning else 0]:
        return None
    texts: dict[str, Any] = {key: data.get(key) for key in ("id", "title", "status", "feature_type", "project")}
    created = data.get("created")
    if updated is None or not texts["id"] or not isinstance(created, datetime):
        return None
    if not all(isinstance(text, str) for text in texts.values()):
        return None
    session = Session(**texts, created=created, executions=runs, history=(HistoryEntry(updated, ""),))
    return _as_listed(path, data, session, _HAS_ENDED)


def _from_whole(path: Path, text: str) -> Listed | None:
    outline = toml_outline(text)
    data = toml_data(text) if outline is None else outline
    session = session_from_data(data)
    if not session.id:
        return None
    if session.schema > SCHEMA_VERSION:
        words = "nothing; it was written by a newer Orch"
    elif outline is None and not exact_toml_data(text):
        words = "mend the file; it is not valid TOML"
    else:
        words = due(session).words
    return _as_listed(path, data, session, words)


def _as_listed(path: Path, data: Mapping[str, Any], session: Session, words: str) -> Listed:
    entry = {**summary_json(path, data, session), "next": words}
    return Listed(entry, (entry["updated"] or "", path.name), session.is_open)


_HAS_ENDED = due(Session(status=ENDED[0])).words
