"""standing: where a session stands and what can be done in it now, for an editor's menus and status line."""

from dataclasses import dataclass

from orch.commands.choosing import named_or_open
from orch.commands.command import Command
from orch.commands.fill import phase_to_fill
from orch.commands.outcome import Outcome, Refusal
from orch.commands.project import Project
from orch.commands.prompt import missing_values
from orch.model.session import PHASES
from orch.workflow.placeholders import find_placeholders
from orch.workflow.steps import STEPS, due, refusal


@dataclass(frozen=True, slots=True)
class StandingParams:
    """The session, without one the only open session; and the phase whose values are asked for."""

    session: str | None = None
    phase: str | None = None


def standing(project: Project, params: StandingParams) -> Outcome | Refusal:
    """`{id, title, status, next, due, waits, steps, reopen, prompts, fill, missing, written}`, and no long text.

    `next` says in words what comes next, and `due` is its step (null when the session has ended); `waits` is true
    when that step needs the model's answer. `steps` are those that may be taken, `reopen` the phases to go back to,
    `prompts` the phases that have a prompt, `missing` the placeholders of the phase `fill` without a value, and
    `written` how each of those stands in the body: given as its value, it stays as it is.
    """
    file = named_or_open(project, params.session)
    if isinstance(file, Refusal):
        return file
    session = file.session
    what = due(session)
    reopen = [phase for phase in PHASES if refusal("reopen", session, phase=phase) is None]
    steps = [step for step in STEPS if step != "reopen" and refusal(step, session) is None]
    if params.phase not in (None, *PHASES):
        return Refusal(f"There is no phase {params.phase!r}; it is one of {', '.join(PHASES)}.")
    fill = (params.phase or phase_to_fill(session)) if what.step else None
    missing = missing_values(session, fill) if fill else []
    body = (session.phase(fill).body if fill else None) or ""
    return Outcome(
        {
            "id": session.id,
            "title": session.title,
            "status": session.status,
            "next": what.words,
            "due": what.step,
            "waits": what.waits,
            "steps": [*steps, *(["reopen"] if reopen else [])],
            "reopen": reopen,
            "prompts": [phase for phase in PHASES if session.phase(phase).prompt],
            "fill": fill,
            "missing": missing,
            "written": {
                place.key: place.span.slice(body) for place in find_placeholders(body) if place.key in missing
            },
        }
    )


COMMAND = Command("orch.session.standing", StandingParams, standing, "Tell where a session stands", changes=False)
