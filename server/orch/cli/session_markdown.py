"""A session as a Markdown document for people to read."""

from collections.abc import Iterator, Mapping
from typing import Any

from orch.model.session import PHASES, Cost
from orch.workflow.cost_words import cost_words

_TITLES = {
    "response": "The model's answer",
    "body": "Template from the planning answer",
    "result": "Result",
    "prompt": "Prompt",
}
_FACTS = ("id", "status", "feature_type", "project", "created", "updated", "next")


def session_markdown(session: Mapping[str, Any]) -> str:
    """The Markdown of a session as `show` gives it: the facts, the request, the notes, then phase by phase."""
    return "\n".join(_lines(session))


def _lines(session: Mapping[str, Any]) -> Iterator[str]:
    yield f"# {session['title']}\n"
    yield from _items({key: session.get(key) for key in _FACTS})
    yield from _long("## Request", session.get("request", {}).get("text"))
    notes = session.get("notes", {})
    if notes:
        yield "## Notes\n"
        yield from _items({key: notes.get(key) for key in ("complexity", "time_estimate", "key_files")})
        for risk in notes.get("risks", ()):
            yield f"- risk: {risk.get('risk', '')}" + (f" ({risk['mitigation']})" if risk.get("mitigation") else "")
        yield from _long("", notes.get("text"))
    for phase in PHASES:
        yield from _phase(phase, session.get(phase, {}))
    if outcome := session.get("outcome"):
        yield "## Outcome\n"
        yield from _items(outcome)
    yield from _runs(session)
    if history := session.get("history"):
        yield "## History\n"
        for entry in history:
            who = f", {entry['by']}" if entry.get("by") else ""
            yield f"- {entry.get('at', '')}: {entry.get('step', '')}{who}"


def _runs(session: Mapping[str, Any]) -> Iterator[str]:
    """The runs of models, and what they took together."""
    runs = session.get("executions")
    if not runs:
        return
    yield "## Runs\n"
    for run in runs:
        model = f" ({run['model']})" if run.get("model") else ""
        took = cost_words(Cost(1, run.get("seconds"), run.get("input_tokens"), run.get("output_tokens")))
        what = f"{run.get('step', '')} with {run.get('runner', '')}{model}: {run.get('status', '')}"
        yield f"- {run.get('started', '')}: {what}{took.removeprefix('1 run')}"
    total = Cost(len(runs), session.get("seconds"), session.get("input_tokens"), session.get("output_tokens"))
    yield f"- together: {cost_words(total)}"
    yield ""


def _phase(name: str, phase: Mapping[str, Any]) -> Iterator[str]:
    if not phase:
        return
    yield f"## {name.capitalize()}\n"
    yield from _items({"template": phase.get("template"), **phase.get("values", {})})
    for key, title in _TITLES.items():
        yield from _long(f"### {title}", phase.get(key))


def _items(facts: Mapping[str, Any]) -> Iterator[str]:
    for key, value in facts.items():
        if value:
            yield f"- {key.replace('_', ' ')}: {', '.join(value) if isinstance(value, list) else value}"
    yield ""


def _long(heading: str, text: Any) -> Iterator[str]:
    """A long text under its heading, in a fence that is longer than any fence in it: it has headings of its own."""
    if not isinstance(text, str) or not text.strip():
        return
    if heading:
        yield heading + "\n"
    longest = max((len(line) - len(line.lstrip("`")) for line in map(str.strip, text.splitlines())), default=0)
    fence = "`" * max(3, longest + 1)
    yield f"{fence}markdown\n{text.rstrip(chr(10))}\n{fence}\n"
