"""What a run of a model has on the disk while it lasts: a lock on its session, and all that came so far.

The kernel holds the lock, so it ends with its holder. What came is in a file from the first piece on: however Orch
ends, nothing that a model wrote is lost.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from orch.storage.atomic import make_folders
from orch.storage.filelock import acquire_lock, release_lock
from orch.storage.own_folder import make_own_folder, run_lock
from orch.storage.port import StorageError
from orch.storage.sentences import failure
from orch.storage.texts import encode

_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)


class Spool:
    """A file in `folder` that grows with what comes; made at the first piece, called `<stem>.md`.

    `path` is None until then, and when it cannot be written (any more): then `broken` is True.
    """

    def __init__(self, folder: Path, stem: str) -> None:
        self._folder, self._stem = folder, stem
        self._descriptor: int | None = None
        self.path: Path | None = None
        self.broken = False

    def add(self, text: str) -> None:
        """Adds a piece. A disk that takes no more is no reason to stop: the text may still be filed."""
        if self.broken:
            return
        try:
            if self._descriptor is None:
                self._make()
            assert self._descriptor is not None
            rest = memoryview(encode(text))
            while rest:
                rest = rest[os.write(self._descriptor, rest) :]
        except OSError:
            self.broken = True
            self.remove()

    def is_there(self) -> bool:
        """Whether what came still stands at `path`: a person, or git, may have removed or replaced the file."""
        if self.path is None or self._descriptor is None:
            return False
        try:
            return os.path.samestat(os.fstat(self._descriptor), os.lstat(self.path))
        except OSError:
            return False

    def remove(self) -> None:
        """The text is somewhere else by now, or there is none to keep."""
        self.close()
        if self.path is not None:
            self.path.unlink(missing_ok=True)
            self.path = None

    def close(self) -> None:
        """Nothing more will come."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _make(self) -> None:
        make_folders(self._folder)
        number = 1
        while True:
            name = f"{self._stem}.md" if number == 1 else f"{self._stem}-{number}.md"
            try:
                self._descriptor = os.open(self._folder / name, _FLAGS, 0o666)
            except FileExistsError:
                number += 1
                continue
            self.path = self._folder / name
            return


@contextmanager
def held_run(root: Path, key: str, stem: str) -> Iterator[Spool]:
    """Holds the session `key` (eight characters that a file's name may have) of the project at `root` for a run.

    Raises StorageError, at once, where another run holds it. What the spool has stays unless it is removed.
    """
    own = root / ".orch"
    path = own / run_lock(key)
    if not Path(os.path.realpath(own / "unfiled")).is_relative_to(os.path.realpath(root)):
        raise StorageError(".orch leads out of the project through a symbolic link.")
    try:
        make_own_folder(own)
        held = acquire_lock(path, 0)
    except TimeoutError:
        raise StorageError(
            "A model is at work on this session already; wait for its answer, or cancel that run first."
        ) from None
    except OSError as error:
        raise failure(str(path.relative_to(root)), "locked", error) from error
    spool = Spool(own / "unfiled", stem)
    try:
        yield spool
    finally:
        spool.close()
        try:
            path.unlink(missing_ok=True)
        except OSError:
            pass  # Windows removes no file that is open; git ignores it
        release_lock(held)
