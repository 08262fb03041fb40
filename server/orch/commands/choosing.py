"""Which session a command means when its caller names one, or none."""

from collections.abc import Callable, Iterable

from orch.commands.outcome import Refusal
from orch.commands.project import Project
from orch.commands.session_files import SessionFile, SessionHead, find, heads, load
from orch.model.session import Session
from orch.workflow.steps import refusal


def named_or_open(project: Project, reference: str | None, *, to_read: bool = False) -> SessionFile | Refusal:
    """The session that `reference` names, else the only open one. `to_read`: see `load`."""
    if reference:
        return find(project, reference, to_read=to_read)
    nothing = 'No session is open here; start one with: orch plan "what you want"'
    return the_only(open_files(project), "are open", nothing)


def named_or_able(
    project: Project, reference: str | None, step: str, *, force: bool = False, phase: str | None = None
) -> SessionFile | Refusal:
    """The session that `reference` names, else the only one in which `step` may be taken.

    Where there is but one open session, it is meant even when it may not take the step: its refusal says why.
    """
    if reference:
        return find(project, reference)
    files = open_files(project)
    return the_only(_able(files, lambda session: refusal(step, session, force=force, phase=phase)), *_words(step))


def the_only(files: Iterable[SessionFile], several: str, none: str) -> SessionFile | Refusal:
    """The only one of `files`, or a refusal that lists them: "3 sessions <several>; ..." or `none`."""
    found = list(files)
    if len(found) == 1:
        return found[0]
    if not found:
        return Refusal(none)
    sentence = f"{len(found)} sessions {several}; say which one (--session)."
    return Refusal(sentence, candidates=cards(SessionHead(file.path, file.session) for file in found))


def open_files(project: Project, known: Iterable[SessionHead] | None = None) -> list[SessionFile]:
    """The open sessions of the project. Files that cannot be read as sessions are passed over."""
    files = (load(project, head.path) for head in known or heads(project) if head.session.is_open)
    return [file for file in files if isinstance(file, SessionFile)]


def cards(known: Iterable[SessionHead]) -> tuple[dict[str, str], ...]:
    """The open ones of `known` as candidates to choose from."""
    return tuple(head.card() for head in known if head.session.is_open)


def _able(files: list[SessionFile], why_not: Callable[[Session], str | None]) -> list[SessionFile]:
    able = [file for file in files if why_not(file.session) is None]
    return able or files[: len(files) == 1]


def _words(step: str) -> tuple[str, str]:
    can = f"can take the step {step}"
    return can, f"No open session {can}; `orch` lists what comes next in each."
