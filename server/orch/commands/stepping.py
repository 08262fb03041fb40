"""Taking a step: the changes to one session file, what they replace, and the line in its history."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from orch.commands.outcome import FileEdit, FileWrite, Outcome, Refusal
from orch.commands.project import Project
from orch.commands.session_files import SessionFile, relative
from orch.commands.session_json import session_json
from orch.model.schema import LONG_KEYS, TABLE_ORDER, table_at
from orch.model.session import SCHEMA_VERSION
from orch.syntax.toml_edit import Append, EditProblem, Remove, Set, edit_toml
from orch.syntax.toml_tree import parse_toml
from orch.text.clean import clean_text

KeyPath = tuple[str, ...]
"""Where a value stands in the data: `("analysis", "values", "PROJECT NAME")`."""


@dataclass(frozen=True, slots=True)
class Step:
    """A step that may be taken. `sets` maps a key's path to its new value, None to take the key away.

    `result` is added to the JSON answer; `writes` are made besides what the step itself keeps. `history` False
    leaves no line in the history (nothing was replaced and no state changed). `execution` is the record of the run
    of a model that the step is part of.
    """

    name: str
    sets: Mapping[KeyPath, Any]
    result: Mapping[str, Any] = field(default_factory=dict)
    writes: tuple[FileWrite, ...] = ()
    notices: tuple[str, ...] = ()
    complete: bool = True
    history: bool = True
    execution: Mapping[str, Any] | None = None


def take(project: Project, file: SessionFile, step: Step) -> Outcome | Refusal:
    """The outcome of `step` on `file`: one edit of the session file that loses nothing.

    A long text or a value that the step replaces by another is kept under `.orch/kept/`, and the history says
    so as `key:digest8`.
    """
    sets = {path: clean_text(value) if isinstance(value, str) else value for path, value in step.sets.items()}
    sets = {path: value for path, value in sets.items() if _at(file.data, path) != value}
    kept: list[str] = []
    writes: list[FileWrite] = list(step.writes)
    for path, value in sets.items():
        for key, old in _replaced(path, _at(file.data, path), value):
            name, write = keep(project, old)
            kept.append(f"{key}:{name}")
            writes += [write] if write else []
    changes: list[Set | Remove | Append] = []
    if file.session.schema < SCHEMA_VERSION or "schema" not in file.data:
        changes.append(Set(("schema",), SCHEMA_VERSION))
    changes += [
        Remove(path) if value is None else Set(path, value)
        for path, value in sets.items()
        if value is not None or _at(file.data, path) is not None
    ]
    if step.execution is not None:
        changes.append(Append(("executions",), dict(step.execution)))
    if step.history:
        changes.append(Append(("history",), _history_line(project, step.name, kept)))
    edited = edit_toml(file.text, changes, TABLE_ORDER, long_keys=LONG_KEYS)
    if isinstance(edited, EditProblem):
        return Refusal(f"{relative(project, file.path)} cannot be changed: {edited.sentence}")
    edits = (FileEdit(file.path, file.text, edited.text, edited.edits),) if edited.edits else ()
    return Outcome(
        result={**session_json(file.path, parse_toml(edited.text).data), **step.result},
        edits=edits,
        writes=tuple(writes),
        notices=step.notices,
        complete=step.complete,
    )


def keep(project: Project, text: str) -> tuple[str, FileWrite | None]:
    """The name under which `text` is kept (the digest's first eight digits) and the write, if one is needed."""
    digest = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
    for length in (8, 16, 64):
        path = project.folder / "kept" / f"{digest[:length]}.md"
        there = project.storage.read(path)
        if there is None:
            return digest[:length], FileWrite(path, text)
        if there == text:
            return digest[:length], None
    raise AssertionError("two texts with one sha256")


def _at(data: Mapping[str, Any], path: KeyPath) -> Any:
    value: Any = data
    for name in path:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def _replaced(path: KeyPath, old: Any, new: Any) -> list[tuple[str, str]]:
    """The texts in `old` that `new` replaces, by dotted key: long texts and the values a person gave."""
    if isinstance(old, Mapping) and (isinstance(new, Mapping) or new is None):
        return [
            pair for key in old for pair in _replaced((*path, key), old[key], None if new is None else new.get(key))
        ]
    table = table_at(path[:-1])
    key = table.key(path[-1]) if table else None
    worth = (key is not None and key.long) or (table is not None and table.free)
    return [(".".join(path), old)] if worth and isinstance(old, str) and old.strip() and old != new else []


def _history_line(project: Project, step: str, kept: Sequence[str]) -> dict[str, Any]:
    line: dict[str, Any] = {"at": project.clock().replace(microsecond=0), "step": step}
    for key, value in (("by", project.user()), ("commit", project.commit()), ("kept", list(kept))):
        if value:
            line[key] = value
    return line


def new_session_outcome(
    path: Path, text: str, result: Mapping[str, Any], writes: tuple[FileWrite, ...], notices: tuple[str, ...]
) -> Outcome:
    """The outcome that makes a new session file with `text`."""
    return Outcome(
        result={**session_json(path, parse_toml(text).data), **result},
        edits=(FileEdit(path, None, text),),
        writes=writes,
        notices=notices,
    )
