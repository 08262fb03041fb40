"""list: the sessions of a project, the newest first, without their long texts."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

from orch.commands.command import Command
from orch.commands.outcome import Outcome, Refusal
from orch.commands.project import Project
from orch.commands.session_list import Listed, listed_sessions
from orch.model.session import STATUSES, session_from_data
from orch.model.toml import toml_data
from orch.storage.port import StorageError


@dataclass(frozen=True, slots=True)
class ListParams:
    """`status` is one of the statuses or `open`; `query` is looked for in titles and requests."""

    status: str | None = None
    project: str | None = None
    feature_type: str | None = None
    query: str | None = None
    limit: int | None = None


def list_sessions(project: Project, params: ListParams) -> Outcome | Refusal:
    """`{"sessions": [...]}`: each with `next`, what comes next in it. No long texts.

    Where files cannot be read, `problems` has a sentence for each.
    """
    if params.status is not None and params.status not in (*STATUSES, "open"):
        return Refusal(f"There is no status {params.status!r}; it is open or one of {', '.join(STATUSES)}.")
    if params.limit is not None and params.limit < 1:
        return Refusal(f"The limit is a number from 1 on; {params.limit} is not.")
    there = listed_sessions(project, only_open=params.status == "open")
    found: Iterable[Listed] = there.sessions
    if replace(params, limit=None) != ListParams():
        found = (one for one in found if _wanted(project, one, params))
    result: dict[str, Any] = {"sessions": [one.entry for one in islice(found, params.limit)]}
    return Outcome({**result, "problems": list(there.problems)} if there.problems else result)


COMMAND = Command("orch.session.list", ListParams, list_sessions, "List the sessions", changes=False)


def _wanted(project: Project, listed: Listed, params: ListParams) -> bool:
    entry = listed.entry
    if params.status == "open" and not listed.is_open:
        return False
    if params.status not in (None, "open", entry["status"]):
        return False
    if params.project not in (None, entry["project"]) or params.feature_type not in (None, entry["feature_type"]):
        return False
    query = (params.query or "").casefold()
    return query in entry["title"].casefold() or query in _request(project, Path(entry["path"]), query).casefold()


def _request(project: Project, path: Path, query: str) -> str:
    """The request of the session, where the file says `query` anywhere."""
    try:
        text = project.storage.read(path) or ""
    except StorageError:
        return ""
    return session_from_data(toml_data(text)).request if query in text.casefold() else ""
