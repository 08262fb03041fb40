"""What changed on the disk since the last look, whoever changed it: an editor, the command line, git.

There is no notice that every file system gives, so the disk is looked at once a second, and a look costs next to
nothing: the folder of the sessions is asked for its time, which changes with every file that comes, goes or is
renamed, as Orch writes; and of single files only those that a client has subscribed to. What is subscribed to is
read again only when its file has changed, and told of only when the text is another one. Every fifth look is a
thorough one: at the templates and, for a client that has subscribed to the list, at each session's file, which an
editor may write in place.
"""

import hashlib
import threading
from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from pathlib import Path

from orch.commands.outcome import Refusal
from orch.commands.project import Project
from orch.commands.settings import project_library
from orch.mcp.prompts import prompt_cards
from orch.mcp.resources import SESSIONS, files_of, read_resource
from orch.model.reference import BUILTIN
from orch.storage.port import StorageError

PAUSE = 1.0
"""Seconds between two looks."""

_THOROUGH = 5
"""Looks of which one is thorough."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What a client may want to know: URIs whose text is another one, and whether the lists are."""

    updated: tuple[str, ...] = ()
    sessions: bool = False
    prompts: bool = False

    def __bool__(self) -> bool:
        return bool(self.updated) or self.sessions or self.prompts


@dataclass(frozen=True, slots=True)
class _Subscribed:
    """A resource as it was last read: its files, their stamps, the digest of its text."""

    files: Sequence[tuple[Project, Path]]
    stamps: tuple[Hashable, ...]
    digest: str


class Watch:
    """Remembers how things stood. `projects` gives the projects at hand. Safe to use in several threads."""

    def __init__(self, projects: Callable[[], Sequence[Project]]) -> None:
        self._projects = projects
        self._lock = threading.Lock()
        self._uris: Counter[str] = Counter()
        self._known: dict[str, _Subscribed] = {}
        self._names: Hashable = None
        self._folders: Hashable = None
        self._fresh = False
        self._templates: Hashable = None
        self._cards: Hashable = None
        self._looks = 0

    def subscribe(self, uri: str) -> None:
        """From now on a change of the resource is told of."""
        with self._lock:
            self._uris[uri] += 1
            if uri not in self._known:
                self._known[uri] = _subscribed(self._projects(), uri)

    def unsubscribe(self, uri: str) -> None:
        """One subscription less; what nobody subscribes to is not looked at."""
        with self._lock:
            self._uris[uri] -= 1
            if self._uris[uri] <= 0:
                del self._uris[uri]
                self._known.pop(uri, None)

    def look(self) -> Changes:
        """What changed since the last look; nothing at the first one."""
        with self._lock:
            projects = self._projects()
            first = self._looks == 0
            thorough = self._looks % _THOROUGH == 0
            quiet = not thorough and not self._fresh and self._times(projects) == self._folders
            sessions = self._sessions_changed(projects)
            uris = [uri for uri in self._uris if not (quiet and uri.rstrip("/") == SESSIONS)]
            updated = tuple(uri for uri in uris if self._has_changed(projects, uri, sessions))
            prompts = thorough and self._prompts_changed(projects)
            self._looks += 1
            return Changes() if first else Changes(updated, sessions, prompts)

    def _has_changed(self, projects: Sequence[Project], uri: str, others: bool) -> bool:
        """`others`: sessions came or went, so that it may be another file's resource now."""
        known = self._known[uri]
        if not others and _stamps(known.files) == known.stamps:
            return False
        self._known[uri] = now = _subscribed(projects, uri)
        return now.digest != known.digest

    def _sessions_changed(self, projects: Sequence[Project]) -> bool:
        """Whether sessions came or went. The names are listed only when a folder's time is another one."""
        folders = self._times(projects)
        if folders == self._folders and not self._fresh:
            return False
        # two changes within one tick of the disk's clock have one time, so the look after a change looks closer too
        self._fresh = folders != self._folders
        names = tuple((str(project.root), tuple(_names(project))) for project in projects)
        self._folders, before, self._names = folders, self._names, names
        return before != names

    def _times(self, projects: Sequence[Project]) -> Hashable:
        return tuple((str(project.root), _time(project, project.sessions)) for project in projects)

    def _prompts_changed(self, projects: Sequence[Project]) -> bool:
        templates = tuple(stamp for project in projects for stamp in _template_stamps(project))
        if templates == self._templates:
            return False
        cards = tuple(card for project in projects for card in _cards(project))
        self._templates, before, self._cards = templates, self._cards, cards
        return before != cards


def _subscribed(projects: Sequence[Project], uri: str) -> _Subscribed:
    """The resource as it is now. Its stamps are taken first: what changes meanwhile is seen at the next look."""
    files = files_of(projects, uri)
    return _Subscribed(files, _stamps(files), _digest(projects, uri))


def _stamps(files: Sequence[tuple[Project, Path]]) -> tuple[Hashable, ...]:
    """Change whenever one of the files does; for a folder, one of the sessions in it."""
    found: list[Hashable] = []
    for project, path in files:
        try:
            if path == project.sessions:
                found.append(frozenset(project.storage.stamps(path, ".orch").items()))
            else:
                found.append((str(path), project.storage.stamp(path)))
        except StorageError:
            found.append(str(path))
    return tuple(found)


def _digest(projects: Sequence[Project], uri: str) -> str:
    """Of the text that the resource has, empty where it has none."""
    try:
        read = read_resource(projects, uri)
    except StorageError:
        return ""
    return "" if isinstance(read, Refusal) else hashlib.sha256(read.text.encode("utf-8", "replace")).hexdigest()


def _time(project: Project, folder: Path) -> Hashable:
    try:
        return project.storage.stamp(folder)
    except StorageError:
        return None


def _names(project: Project) -> list[str]:
    try:
        return [path.name for path in project.storage.list(project.sessions, ".orch")]
    except StorageError:
        return []


def _template_stamps(project: Project) -> list[Hashable]:
    """The stamps of the configuration and of every template but the built-in ones."""
    found: list[Hashable] = []
    try:
        for folder in (project.folder, project.user_config):
            found.append(project.storage.stamp(folder / "config.toml"))
        for layer in project_library(project).layers:
            if layer.name != BUILTIN:
                paths = project.storage.list(layer.templates, ".j2", deep=True)
                found += ((str(path), project.storage.stamp(path)) for path in paths)
    except StorageError as error:
        found.append(str(error))
    return found


def _cards(project: Project) -> list[Hashable]:
    try:
        return list(prompt_cards(project))
    except StorageError:
        return []
