"""template replay: what the working copy changes in the prompts of the last sessions, before it is published."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from orch.commands.command import Command
from orch.commands.outcome import Outcome, Refusal
from orch.commands.project import Project
from orch.commands.prompting import resolve_reference
from orch.commands.rendering import Occasion, facts_for, project_facts, render_closure
from orch.commands.session_files import SessionFile, head_of, load, session_paths
from orch.commands.settings import project_library
from orch.commands.templates import find_template, id_json, named, phase_of
from orch.library.choice import choose
from orch.library.closure import closure_of
from orch.library.layers import Library
from orch.library.resolution import Found
from orch.model.reference import BadReference, Reference
from orch.model.session import Session
from orch.render.port import Rendered, RenderFailure
from orch.storage.port import StorageError
from orch.text.unified import changed_lines, unified
from orch.workflow.answer.part_names import PARTS
from orch.workflow.extraction import extract
from orch.workflow.extraction_result import State
from orch.workflow.prompt_context import ProjectFacts
from orch.workflow.sample_answer import PART_WORDS, not_extracted

LAST = 10
"""Sessions that are replayed unless another number is given."""

_LOOKED_AT = 500
"""Session files that are read at most to find them."""


@dataclass(frozen=True, slots=True)
class ReplayParams:
    """`name` is a template of one of the three roles; `sessions` how many of the last ones are replayed."""

    name: str
    feature_type: str | None = None
    sessions: int = LAST


def replay(project: Project, params: ReplayParams) -> Outcome | Refusal:
    """`{name, feature_type, layer, phase, changed, sessions: [...]}`, the newest session first.

    A session is `{id, title, path, template, compared, changed, added, removed, unified, problem, parts, extracts,
    asks}`. Compared are two prompts made today: by the version that the session recorded (`compared` is `version`),
    or the stored prompt where that cannot be had (`stored`), with the one by the working copy. `problem` says why
    that makes none. `parts` are the states of the parts in the stored answer, `extracts` whether the two templates
    are found in it, both None without an answer; `asks` are the parts that the new prompt asks for in no way that
    Orch would find in an answer.
    """
    library = project_library(project)
    reference = named(library, params.name, params.feature_type)
    found = reference if isinstance(reference, Refusal) else find_template(library, reference.unversioned)
    if isinstance(found, Refusal):
        return found
    phase = phase_of(found.id)
    if phase is None:
        return Refusal(
            f"`{found.id.path}` makes no prompt by itself; replay orchestrator, analysis or implementation, "
            "whichever uses it."
        )
    if not 1 <= params.sessions <= _LOOKED_AT:
        return Refusal(f"The number of sessions is one from 1 to {_LOOKED_AT}.")
    facts: ProjectFacts | None = None
    told: list[dict[str, Any]] = []
    for file in _last(project, library, found, phase):
        facts = facts or project_facts(project, library)
        told.append(_replayed(project, library, found, phase, file, facts))
        if len(told) == params.sessions:
            break
    changed = sum(one["changed"] for one in told)
    return Outcome(
        {**id_json(found.id), "phase": phase, "changed": changed, "sessions": told},
        notices=_notices(found, told, changed),
    )


COMMAND = Command("orch.template.replay", ReplayParams, replay, "Replay the last sessions", changes=False)


def _last(project: Project, library: Library, found: Found, phase: str) -> Iterator[SessionFile]:
    """The sessions that got a prompt of `phase` and would get it from this working copy, the newest file first."""
    looked = 0
    wins: dict[str, bool] = {}
    for path in reversed(session_paths(project)):
        try:
            head = head_of(project, path)
            if head is None:
                continue
            kind = head.session.feature_type
            if kind not in wins:
                wins[kind] = choose(library, Reference(found.id.name), kind).winner == found.id
            if not wins[kind]:
                continue
            looked += 1
            file = load(project, path, to_read=True)
        except StorageError:
            continue  # a file that cannot be read has diagnostics of its own
        if isinstance(file, SessionFile) and file.session.phase(phase).prompt:
            yield file
        if looked == _LOOKED_AT:
            return


def _replayed(
    project: Project, library: Library, found: Found, phase: str, file: SessionFile, facts: ProjectFacts
) -> dict[str, Any]:
    session = file.session
    then = session.phase(phase)
    occasion = Occasion(session, phase, facts_for(session, facts), then.values)
    before = _by_version(project, library, then.template, occasion)
    now = _by(project, library, found, occasion)
    after = now.text if isinstance(now, Rendered) else ""
    compared = before if before is not None else then.prompt or ""
    changes = unified(compared, after, then.template or "stored prompt", str(found.id)) if after else ""
    removed, added = changed_lines(changes)
    return {
        "id": session.id,
        "title": session.title,
        "path": str(file.path),
        "template": then.template,
        "compared": "version" if before is not None else "stored",
        "changed": bool(changes),
        "added": added,
        "removed": removed,
        "unified": changes,
        "problem": now.sentence if isinstance(now, RenderFailure) else None,
        **_answer(session, phase),
        "asks": not_extracted(after) if after and phase == "planning" else [],
    }


def _by_version(project: Project, library: Library, template: str | None, occasion: Occasion) -> str | None:
    """The prompt by the version that the session recorded; None where there is none any more."""
    version = resolve_reference(library, template, occasion.session.feature_type) if template else None
    if not isinstance(version, Found) or version.version is None:
        return None
    made = _by(project, library, version, occasion)
    return made.text if isinstance(made, Rendered) else None


def _by(project: Project, library: Library, found: Found, occasion: Occasion) -> Rendered | RenderFailure:
    closure = closure_of(library, found, occasion.session.feature_type)
    if isinstance(closure, BadReference):
        return RenderFailure(closure.sentence)
    return render_closure(project, library, closure, occasion)


def _answer(session: Session, phase: str) -> dict[str, Any]:
    """What is found in the stored answer today."""
    response = session.planning.response
    if phase != "planning" or not response or not response.strip():
        return {"parts": None, "extracts": None}
    found = extract(response)
    parts = {part: str(found.part(part).state) for part in PARTS}
    return {
        "parts": parts,
        "extracts": all(parts[part] != State.MISSING for part in ("analysis", "implementation")),
    }


def _notices(found: Found, told: list[dict[str, Any]], changed: int) -> tuple[str, ...]:
    if not told:
        return (f"No session would get its prompt from `{found.id}`, so there is nothing to replay.",)
    prompts = "prompt" if len(told) == 1 else "prompts"
    notices = [f"`{found.id}` changes {changed} of {len(told)} {prompts}."]
    broken = [one for one in told if one["problem"]]
    if broken:
        ids = ", ".join(one["id"][:8] for one in broken)
        notices.append(f"It makes no prompt for {ids}: {broken[0]['problem']}")
    lost = [one["id"][:8] for one in told if one["extracts"] is False]
    if lost:
        notices.append(f"The stored answers of {', '.join(lost)} lack a template.")
    asks = {part: None for one in told for part in one["asks"]}
    if asks:
        words = " and ".join(PART_WORDS[part] for part in asks)
        notices.append(f"Nothing in the new prompts asks for {words} by a name that Orch finds in the answer.")
    return tuple(notices)
