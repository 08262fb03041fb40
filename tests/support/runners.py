"""Runners for tests: small Python programs, and what is left of them."""

import os
import sys
import time
from pathlib import Path

from orch.model.config import Runner
from orch.runners.programs import KNOWN

TESTS = Path(__file__).parents[1]


def command(behaviour: str) -> tuple[str, ...]:
    """The command of a runner that behaves so (see `runner_model.BEHAVIOURS`)."""
    script = (
        f"import runpy, sys; sys.path.insert(0, {str(TESTS)!r}); "
        "runpy.run_module('support.runner_model', None, '__main__')"
    )
    return (sys.executable, "-P", "-c", script, behaviour)


def runner(behaviour: str, timeout: float | None = None) -> Runner:
    """A runner called `model`."""
    return Runner("model", command(behaviour), timeout)


def configure(folder: Path, behaviour: str, timeout: float | None = None, name: str = "model") -> None:
    """Writes a user's configuration with one runner into `folder`."""
    folder.mkdir(exist_ok=True)
    words = ", ".join(f"'''{word}'''" for word in command(behaviour))
    limit = f"timeout = {timeout}\n" if timeout else ""
    (folder / "config.toml").write_text(f"[runners.{name}]\ncommand = [{words}]\n{limit}", "utf-8")


def configure_endpoint(folder: Path, url: str, timeout: float | None = None, name: str = "model") -> None:
    """Writes a user's configuration with one endpoint into `folder`."""
    folder.mkdir(exist_ok=True)
    limit = f"timeout = {timeout}\n" if timeout else ""
    text = f'[runners.{name}]\nbase_url = "{url}"\nmodel = "owl"\n{limit}'
    (folder / "config.toml").write_text(text, "utf-8")


def path_without_models() -> str:
    """The PATH without the folders that hold a program which Orch would offer as a runner."""
    folders = os.environ.get("PATH", "").split(os.pathsep)
    return os.pathsep.join(one for one in folders if not any((Path(one) / name).exists() for name in KNOWN))


def is_running(pid: int) -> bool:
    """Whether the process is there; one that has ended and was not collected yet is not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")
    try:
        return stat.read_text().rpartition(")")[2].split()[0] != "Z" if stat.parent.parent.is_dir() else True
    except FileNotFoundError:
        return False


def gone(pid: int, within: float = 10.0) -> bool:
    """Whether the process ends within that many seconds."""
    deadline = time.monotonic() + within
    while is_running(pid):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True
