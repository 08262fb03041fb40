"""The workflow as a pure state machine: which step may be taken, and which one is due.

A step moves a session on: plan, process, analyze, save-analysis, implement, save-implementation, complete; reopen
and abandon leave the path. Nothing here reads or writes; texts are judged only by whether they are there.
"""

from dataclasses import dataclass

from orch.model.session import PHASES, STATUSES, Session

STEPS = (
    "plan",
    "process",
    "analyze",
    "save-analysis",
    "implement",
    "save-implementation",
    "complete",
    "reopen",
    "abandon",
)

SAVING_STEPS = {"planning": "process", "analysis": "save-analysis", "implementation": "save-implementation"}
"""The step that files the model's answer, by the status in which it is taken."""


@dataclass(frozen=True, slots=True)
class Due:
    """What comes next in a session.

    `step` is the step to take, None when the session has ended. `waits` is True when that step needs the model's
    answer to the prompt of `phase` first. `lacks` names the parts that the planning answer did not have, so that
    the prompt to give is a follow-up. `words` is the same for people, to be put behind "next: ".
    """

    step: str | None
    words: str
    phase: str | None = None
    waits: bool = False
    lacks: tuple[str, ...] = ()


def due(session: Session) -> Due:
    """The step that is due in `session`.

    A phase that was begun again waits for a new answer, though the old one still stands in the file.
    """
    match session.status:
        case "planning":
            return _due_in_planning(session)
        case "analysis":
            if session.analysis.result and not _asked_again(session, "analyze", "save-analysis"):
                return Due("implement", "start the implementation", "implementation")
            if session.analysis.prompt:
                return Due("save-analysis", "paste the analysis", "analysis", waits=True)
            return Due("analyze", "make the analysis prompt", "analysis")
        case "implementation":
            if session.implementation.result and not _asked_again(session, "implement", "save-implementation"):
                return Due("complete", "say how it went")
            if session.implementation.prompt:
                return Due("save-implementation", "paste what was built", "implementation", waits=True)
            return Due("implement", "make the implementation prompt", "implementation")
        case _ if unknown_status(session):
            return Due(None, "mend the status")
        case _:
            return Due(None, "nothing; it has ended")


def unknown_status(session: Session) -> str | None:
    """What is wrong with a status that there is not, as one sentence; None where there is nothing."""
    if session.status in STATUSES:
        return None
    return f"There is no status {session.status!r}; write one of {', '.join(STATUSES)} into the file first."


def _due_in_planning(session: Session) -> Due:
    if not session.planning.response and not (session.analysis.body and session.implementation.body):
        # an imported session may have the parts of an answer without the answer
        if not session.planning.prompt:
            return Due("plan", "make the planning prompt", "planning")
        return Due("process", "paste the answer", "planning", waits=True)
    if _asked_again(session, "plan", "process"):
        return Due("process", "paste the new answer", "planning", waits=True)
    lacks = tuple(name for name in ("analysis", "implementation") if not session.phase(name).body)
    if not lacks:
        return Due("analyze", "start the analysis", "analysis")
    if not any(entry.step == "process" for entry in session.history):
        # the answer was pasted into the file, and nobody has processed it yet
        return Due("process", "process the answer", "planning")
    words = " and ".join(f"the {name.upper()} TEMPLATE" for name in lacks)
    return Due("process", f"ask for {words}", "planning", waits=True, lacks=lacks)


def _asked_again(session: Session, asking: str, saving: str) -> bool:
    """Whether the prompt was made anew after an answer had been saved, so that the answer is of an older one."""
    steps = [entry.step for entry in session.history if entry.step in (asking, saving)]
    return saving in steps and steps[-1] == asking


def refusal(step: str, session: Session, *, force: bool = False, phase: str | None = None) -> str | None:
    """Why `step` may not be taken in `session`, as one sentence that names the step to take first; None if it may.

    `phase` is where `reopen` goes back to. `force` lets `implement` go without an analysis result and `complete`
    end any open session.
    """
    if sentence := unknown_status(session):
        return sentence
    if step == "reopen":
        return _refuse_reopen(session, phase)
    if not session.is_open:
        return f"This session is {session.status}; reopen it first (reopen)."
    match step:
        case "plan" | "process":
            if session.status != "planning":
                return f"This session is past planning ({session.status}); reopen it at planning first (reopen)."
        case "analyze":
            return _refuse_analyze(session)
        case "save-analysis":
            if session.status != "analysis":
                return _go_to(session, "analysis", "start the analysis first (analyze)")
        case "implement":
            return _refuse_implement(session, force)
        case "save-implementation":
            if session.status != "implementation":
                return _go_to(session, "implementation", "start the implementation first (implement)")
        case "complete":
            if session.status != "implementation" and not force:
                return f"This session is in {session.status}; {_first(session)}, or complete it with force."
    return None


def waits_for(step: str | None, session: Session) -> bool:
    """Whether `session` still waits for the answer that `step` would file (None: for any answer)."""
    next_up = due(session)
    return next_up.waits and step in (None, next_up.step)


def stands_unfiled(step: str | None, session: Session) -> bool:
    """Whether the text that `step` would file (None: the step of the status) was put into the file by a person.

    It was when no such step has been taken yet.
    """
    saving = step or SAVING_STEPS.get(session.status)
    phase = next((name for name, step in SAVING_STEPS.items() if step == saving), None)
    if phase is None or any(entry.step == saving for entry in session.history):
        return False
    text = session.planning.response if phase == "planning" else session.phase(phase).result
    return bool(text and text.strip())


def _refuse_reopen(session: Session, phase: str | None) -> str | None:
    if phase not in PHASES:
        return f"There is no phase {phase!r} to go back to; it is one of {', '.join(PHASES)}."
    if not session.is_open or PHASES.index(phase) < PHASES.index(session.status):
        return None
    if phase == session.status:
        return f"This session is in {phase} already."
    return f"This session is in {session.status} and has not come to {phase} yet; {_first(session)}."


def _refuse_analyze(session: Session) -> str | None:
    if session.status == "implementation":
        return "This session is in implementation; reopen it at analysis first (reopen)."
    if session.status == "planning" and not session.analysis.body:
        return "There is no analysis template yet; process the model's planning answer first (process)."
    return None


def _refuse_implement(session: Session, force: bool) -> str | None:
    if session.status == "planning":
        return f"This session is in planning; {_first(session)}."
    if session.status == "analysis" and not session.analysis.result and not force:
        return "The analysis has no result yet; save the analysis first (save-analysis), or implement with force."
    return None


def _go_to(session: Session, phase: str, start: str) -> str:
    if PHASES.index(session.status) > PHASES.index(phase):
        return f"This session is in {session.status}; reopen it at {phase} first (reopen)."
    return f"This session is in {session.status}; {start if _ready(session, phase) else _first(session)}."


def _ready(session: Session, phase: str) -> bool:
    if phase == "analysis":
        return bool(session.analysis.body)
    return session.status == "analysis" and bool(session.analysis.result)


def _first(session: Session) -> str:
    """The due step as an order: what has to be done before anything else."""
    orders = {
        "plan": "make the planning prompt first (plan)",
        "process": "process the model's answer first (process)",
        "analyze": "start the analysis first (analyze)",
        "save-analysis": "save the analysis first (save-analysis)",
        "implement": "start the implementation first (implement)",
        "save-implementation": "save what was built first (save-implementation)",
        "complete": "complete it first (complete)",
    }
    step = due(session).step
    return orders[step] if step else "reopen it first (reopen)"
