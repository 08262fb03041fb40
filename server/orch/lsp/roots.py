"""Which project a command is about. Used in threads."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orch.lsp.convert import to_path
from orch.lsp.protocol import RefusedError

if TYPE_CHECKING:
    from orch.lsp.language_server import OrchServer

_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")
"""A scheme of two letters or more; one letter is a drive."""


def root_for(ls: "OrchServer", given: Mapping[str, Any]) -> Path:
    """The root of the project that a command with the parameters `given` is about. Raises RefusedError.

    It is that of `root` (a folder's URI); else that of the session or template named by URI; else that of the only
    workspace folder; of several, the only one that has the session that is named, or that the answer names; for an
    answer that names none, the only one with open sessions; else that of the documents that are open.
    """
    from orch.storage.locate import new_project

    root = given.get("root")
    if root is not None:
        path = to_path(root) if isinstance(root, str) else None
        if path is None:
            raise RefusedError("`root` wants the URI of a folder (file:...).")
        return new_project(path)
    session = given.get("session")
    if isinstance(session, str) and _URI.match(session):
        path = to_path(session)
        if path is None:
            raise RefusedError("This session is not a file yet; save it first.")
        return new_project(path.parent)
    return _of_template(given) or _of_session(ls, given) or _of_answer(ls, given) or _at_hand(ls)


def _of_template(given: Mapping[str, Any]) -> Path | None:
    """The project that a template's file, named by URI, lies in; the user's own ones and built-ins are in none."""
    from orch.storage.locate import find_project

    for key in ("uri", "name", "right"):
        value = given.get(key)
        path = to_path(value) if isinstance(value, str) and value.startswith("file:") else None
        root = find_project(path) if path is not None else None
        if root is not None:
            return root
    return None


def _of_session(ls: "OrchServer", given: Mapping[str, Any]) -> Path | None:
    """Of several folders' projects, the only one that has the session named by id or by the line in the answer."""
    from orch.commands.outcome import Refusal
    from orch.commands.session_files import find
    from orch.workflow.session_line import session_line

    session, text = given.get("session"), given.get("text")
    named = session if isinstance(session, str) else session_line(text) if isinstance(text, str) else None
    if not named or len(ls.folders()) < 2:
        return None
    found = [
        project for project in ls.projects.known() if not isinstance(find(project, named, to_read=True), Refusal)
    ]
    return found[0].root if len(found) == 1 else None


def _of_answer(ls: "OrchServer", given: Mapping[str, Any]) -> Path | None:
    """Of several folders' projects, the only one with sessions that an answer could belong to.

    Raises RefusedError with the sessions to choose from where there are more.
    """
    from orch.commands.choosing import cards
    from orch.commands.session_files import heads

    other = given.get("session") or given.get("name")
    if not isinstance(given.get("text"), str) or other or len(ls.folders()) < 2:
        return None
    found = {project.root: cards(heads(project)) for project in ls.projects.known()}
    found = {root: sessions for root, sessions in found.items() if sessions}
    if len(found) < 2:
        return next(iter(found), None)
    sessions = [card for cards_of_one in found.values() for card in cards_of_one]
    raise RefusedError(f"{len(sessions)} sessions are open; say which one.", {"candidates": sessions})


def _at_hand(ls: "OrchServer") -> Path:
    from orch.storage.locate import find_project, new_project

    folders = ls.folders()
    found = list(dict.fromkeys(root for folder in folders if (root := find_project(folder)) is not None))
    if len(found) == 1 and len(folders) <= 1:
        return found[0]
    if len(folders) > 1:
        named = ", ".join(sorted(folder.name for folder in folders))
        raise RefusedError(f"There are several folders ({named}); name one as `root`.")
    if folders:
        return new_project(folders[0])
    opened = list(dict.fromkeys(root for path in ls.paths() if (root := find_project(path)) is not None))
    if len(opened) == 1:
        return opened[0]
    if opened:
        raise RefusedError("The open documents belong to several projects; name one folder as `root`.")
    raise RefusedError("No folder is open, so there is no project; open one, or name it as `root`.")
