"""The files below a folder that a person names, without those that nobody wrote by hand."""

import os
from collections.abc import Iterator
from pathlib import Path

from orch.storage.locate import FOLDER
from orch.storage.port import StorageError
from orch.storage.sentences import failure

_NEVER = ("node_modules", "__pycache__")
_ENVIRONMENT = "pyvenv.cfg"
"""The file that makes a folder a virtual environment of Python."""


def files_below(path: Path, suffixes: tuple[str, ...]) -> list[Path] | None:
    """`path` itself, or for a folder the files in it, at any depth, that end in one of `suffixes`, sorted.

    None where there is nothing. Hidden files and folders but `.orch` are passed over, and folders of installed
    packages; folders that are links are not followed. Raises StorageError for a folder that cannot be read.
    """
    try:
        if not path.is_dir():
            return [path] if path.exists() or path.is_symlink() else None
        return sorted(_below(path, suffixes))
    except (OSError, ValueError) as error:
        raise failure(str(path), "read", error) from error


def _below(folder: Path, suffixes: tuple[str, ...]) -> Iterator[Path]:
    def unreadable(error: OSError) -> None:
        raise StorageError(str(failure(str(error.filename), "read", error)))

    for where, folders, names in os.walk(folder, onerror=unreadable):
        if _ENVIRONMENT in names and Path(where) != folder:
            folders.clear()
            continue
        folders[:] = [name for name in folders if name == FOLDER or not (name.startswith(".") or name in _NEVER)]
        yield from (Path(where, name) for name in names if name.endswith(suffixes) and not name.startswith("."))
