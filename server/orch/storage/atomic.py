"""Writing a whole file at once: a reader, or a crash at any moment, finds the old file or the new one."""

import os
import secrets
import stat
import time
from pathlib import Path

_PREFIX, _SUFFIX = ".orch-", ".tmp"
TEMPORARY = f"{_PREFIX}*{_SUFFIX}"
"""What temporary files are called, as a pattern for `.gitignore`. Short, so that any name that fits still fits."""

_STALE_NS = 3_600_000_000_000
_REPLACE_TRIES = 20


def write_whole(target: Path, data: bytes, *, new: bool) -> None:
    """Puts `data` at `target` (a real path, no link) with the access rights that the file had.

    With `new`, a file that somebody else made meanwhile is not replaced: FileExistsError. Raises OSError; then
    nothing has changed, and the temporary file is gone.
    """
    before = None if new else target.stat()
    temporary = target.parent / f"{_PREFIX}{secrets.token_hex(6)}{_SUFFIX}"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
    descriptor = os.open(temporary, flags, 0o666)
    try:
        try:
            _fill(descriptor, data)
            if before:
                _keep_attributes(descriptor, temporary, before)
        finally:
            os.close(descriptor)
        if new:
            _put_new(temporary, target)
        else:
            _replace(temporary, target)
    finally:
        # gone already after a replace; left behind only by a process that was killed
        temporary.unlink(missing_ok=True)
    sync_folder(target.parent)


def _fill(descriptor: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]
    os.fsync(descriptor)


def _keep_attributes(descriptor: int, temporary: Path, before: os.stat_result) -> None:
    """Rights and owner as they were, and a time that differs, so that equal stamps do mean an unchanged file."""
    now = os.fstat(descriptor)
    if hasattr(os, "fchown") and (now.st_uid, now.st_gid) != (before.st_uid, before.st_gid):
        try:
            os.fchown(descriptor, before.st_uid, before.st_gid)
        except OSError:
            pass  # only root may give files away; the text matters more than the owner
    if hasattr(os, "fchmod"):
        os.fchmod(descriptor, stat.S_IMODE(before.st_mode))
    if now.st_mtime_ns <= before.st_mtime_ns:
        os.utime(temporary, ns=(now.st_atime_ns, before.st_mtime_ns + 1))


def _put_new(temporary: Path, target: Path) -> None:
    try:
        os.link(temporary, target)
    except FileExistsError:
        raise
    except OSError:
        # some file systems know no hard links
        if target.exists():
            raise FileExistsError(str(target)) from None
        _replace(temporary, target)


def _replace(temporary: Path, target: Path) -> None:
    for attempt in range(_REPLACE_TRIES):
        try:
            temporary.replace(target)
        except PermissionError:
            # Windows refuses while a virus scanner or an editor has the file open, for some milliseconds
            if os.name != "nt" or attempt == _REPLACE_TRIES - 1:
                raise
            time.sleep(0.05)
        else:
            return


def sync_folder(folder: Path) -> None:
    """Makes what changed in `folder` survive a power cut, where the system can."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:
        return  # Windows opens no folders
    try:
        os.fsync(descriptor)
    except OSError:
        pass  # some network file systems cannot; the file itself is whole all the same
    finally:
        os.close(descriptor)


def make_folders(folder: Path) -> None:
    """Makes `folder` and those above it that are missing, to survive a power cut like the files in them."""
    if not folder.is_dir():
        make_folders(folder.parent)
        try:
            folder.mkdir()
        except FileExistsError:
            if not folder.is_dir():
                raise NotADirectoryError(20, "Not a directory", str(folder)) from None
        else:
            sync_folder(folder.parent)


def sweep(folder: Path) -> None:
    """Removes the temporary files that killed writers left in `folder` over an hour before its last change."""
    newest = folder.stat().st_mtime_ns
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith(_PREFIX) and entry.name.endswith(_SUFFIX):
                try:
                    if newest - entry.stat(follow_symlinks=False).st_mtime_ns > _STALE_NS:
                        Path(entry.path).unlink()
                except OSError:
                    pass  # another process was quicker
