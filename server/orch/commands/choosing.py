"""Which session a command means when its caller names one, or none."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from orch.commands.outcome import Refusal, wanting
from orch.commands.project import Project
from orch.commands.session_files import SessionFile, SessionHead, find, heads, load, outline_of
from orch.model.session import Session
from orch.workflow.steps import refusal


def named_or_open(project: Project, reference: str | None, *, to_read: bool = False) -> SessionFile | Refusal:
    """The session that `reference` names, else the only open one. `to_read`: see `load`."""
    if reference:
        return find(project, reference, to_read=to_read)
    nothing = Refusal(
        "No session is open here; plan one first (plan).",
        terminal='No session is open here; start one with: orch plan "what you want"',
    )
    return the_only(project, open_sessions(project), "are open", nothing)


def named_or_able(
    project: Project, reference: str | None, step: str, *, force: bool = False, phase: str | None = None
) -> SessionFile | Refusal:
    """The session that `reference` names, else the only one in which `step` may be taken.

    Where there is but one open session, it is meant even when it may not take the step: its refusal says why.
    Where none is open, so is the only one that there is; and `reopen` looks at those that have ended.
    """
    if reference:
        return find(project, reference)
    known = heads(project)
    found = open_sessions(project, known)
    if not found and (step == "reopen" or len(known) == 1):
        found = sessions_in_outline(project, known)
    able = _able(found, lambda session: refusal(step, session, force=force, phase=phase))
    return the_only(project, able, *_words(step))


def the_only(project: Project, found: Sequence[SessionHead], several: str, none: Refusal) -> SessionFile | Refusal:
    """The only one of `found`, or a refusal that lists them: "3 sessions <several>; ..." or `none`."""
    if len(found) == 1:
        return load(project, found[0].path)
    if not found:
        return none
    which = wanting(f"{len(found)} sessions {several}; say which one", "--session")
    return replace(which, candidates=tuple(head.card() for head in found))


def open_sessions(project: Project, known: Iterable[SessionHead] | None = None) -> list[SessionHead]:
    """The open sessions of the project in outline: of their long texts only whether they are there.

    Files that no step can be taken on are passed over.
    """
    opened = [head for head in known or heads(project) if head.session.is_open]
    return [head for head in sessions_in_outline(project, opened) if head.session.is_open]


def sessions_in_outline(project: Project, known: Iterable[SessionHead]) -> list[SessionHead]:
    """The `known` sessions in outline, without the files that no step can be taken on."""
    outlines = (outline_of(project, head.path) for head in known)
    return [head for head in outlines if head is not None]


def cards(known: Iterable[SessionHead]) -> tuple[dict[str, str], ...]:
    """The open ones of `known` as candidates to choose from."""
    return tuple(head.card() for head in known if head.session.is_open)


def _able(found: list[SessionHead], why_not: Callable[[Session], str | None]) -> list[SessionHead]:
    able = [head for head in found if why_not(head.session) is None]
    return able or found[: len(found) == 1]


def _words(step: str) -> tuple[str, Refusal]:
    can = f"can take the step {step}"
    none = f"No open session {can}"
    return can, Refusal(f"{none}.", terminal=f"{none}; `orch` lists what comes next in each.")
