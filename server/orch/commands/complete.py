"""complete: the session ends, with how it turned out."""

from dataclasses import dataclass
from typing import Any

from orch.commands.choosing import named_or_able
from orch.commands.command import Command
from orch.commands.outcome import Outcome, Refusal
from orch.commands.project import Project
from orch.commands.session_files import SessionFile
from orch.commands.stepping import Step, take
from orch.model.session import RESULTS
from orch.workflow.steps import refusal


@dataclass(frozen=True, slots=True)
class CompleteParams:
    """`outcome` is success, partial or failure; `rating` 1 to 5; `force` completes before the implementation."""

    session: str | None = None
    outcome: str | None = None
    rating: int | None = None
    comment: str | None = None
    force: bool = False


def complete(project: Project, params: CompleteParams) -> Outcome | Refusal:
    """Completes a session. One that `next` completed without an outcome may be given it later."""
    if params.outcome is not None and params.outcome not in RESULTS:
        return Refusal(f"The outcome is one of {', '.join(RESULTS)}, not {params.outcome!r}.")
    if params.rating is not None and not 1 <= params.rating <= 5:
        return Refusal(f"The rating goes from 1 to 5; {params.rating} is outside.")
    file = named_or_able(project, params.session, "complete", force=params.force)
    if isinstance(file, Refusal):
        return file
    if not _gives_late_outcome(file, params):
        sentence = refusal("complete", file.session, force=params.force)
        if sentence:
            return Refusal(sentence)
    return take(project, file, completion(params))


COMMAND = Command("orch.session.complete", CompleteParams, complete, "Complete the session and say how it went")


def completion(params: CompleteParams) -> Step:
    """The step that completes a session with the outcome in `params`."""
    sets: dict[tuple[str, ...], Any] = {("status",): "completed"}
    given = {"result": params.outcome, "rating": params.rating, "comment": params.comment}
    sets |= {("outcome", key): value for key, value in given.items() if value is not None}
    said = f" as {params.outcome}" if params.outcome else "; say how it went with complete and an outcome"
    return Step("complete", sets, notices=(f"Completed{said}.",))


def _gives_late_outcome(file: SessionFile, params: CompleteParams) -> bool:
    known = file.session.outcome
    open_yet = known is None or known.result is None
    return file.session.status == "completed" and params.outcome is not None and open_yet
