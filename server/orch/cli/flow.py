"""The two verbs that do it all: next and answer."""

import typer

from orch.cli.filing import file_answer
from orch.cli.options import FileOption, JsonOption, SessionOption
from orch.cli.work import Call, take_step

PANEL = "Without thinking"


def register(app: typer.Typer) -> None:
    """Adds the commands of this file to `app`."""
    app.command("next", rich_help_panel=PANEL)(next_step)
    app.command("answer", rich_help_panel=PANEL)(answer)


def next_step(session: SessionOption = None, json: JsonOption = False) -> None:
    """Take the step that is due and print its prompt.

    Example, until it is done: orch next | MODEL | orch answer
    """
    take_step(Call("orch.session.next", {"session": session}, json))


def answer(session: SessionOption = None, file: FileOption = None, json: JsonOption = False) -> None:
    """File a model's answer where a session waits for it.

    The answer comes from --file, else from a pipe, else it is the one that stands in the session.
    """
    file_answer("orch.session.answer", "answer", session, file, as_json=json)
