"""A file that a person names on the command line: any readable one, a pipe of the shell among them."""

import os
from pathlib import Path

from orch.storage.port import StorageError
from orch.storage.sentences import failure


def read_given(path: Path) -> bytes | None:
    """The bytes at `path`, read to the end; None where there is nothing. Raises StorageError.

    Unlike the store it reads pipes too, so that `--file <(...)` works.
    """
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise failure(str(path), "read", error) from error


def given_files(path: Path, suffix: str) -> list[Path] | None:
    """`path` itself, or for a folder the files in it, at any depth, that end in `suffix`, sorted; None for nothing.

    Raises StorageError. Folders that are links are not followed.
    """
    try:
        if not path.is_dir():
            return [path] if path.exists() else None
        return sorted(
            Path(folder) / name for folder, _, names in os.walk(path) for name in names if name.endswith(suffix)
        )
    except (OSError, ValueError) as error:
        raise failure(str(path), "read", error) from error


def decode_given(data: bytes) -> str | None:
    """The text of `data` in UTF-8, or in UTF-16 where a byte order mark says so (as PowerShell writes it).

    None when it is neither; who gives the bytes away must then keep them as they are.
    """
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def working_folder() -> Path:
    """The working folder. Raises StorageError when it has been removed."""
    try:
        return Path.cwd()
    except OSError:
        raise StorageError("The working folder does not exist any more; change to another one.") from None
