"""What a person reads when a file cannot be read or written: one plain sentence for each kind of failure."""

import errno

from orch.storage.port import StorageError

READ_LIMIT = 16 * 1024 * 1024
"""Bytes. No text that Orch works with comes near it, and what is larger would only make an editor hang."""

_NO_PERMISSION = "there is no permission to; check its access rights"
_CAUSES = {
    errno.EACCES: _NO_PERMISSION,
    errno.EPERM: _NO_PERMISSION,
    errno.EROFS: "the disk is read-only",
    errno.ENOSPC: "the disk is full; make room and try again",
    errno.EDQUOT: "the disk quota is used up; make room and try again",
    errno.EFBIG: "it would be larger than the system allows",
    errno.EISDIR: "it is a folder, not a file",
    errno.ENOTDIR: "a part of its path is a file, not a folder",
    errno.ENAMETOOLONG: "its name is too long for the disk",
    errno.ELOOP: "it is a symbolic link that cannot be followed",
    errno.ENOENT: "its folder does not exist",
    errno.EMFILE: "too many files are open",
    errno.ENFILE: "too many files are open",
    errno.EIO: "the disk reports a fault",
}


def failure(name: str, doing: str, error: OSError | ValueError) -> StorageError:
    """The StorageError for `error`, met while the file `name` was to be `doing` ("read", "written", "locked")."""
    if isinstance(error, OSError):
        cause = _CAUSES.get(error.errno or 0) or (error.strerror or str(error)).rstrip(".").lower()
    else:
        # open() and stat() raise ValueError for a NUL character and for names that cannot be encoded
        cause = "its name holds characters that a file name cannot have"
    return StorageError(f"{name} cannot be {doing}: {cause}.")


def not_text(name: str) -> StorageError:
    """For a file that does not decode."""
    return StorageError(f"{name} is not a text file in UTF-8.")


def too_large(name: str, doing: str = "read") -> StorageError:
    """For a file, or a text to write, above `READ_LIMIT`."""
    return StorageError(f"{name} cannot be {doing}: it is larger than {READ_LIMIT // 2**20} MiB.")
