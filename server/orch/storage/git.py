"""What Orch asks git: who works here, on which commit, and which files there are. Works without git, too.

A cloned project is not trusted, so git runs without a shell, without its hooks and without waiting for anybody.
"""

import os
import shutil
import subprocess
import threading
from functools import cache
from pathlib import Path

_TIME_LIMIT = 2.0
_FILES_TIME_LIMIT = 5.0
# git sets these for its hooks; they would point every question at another repository
_FOREIGN = (
    "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR", "GIT_NAMESPACE",
    "GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES",
)  # fmt: skip
# a file monitor is a program that the repository's own configuration names
_SAFE = ("-c", "core.fsmonitor=false", "-c", f"core.hooksPath={os.devnull}", "--no-pager")


def git_user(root: Path) -> str | None:
    """git's `user.name` as it counts in `root`; None where there is none, or no git."""
    return _ask(root, "config", "--get", "user.name")


def git_commit(root: Path) -> str | None:
    """The short hash of HEAD; None where there is no repository, no commit yet, or no git."""
    return _ask(root, "rev-parse", "--verify", "--quiet", "--short", "HEAD")


def git_root(folder: Path) -> Path | None:
    """The root of the repository or work tree that `folder` is in: the nearest folder above that holds `.git`."""
    folder = folder.absolute()
    return next((above for above in (folder, *folder.parents) if (above / ".git").exists()), None)


def git_files(root: Path, limit: int) -> tuple[list[str], bool] | None:
    """The files below `root` that git tracks or would track, from `root`, with `/`; and whether these are all.

    At most `limit` of them. Names that are not UTF-8 are passed over. None where git cannot say.
    """
    command = _command(root, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    if command is None or git_root(root) is None:
        return None
    try:
        process = subprocess.Popen(
            command, env=_environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
    except OSError:
        return None
    stop = threading.Timer(_FILES_TIME_LIMIT, process.kill)
    stop.daemon = True
    stop.start()
    assert process.stdout is not None
    names: list[bytes] = []
    rest = b""
    with process.stdout as output:
        while len(names) <= limit and (piece := os.read(output.fileno(), 65536)):
            *whole, rest = (rest + piece).split(b"\0")
            names += whole
        if len(names) > limit:
            process.kill()
    code = process.wait()
    stop.cancel()
    if len(names) <= limit and code != 0:
        return None
    return [name for name in map(_decoded, names[:limit]) if name], len(names) <= limit


def ask_git(root: Path, *question: str, given: bytes = b"", seconds: float = _TIME_LIMIT) -> bytes | None:
    """What git answers to `question` in `root`, with `given` on its standard input; None where it cannot say."""
    command = _command(root, *question)
    if command is None or git_root(root) is None:
        return None
    try:
        answer = subprocess.run(
            command,
            env=_environment(),
            input=given,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=seconds,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return answer.stdout if answer.returncode == 0 else None


def _decoded(name: bytes) -> str | None:
    try:
        return name.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _ask(root: Path, *question: str) -> str | None:
    command = _command(root, *question)
    if command is None:
        return None
    try:
        answer = subprocess.run(
            command,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_TIME_LIMIT,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    text = answer.stdout.decode("utf-8", "replace").strip()
    return text if answer.returncode == 0 and text else None


def _command(root: Path, *question: str) -> list[str] | None:
    program = _program()
    # Windows looks for programs in the working folder first, which may be a project that nobody trusts yet
    if program is None or Path(program).is_relative_to(root.absolute()):
        return None
    return [program, "-C", str(root), *_SAFE, *question]


@cache
def _program() -> str | None:
    found = shutil.which("git")
    return found if found and Path(found).is_absolute() else None


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in _FOREIGN}
    # nothing is fetched to answer a question, either
    return kept | {"GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "GIT_NO_LAZY_FETCH": "1", "LC_ALL": "C"}
