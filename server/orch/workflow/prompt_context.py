"""The variables that a prompt's template gets: the contract's "Rendering", as plain data."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date
from difflib import get_close_matches
from typing import Any

from orch.model.session import PHASES, Notes, Session
from orch.model.template import Input
from orch.workflow.notes import note_sections
from orch.workflow.placeholders import fill_placeholders, find_placeholders, is_analysis_slot, known_values


@dataclass(frozen=True, slots=True)
class ProjectFacts:
    """What a prompt may tell of the project. `files` are (path, text)."""

    name: str
    root: str
    tree: str = ""
    guidelines: str = ""
    languages: tuple[str, ...] = ()
    files: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class FilledBody:
    """A body with its placeholders filled in. `missing` are those without a value, in the order of the text.

    `has_analysis` when the body has a place for the analysis result, so that it must not be appended as well.
    """

    text: str
    missing: tuple[str, ...] = ()
    has_analysis: bool = False


def prompt_variables(
    session: Session, phase: str, facts: ProjectFacts, today: date, body: FilledBody, inputs: Mapping[str, Any]
) -> dict[str, Any]:
    """The variables for the prompt of `phase`. Texts that there are none of are empty, never None.

    `body` is given filled in. `analysis_result` is empty where the body holds the result already, so that a
    template appends it whenever there is one.
    """
    variables: dict[str, Any] = {
        **inputs,
        "request": session.request,
        "title": session.title,
        "feature_type": session.feature_type,
        "today": today.isoformat(),
        "session": {"id": session.id, "status": session.status, "created": _time(session)},
        "project": {
            "name": facts.name,
            "root": facts.root,
            "tree": facts.tree,
            "guidelines": facts.guidelines,
            "languages": list(facts.languages),
            "files": [{"path": path, "text": text} for path, text in facts.files],
        },
    }
    if phase != "planning":
        variables |= {"body": body.text, "notes": _notes(session.notes or Notes())}
    if phase == "implementation":
        variables["analysis_result"] = "" if body.has_analysis else session.analysis.result or ""
    return variables


def fill_body(session: Session, phase: str, values: Mapping[str, str]) -> FilledBody:
    """The body of `phase` with `values`, and what the session itself knows, in its placeholders.

    An empty value is none. Filling in is literal: nothing that a value holds is looked at again.
    """
    body = session.phase(phase).body or ""
    given = {key: value for key, value in values.items() if value}
    known = {**known_values(session, body), **given}
    keys = list(dict.fromkeys(place.key for place in find_placeholders(body)))
    return FilledBody(
        text=fill_placeholders(body, known),
        missing=tuple(key for key in keys if key not in known),
        has_analysis=any(map(is_analysis_slot, keys)),
    )


def open_keys(session: Session, phase: str) -> list[str]:
    """The placeholders of the phase's body that somebody has to fill, each once, in the order of the text.

    A place for the analysis fills by itself; only an implementation that was begun without a result leaves it open.
    """
    missing = fill_body(session, phase, session.phase(phase).values).missing
    waits = phase == "implementation" and session.status in PHASES[:2]
    return [key for key in missing if not (waits and is_analysis_slot(key))]


def input_values(declared: Mapping[str, Input], given: Mapping[str, str]) -> dict[str, Any] | str:
    """The value of every declared input that has one, as the type of its default; a sentence where one is wrong."""
    found: dict[str, Any] = {}
    for name, asked in declared.items():
        text = given.get(name, "")
        if not text:
            if asked.default is not None:
                found[name] = asked.default
            continue
        value = _as_type_of(asked.default, text)
        if value is None:
            return f"`{name}` is {text!r}, but must be {_kind(asked.default)}."
        if asked.choices and text not in asked.choices:
            return f"`{name}` is {text!r}, but must be one of {', '.join(asked.choices)}."
        found[name] = value
    return found


def unknown_value(given: Iterable[str], known: Iterable[str]) -> str | None:
    """The sentence for the first name in `given` that is not among `known`, None when all are."""
    names = list(dict.fromkeys(known))
    for name in given:
        if name not in names:
            close = get_close_matches(name, names, n=1, cutoff=0.6)
            meant = f"did you mean `{close[0]}`?" if close else f"it asks for {', '.join(names) or 'nothing'}."
            return f"The prompt asks for no value `{name}`; {meant}"
    return None


def _as_type_of(default: object, text: str) -> str | bool | int | float | None:
    """`text` as a value of the type of `default`; None when it is no such value."""
    try:
        match default:
            case bool():
                return {"true": True, "false": False}.get(text.lower())
            case int():
                return int(text)
            case float():
                return float(text)
            case _:
                return text
    except ValueError:
        return None


def _kind(default: object) -> str:
    if isinstance(default, bool):
        return "true or false"
    return "a whole number" if isinstance(default, int) else "a number"


def _time(session: Session) -> str:
    return session.created.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if session.created else ""


def _notes(notes: Notes) -> dict[str, Any]:
    return {
        "text": notes.text,
        "complexity": notes.complexity or "",
        "time_estimate": notes.time_estimate or "",
        "key_files": list(notes.key_files),
        "risks": [{"risk": risk.risk, "mitigation": risk.mitigation} for risk in notes.risks],
        "sections": note_sections(notes.text),
    }
