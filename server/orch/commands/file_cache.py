"""What was read from the files of a folder, kept for as long as they do not change."""

import threading
from collections.abc import Callable, Mapping
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")
Stamp = tuple[int, ...]


class FileCache(Generic[T, R]):
    """What `read` finds in each file of a folder, by name, and what `arrange` makes of all that together.

    Threads may share it.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._stamps: Mapping[str, Stamp] = {}
        self._found: dict[str, T] = {}
        self._arranged: R | None = None

    def knows(self, stamps: Mapping[str, Stamp]) -> bool:
        """Whether `look` would read nothing."""
        with self._lock:
            return self._arranged is not None and stamps == self._stamps

    def look(
        self, stamps: Mapping[str, Stamp], read: Callable[[str], T], arrange: Callable[[Mapping[str, T]], R]
    ) -> R:
        """What `arrange` makes of the files with these stamps, in any order; only what has another one now is read.

        It is the same object as the last time when nothing changed, so nobody may change it. What `read` raises is
        for the caller, and nothing is lost by it.
        """
        with self._lock:
            if self._arranged is None or stamps != self._stamps:
                known, found = self._stamps, self._found
                self._found = {
                    name: found[name] if known.get(name) == stamp else read(name) for name, stamp in stamps.items()
                }
                self._stamps = stamps
                self._arranged = arrange(self._found)
            return self._arranged
