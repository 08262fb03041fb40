"""What the commands that take a model's answer have in common."""

from typing import NoReturn

from orch.cli.intake import Lost, read_answer
from orch.cli.work import Call, from_here, lose_nothing, opened, refuse, take_step
from orch.commands.choosing import named_or_open
from orch.commands.outcome import Refusal
from orch.workflow.steps import stands_unfiled


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
        # scripts start programs with an empty pipe; a model that failed must not pass for one that answered
        if file is not None or not _stands_in_file(session, None if step == "answer" else step):
            refuse(Refusal("The answer is empty; nothing was changed."), as_json=as_json)
        text = None
    again = f"orch {step} --session {session or 'ID'} --file"
    take_step(Call(name, {"session": session, "text": text}, as_json, text, again))


def _stands_in_file(session: str | None, step: str | None) -> bool:
    """Whether a person pasted the answer into the session's file, and nobody has filed it yet."""
    with opened(session) as project:
        if project is None:
            return False
        found = named_or_open(project, from_here(project, session) if session else None)
        return not isinstance(found, Refusal) and stands_unfiled(step, found.session)
