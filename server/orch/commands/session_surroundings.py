"""What lies around a session: the other sessions, the files and the templates of its project."""

import os
import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from orch.commands.project import Project
from orch.commands.session_files import HEAD_SIZE, head_of, session_paths
from orch.model.session import ENDED, FEATURE_TYPES
from orch.rules.session_context import Overlap
from orch.storage.port import StorageError
from orch.syntax.toml_tree import parse_toml
from orch.text.span import Span

if TYPE_CHECKING:
    from orch.library.layers import Library

NOTES_SIZE = 1 << 16
"""Bytes of a session file in which its notes are looked for; they stand before the long texts of the phases."""


@dataclass(frozen=True, slots=True)
class _Entry:
    stamp: tuple[int, int]
    id: str
    title: str
    is_open: bool
    key_files: frozenset[str] | None = None


class SessionIndex:
    """What the heads of a project's sessions tell, kept between looks. A file is read again when it has changed.

    `forget` says that files may have changed; until then none is looked at twice. Threads may share it.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._entries: dict[Path, _Entry] = {}
        self._fresh = False

    def forget(self) -> None:
        """Files may have changed."""
        self._fresh = False

    def same_id(self, project: Project, path: Path | None, session_id: str) -> list[Path]:
        """The session files but `path` with this id."""
        with self._lock:
            self._look(project)
            return [other for other, entry in self._entries.items() if entry.id == session_id and other != path]

    def overlapping(self, project: Project, path: Path | None, names: Sequence[str]) -> list[Overlap]:
        """The open sessions but that at `path` which name some of `names` as key files."""
        wanted = {_plain(name): name for name in names}
        found: list[Overlap] = []
        with self._lock:
            self._look(project)
            for other, entry in self._entries.items():
                if not entry.is_open or other == path:
                    continue
                shared = wanted.keys() & self._key_files(project, other, entry)
                if shared:
                    files = tuple(name for plain, name in wanted.items() if plain in shared)
                    found.append(Overlap(other, entry.title, files))
        return found

    def titles(self, project: Project) -> list[tuple[Path, str, str]]:
        """(path, title, status) of every session; the title of an ended one is read from its file's head."""
        found: list[tuple[Path, str, str]] = []
        for path in session_paths(project):
            try:
                head = head_of(project, path)
            except StorageError:
                continue
            if head is not None:
                found.append((path, head.session.title or path.stem, head.session.status))
        return found

    def _look(self, project: Project) -> None:
        if self._fresh:
            return
        self._fresh = True
        known, self._entries = self._entries, {}
        for path in session_paths(project):
            entry = _read(project, path, known.get(path))
            if entry is not None:
                self._entries[path] = entry

    def _key_files(self, project: Project, path: Path, entry: _Entry) -> frozenset[str]:
        if entry.key_files is None:
            key_files = _read_key_files(project, path)
            self._entries[path] = _Entry(entry.stamp, entry.id, entry.title, entry.is_open, key_files)
            return key_files
        return entry.key_files


def _read(project: Project, path: Path, known: _Entry | None) -> _Entry | None:
    try:
        stamp = project.storage.stamp(path)
        if stamp is None:
            return None
        if known is not None and known.stamp == stamp:
            return known
        quick = _ended(project.storage.head(path, HEAD_SIZE) or "")
        if quick is not None:
            return _Entry(stamp, quick, "", False)
        head = head_of(project, path)
    except StorageError:
        return None  # a file that nobody can read has neighbours all the same
    return _Entry(stamp, head.session.id, head.session.title, head.session.is_open) if head is not None else None


_ROOT_ID = re.compile(r'^id = "([^"\\\n]*)"$', re.MULTILINE)
_ROOT_STATUS = re.compile(r'^status = "([a-z]+)"', re.MULTILINE)


def _ended(head: str) -> str | None:
    """The id of an ended session that stands as Orch writes it: of many sessions most have ended."""
    root = head.partition("\n[")[0]
    status, found = _ROOT_STATUS.search(root), _ROOT_ID.search(root)
    return found[1] if status and found and status[1] in ENDED and "'''" not in root and '"""' not in root else None


