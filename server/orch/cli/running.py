"""run: the due prompt goes to a model, and its answer is filed."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from types import FrameType
from typing import Annotated

import typer

from orch.cli import terminal
from orch.cli.options import JsonOption, SessionOption
from orch.cli.rescue import keep_text
from orch.cli.work import NOTHING_HERE, from_here, opened, refuse, report
from orch.commands.apply import carry_out
from orch.commands.outcome import Outcome, Refusal
from orch.commands.project import Project
from orch.commands.run import RunParams
from orch.commands.running import run_session

PANEL = "Without thinking"
_INTERRUPTED = 130


def register(app: typer.Typer) -> None:
    """Adds the commands of this file to `app`."""
    app.command("run", rich_help_panel=PANEL)(run)


def run(
    session: SessionOption = None,
    runner: Annotated[
        str | None, typer.Option("--runner", "-r", metavar="NAME", help="The runner of your own config.toml.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Run a prompt that has open places.")] = False,
    json: JsonOption = False,
) -> None:
    """Give the due prompt to a model, and file what it answers: next, the runner, and answer in one.

    Ctrl-C cancels; what the model wrote until then is kept.

    Example, until it is done: orch run --runner claude
    """
    with opened(session) as project:
        if project is None:
            refuse(Refusal(NOTHING_HERE), as_json=json)
        params = RunParams(from_here(project, session) if session else None, runner, force)
        with _stopping() as stop:
            done = _run(project, params, stop)
    code = report(done, as_json=json)
    raise typer.Exit(_INTERRUPTED if stop.is_set() else code)


def _run(project: Project, params: RunParams, stop: threading.Event) -> Outcome | Refusal:
    with terminal.streaming() as told:
        done = run_session(project, params, partial(carry_out, project), told, stop)
    if isinstance(done, Refusal) and done.writes:
        # it is nowhere yet: the disk took nothing while the model worked
        again = f"orch answer --session {done.session} --file"
        return keep_text(project, done, done.writes[-1].text, again)
    return done


@contextmanager
def _stopping() -> Iterator[threading.Event]:
    """An event that Ctrl-C sets, and whatever else asks the process to end: what came by then is kept first."""
    stop = threading.Event()

    def handle(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    wanted = [signal.SIGINT, signal.SIGTERM, *([signal.SIGHUP] if hasattr(signal, "SIGHUP") else [])]
    before = [(number, signal.signal(number, handle)) for number in wanted]
    try:
        yield stop
    finally:
        for number, handler in before:
            signal.signal(number, handler)
