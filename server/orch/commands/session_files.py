"""Finding and reading session files. Nothing here writes."""

import os
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from orch.commands.outcome import Refusal
from orch.commands.project import Project
from orch.model.session import SCHEMA_VERSION, Session, session_from_data
from orch.model.toml import exact_toml_data
from orch.storage.port import StorageError
from orch.syntax.toml_outline import toml_outline
from orch.syntax.toml_tree import parse_toml

HEAD_SIZE = 4096
"""Bytes of a session file that hold its root keys, unless a person moved them."""

MOST_LEVELS = 100
"""Tables and lists inside each other; writers and readers of JSON give up at some hundred."""

UNNAMED = "ID"
"""Stands for the session in a command that a message shows, where it is not known which one is meant."""


@dataclass(frozen=True, slots=True)
class SessionFile:
    """A session file as it stands: its exact text, the TOML data in it, and the session they describe."""

    path: Path
    text: str
    data: dict[str, Any]
    session: Session


@dataclass(frozen=True, slots=True)
class SessionHead:
    """What a session file's root keys tell, without its long texts."""

    path: Path
    session: Session

    def card(self) -> dict[str, str]:
        """How a session is shown where one has to be chosen: `{id, title, status}`."""
        return {"id": self.session.id, "title": self.session.title, "status": self.session.status}


def load(project: Project, path: Path, *, to_read: bool = False) -> SessionFile | Refusal:
    """The session file at `path`, or why no step can be taken on it.

    `to_read` takes a broken file too, and one of a newer Orch, with what is certain in it: nobody writes to it.
    """
    text = project.storage.read(path)
    if text is None:
        return Refusal(f"There is no session file {_short(project, path)}.", session=UNNAMED)
    tree = parse_toml(text)
    if path.suffix != ".orch" and text.strip() and not tree.data.keys() & _TELLTALE:
        return Refusal(f"{_short(project, path)} is no session; nothing was changed.")
    if not tree.valid and not to_read:
        problem = tree.problems[0]
        line = text.count("\n", 0, problem.span.start) + 1
        return Refusal(
            f"{_short(project, path)} is not valid TOML in line {line}: {problem.message} "
            "Mend it first; nothing was changed."
        )
    if _is_too_deep(tree.data):
        return Refusal(f"{_short(project, path)} is nested too deeply: make it flatter; nothing was changed.")
    session = session_from_data(tree.data)
    if session.schema > SCHEMA_VERSION and not to_read:
        return Refusal(
            f"{_short(project, path)} was written by a newer Orch (schema {session.schema}, this one knows "
            f"{SCHEMA_VERSION}); update Orch to change it."
        )
    return SessionFile(path, text, tree.data, session)


_TELLTALE = frozenset(["status", "request"])
"""Keys of which a session of any other name has one; what has neither is somebody else's TOML."""


def _is_too_deep(data: dict[str, Any]) -> bool:
    """Whether tables and lists go deeper than a session's own and what JSON can carry."""
    level: list[Any] = [data]
    for _ in range(MOST_LEVELS):
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, dict | list)
        ]
        if not level:
            return False
    return True


def find(project: Project, reference: str, *, to_read: bool = False) -> SessionFile | Refusal:
    """The session that `reference` names: an id, a unique prefix of one, a path, or a `file:` URI."""
    path = _as_path(project, reference)
    if path is not None:
        return load(project, path, to_read=to_read)
    wanted = reference.strip().lower()
    found = _named(project, wanted) if wanted else []
    if len(found) == 1:
        return load(project, found[0].path, to_read=to_read)
    exact = [head for head in found if head.session.id.lower() == wanted]
    if len({head.path for head in exact}) > 1:
        names = " and ".join(_short(project, head.path) for head in exact)
        return Refusal(
            f"Two files have the session id {reference}: {names}; give one of them a new id.", session=UNNAMED
        )
    if found:
        return Refusal(
            f"{len(found)} sessions begin with {reference!r}; give more of the id.",
            candidates=tuple(head.card() for head in found),
            session=UNNAMED,
        )
    none = f"There is no session {reference!r} in this project"
    return Refusal(f"{none}.", session=UNNAMED, terminal=f"{none}; `orch list-sessions` lists them.")


