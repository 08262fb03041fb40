"""A session of the system that Orch follows, from its JSON object to a session of Orch. See "orch import"."""

import json
import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from orch.model.session import SCHEMA_VERSION
from orch.text.clean import clean_text
from orch.workflow.answer.note_words import complexity_of
from orch.workflow.naming import guess_feature_type, title_of
from orch.workflow.notes import read_notes

IDS = uuid.UUID("6f2c1c0e-6d0b-5d7e-9a51-3f0d8a4c7b12")
"""The namespace in which an id that is no UUID becomes one, always the same (UUID version 5)."""

_STATUSES = {
    "planning": "planning created new draft pending open todo started queued initialized planned processing",
    "analysis": "analysis analyzing analysing analyzed analysed analysis_ready ready_for_analysis",
    "implementation": "implementation implementing implemented implementation_ready in_progress",
    "completed": "completed complete done finished closed success successful succeeded partial failed failure",
    "abandoned": "abandoned cancelled canceled aborted archived rejected",
}
_BY_STATUS = {word: status for status, words in _STATUSES.items() for word in words.split()}
_RESULTS = {
    "success": "success", "successful": "success", "succeeded": "success",
    "partial": "partial", "failed": "failure", "failure": "failure",
}  # fmt: skip
"""Statuses that also say how it turned out."""

_TEXTS = {
    "orchestrator_template": ("planning", "prompt"),
    "analysis_template": ("analysis", "body"),
    "implementation_template": ("implementation", "body"),
    "analysis_results": ("analysis", "result"),
    "execution_notes": ("notes", "text"),
}
"""Where the old texts go."""

_DEEPEST = 12
"""Tables in tables that are kept as such; what lies deeper becomes JSON text."""


@dataclass(frozen=True, slots=True)
class Older:
    """What became of an older session: the TOML data of the new one.

    `newest` is when the old one was last changed, None where it does not tell. `aside` are sentences about what has
    no place in a session and is kept under `[imported]`.
    """

    data: Mapping[str, Any]
    newest: datetime | None
    aside: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """The new session's id."""
        return str(self.data["id"])


@dataclass(slots=True)
class _Taking:
    """The old object while it is taken apart: what is left of it, what is kept aside, and why."""

    left: dict[str, Any]
    imported: dict[str, Any] = field(default_factory=dict)
    aside: list[str] = field(default_factory=list)

    def take(self, key: str, read: Callable[[Any], Any], wants: str) -> Any:
        """What `read` makes of the value at `key`; a value that it makes None of is kept aside. Null is nothing."""
        value = self.left.pop(key, None)
        if value is None or value == "":
            return None
        found = read(value)
        if found is None:
            self.keep(key, value, f"`{key}` is not {wants}")
        return found

    def keep(self, key: str, value: Any, why: str) -> None:
        """Keeps a value under `[imported]`."""
        self.imported[clean_text(key)] = _as_toml(value)
        self.aside.append(f"{why}; it is kept under [imported].")


def read_older(entry: Any, now: datetime, project: str, by: str | None) -> Older | str:
    """The session that an older one becomes, or why it cannot become one.

    `now` is its creation where it does not tell any; `project` the project's name where it names none; `by` who
    imports it. The same entry always gets the same id.
    """
    if not isinstance(entry, Mapping):
        return f"It is {_kind(entry)}, not a session (a JSON object)."
    taking = _Taking({str(key): value for key, value in entry.items()})
    old_id = taking.left.pop("session_id", None)
    if isinstance(old_id, bool) or not isinstance(old_id, str | int) or not str(old_id).strip():
        return "It has no `session_id`, so it could not be told from one that was imported before."
    session_id, is_own = _uuid(str(old_id).strip())
    if not is_own:
        taking.keep("session_id", old_id, "`session_id` is not a UUID")
    request = taking.take("feature_request", _text, "a text")
    data: dict[str, Any] = {"request": {"text": request}} if request else {}
    for key, (table, name) in _TEXTS.items():
        text = taking.take(key, _text, "a text")
        if text is not None:
            data.setdefault(table, {})[name] = text
    if not data:
        return "It has neither a `feature_request` nor any other text."
    _take_notes(taking, data)
    root, newest = _root(taking, data, now, project)
    history = {"at": newest or now, "step": "import", **({"by": by} if by else {})}
    for key, value in taking.left.items():
        if value is not None:
            taking.keep(key, value, f"`{clean_text(key)}` has no place in a session")
    more = {"imported": taking.imported} if taking.imported else {}
    whole = {"schema": SCHEMA_VERSION, "id": session_id, **root, **data, "history": [history], **more}
    return Older(whole, newest, tuple(taking.aside))


