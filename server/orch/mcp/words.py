"""What a model is told of a step: what came of it, and what to do next. Plain data in, plain text out."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from orch.model.session import Session
from orch.workflow.steps import Due, due


def what_to_do(session: Session, missing: Sequence[str], *, prompt: bool) -> str:
    """What a model has to do next in `session`, naming the tool.

    `missing` are the open places of the prompt that is at hand, or of the next one; `prompt` says whether the model
    has just been given the prompt that is waited for.
    """
    name = f'session="{session.short_id}"'
    next_up = due(session)
    if next_up.step is None:
        return _when_ended(session, name)
    if next_up.waits:
        return f"{_fill_first(name, next_up, missing)}{_carry_out(name, next_up, prompt)}"
    match next_up.step:
        case "plan":
            return f"Call plan({name}) for the planning prompt."
        case "process":
            return f"An answer stands in the session file already; call process({name}) to take its parts out."
        case "analyze" | "implement":
            phase = "analysis" if next_up.step == "analyze" else "implementation"
            if not missing:
                return f"Call next({name}) for the {phase} prompt, and carry it out."
            return (
                f"The {phase} prompt will have open places: {_listed(missing)}. Look their values up in the "
                f"project, ask the user for what only they know, and call {next_up.step}({name}, values={{...}}) "
                "with these names, exactly."
            )
        case _:
            return f"Say how it went: complete({name}, outcome=...) with success, partial or failure; ask the user."


def _when_ended(session: Session, name: str) -> str:
    if session.status == "completed" and (session.outcome is None or session.outcome.result is None):
        return f"It has ended without an outcome; complete({name}, outcome=...) can still say how it went."
    return f"Nothing: the session is {session.status}. reopen({name}, phase=...) would take it back to a phase."


def _fill_first(name: str, next_up: Due, missing: Sequence[str]) -> str:
    if not missing:
        return ""
    return (
        f"The prompt has open places: {_listed(missing)}. Look their values up in the project, ask the user for "
        f'what only they know, and call fill({name}, phase="{next_up.phase}", values={{...}}) with these names, '
        "exactly; it returns the prompt filled in. Then: "
    )


def _carry_out(name: str, next_up: Due, prompt: bool) -> str:
    what = {
        "planning": "write the whole answer that it asks for",
        "analysis": "look at the project as it asks, change nothing, and write the report",
        "implementation": "make the change in the project, test it, and write the report",
    }[next_up.phase or "planning"]
    if next_up.lacks:
        parts = " and ".join(f"{part.upper()} TEMPLATE" for part in next_up.lacks)
        what = f"write only the {parts}, in exactly the form that it shows"
    if not prompt:
        return f"Call next({name}) for the prompt that waits for its answer."
    return f"Carry out the prompt yourself: {what}. Then file it with answer({name}, text=...)."


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


_FOR_A_PERSON = (
    (re.compile(r"\s*Give (?:the prompt|it) to a model, then (?:process|save) its answer\."), ""),
    (re.compile(r"\s*Next: [^.]*\."), ""),
    (re.compile(r"; say how it went with complete and an outcome"), " without an outcome"),
    (re.compile(r"(?<!orch )\bsave-(analysis|implementation)\b"), r"save_\1"),
    (re.compile(r"\(--session\)"), "(`session`)"),
    (re.compile(r"`orch list-sessions` lists them"), "list_sessions lists them"),
    (re.compile(r"`orch` lists what comes next in each"), "list_sessions tells what comes next in each"),
    (re.compile(r'start one with: orch plan "what you want"'), "plan starts one"),
)
"""What the commands say to a person at a terminal, and what a model is told instead."""

_WAITING = {
    "paste the answer": "the answer to the planning prompt",
    "paste the new answer": "the new answer to the planning prompt",
    "paste the analysis": "the report of the analysis",
    "paste what was built": "the report of what was built",
}


def for_model(sentence: str) -> str:
    """A sentence of a command, as a model is told it: with the tools' names, without what `do` says better."""
    for said, told in _FOR_A_PERSON:
        sentence = said.sub(told, sentence)
    return sentence


def next_words(words: str) -> str:
    """What comes next in a session of a list."""
    return f"it waits for {_WAITING[words]}" if words in _WAITING else words


def step_text(data: Mapping[str, Any]) -> str:
    """The result of a step as text: where the session stands, what to do, and the prompt, whole, at the end."""
    lines = [*data["notices"], _stands(data), f"Do: {data['do']}"]
    if data.get("prompt"):
        lines += ["", "--- prompt ---", data["prompt"]]
    return "\n".join(lines)


def _stands(data: Mapping[str, Any]) -> str:
    return f'Session {data["id"][:8]}, "{data["title"]}" ({data["feature_type"]}), status {data["status"]}.'


def sessions_text(data: Mapping[str, Any]) -> str:
    """One line for each session."""
    lines = [
        f"{entry['id'][:8]}  {entry['status']:<14}  {entry['title']}  (next: {entry['next']})"
        for entry in data["sessions"]
    ]
    if data["more"]:
        lines.append("There are more; raise the limit or narrow the search.")
    return "\n".join(lines) or "There are no such sessions."


def session_text(data: Mapping[str, Any]) -> str:
    """The head of a session and the texts that were asked for."""
    told = [f"{key}: {size} characters" for key, size in data["lengths"].items()]
    lines = [_stands(data), f"Do: {data['do']}", f"Long texts: {', '.join(told) or 'none'}."]
    for key, text in data["texts"].items():
        lines += ["", f"--- {key} ---", text]
    return "\n".join(lines)


def templates_text(data: Mapping[str, Any]) -> str:
    """One line for each template."""
    return "\n".join(
        f"{_template(entry)}: {entry['description'] or entry.get('problem') or 'no description'}"
        + (f" (not used: {entry['hidden_by']} is)" if entry["hidden_by"] else "")
        for entry in data["templates"]
    )


def _template(entry: Mapping[str, Any]) -> str:
    kind = f"{entry['feature_type']}/" if entry["feature_type"] else ""
    return f"{entry['layer']}:{kind}{entry['name']}"


def findings_text(data: Mapping[str, Any]) -> str:
    """One line for each finding."""
    lines = [
        f"{one['path']}:{one['line']}:{one['column']}: {one['severity']} {one['rule']} {one['message']}"
        for one in data["findings"]
    ]
    lines += data["unread"]
    files = f"{data['files']} file{'' if data['files'] == 1 else 's'}"
    return "\n".join(lines) or f"No problems in {files}."


def refusal_text(sentence: str, candidates: Sequence[Mapping[str, Any]]) -> str:
    """Why a call was refused, with the sessions that could have been meant."""
    if not candidates:
        return sentence
    cards = "\n".join(f"- {card['id'][:8]} {card['title']} ({card['status']})" for card in candidates[:_MOST_SHOWN])
    return f"{sentence}\nSessions that can be named:\n{cards}"


_MOST_SHOWN = 20
