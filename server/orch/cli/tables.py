"""Sessions, candidates and parts as tables."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from orch.cli import terminal
from orch.text.figures import duration
from orch.workflow.cost_words import token_words

STYLES = {
    "planning": "cyan",
    "analysis": "blue",
    "implementation": "magenta",
    "completed": "green",
    "abandoned": "dim",
    "found": "green",
    "doubtful": "yellow",
    "missing": "red",
}


def write_sessions(sessions: Sequence[Mapping[str, Any]], *, costs: bool = False) -> None:
    """Writes the sessions of `list-sessions`, a row each; with `costs` what their runs took, where one has any."""
    rows: list[tuple[str, ...]] = [
        (
            session["id"][:8],
            session["status"],
            session["feature_type"],
            session["title"],
            when(session["updated"]),
            session["next"],
        )
        for session in sessions
    ]
    headers: tuple[str, ...] = ("id", "status", "type", "title", "updated", "next")
    cost = [_cost(session) for session in sessions]
    if costs and any(cost):
        rows = [(*row, words) for row, words in zip(rows, cost, strict=True)]
        headers = (*headers, "runs took")
    terminal.write_table("out", headers, rows, STYLES)


def _cost(session: Mapping[str, Any]) -> str:
    seconds = session.get("seconds")
    words = token_words(session.get("input_tokens"), session.get("output_tokens"))
    return ", ".join(part for part in (duration(seconds) if seconds is not None else "", words) if part)


def say_candidates(candidates: Sequence[Mapping[str, Any]]) -> None:
    """Shows the sessions that could have been meant."""
    if candidates:
        rows = [(card["id"][:8], card["status"], card["title"]) for card in candidates]
        terminal.write_table("err", ("id", "status", "title"), rows, STYLES)


def say_notices(result: Mapping[str, Any], notices: Sequence[str]) -> None:
    """Says the notices of a step; those of `process`, one for each part, in the colour of how sure the part is."""
    states = [STYLES.get(part["state"], "") for part in (result.get("parts") or {}).values()]
    for number, notice in enumerate(notices):
        terminal.say(notice, states[number] if number < len(states) else "")


def when(updated: str | None) -> str:
    """A time for people, in their zone, on a terminal; as it stands in JSON otherwise."""
    if not updated or not terminal.is_terminal("out"):
        return updated or ""
    return f"{datetime.fromisoformat(updated).astimezone():%Y-%m-%d %H:%M}"
