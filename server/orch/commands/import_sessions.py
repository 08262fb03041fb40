"""import: the sessions of the system that Orch follows, out of its JSON files."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orch.commands.command import Command
from orch.commands.outcome import FileEdit, Outcome, Refusal
from orch.commands.project import Project
from orch.commands.session_files import heads
from orch.commands.settings import project_name
from orch.model.schema import LONG_KEYS, TABLE_ORDER
from orch.storage.given import decode_given, given_files, read_given
from orch.storage.port import StorageError
from orch.syntax.toml_edit import new_toml
from orch.workflow.naming import file_name
from orch.workflow.older_session import Older, read_older


@dataclass(frozen=True, slots=True)
class ImportParams:
    """`path` is a JSON file with one session or a list of them, or a folder of such files, at any depth."""

    path: str


@dataclass(slots=True)
class _Batch:
    """What an import comes to. `sources` tells where each session came from, by its new id."""

    found: dict[str, Older]
    sources: dict[str, str]
    refused: list[dict[str, str]]


def import_sessions(project: Project, params: ImportParams) -> Outcome | Refusal:
    """`{taken, known, refused}`: the new sessions, those that are here already, and what was not taken and why.

    A session that is here already is left as it is, however it went on since; so importing twice changes nothing.
    """
    files = given_files(Path(params.path).expanduser(), ".json")
    if files is None:
        return Refusal(f"There is no file or folder {params.path}.")
    if not files:
        return Refusal(f"There is no JSON file in {params.path}.")
    batch = _read_all(project, files)
    here = {head.session.id.lower(): head.path for head in heads(project)}
    names = {path.name for path in here.values()}
    taken: list[dict[str, Any]] = []
    known: list[dict[str, str]] = []
    edits: list[FileEdit] = []
    for session_id, older in batch.found.items():
        told = {"id": session_id, "from": batch.sources[session_id]}
        if session_id in here:
            known.append({**told, "path": str(here[session_id])})
            continue
        path = project.sessions / _free_name(older, names)
        names.add(path.name)
        edits.append(FileEdit(path, None, new_toml(older.data, TABLE_ORDER, long_keys=LONG_KEYS)))
        head = {key: older.data[key] for key in ("title", "status")}
        taken.append({**told, "path": str(path), **head, "aside": list(older.aside)})
    return Outcome(
        {"taken": taken, "known": known, "refused": batch.refused},
        edits=tuple(edits),
        notices=(_summary(len(taken), len(known), len(batch.refused)),),
        complete=not batch.refused,
    )


COMMAND = Command("orch.session.import", ImportParams, import_sessions, "Import sessions of the older system")


def _read_all(project: Project, files: list[Path]) -> _Batch:
    """Every session of `files`. Of several with one id the newest counts."""
    batch = _Batch({}, {}, [])
    now, name, by = project.clock().replace(microsecond=0), project_name(project), project.user()
    for path in files:
        for where, entry in _entries(path):
            older = entry if isinstance(entry, _Unreadable) else read_older(entry, now, name, by)
            if isinstance(older, _Unreadable | str):
                why = older.why if isinstance(older, _Unreadable) else older
                batch.refused.append({"from": where, "reason": why})
            else:
                _add(batch, older, where)
    return batch


def _add(batch: _Batch, older: Older, where: str) -> None:
    other = batch.found.get(older.id)
    if other is None or _age(older) > _age(other):
        loser = batch.sources.get(older.id)
        batch.found[older.id], batch.sources[older.id] = older, where
    else:
        loser = where
    if loser is not None and other is not None and dict(other.data) != dict(older.data):
        winner = batch.sources[older.id]
        batch.refused.append(
            {"from": loser, "reason": f"It has the same `session_id` as {winner}, which is newer."}
        )


def _age(older: Older) -> str:
    return older.newest.isoformat() if older.newest else ""


@dataclass(frozen=True, slots=True)
class _Unreadable:
    """A file that holds no sessions, and why."""

    why: str


def _entries(path: Path) -> Iterator[tuple[str, Any]]:
    """What the file holds, each with where it stands."""
    try:
        data = read_given(path)
    except StorageError as error:
        yield str(path), _Unreadable(str(error))
        return
    text = decode_given(data) if data is not None else None
    if text is None:
        yield str(path), _Unreadable("It is not a text file in UTF-8.")
        return
    try:
        value = json.loads(text.removeprefix("\ufeff"))
    except json.JSONDecodeError as error:
        yield str(path), _Unreadable(f"It is not JSON in line {error.lineno}, column {error.colno}: {error.msg}.")
        return
    except (RecursionError, ValueError):
        yield str(path), _Unreadable("It is nested too deeply, or holds a number that is too long.")
        return
    if isinstance(value, dict) and isinstance(value.get("sessions"), list) and "session_id" not in value:
        value = value["sessions"]
    if isinstance(value, list):
        yield from ((f"{path}, entry {number}", entry) for number, entry in enumerate(value, start=1))
    else:
        yield str(path), value


def _free_name(older: Older, names: set[str]) -> str:
    """The name of the new file; two sessions of one title, day and beginning of the id get longer ones."""
    for length in (8, 13, 18, 36):
        name = file_name(older.data["created"], older.data["title"], older.id[:length], length)
        if name not in names:
            return name
    raise AssertionError("two sessions with one id")


def _summary(taken: int, known: int, refused: int) -> str:
    sessions = "1 session" if taken == 1 else f"{taken} sessions"
    return f"{sessions} taken, {known} here already, {refused} not taken."
