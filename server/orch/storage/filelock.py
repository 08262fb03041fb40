"""A lock between processes and threads. The kernel holds it, so it ends with its holder, however that ends."""

import errno
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

_PAUSE, _LONGEST_PAUSE = 0.001, 0.02


def acquire_lock(path: Path, wait: float) -> int:
    """Locks the file at `path`, made where it is missing, and gives what `release_lock` takes. Not re-entrant.

    Who waits comes next: a holder that asks again at once waits behind it. Raises TimeoutError after `wait`
    seconds, and OSError when the file cannot be made or opened.
    """
    deadline = time.monotonic() + wait
    turn = _turn(path.parent, deadline)
    try:
        return _waited_for(lambda: _locked(path), deadline, path)
    finally:
        if turn is not None:
            release_lock(turn)


def _turn(folder: Path, deadline: float) -> int | None:
    """The turnstile, passed by one at a time: a lock on the folder. None where the system has no such lock."""
    if sys.platform == "win32":
        return None
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        _waited_for(lambda: descriptor if _try_lock(descriptor) else None, deadline, folder)
    except TimeoutError:
        os.close(descriptor)
        raise
    except OSError:
        # a file system that locks no folders: the lock itself still holds
        os.close(descriptor)
        return None
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def _waited_for(attempt: Callable[[], int | None], deadline: float, path: Path) -> int:
    pause = _PAUSE
    while (descriptor := attempt()) is None:
        if time.monotonic() >= deadline:
            raise TimeoutError(str(path))
        time.sleep(pause)
        pause = min(pause * 2, _LONGEST_PAUSE)
    return descriptor


def _locked(path: Path) -> int | None:
    """The locked file at `path`, None while another holds it."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o666)
    try:
        if _try_lock(descriptor):
            if _still_there(descriptor, path):
                return descriptor
            _unlock(descriptor)
    except BaseException:
        os.close(descriptor)
        raise
    os.close(descriptor)
    return None


def release_lock(descriptor: int) -> None:
    """Gives back what `acquire_lock` gave."""
    _unlock(descriptor)
    os.close(descriptor)


def _still_there(descriptor: int, path: Path) -> bool:
    """Whether the file that was locked is the one at `path`: `git clean` may have removed it meanwhile."""
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False


if sys.platform == "win32":
    import msvcrt

    def _try_lock(descriptor: int) -> bool:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError as error:
            if error.errno in (errno.EACCES, errno.EDEADLK):
                return False
            raise
        return True

    def _unlock(descriptor: int) -> None:
        os.lseek(descriptor, 0, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _try_lock(descriptor: int) -> bool:
        # flock, not lockf: it belongs to the opened file, so it holds between threads of one process too
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _unlock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_UN)
