"""A runner that is a program: the prompt to its standard input, the answer from its standard output."""

import threading
from collections.abc import Callable

from orch.runners.endings import ended_badly, wrote_nothing
from orch.runners.launching import MOST, TIMEOUT, Launch, launch
from orch.runners.port import Ran, RunnerJob
from orch.runners.programs import find_program, is_full_path

__all__ = ["MOST", "no_program", "run_process"]


def run_process(job: RunnerJob, told: Callable[[str], None], stop: threading.Event) -> Ran:
    """See the port."""
    runner = job.runner
    program = find_program(runner.command[0], job.root)
    if program is None:
        return Ran("failed", "", 0.0, no_program(job))
    argv = (program, *runner.command[1:])
    given = job.prompt.encode("utf-8", "replace")
    done = launch(Launch(runner.name, argv, given, job.root, runner.timeout or TIMEOUT), told, stop)
    status, sentence = done.status, done.sentence
    if status == "ok" and done.code != 0:
        status, sentence = "failed", ended_badly(runner.name, done.code, done.errors)
    elif status == "ok" and not done.text.strip():
        status, sentence = "failed", wrote_nothing(runner.name, done.errors)
    return Ran(status, done.text, done.seconds, sentence, runner.model)


def no_program(job: RunnerJob) -> str:
    """The sentence for a runner whose program is not there."""
    name = job.runner.command[0]
    why = f"The runner {job.runner.name} cannot be started: there is no program"
    if is_full_path(name):
        return f"{why} at {name!r} that may be run; mend its path in your own config.toml, or its access rights."
    how = "install it, or give its full path in your own config.toml"
    return f"{why} {name!r} on the PATH outside the project; {how}."