def _named(project: Project, wanted: str) -> list[SessionHead]:
    """The sessions whose id begins with `wanted`.

    The names of the files tell it: only those that can be meant are opened, unless none of them is.
    """
    paths = session_paths(project) if len(wanted) >= _TELLING else []
    likely = [path for path in paths if (name := _ID_IN_NAME.search(path.name)) is None or _alike(name[1], wanted)]
    # of one that has the id in its name, it is told when it cannot be read
    read = (
        head_of(project, path) if _ID_IN_NAME.search(path.name) else _readable(project, path) for path in likely
    )
    found = [head for head in read if head is not None and head.session.id.lower().startswith(wanted)]
    return found or [head for head in heads(project) if head.session.id.lower().startswith(wanted)]


_HEADER = re.compile(r"^[ \t]*\[", re.MULTILINE)
_TELLING = 4
"""Characters of an id from which on the names of the files are relied on."""
_ID_IN_NAME = re.compile(r"-([0-9a-f]{8})\.orch$")


def _alike(name: str, wanted: str) -> bool:
    return name.startswith(wanted) or wanted.startswith(name)


def session_paths(project: Project) -> list[Path]:
    """The session files in `.orch/sessions`, oldest first by name."""
    return project.storage.list(project.sessions, ".orch")


def heads(project: Project) -> Sequence[SessionHead]:
    """The heads of all session files. What cannot be read, or has no id, is passed over: diagnostics tell of it."""
    folder = f"{project.sessions}{os.sep}"
    stamps = project.storage.stamps(project.sessions, ".orch")
    found: Sequence[SessionHead] = project.heads.look(
        stamps, lambda name: _readable(project, Path(folder + name)), _with_id
    )
    return found


def _with_id(found: Mapping[str, SessionHead | None]) -> Sequence[SessionHead]:
    return [head for _, head in sorted(found.items()) if head is not None and head.session.id]


def _readable(project: Project, path: Path) -> SessionHead | None:
    """What the root keys of one file tell, None where nobody can read it: its neighbours are there all the same."""
    try:
        return head_of(project, path)
    except StorageError:
        return None


def head_of(project: Project, path: Path) -> SessionHead | None:
    """What the root keys of one file tell, None where the file is gone."""
    text = project.storage.head(path, HEAD_SIZE)
    if text is None:
        return None
    data = root_data(text)
    if "id" not in data or "status" not in data:
        # a person moved the root keys down, or made a comment longer than the head
        whole = project.storage.read(path)
        data = parse_toml(whole).data if whole is not None else {}
    return SessionHead(path, session_from_data(data))


def outline_of(project: Project, path: Path) -> SessionHead | None:
    """The session at `path` without its long texts, None where no step can be taken on its file."""
    try:
        text = project.storage.read(path) or ""
    except StorageError:
        return None
    outline = toml_outline(text)
    session = session_from_data(exact_toml_data(text) if outline is None else outline)
    return SessionHead(path, session) if session.id and session.schema <= SCHEMA_VERSION else None


def root_data(text: str) -> dict[str, Any]:
    """The data of the root keys that stand before the first header; empty when they are not valid TOML."""
    header = _HEADER.search(text)
    # without a header, the head may end within a line
    root = text[: header.start() if header else text.rfind("\n") + 1]
    outline = toml_outline(root) if "'''" not in root and '"""' not in root else None
    if outline is not None:
        return outline
    try:
        return tomllib.loads(root)
    except (tomllib.TOMLDecodeError, RecursionError):
        return {}


def relative(project: Project, path: Path) -> str:
    """`path` for a message: relative to the project's root where it lies in it, with forward slashes."""
    return _short(project, path)


def _short(project: Project, path: Path) -> str:
    return path.relative_to(project.root).as_posix() if path.is_relative_to(project.root) else str(path)


def _as_path(project: Project, reference: str) -> Path | None:
    if reference.startswith("file:"):
        return path_of_uri(reference)
    if reference.endswith(".orch") or "/" in reference or "\\" in reference:
        path = Path(reference)
        return path if path.is_absolute() else project.root / path
    return None


def path_of_uri(uri: str) -> Path:
    """The path that a `file:` URI names (RFC 8089), a Windows drive included."""
    parts = urlsplit(uri)
    path = unquote(parts.path)
    if parts.netloc and parts.netloc != "localhost":
        path = f"//{parts.netloc}{path}"
    if len(path) > 2 and path[0] == "/" and path[2] == ":":
        path = path[1:]
    return Path(path)
