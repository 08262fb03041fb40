"""A store in memory, for tests and for trying a step out."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from orch.storage.port import StorageError
from orch.storage.texts import decode_head, decode_tail, encode


class MemoryStorage:
    """The texts in `files`, by path. Nothing touches the disk."""

    def __init__(self, files: Mapping[Path, str] | None = None) -> None:
        self.files: dict[Path, str] = dict(files or {})
        self._changes = 0
        self._stamps: dict[Path, int] = {}
        self._lock = threading.Lock()

    def read(self, path: Path) -> str | None:
        """See the port."""
        return self.files.get(path)

    def head(self, path: Path, size: int) -> str | None:
        """See the port."""
        text = self.files.get(path)
        return None if text is None else decode_head(encode(text)[:size])

    def tail(self, path: Path, size: int) -> str | None:
        """See the port."""
        text = self.files.get(path)
        return None if text is None else decode_tail(encode(text)[max(0, len(encode(text)) - size) :])

    def ends(self, path: Path, head: int, tail: int) -> tuple[str, str] | None:
        """See the port."""
        first, last = self.head(path, head), self.tail(path, tail)
        return None if first is None or last is None else (first, last)

    def stamp(self, path: Path) -> tuple[int, int] | None:
        """See the port. Counts writes instead of nanoseconds."""
        text = self.files.get(path)
        return None if text is None else (self._stamps.get(path, 0), len(encode(text)))

    def stamps(self, folder: Path, suffix: str, *, deep: bool = False) -> dict[str, tuple[int, ...]]:
        """See the port. A text that a test puts into `files` by itself is another one too."""
        return {
            path.relative_to(folder).as_posix(): (*(self.stamp(path) or ()), hash(self.files[path]))
            for path in self.list(folder, suffix, deep=deep)
        }

    def list(self, folder: Path, suffix: str, *, deep: bool = False) -> list[Path]:
        """See the port."""
        return sorted(path for path in self.files if is_listed(path, folder, suffix, deep=deep))

    def write(self, path: Path, text: str, *, replaces: str | None) -> None:
        """See the port."""
        now = self.files.get(path)
        if now == text:
            return
        if now != replaces:
            raise StorageError(f"{path} was changed by another program meanwhile; nothing was written, try again.")
        self._changes += 1
        self._stamps[path] = self._changes
        self.files[path] = text

    def is_open(self, path: Path) -> bool:  # noqa: ARG002 - no editor is asked here
        """See the port."""
        return False

    def remove(self, path: Path, text: str) -> None:
        """See the port."""
        if self.files.get(path) == text:
            del self.files[path]

    @contextmanager
    def lock(self, root: Path) -> Iterator[None]:  # noqa: ARG002 - one lock serves every root
        """See the port."""
        if not self._lock.acquire(timeout=10):
            raise StorageError("The lock has been held by another thread for 10 seconds; try again.")
        try:
            yield
        finally:
            self._lock.release()


def is_listed(path: Path, folder: Path, suffix: str, *, deep: bool) -> bool:
    """Whether `list(folder, suffix, deep=deep)` gives a file at `path`."""
    if not path.name.endswith(suffix) or path.name.startswith("."):
        return False
    return path.is_relative_to(folder) if deep else path.parent == folder
