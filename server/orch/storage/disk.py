"""Texts on the disk: whole, locked, and never outside the project."""

import errno
import io
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from orch.storage.atomic import make_folders, sweep, write_whole
from orch.storage.filelock import acquire_lock, release_lock
from orch.storage.own_folder import LOCK, make_own_folder, remove_unused
from orch.storage.port import StorageError
from orch.storage.sentences import READ_LIMIT, failure, not_text, too_large
from orch.storage.texts import decode_head, decode_tail, encode

LOCK_WAIT = 10.0
"""Seconds to wait for another process that is writing."""

_LOCK_TRIES = 10
_OPEN = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


class DiskStorage:
    """The store on disk for the project at `root`.

    Only files below `root`, and below `user_config` where it is given, are ever written. A symbolic link inside the
    project is followed to a target inside; one that leads out is neither read nor written.
    """

    def __init__(self, root: Path, user_config: Path | None = None, *, wait: float = LOCK_WAIT) -> None:
        self._root = _absolute(root)
        self._real_root = Path(os.path.realpath(root))
        self._prefix = f"{self._root}{os.sep}"
        self._user_config = _absolute(user_config) if user_config else None
        self._wait = wait
        self._inside: set[tuple[str, int, int]] = set()
        self._swept: set[Path] = set()

    def read(self, path: Path) -> str | None:
        """See the port. Raises StorageError for a folder, a binary, and what is above `READ_LIMIT`."""
        data = self.read_bytes(path)
        if data is None:
            return None
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            raise not_text(self._name(path)) from None

    def read_bytes(self, path: Path) -> bytes | None:
        """The bytes of the file at `path`, or None where there is none."""
        with self._plainly(path, "read"):
            return self._part(path, 0, -1, limit=READ_LIMIT)

    def head(self, path: Path, size: int) -> str | None:
        """See the port."""
        with self._plainly(path, "read"):
            data = self._part(path, 0, size)
            return None if data is None else decode_head(data)

    def tail(self, path: Path, size: int) -> str | None:
        """See the port."""
        with self._plainly(path, "read"):
            data = self._part(path, -size, size)
            return None if data is None else decode_tail(data)

    def ends(self, path: Path, head: int, tail: int) -> tuple[str, str] | None:
        """See the port."""
        with self._plainly(path, "read"):
            opened = self._opened(path)
            if opened is None:
                return None
            with opened as file:
                size = os.fstat(file.fileno()).st_size
                first = file.read(head)
                if size <= len(first):
                    return decode_head(first), decode_tail(first[-tail:])
                file.seek(max(0, size - tail))
                return decode_head(first), decode_tail(file.read(tail))

    def stamp(self, path: Path) -> tuple[int, int] | None:
        """See the port."""
        with self._plainly(path, "read"):
            try:
                self._refuse_way_out(path)
                found = path.stat()
            except (FileNotFoundError, NotADirectoryError):
                return None
            return found.st_mtime_ns, found.st_size

    def list(self, folder: Path, suffix: str, *, deep: bool = False) -> list[Path]:
        """See the port. Hidden files (`._name`, `.#name`) are passed over as well."""
        with self._plainly(folder, "read"):
            if not folder.is_dir() or self._leads_out(folder):
                return []
            return sorted(_files(folder, self._links_may_lead_to(folder), suffix, deep))

    def stamps(self, folder: Path, suffix: str, *, deep: bool = False) -> dict[str, tuple[int, ...]]:
        """See the port. A file that was written anew is another one, also within one tick of the disk's clock."""
        with self._plainly(folder, "read"):
            if not folder.is_dir() or self._leads_out(folder):
                return {}
            return dict(_stamps(str(folder), "", self._links_may_lead_to(folder), suffix, deep))

    def write(self, path: Path, text: str, *, replaces: str | None) -> None:
        """See the port. A text above `READ_LIMIT` is refused, as it could not be read again."""
        data = encode(text)
        if len(data) > READ_LIMIT:
            raise too_large(self._name(path), "written")
        self.write_bytes(path, data, replaces=None if replaces is None else encode(replaces))

    def write_bytes(self, path: Path, data: bytes, *, replaces: bytes | None) -> None:
        """`write` for bytes that are no text."""
        with self._plainly(path, "written"):
            target = self._target(path)
            now = self._part(target, 0, -1)
            if now == data:
                return
            if now != replaces:
                raise self._changed(path, now, replaces)
            if now is not None and not target.stat().st_mode & 0o222:
                raise StorageError(f"{self._name(path)} cannot be written: it is marked as read-only.")
            self._prepare(target.parent)
            try:
                write_whole(target, data, new=now is None)
            except FileExistsError:
                raise self._changed(path, b"", replaces) from None

    def is_open(self, path: Path) -> bool:  # noqa: ARG002 - no editor is asked here
        """See the port."""
        return False

    def remove(self, path: Path, text: str) -> None:
        """See the port. Only what `write` would write to is ever removed."""
        with self._plainly(path, "removed"):
            self._target(path)
            if not path.is_symlink() and self._part(path, 0, -1) == encode(text):
                path.unlink()

    @contextmanager
    def lock(self, root: Path) -> Iterator[None]:
        """See the port. Not re-entrant: who holds the lock must not ask for it again.

        A project that had no `.orch` and got nothing into it has none afterwards either.
        """
        own = root / ".orch"
        with self._plainly(own / LOCK, "locked"):
            self._refuse_way_out(own)
            self._require_root(root)
            held, is_new = self._lock_in(own)
        try:
            yield
        finally:
            try:
                if is_new:
                    remove_unused(own)
            except OSError:
                pass  # an empty folder that stays is no harm
            finally:
                release_lock(held)

    def _lock_in(self, own: Path) -> tuple[int, bool]:
        """What `acquire_lock` gives for `own`, and whether the folder was made for it."""
        is_new = False
        for _ in range(_LOCK_TRIES):
            is_new = is_new or not own.exists()
            try:
                if not (own / LOCK).exists():
                    make_own_folder(own)
                return acquire_lock(own / LOCK, self._wait), is_new
            except TimeoutError:
                seconds = f"{self._wait:g} seconds"
                raise StorageError(
                    f"{self._name(own / LOCK)} has been held by another program for {seconds}; try again."
                ) from None
            except FileNotFoundError:
                pass  # another process had made the folder for nothing, and has just removed it
        raise FileNotFoundError(errno.ENOENT, "no folder", str(own))

    def _prepare(self, folder: Path) -> None:
        if self._in_project(folder):
            self._require_root(self._root)
            own = self._real_root / ".orch"
            if (folder == own or own in folder.parents) and not own.exists():
                make_own_folder(own)
        make_folders(folder)
        if folder not in self._swept:
            self._swept.add(folder)
            sweep(folder)

    def _require_root(self, root: Path) -> None:
        if not root.is_dir():
            raise StorageError(f"The project's folder {root} does not exist.")

    def _part(self, path: Path, start: int, size: int, limit: int | None = None) -> bytes | None:
        """`size` bytes (-1: all) from `start`, from the end where negative. None where there is no file."""
        opened = self._opened(path, limit)
        if opened is None:
            return None
        with opened as file:
            if start:
                file.seek(max(0, os.fstat(file.fileno()).st_size + start) if start < 0 else start)
            return file.read(size)

    def _opened(self, path: Path, limit: int | None = None) -> io.FileIO | None:
        """The ordinary file at `path`, opened; None where there is none."""
        try:
            self._refuse_way_out(path)
            descriptor = os.open(path, _OPEN)
        except (FileNotFoundError, NotADirectoryError):
            return None
        try:
            found = os.fstat(descriptor)
            if stat.S_ISDIR(found.st_mode):
                raise IsADirectoryError(errno.EISDIR, "is a folder")
            if not stat.S_ISREG(found.st_mode):
                raise StorageError(f"{self._name(path)} cannot be read: it is not an ordinary file.")
            if limit is not None and found.st_size > limit:
                raise too_large(self._name(path))
            return io.FileIO(descriptor)
        except BaseException:
            os.close(descriptor)
            raise

    def _target(self, path: Path) -> Path:
        """Where a write to `path` really goes, links followed. Raises StorageError when that is nowhere of ours."""
        self._refuse_way_out(path)
        absolute = _absolute(path)
        if not self._in_project(absolute) and not (
            self._user_config and absolute.is_relative_to(self._user_config)
        ):
            raise StorageError(f"{path} cannot be written: it lies outside the project.")
        return Path(os.path.realpath(path))

    def _refuse_way_out(self, path: Path) -> None:
        if self._leads_out(path):
            raise StorageError(f"{self._name(path)} leads out of the project through a symbolic link.")

    def _leads_out(self, path: Path) -> bool:
        path = _absolute(path)
        if not self._in_project(path):
            return False
        parent = path.parent
        key = None
        try:
            found = parent.stat()
            # two quick looks instead of following every part of the path: ten thousand sessions are listed this way
            key = (str(parent), found.st_dev, found.st_ino)
            if key in self._inside and not stat.S_ISLNK(path.lstat().st_mode):
                return False
        except OSError:
            pass  # nothing is there yet; its path may lead out all the same
        if not Path(os.path.realpath(path)).is_relative_to(self._real_root):
            return True
        if key and Path(os.path.realpath(parent)).is_relative_to(self._real_root):
            self._inside.add(key)
        return False

    def _links_may_lead_to(self, folder: Path) -> Path | None:
        """Where the linked files of `folder` may really be, as in `read`: in the project, or anywhere (None)."""
        return self._real_root if self._in_project(_absolute(folder)) else None

    def _in_project(self, absolute: Path) -> bool:
        # a plain comparison of texts settles nearly all, ten times as fast
        return str(absolute).startswith(self._prefix) or any(
            absolute.is_relative_to(root) for root in (self._root, self._real_root)
        )

    def _name(self, path: Path) -> str:
        """A path as a person reads it: from the project's root, where it lies below."""
        return str(path.relative_to(self._root)) if path.is_relative_to(self._root) else str(path)

    def _changed(self, path: Path, now: bytes | None, replaces: bytes | None) -> StorageError:
        if now is None:
            what = "was removed by another program meanwhile"
        elif replaces is None:
            what = "exists already"
        else:
            what = "was changed by another program meanwhile"
        return StorageError(f"{self._name(path)} {what}; nothing was written, try again.")

    @contextmanager
    def _plainly(self, path: Path, doing: str) -> Iterator[None]:
        try:
            yield
        except UnicodeDecodeError:
            raise not_text(self._name(path)) from None
        except (OSError, ValueError) as error:
            raise failure(self._name(path), doing, error) from error


