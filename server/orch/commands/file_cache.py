"""What was read from the files of a folder, kept for as long as they do not change."""

import threading
from collections.abc import Callable, Mapping
from typing import Generic, TypeVar

T = TypeVar("T")


class FileCache(Generic[T]):
    """The findings of one reading function, by file name. Threads may share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[str, tuple[tuple[int, ...], T]] = {}

    def look(self, stamps: Mapping[str, tuple[int, ...]], read: Callable[[str], T]) -> dict[str, T]:
        """What `read` finds for each name of `stamps`, in their order; only what has another stamp now is read.

        Names that are gone are forgotten. What `read` raises goes to the caller, and nothing is lost by it.
        """
        with self._lock:
            known = self._known
            found: dict[str, tuple[tuple[int, ...], T]] = {}
            for name, stamp in stamps.items():
                kept = known.get(name)
                found[name] = kept if kept is not None and kept[0] == stamp else (stamp, read(name))
            self._known = found
            return {name: value for name, (_, value) in found.items()}
