"""What the commands that take a model's answer have in common."""

from typing import NoReturn

from orch.cli.intake import Lost, read_answer
from orch.cli.work import Call, lose_nothing, refuse, take_step
from orch.commands.outcome import Refusal


def file_answer(name: str, step: str, session: str | None, file: str | None, *, as_json: bool) -> NoReturn:
    """Reads the answer and files it with the command `name`, called `step` on the command line.

    The text is read to its end before anything else is looked at: the session may only just be in the making by the
    command at the other end of the pipe.
    """
    text = read_answer(file)
    if isinstance(text, Lost):
        lose_nothing(text, as_json=as_json)
    if isinstance(text, Refusal):
        refuse(text, as_json=as_json)
    if text is not None and not text.strip():
        refuse(Refusal("The answer is empty; nothing was changed."), as_json=as_json)
    again = f"orch {step} --session {session or 'ID'} --file"
    take_step(Call(name, {"session": session, "text": text}, as_json, text, again))
