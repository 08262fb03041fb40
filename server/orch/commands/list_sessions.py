"""list: the sessions of a project, the newest first, without their long texts."""

from dataclasses import dataclass

from orch.commands.command import Command
from orch.commands.outcome import Outcome, Refusal
from orch.commands.project import Project
from orch.commands.session_files import SessionFile, load, session_paths
from orch.commands.session_json import summary_json
from orch.model.session import STATUSES
from orch.workflow.steps import due


@dataclass(frozen=True, slots=True)
class ListParams:
    """`status` is one of the statuses or `open`; `query` is looked for in titles and requests."""

    status: str | None = None
    project: str | None = None
    feature_type: str | None = None
    query: str | None = None
    limit: int | None = None


def list_sessions(project: Project, params: ListParams) -> Outcome | Refusal:
    """`{"sessions": [...]}`: each with `next`, what comes next in it. Other files are passed over."""
    if params.status is not None and params.status not in (*STATUSES, "open"):
        return Refusal(f"There is no status {params.status!r}; it is open or one of {', '.join(STATUSES)}.")
    if params.limit is not None and params.limit < 1:
        return Refusal(f"The limit is a number from 1 on; {params.limit} is not.")
    files = (load(project, path) for path in session_paths(project))
    found = [file for file in files if isinstance(file, SessionFile) and file.session.id and _wanted(file, params)]
    found.sort(key=lambda file: (str(file.session.updated or ""), file.path.name), reverse=True)
    return Outcome(
        {
            "sessions": [
                {**summary_json(file.path, file.data), "next": due(file.session).words}
                for file in found[: params.limit]
            ]
        }
    )


COMMAND = Command("orch.session.list", ListParams, list_sessions, "List the sessions", changes=False)


def _wanted(file: SessionFile, params: ListParams) -> bool:
    session = file.session
    if params.status == "open" and not session.is_open:
        return False
    if params.status not in (None, "open", session.status):
        return False
    if params.project not in (None, session.project) or params.feature_type not in (None, session.feature_type):
        return False
    query = (params.query or "").casefold()
    return query in session.title.casefold() or query in session.request.casefold()
