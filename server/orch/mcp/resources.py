"""Sessions as resources: `orch://sessions`, `orch://session/{id}`, `orch://session/{id}/{phase}/prompt`."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from orch.commands.list_sessions import ListParams
from orch.commands.outcome import Refusal
from orch.commands.project import Project
from orch.commands.registry import run
from orch.commands.session_files import SessionFile, find
from orch.commands.session_list import listed_sessions
from orch.model.session import PHASES
from orch.storage.port import StorageError

SESSIONS = "orch://sessions"
SESSION_TEMPLATE = "orch://session/{id}"
PROMPT_TEMPLATE = "orch://session/{id}/{phase}/prompt"
TOML, JSON, MARKDOWN = "application/toml", "application/json", "text/markdown"

_SESSION = re.compile(rf"orch://session/([0-9A-Za-z-]{{1,64}})(?:/({'|'.join(PHASES)})/prompt)?/?")


@dataclass(frozen=True, slots=True)
class Resource:
    """A resource as a list shows it. `updated` is the time of the last step, RFC 3339, None where unknown."""

    uri: str
    title: str
    description: str
    kind: str
    updated: str | None = None


@dataclass(frozen=True, slots=True)
class Text:
    """What a resource holds."""

    text: str
    kind: str


def resources(projects: Sequence[Project]) -> list[Resource]:
    """The list itself, and each session, the newest first."""
    found = [Resource(SESSIONS, "Sessions", "All sessions, the newest first, and what comes next in each", JSON)]
    entries = [one.entry for project in projects for one in listed_sessions(project).sessions]
    found += (
        Resource(
            f"orch://session/{entry['id']}",
            entry["title"],
            f"{entry['status']}, {entry['feature_type']}; next: {entry['next']}",
            TOML,
            entry["updated"],
        )
        for entry in entries
    )
    return found


def is_known(uri: str) -> bool:
    """Whether `uri` has the form of a resource of ours."""
    return uri.rstrip("/") == SESSIONS or _SESSION.fullmatch(uri) is not None


def read_resource(projects: Sequence[Project], uri: str) -> Text | Refusal:
    """What the resource at `uri` holds. Raises StorageError."""
    if uri.rstrip("/") == SESSIONS:
        return _list(projects)
    asked = _SESSION.fullmatch(uri)
    if asked is None:
        return Refusal(
            f"There is no resource {uri!r}; there are {SESSIONS}, {SESSION_TEMPLATE} and {PROMPT_TEMPLATE}."
        )
    file = _file(projects, asked[1])
    if isinstance(file, Refusal):
        return file
    phase = asked[2]
    if phase is None:
        return Text(file.text, TOML)
    prompt = file.session.phase(phase).prompt
    return Text(prompt, MARKDOWN) if prompt else Refusal(f"The session {asked[1]} has no {phase} prompt yet.")


def files_of(projects: Sequence[Project], uri: str) -> list[tuple[Project, Path]]:
    """The files that the resource is read from, each with its project; a folder for the list."""
    if uri.rstrip("/") == SESSIONS:
        return [(project, project.sessions) for project in projects]
    asked = _SESSION.fullmatch(uri)
    if asked is None:
        return []
    found = []
    for project in projects:
        try:
            file = find(project, asked[1], to_read=True)
        except StorageError:
            continue  # it is looked for again with the next look
        if isinstance(file, SessionFile):
            found.append((project, file.path))
    return found


def _file(projects: Sequence[Project], reference: str) -> SessionFile | Refusal:
    told = Refusal("There are no sessions here yet; the tool plan starts one.")
    for project in projects:
        file = find(project, reference, to_read=True)
        if isinstance(file, SessionFile):
            return file
        told = file
    return told


def _list(projects: Sequence[Project]) -> Text | Refusal:
    entries = []
    for project in projects:
        done = run(project, "orch.session.list", ListParams())
        if isinstance(done, Refusal):
            return done
        entries += done.result["sessions"]
    return Text(json.dumps({"sessions": entries}, ensure_ascii=False, indent=1), JSON)
