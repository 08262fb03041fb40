"""Which program a runner's command means. It is never looked up in the folder of the project that it is run for."""

import os
import shutil
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

MODEL = "MODEL"
"""Stands in a known command for the name of a model, which its program cannot do without."""

KNOWN: Mapping[str, tuple[str, ...]] = {
    "claude": ("claude", "-p"),
    "codex": ("codex", "exec", "-"),
    "gemini": ("gemini",),
    "llm": ("llm",),
    "ollama": ("ollama", "run", MODEL),
}
"""Programs that take a prompt on standard input, by the name that a runner of theirs is best given.

What each documents is named in docs/guides/runners.md.
"""

_MODEL_OPTIONS = {"claude": "--model", "codex": "--model", "gemini": "--model", "llm": "--model"}


def known_command(name: str, model: str | None = None) -> tuple[str, ...]:
    """The command of the known program `name`, for `model` where one is named. Raises KeyError."""
    command = KNOWN[name]
    if not model:
        return command
    if MODEL in command:
        return tuple(model if word == MODEL else word for word in command)
    last = ("-",) if command[-1] == "-" else ()
    return (*command[: len(command) - len(last)], _MODEL_OPTIONS[name], model, *last)


def needs_model(name: str) -> bool:
    """Whether the known program `name` cannot be run without the name of a model."""
    return MODEL in KNOWN[name]


def find_program(name: str, root: Path) -> str | None:
    """The full path of the program `name` for a run in the project at `root`; None where there is none.

    A bare name is looked up on the PATH, apart from its entries that are relative or lie in the project; a full
    path (`~` is the user's folder) is taken as it is; any other path would be relative to the project and is none.
    """
    given = os.path.expanduser(name)  # noqa: PTH111 - a Path would lose the difference between `x` and `./x`
    if is_full_path(name):
        return shutil.which(given)
    if Path(given).name != given:
        return None
    inside = Path(os.path.realpath(root))
    for entry in os.environ.get("PATH", "").split(os.pathsep):
        if not Path(entry).is_absolute() or Path(os.path.realpath(entry)).is_relative_to(inside):
            continue
        for ending in _endings():
            # a full path: for a bare name Windows looks in the working folder first
            found = shutil.which(str(Path(entry) / f"{given}{ending}"))
            if found is not None:
                return found
    return None


def is_full_path(name: str) -> bool:
    """Whether a runner's command names its program by a full path, which is looked up nowhere else."""
    return Path(os.path.expanduser(name)).is_absolute()  # noqa: PTH111 - as `find_program` reads it


def _endings() -> tuple[str, ...]:
    """What a program's name may end in besides what was written."""
    return ("", *os.environ.get("PATHEXT", "").split(os.pathsep)) if os.name == "nt" else ("",)


def known_programs(root: Path) -> tuple[str, ...]:
    """The names in `KNOWN` whose program is on this machine; looked up again when a folder of the PATH changed."""
    path = os.environ.get("PATH", "")
    return _known_programs(path, root, tuple(map(_changed, path.split(os.pathsep))))


@lru_cache(maxsize=8)
def _known_programs(_path: str, root: Path, _changed: tuple[int, ...]) -> tuple[str, ...]:
    return tuple(name for name, command in KNOWN.items() if find_program(command[0], root) is not None)


def _changed(folder: str) -> int:
    """When something was last put into the folder or taken out of it; 0 where there is none."""
    try:
        return os.stat(folder).st_mtime_ns if folder else 0  # noqa: PTH116 - asked with each lens, for each folder
    except OSError:
        return 0
