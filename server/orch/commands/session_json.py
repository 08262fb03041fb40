"""A session as the JSON object of the contract."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from orch.model.session import Session, session_from_data
from orch.syntax.toml_outline import SKIPPED
from orch.workflow.notes import note_sections

MOST_IN_LISTS = 500
"""Characters that a text may have to be shown in lists."""

_HEAD = ("id", "path", "title", "status", "feature_type", "project", "created", "updated")
_COST = ("seconds", "input_tokens", "output_tokens")


def session_json(path: Path, data: Mapping[str, Any]) -> dict[str, Any]:
    """The whole session: the head's keys first, then every table of the file, `notes.sections` computed."""
    session = session_from_data(data)
    tables = {key: as_json(value) for key, value in data.items() if key not in (*_HEAD, *_COST, "schema")}
    if session.notes is not None and isinstance(tables.get("notes"), dict):
        tables["notes"]["sections"] = note_sections(session.notes.text)
    return {**head_json(path, session), **cost_json(session), **tables}


def head_json(path: Path, session: Session) -> dict[str, Any]:
    """The keys that every session has, in the contract's order."""
    return {
        "id": session.id,
        "path": str(path),
        "title": session.title,
        "status": session.status,
        "feature_type": session.feature_type,
        "project": session.project,
        "created": as_json(session.created),
        "updated": as_json(session.updated),
    }


def cost_json(session: Session) -> dict[str, Any]:
    """What the runs of the session took together: `seconds` and tokens, each where it is known."""
    cost = session.cost
    figures = {"seconds": cost.seconds, "input_tokens": cost.input_tokens, "output_tokens": cost.output_tokens}
    return {key: value for key, value in figures.items() if value is not None}


def summary_json(path: Path, data: Mapping[str, Any], session: Session) -> dict[str, Any]:
    """The session as lists show it: the tables that stand above the long texts, and of these the short keys.

    `data` may be an outline of the file.
    """
    found = {**head_json(path, session), **cost_json(session)}
    for name in ("outcome", "notes", "planning"):
        table = data.get(name)
        if isinstance(table, dict):
            short = {key: as_json(entry) for key, entry in table.items() if _is_short(entry)}
            if short:
                found[name] = short
    return found


def _is_short(value: Any) -> bool:
    if isinstance(value, str):
        return value != SKIPPED and "\n" not in value and len(value) <= MOST_IN_LISTS
    if isinstance(value, list):
        return not any(isinstance(entry, dict | list) for entry in value)
    return not isinstance(value, dict)


def as_json(value: Any) -> Any:
    """TOML data as JSON data: dates and times as RFC 3339 text, an aware time in UTC with `Z`."""
    if isinstance(value, str | int):
        return value  # nearly everything is; the rest takes ten times as long
    match value:
        case datetime() if value.tzinfo is not None:
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case datetime() | date() | time():
            return value.isoformat()
        case Mapping():
            return {str(key): as_json(entry) for key, entry in value.items()}
        case list() | tuple():
            return [as_json(entry) for entry in value]
        case _:
            return value
