"""Which project a call is about, and that nothing outside of it is meant."""

import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from orch.commands.outcome import Refusal
from orch.commands.project import Project
from orch.commands.session_files import heads, path_of_uri
from orch.storage.git import git_root
from orch.storage.locate import find_project, new_project
from orch.workflow.session_line import session_line

NOTHING_HERE = "There are no sessions here yet; plan starts one."
_PATH = re.compile(r"file:|.*[/\\]|.*\.orch$", re.DOTALL)


def folders_of(uris: Iterable[str]) -> tuple[Path, ...]:
    """The folders that a client works in, from the `file:` URIs it gives. What is no folder is passed over."""
    found: list[Path] = []
    for uri in uris:
        if uri.startswith("file:"):
            try:
                path = path_of_uri(uri)
                if path.is_absolute() and path.is_dir():
                    found.append(Path(os.path.normpath(path)))
            except (OSError, ValueError):
                continue  # a name that no file can have
    return tuple(dict.fromkeys(found))


def root_for(
    folders: Sequence[Path], given: Mapping[str, Any], at: Callable[[Path], Project], *, create: bool
) -> Path | Refusal:
    """The root of the project that the arguments `given` are about.

    It is that of the folder called `root`; else of the only folder; where there are several, of the one that holds
    the session that is named, or that the answer names; else of the only one with a project. `create` lets a folder
    without one become a project.
    """
    folder = _folder(folders, given, at)
    if isinstance(folder, Refusal):
        return folder
    root = find_project(folder)
    if root is not None:
        return root
    if not create:
        return Refusal(NOTHING_HERE)
    if folder in (Path(folder.anchor), Path.home()) and git_root(folder) is None:
        # where some clients start every server: nobody means to have a project there
        return Refusal(f"{folder} is no project; start the server with --root and the project's folder.")
    return new_project(folder)


def project_for(folders: Sequence[Path], given: Mapping[str, Any], at: Callable[[Path], Project]) -> Path:
    """The root of the project whose templates are meant; the first folder's where nothing tells."""
    root = root_for(folders, given, at, create=False)
    return root if isinstance(root, Path) else find_project(folders[0]) or folders[0]


def projects_of(folders: Sequence[Path], at: Callable[[Path], Project]) -> list[Project]:
    """The projects that the folders lie in, each once."""
    roots = dict.fromkeys(root for folder in folders if (root := find_project(folder)) is not None)
    return [at(root) for root in roots]


def names_of(folders: Sequence[Path]) -> list[str]:
    """How the folders are named in `root`: by their own names where these differ, else by their paths."""
    names = [folder.name for folder in folders]
    return names if len(set(names)) == len(names) and all(names) else [str(folder) for folder in folders]


def outside(root: Path, reference: str) -> Refusal | None:
    """Why the session `reference` cannot be meant: a path that leads out of the project, or to no session file."""
    if not _PATH.match(reference):
        return None
    path = path_of_uri(reference) if reference.startswith("file:") else root / reference
    if not is_inside(root, path):
        return Refusal(f"{reference} lies outside the project; name the session by its id.")
    if not reference.endswith(".orch"):
        return Refusal(f"{reference} is no session file; name the session by its id.")
    return None


def is_inside(root: Path, path: Path) -> bool:
    """Whether `path` lies in the project, links followed."""
    try:
        return Path(os.path.realpath(path)).is_relative_to(os.path.realpath(root))
    except (OSError, ValueError):
        return False  # no file can have that name


def _folder(folders: Sequence[Path], given: Mapping[str, Any], at: Callable[[Path], Project]) -> Path | Refusal:
    root = given.get("root")
    if root is not None:
        return _named(folders, root)
    if len(folders) == 1:
        return folders[0]
    session, text = given.get("session"), given.get("text")
    named = session if isinstance(session, str) else session_line(text) if isinstance(text, str) else None
    if named and named.strip():
        holding = [project.root for project in projects_of(folders, at) if _holds(project, named.strip().lower())]
        if len(holding) == 1:
            return holding[0]
    with_project = list(dict.fromkeys(found for folder in folders if (found := find_project(folder)) is not None))
    if len(with_project) == 1:
        return with_project[0]
    return Refusal(f"There are several folders ({', '.join(names_of(folders))}); name one as `root`.")


def _named(folders: Sequence[Path], root: Any) -> Path | Refusal:
    names = names_of(folders)
    known = {**{str(folder): folder for folder in folders}, **dict(zip(names, folders, strict=True))}
    known |= {folder.as_uri(): folder for folder in folders}
    if isinstance(root, str) and root in known:
        return known[root]
    return Refusal(f"There is no folder {root!r} here; `root` is one of {', '.join(names)}.")


def _holds(project: Project, session: str) -> bool:
    if session.endswith(".orch"):
        name = re.split(r"[/\\]", session)[-1]
        return any(head.path.name.lower() == name for head in heads(project))
    return any(head.session.id.lower().startswith(session) for head in heads(project))
