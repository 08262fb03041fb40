"""What is open in an editor, laid over another store: everything that is read prefers the open text."""

import os
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from orch.storage.memory import is_listed
from orch.storage.port import Storage
from orch.storage.texts import decode_head, decode_tail, encode


@dataclass(frozen=True, slots=True)
class _Open:
    path: Path
    text: str
    change: int


class OverlayStorage:
    """The store `base` with the open documents over it. `open` and `close` follow the editor.

    A write goes to `base` and is refused by it when `replaces` is text that was never saved: who changes an open
    document does so through the editor.
    """

    def __init__(self, base: Storage) -> None:
        self._base = base
        self._open: dict[str, _Open] = {}
        self._names: frozenset[str] = frozenset()
        self._changes = 0

    def open(self, path: Path, text: str) -> None:
        """Lays `text` over the file at `path`, for the first time or after a change."""
        self._changes += 1
        self._open[_key(path)] = _Open(path, text, self._changes)
        self._names = self._open_names()

    def close(self, path: Path) -> None:
        """Drops what was laid over `path`; a path that is not open is nothing to close."""
        self._changes += 1
        self._open.pop(_key(path), None)
        self._names = self._open_names()

    @property
    def changes(self) -> int:
        """How often a text was laid over or dropped: while it stays the same, so does what is open."""
        return self._changes

    def is_open(self, path: Path) -> bool:
        """See the port."""
        return self._find(path) is not None

    def read(self, path: Path) -> str | None:
        """See the port."""
        found = self._find(path)
        return found.text if found else self._base.read(path)

    def head(self, path: Path, size: int) -> str | None:
        """See the port."""
        found = self._find(path)
        # a character is at least one byte, so `size` of them are enough to look at
        return decode_head(encode(found.text[:size])[:size]) if found else self._base.head(path, size)

    def tail(self, path: Path, size: int) -> str | None:
        """See the port."""
        found = self._find(path)
        if not found:
            return self._base.tail(path, size)
        data = encode(found.text[max(0, len(found.text) - size) :])
        return decode_tail(data[max(0, len(data) - size) :])

    def ends(self, path: Path, head: int, tail: int) -> tuple[str, str] | None:
        """See the port."""
        if not self._find(path):
            return self._base.ends(path, head, tail)
        first, last = self.head(path, head), self.tail(path, tail)
        return None if first is None or last is None else (first, last)

    def stamp(self, path: Path) -> tuple[int, int] | None:
        """See the port. An open text counts its changes below zero, so its stamp is never that of a file."""
        found = self._find(path)
        return (-found.change, len(found.text)) if found else self._base.stamp(path)

    def stamps(self, folder: Path, suffix: str, *, deep: bool = False) -> dict[str, tuple[int, ...]]:
        """See the port. Documents that are open and not yet saved are there too."""
        found = self._base.stamps(folder, suffix, deep=deep)
        opened = [entry for entry in self._open.values() if entry.path.name.endswith(suffix)]
        here = Path(_key(folder)) if opened else folder
        for entry in opened:
            place = Path(_key(entry.path))
            inside = place.is_relative_to(here) if deep else place.parent == here
            if inside and not entry.path.name.startswith("."):
                own = entry.path.is_relative_to(folder)
                below = entry.path.relative_to(folder) if own else place.relative_to(here)
                found[below.as_posix() if deep else entry.path.name] = (-entry.change, len(entry.text))
        return found

    def list(self, folder: Path, suffix: str, *, deep: bool = False) -> list[Path]:
        """See the port. Documents that are open and not yet saved are there too."""
        listed = self._base.list(folder, suffix, deep=deep)
        opened = [entry.path for entry in self._open.values() if is_listed(entry.path, folder, suffix, deep=deep)]
        if not opened:
            return listed
        known = set(listed)
        return sorted([*listed, *(path for path in opened if path not in known)])

    def write(self, path: Path, text: str, *, replaces: str | None) -> None:
        """See the port."""
        self._base.write(path, text, replaces=replaces)

    def remove(self, path: Path, text: str) -> None:
        """See the port. A file that is open stays: there may be more in it than was saved."""
        if not self.is_open(path):
            self._base.remove(path, text)

    def lock(self, root: Path) -> AbstractContextManager[None]:
        """See the port."""
        return self._base.lock(root)

    def _find(self, path: Path) -> _Open | None:
        # by name first: following links takes long where there are ten thousand files and two are open
        return self._open.get(_key(path)) if path.name in self._names else None

    def _open_names(self) -> frozenset[str]:
        paths = [entry.path for entry in self._open.values()]
        return frozenset(name for path in paths for name in (path.name, Path(os.path.realpath(path)).name))


def _key(path: Path) -> str:
    """One key for every way to write a path: editors and the command line name the same file differently."""
    return os.path.normcase(os.path.realpath(path))
