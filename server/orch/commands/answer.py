"""answer: files a text where its session waits for it."""

from dataclasses import dataclass

from orch.commands.answers import receive, saving_step
from orch.commands.command import Command
from orch.commands.outcome import Outcome, Refusal
from orch.commands.process import process_answer
from orch.commands.project import Project
from orch.commands.saving import save_result


@dataclass(frozen=True, slots=True)
class AnswerParams:
    """`text` is a model's answer to whatever the session asked; without one, what stands in the session."""

    session: str | None = None
    text: str | None = None


def answer(project: Project, params: AnswerParams) -> Outcome | Refusal:
    """Takes the saving step of the session's status: process, save-analysis or save-implementation."""
    received = receive(project, params.session, params.text, None)
    if isinstance(received, Refusal):
        return received
    file, text = received
    if saving_step(file, None) == "process":
        return process_answer(project, file, text)
    return save_result(project, file, file.session.status, text)


COMMAND = Command(
    "orch.session.answer",
    AnswerParams,
    answer,
    "File a model's answer where it is waited for",
    brings="text",
    files="orch answer --session {session} --file {file}",
)