def _absolute(path: Path) -> Path:
    """Without `..`, which must not lead out of the project, and with links as they stand."""
    return path if path.is_absolute() and ".." not in path.parts else Path(os.path.normpath(path.absolute()))


def _stamps(
    folder: str, below: str, real: Path | None, suffix: str, deep: bool
) -> Iterator[tuple[str, tuple[int, ...]]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if _is_wanted(entry, real, suffix):
                try:
                    found = entry.stat()
                except FileNotFoundError:
                    continue  # removed while the folder was looked at
                stamp = found.st_mtime_ns, found.st_size, found.st_ino, found.st_ctime_ns
                yield f"{below}{entry.name}", stamp
            elif deep and not entry.name.startswith(".") and entry.is_dir(follow_symlinks=False):
                yield from _stamps(entry.path, f"{below}{entry.name}/", real, suffix, deep)


def _is_wanted(entry: os.DirEntry[str], real: Path | None, suffix: str) -> bool:
    return (
        entry.name.endswith(suffix)
        and not entry.name.startswith(".")
        and entry.is_file()
        and (real is None or not entry.is_symlink() or Path(os.path.realpath(entry.path)).is_relative_to(real))
    )


def _files(folder: Path, real: Path | None, suffix: str, deep: bool) -> Iterator[Path]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith("."):
                continue
            # a folder that is a link is not followed: what it holds inside is found under its own name
            if entry.is_dir(follow_symlinks=False):
                if deep:
                    yield from _files(folder / entry.name, real, suffix, deep)
            elif _is_wanted(entry, real, suffix):
                yield folder / entry.name
