"""The port: what commands ask of a store. Disk, editor overlay and memory each fulfil it."""

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from orch.library.layers import FilesError


class StorageError(FilesError):
    """A file could not be read or written. Its text is one plain sentence for the user."""


class Storage(Protocol):
    """Texts by path. All texts are UTF-8 with LF line ends; paths are absolute.

    Every method may raise StorageError: no permission, a full disk, a binary, a file too large.
    """

    def read(self, path: Path) -> str | None:
        """The text at `path`, or None where there is no file. CRLF is kept as it stands."""

    def head(self, path: Path, size: int) -> str | None:
        """At most the first `size` bytes of the file, cut at a whole character; None where there is none."""

    def tail(self, path: Path, size: int) -> str | None:
        """At most the last `size` bytes of the file, cut at a whole character; None where there is none."""

    def ends(self, path: Path, head: int, tail: int) -> tuple[str, str] | None:
        """`head` and `tail` of one file, in one look at it."""

    def stamp(self, path: Path) -> tuple[int, int] | None:
        """(modification time in ns, size): equal stamps mean an unchanged file. None where there is none."""

    def stamps(self, folder: Path, suffix: str, *, deep: bool = False) -> dict[str, tuple[int, ...]]:
        """The stamps of the files that `list` gives for `folder`, by name and in no order, in one look at it.

        They compare with those of this method alone: equal ones mean an unchanged file. With `deep`, a name is the
        path below `folder`, with `/`.
        """

    def list(self, folder: Path, suffix: str, *, deep: bool = False) -> list[Path]:
        """The files in `folder` whose name ends in `suffix`, sorted; with `deep`, those in its folders too.

        Symbolic links that lead out of `folder` are passed over. A missing folder is an empty one.
        """

    def write(self, path: Path, text: str, *, replaces: str | None) -> None:
        """Writes the whole file at once: a reader, or a crash, sees the old text or the new one, never a part.

        `replaces` is the text that the writer read (None: there was no file). When the file holds anything
        else by now, nothing is written and StorageError says so. Missing folders are made.
        """

    def is_open(self, path: Path) -> bool:
        """Whether an editor has the file at `path` open: then what is read of it may not stand on the disk."""

    def remove(self, path: Path, text: str) -> None:
        """Removes the file at `path` if it holds exactly `text`. Anything else, or a link, stays as it is."""

    def lock(self, root: Path) -> AbstractContextManager[None]:
        """Holds `root/.orch/.lock` against other processes and threads; waits up to 10 s, then StorageError."""
