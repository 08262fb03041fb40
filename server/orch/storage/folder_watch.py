"""Whether anything changed below some folders since the last look: for editors that do not watch files."""

import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

FEW = 100
"""Files that a folder may have at most for each of them to be looked at by itself."""

_NEVER_CHANGED = ("versions", "kept", "unfiled")
"""Folders whose files are written once: a new one shows in its folder."""


@dataclass(frozen=True, slots=True)
class _Folder:
    changed: int
    folders: tuple[Path, ...]
    files: tuple[Path, ...]


class FolderWatch:
    """Remembers when folders were changed. A look asks for a folder's entries only when it has another time.

    What writes a file anew (git, Orch, most editors) changes the time of its folder. Where a folder has few files
    their own times count as well. Links are not followed, and what cannot be read is not there.
    """

    def __init__(self) -> None:
        self._folders: dict[Path, _Folder] = {}
        self._times: dict[Path, tuple[int, ...]] | None = None

    def changed(self, roots: Iterable[Path]) -> bool:
        """Whether anything below `roots` is another than at the last look; at the first one everything is new."""
        known, self._folders = self._folders, {}
        times: dict[Path, tuple[int, ...]] = {}
        for root in roots:
            self._look(root, known, times, files=True)
        before, self._times = self._times, times
        return before != times

    def _look(
        self, path: Path, known: dict[Path, _Folder], times: dict[Path, tuple[int, ...]], *, files: bool
    ) -> None:
        try:
            changed = path.lstat()
            if not stat.S_ISDIR(changed.st_mode):
                return
            folder = known.get(path)
            if folder is None or folder.changed != changed.st_mtime_ns:
                folder = _entries(path, changed.st_mtime_ns)
        except OSError:
            return
        self._folders[path] = folder
        times[path] = (changed.st_mtime_ns,)
        if files and len(folder.files) <= FEW:
            for file in folder.files:
                times[file] = _time(file)
        for below in folder.folders:
            self._look(below, known, times, files=files and below.name not in _NEVER_CHANGED)


def _entries(path: Path, changed: int) -> _Folder:
    folders: list[Path] = []
    files: list[Path] = []
    with os.scandir(path) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                folders.append(path / entry.name)
            elif not entry.name.startswith(".") and len(files) <= FEW:
                files.append(path / entry.name)
    return _Folder(changed, tuple(sorted(folders)), tuple(sorted(files)))


def _time(path: Path) -> tuple[int, ...]:
    try:
        found = path.lstat()
    except OSError:
        return ()
    return found.st_mtime_ns, found.st_size