def _read_key_files(project: Project, path: Path) -> frozenset[str]:
    try:
        text = project.storage.head(path, NOTES_SIZE) or ""
    except StorageError:
        return frozenset()
    notes = parse_toml(text).data.get("notes") if "key_files" in text else None
    names = notes.get("key_files") if isinstance(notes, dict) else None
    return (
        frozenset(_plain(name) for name in names if isinstance(name, str))
        if isinstance(names, list)
        else frozenset()
    )


def _plain(name: str) -> str:
    return name.strip().replace("\\", "/").removeprefix("./")


@dataclass(frozen=True, slots=True)
class ProjectSurroundings:
    """The surroundings of the session at `path`, of type `feature_type`. See `rules/session_context.py`."""

    project: Project
    index: SessionIndex
    path: Path | None
    feature_type: str

    def missing_files(self, names: Sequence[str]) -> list[str]:
        """Those of `names` that are not in the project. A pattern (`src/*.py`) names no one file."""
        return [name for name in names if not any(mark in name for mark in "*?[{<") and self._there(name) is None]

    def same_id(self, session_id: str) -> list[Path]:
        """The other session files with this id."""
        return self.index.same_id(self.project, self.path, session_id)

    def overlapping(self, key_files: Sequence[str]) -> list[Overlap]:
        """The other open sessions that name some of these key files."""
        return self.index.overlapping(self.project, self.path, key_files)

    def template_problem(self, reference: str) -> str | None:
        """Why `reference` finds no template, as one plain sentence; None when it finds one."""
        found = self.template_path(reference)
        return found if isinstance(found, str) else None

    def template_path(self, reference: str) -> Path | str:
        """The file of the template or version that `reference` names, or why there is none."""
        from orch.library.resolution import resolve_working_copy
        from orch.library.version_files import load_version
        from orch.model.reference import BadReference, parse_reference

        try:
            library = self._library()
            parsed = parse_reference(reference, library.feature_types)
            if isinstance(parsed, BadReference):
                return parsed.sentence
            if parsed.version is not None:
                found = load_version(library, parsed, self.feature_type)
            else:
                found = resolve_working_copy(library, reference, self.feature_type)
        except StorageError as error:
            return str(error)
        return found.sentence if isinstance(found, BadReference) else found.path

    def key_file(self, name: str) -> Path | None:
        """The file of the project that `name`, from its root, is; None when it is not there, or lies outside."""
        path = self._there(name)
        inside = path is not None and Path(os.path.normpath(path)).is_relative_to(self.project.root)
        return path if inside else None

    def _there(self, name: str) -> Path | None:
        """What `name` leads to from the project's root, where it is there."""
        path = self.project.root / re.sub(r":\d+(?:[-:]\d+)?$", "", _plain(name))
        try:
            return path if self.project.storage.stamp(path) is not None else None
        except StorageError:
            return None

    def kept_file(self, digest: str) -> Path | None:
        """The file of a text that a step replaced."""
        path = self.project.folder / "kept" / f"{digest}.md"
        try:
            return path if self.project.storage.stamp(path) is not None else None
        except StorageError:
            return None

    def mentions(self, text: str) -> list[tuple[Path, Span]]:
        """Where the other sessions have exactly this text between quotes, before their long texts."""
        found: list[tuple[Path, Span]] = []
        for path in session_paths(self.project):
            if path == self.path:
                continue
            try:
                head = self.project.storage.head(path, NOTES_SIZE) or ""
            except StorageError:
                continue
            for quoted in (f'"{text}"', f"'{text}'"):
                at = -1
                while (at := head.find(quoted, at + 1)) >= 0:
                    found.append((path, Span(at + 1, at + 1 + len(text))))
        return found

    def feature_types(self) -> list[tuple[str, str]]:
        """(name, description) of the feature types: Orch's own and those of the configuration."""
        try:
            own = self._library().configuration.feature_types
        except StorageError:
            own = {}
        return [(name, own.get(name, "")) for name in dict.fromkeys((*FEATURE_TYPES, *own))]

    def _library(self) -> "Library":
        from orch.commands.settings import project_library

        return project_library(self.project)

    def templates(self) -> list[tuple[str, str]]:
        """(reference, file) of every working copy, nearest layer first."""
        from orch.library.resolution import all_templates

        try:
            return [(str(name), str(path)) for name, path in all_templates(self._library())]
        except StorageError:
            return []
