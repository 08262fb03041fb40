"""process: the model's planning answer comes in, and its three parts are taken out."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from orch.commands.answers import receive
from orch.commands.command import Command
from orch.commands.outcome import Outcome, Refusal
from orch.commands.project import Project
from orch.commands.prompt import missing_values
from orch.commands.session_files import SessionFile
from orch.commands.stepping import Step, take
from orch.model.session import Session, session_from_data
from orch.workflow.extraction import extract
from orch.workflow.extraction_result import Extraction, Part, State


@dataclass(frozen=True, slots=True)
class ProcessParams:
    """`text` is the model's answer; without one, the response that stands in the session is meant."""

    session: str | None = None
    text: str | None = None


def process(project: Project, params: ProcessParams) -> Outcome | Refusal:
    """Stores a planning answer, whole, and fills the bodies and the notes from it."""
    received = receive(project, params.session, params.text, "process")
    return received if isinstance(received, Refusal) else process_answer(project, *received)


COMMAND = Command(
    "orch.session.process",
    ProcessParams,
    process,
    "Take the parts out of the planning answer",
    brings="text",
    files="orch process --session {session} --file {file}",
)


def process_answer(
    project: Project, file: SessionFile, text: str | None, execution: Mapping[str, Any] | None = None
) -> Outcome | Refusal:
    """The step itself, for a session that may take it. `execution` is the record of the run that `text` is from."""
    answer = text if text is not None else file.session.planning.response
    if not answer or not answer.strip():
        return Refusal("There is no answer to process; give the planning prompt to a model and bring its answer.")
    found = extract(answer)
    sets: dict[tuple[str, ...], Any] = {("planning", "response"): answer}
    for name in ("analysis", "implementation"):
        part = found.part(name)
        if part.state is not State.MISSING:
            sets[(name, "body")] = part.text
    sets |= _notes_sets(found)
    lacks = [
        name
        for name in ("analysis", "implementation")
        if not (sets.get((name, "body")) or file.session.phase(name).body)
    ]
    done = take(
        project,
        file,
        Step(
            "process",
            sets,
            result={"parts": {name: _part_json(found.part(name)) for name in _PARTS}},
            notices=tuple(_notice(name, found.part(name), file.session) for name in _PARTS),
            complete=not lacks,
            execution=execution,
        ),
    )
    if isinstance(done, Refusal):
        return done
    # what the next prompt will want
    missing = missing_values(session_from_data(done.result), "analysis")
    return replace(done, result={**done.result, "missing": missing})


_PARTS = {"analysis": "ANALYSIS TEMPLATE", "implementation": "IMPLEMENTATION TEMPLATE", "notes": "EXECUTION NOTES"}


def _notes_sets(found: Extraction) -> dict[tuple[str, ...], Any]:
    """The keys of `[notes]`. New notes replace the old ones as a whole, so that no field of the old one stays."""
    if found.notes.state is State.MISSING:
        return {}
    fields = found.fields
    risks = [
        {"risk": risk.risk, **({"mitigation": risk.mitigation} if risk.mitigation else {})} for risk in fields.risks
    ]
    return {
        ("notes", "complexity"): fields.complexity,
        ("notes", "time_estimate"): fields.time_estimate,
        ("notes", "key_files"): list(fields.key_files) or None,
        ("notes", "text"): found.notes.text,
        ("notes", "risks"): risks or None,
    }


def _part_json(part: Part) -> dict[str, Any]:
    told: dict[str, Any] = {"state": part.state.value, "by": part.by, "start": part.start, "end": part.end}
    return {**told, "why": part.why} if part.why else told


def _notice(name: str, part: Part, before: Session) -> str:
    """What became of a part of the session as it was `before`."""
    title = _PARTS[name]
    if part.state is State.FOUND:
        lines = part.text.count("\n") + 1
        return f"{title}: found ({part.by}), {lines} {'line' if lines == 1 else 'lines'}."
    if part.state is State.DOUBTFUL:
        return f"{title}: doubtful ({part.by}). {part.why}"
    had = (before.notes and before.notes.text) if name == "notes" else before.phase(name).body
    if had:
        return f"{title}: not in this answer; the one from before stays."
    return f"{title}: missing. {part.why}".rstrip()
