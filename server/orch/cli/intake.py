"""Texts that come in: from `--file`, from a pipe, and values from `--set`."""

import os
import stat
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from orch.cli import terminal
from orch.commands.outcome import Refusal
from orch.storage.given import decode_given, read_given, working_folder
from orch.storage.locate import find_project
from orch.storage.sentences import READ_LIMIT

ROOM = READ_LIMIT // 2
"""Bytes that a text may have, so that it fits into a session file together with the others."""


@dataclass(frozen=True, slots=True)
class Lost:
    """Bytes from a pipe that are no text that can be filed: they have to be kept as they are."""

    sentence: str
    data: bytes


def read_answer(file: str | None) -> str | Refusal | Lost | None:
    """The text from `file` (`-` is standard input), else from a pipe, to its end; None where there is neither."""
    if file is not None and file != "-":
        return _from_file(file)
    if file is None and not is_piped():
        return None
    return read_piped()


def read_piped() -> str | Lost:
    """All of standard input. On a terminal the person is told how to end it."""
    if sys.stdin is None:
        return ""
    if sys.stdin.isatty():
        ending = "Ctrl-Z and Enter" if os.name == "nt" else "Ctrl-D"
        terminal.say(f"Type or paste the text; end it with {ending} on a line of its own.", "dim")
    data = sys.stdin.buffer.read()
    if len(data) > ROOM:
        return Lost(f"The text from the pipe is larger than {ROOM // 2**20} MiB.", data)
    text = decode_given(data)
    return Lost("What came through the pipe is not text in UTF-8.", data) if text is None else text


def is_piped() -> bool:
    """Whether standard input is a pipe or a file. A terminal, the null device and a closed input are neither."""
    try:
        mode = os.fstat(sys.stdin.fileno()).st_mode
    except (AttributeError, OSError, ValueError):
        return False
    return stat.S_ISFIFO(mode) or stat.S_ISREG(mode) or stat.S_ISSOCK(mode)


def read_values(pairs: Iterable[str]) -> dict[str, str] | Refusal:
    """The values of `--set KEY=VALUE` and `--set KEY=@FILE`; `@@` stands for an `@` at the value's beginning.

    The last line end of a file is not part of its value. Every pair holds a `=`: the options see to that.
    """
    values: dict[str, str] = {}
    for pair in pairs:
        key, _, value = pair.partition("=")
        if value.startswith("@@"):
            value = value[1:]
        elif value.startswith("@"):
            text = _from_file(value[1:])
            if isinstance(text, Refusal):
                return text
            value = text.removesuffix("\n").removesuffix("\r")
        values[key.strip()] = value
    return values


def _from_file(name: str) -> str | Refusal:
    data = read_given(_existing(name))
    if data is None:
        return Refusal(f"There is no file {name}.")
    if len(data) > ROOM:
        return Refusal(f"{name} is larger than {ROOM // 2**20} MiB.")
    text = decode_given(data)
    return Refusal(f"{name} is not a text file in UTF-8.") if text is None else text


def _existing(name: str) -> Path:
    """The file called `name`, from the working folder, else from the project's root, as messages name files."""
    here = working_folder()
    root = find_project(here)
    path = here / name
    return root / name if root and not path.exists() and (root / name).exists() else path
