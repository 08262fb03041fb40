"""A session as the JSON object of the contract."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from orch.model.schema import SESSION_TABLES
from orch.model.session import Session, session_from_data
from orch.workflow.notes import note_sections

_HEAD = ("id", "path", "title", "status", "feature_type", "project", "created", "updated")


def session_json(path: Path, data: Mapping[str, Any]) -> dict[str, Any]:
    """The whole session: the head's keys first, then every table of the file, `notes.sections` computed."""
    session = session_from_data(data)
    tables = {key: as_json(value) for key, value in data.items() if key not in (*_HEAD, "schema")}
    if session.notes is not None and isinstance(tables.get("notes"), dict):
        tables["notes"]["sections"] = note_sections(session.notes.text)
    return {**head_json(path, session), **tables}


def summary_json(path: Path, data: Mapping[str, Any]) -> dict[str, Any]:
    """The session without its long texts, as lists show it."""
    whole = session_json(path, data)
    for table in SESSION_TABLES:
        found = whole.get(table.path[0]) if len(table.path) == 1 and not table.array else None
        if isinstance(found, dict):
            for key in table.keys:
                if key.long:
                    found.pop(key.name, None)
            found.pop("sections", None)
            found.pop("values", None)
    return {key: value for key, value in whole.items() if value not in ({}, [])}


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


def as_json(value: Any) -> Any:
    """TOML data as JSON data: dates and times as RFC 3339 text, an aware time in UTC with `Z`."""
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