def _root(
    taking: _Taking, data: dict[str, Any], now: datetime, project: str
) -> tuple[dict[str, Any], datetime | None]:
    """The root keys of the session, and when the old one was last changed."""
    request = data.get("request", {}).get("text", "")
    created = taking.take("created_at", _time, "a date and time")
    updated = taking.take("updated_at", _time, "a date and time")
    known = [time for time in (created, updated) if time is not None]
    status = _take_status(taking, data)
    named = taking.take("project", _line, "a name")
    if "project_name" in taking.left and (named is None or taking.left["project_name"] == named):
        named = taking.take("project_name", _line, "a name") or named
    root = {
        "title": title_of(request),
        "status": status,
        "feature_type": guess_feature_type(request),
        "project": named or project,
        "created": min(known, default=now),
    }
    return root, max(known, default=None)


def _take_notes(taking: _Taking, data: dict[str, Any]) -> None:
    """The fields of the notes: as the old session gives them, else as its notes say."""
    notes = data.get("notes", {})
    found = read_notes(notes.get("text", ""))
    complexity = taking.take("complexity", _complexity, "a complexity that Orch knows") or found.complexity
    estimate = taking.take("time_estimate", _line, "a text of one line") or found.time_estimate
    risks = [
        {"risk": risk.risk, **({"mitigation": risk.mitigation} if risk.mitigation else {})} for risk in found.risks
    ]
    fields = {
        "complexity": complexity,
        "time_estimate": estimate,
        "key_files": list(found.key_files),
        **notes,
        "risks": risks,
    }
    if any(fields.values()):
        data["notes"] = {key: value for key, value in fields.items() if value}


def _take_status(taking: _Taking, data: dict[str, Any]) -> str:
    """The status that the old one means; of one that Orch does not know, how far the texts have come."""
    old = taking.left.get("status")
    word = re.sub(r"[\W_]+", "_", old.strip().lower()) if isinstance(old, str) else ""
    status = _BY_STATUS.get(word)
    if status is None:
        reached = "analysis" if data.get("analysis", {}).get("result") else "planning"
        if taking.take("status", lambda _: None, "a status that Orch knows") is None and old not in (None, ""):
            taking.aside[-1] = f"{taking.aside[-1].removesuffix('.')}, and the texts say {reached}."
        return reached
    del taking.left["status"]
    if word in _RESULTS:
        data["outcome"] = {"result": _RESULTS[word]}
    if word != status:
        taking.imported["status"] = clean_text(str(old))
    return status


def _uuid(old: str) -> tuple[str, bool]:
    """`old` as a UUID in its usual form, and whether it was one; else it becomes the one that it always becomes."""
    try:
        return str(uuid.UUID(old)), True
    except ValueError:
        return str(uuid.uuid5(IDS, old.encode("utf-8", "replace").decode())), False


def _text(value: Any) -> str | None:
    return clean_text(value) if isinstance(value, str) and value.strip() else None


def _line(value: Any) -> str | None:
    text = _text(value)
    return text.strip() if text is not None and text.strip().isprintable() else None


def _complexity(value: Any) -> str | None:
    text = _line(value)
    return complexity_of(text) if text is not None else None


def _time(value: Any) -> datetime | None:
    """A time in UTC from ISO 8601 or from seconds since 1970; of a day alone, its beginning."""
    try:
        if isinstance(value, str):
            found = datetime.fromisoformat(value.strip())
        elif isinstance(value, int | float) and not isinstance(value, bool):
            found = datetime.fromtimestamp(value, UTC)
        else:
            return None
        found = found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return found.replace(microsecond=0)


def _as_toml(value: Any, depth: int = 0) -> Any:
    """A JSON value as TOML can hold it. TOML has no null and no end of depth, so there JSON text stands for it."""
    match value:
        case str():
            return clean_text(value)
        case bool() | float():
            return value
        case int() if -(2**63) <= value < 2**63:
            return value
        case Mapping() if depth < _DEEPEST:
            return {clean_text(str(key)): _as_toml(entry, depth + 1) for key, entry in value.items()}
        case list() if depth < _DEEPEST:
            return [_as_toml(entry, depth + 1) for entry in value]
        case _:
            return clean_text(json.dumps(value, ensure_ascii=False))


def _kind(value: Any) -> str:
    words = {str: "a text", bool: "true or false", int: "a number", float: "a number", list: "a list"}
    return words.get(type(value), "null")
