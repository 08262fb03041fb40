"""What a tool answers, from what its command handed back: slim data, and the same as text."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orch.commands.outcome import Outcome
from orch.commands.project import Project
from orch.commands.prompt import missing_values
from orch.commands.session_files import relative
from orch.mcp.tools import TEXTS
from orch.mcp.words import (
    for_model,
    next_words,
    refusal_text,
    session_text,
    sessions_text,
    step_text,
    templates_text,
    what_to_do,
)
from orch.model.session import Session, session_from_data
from orch.syntax.toml_tree import parse_toml
from orch.workflow.steps import due

LISTED = 50
"""Sessions that are listed where no limit is given."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a tool answers: `data` for programs, `text` for a model; both say the same."""

    data: Mapping[str, Any]
    text: str
    is_error: bool = False


def reply_of(gives: str, project: Project, done: Outcome, given: Mapping[str, Any]) -> Reply:
    """The reply of a tool that `gives` a step, sessions, a session or templates. Reads the session once more."""
    return _FORMS[gives](project, done, given)


def refused(sentence: str, candidates: Sequence[Mapping[str, Any]] = ()) -> Reply:
    """A reply that says why there is no other."""
    sentence = for_model(sentence)
    data = {"error": sentence, "candidates": [dict(card) for card in candidates]}
    return Reply(data, refusal_text(sentence, candidates), is_error=True)


def _step(project: Project, done: Outcome, given: Mapping[str, Any]) -> Reply:  # noqa: ARG001 - as the others
    session = _session_now(project, done)
    result = done.result
    prompt = result.get("prompt") or ""
    missing = list(result.get("missing") or ()) or _open_places(session)
    data: dict[str, Any] = {
        **{key: result[key] for key in _HEAD},
        "do": what_to_do(session, missing, prompt=bool(prompt)),
        "missing": missing,
        "notices": [told for notice in done.notices if (told := for_model(notice))],
    }
    if "parts" in result:
        data["parts"] = result["parts"]
    if prompt:
        data["prompt"] = prompt
    return Reply(data, step_text(data))


_HEAD = ("id", "path", "title", "status", "feature_type", "project")


def _session_now(project: Project, done: Outcome) -> Session:
    """The session as the step left it."""
    path = Path(done.result["path"])
    after = next((edit.after for edit in done.edits if edit.path == path), None)
    return session_from_data(parse_toml(after if after is not None else project.storage.read(path) or "").data)


def _open_places(session: Session) -> list[str]:
    """The places without a value in the prompt that waits, or that comes next."""
    next_up = due(session)
    return missing_values(session, next_up.phase) if next_up.phase and not next_up.lacks else []


def _sessions(project: Project, done: Outcome, given: Mapping[str, Any]) -> Reply:  # noqa: ARG001 - as the others
    limit = given.get("limit", LISTED)
    entries = [{**entry, "next": next_words(entry["next"])} for entry in done.result["sessions"]]
    data = {"sessions": entries[:limit], "more": len(entries) > limit}
    return Reply(data, sessions_text(data))


def _session(project: Project, done: Outcome, given: Mapping[str, Any]) -> Reply:
    result = done.result
    session = _session_now(project, done)
    known = {key: text for key in TEXTS if isinstance(text := _at(result, key), str) and text}
    asked = given.get("texts", ())
    data = {
        **{key: _without_long(key, value, known) for key, value in result.items() if key not in _LEFT_OUT},
        "do": _mend_first(project, done) or what_to_do(session, _open_places(session), prompt=False),
        "lengths": {key: len(text) for key, text in known.items()},
        "texts": {key: text for key, text in known.items() if key in asked or "all" in asked},
    }
    return Reply(data, session_text(data))


def _mend_first(project: Project, done: Outcome) -> str:
    """What to do with a file that no step can be taken on; empty for any other."""
    path = Path(done.result["path"])
    if parse_toml(project.storage.read(path) or "").valid:
        return ""
    name = relative(project, path)
    return f'Mend {name} first: it is not valid TOML, so no step can be taken. check(paths=["{name}"]) tells where.'


_LEFT_OUT = ("next", "request")


def _without_long(table: str, value: Any, known: Mapping[str, str]) -> Any:
    """`value` of the session's key `table` without the texts that are told by their length."""
    if not isinstance(value, Mapping):
        return value
    return {name: held for name, held in value.items() if f"{table}.{name}" not in known and name != "sections"}


def _at(result: Mapping[str, Any], key: str) -> Any:
    table, _, name = key.partition(".")
    held = result.get(table)
    return held.get(name) if isinstance(held, Mapping) else None


def _templates(project: Project, done: Outcome, given: Mapping[str, Any]) -> Reply:  # noqa: ARG001 - as the others
    keys = ("name", "feature_type", "layer", "path", "version", "description", "hidden_by", "problem")
    entries = [{key: entry[key] for key in keys if key in entry} for entry in done.result["templates"]]
    data = {"templates": entries, "notices": list(done.notices)}
    return Reply(data, templates_text(data))


_FORMS: dict[str, Callable[[Project, Outcome, Mapping[str, Any]], Reply]] = {
    "step": _step,
    "sessions": _sessions,
    "session": _session,
    "templates": _templates,
}
