"""A session: one feature on its way from a request to a completed change. Frozen records, read from TOML data.

The shape is the contract's ("Session"); `schema.py` says the same as a table for diagnostics and completion.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from math import isfinite
from typing import Any, TypeVar

SCHEMA_VERSION = 1
PHASES = ("planning", "analysis", "implementation")
ENDED = ("completed", "abandoned")
STATUSES = (*PHASES, *ENDED)
FEATURE_TYPES = ("feature", "bugfix", "refactor", "performance", "migration", "docs")
COMPLEXITIES = ("low", "low-medium", "medium", "medium-high", "high")
RESULTS = ("success", "partial", "failure")
ROLES = {"planning": "orchestrator", "analysis": "analysis", "implementation": "implementation"}
"""The template role that makes the prompt of each phase."""


@dataclass(frozen=True, slots=True)
class Phase:
    """One phase of a session. Planning has a `response`, the other two a `body` and a `result`."""

    template: str | None = None
    experiment: str | None = None
    arm: str | None = None
    response: str | None = None
    body: str | None = None
    result: str | None = None
    prompt: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def answer(self) -> str | None:
        """What the model answered to this phase's prompt: the response of planning, else the result."""
        return self.response if self.response is not None else self.result


@dataclass(frozen=True, slots=True)
class Risk:
    """A risk from the execution notes, with what is planned against it."""

    risk: str
    mitigation: str = ""


@dataclass(frozen=True, slots=True)
class Notes:
    """The EXECUTION NOTES of a planning answer and the fields read from them."""

    text: str = ""
    complexity: str | None = None
    time_estimate: str | None = None
    key_files: tuple[str, ...] = ()
    risks: tuple[Risk, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a completed session turned out."""

    result: str | None = None
    rating: int | None = None
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One step that was taken: when (UTC), which, by whom, at which commit, and what it replaced."""

    at: datetime
    step: str
    by: str | None = None
    commit: str | None = None
    kept: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Execution:
    """One time that a runner was given a prompt."""

    step: str
    runner: str
    status: str
    model: str | None = None
    started: datetime | None = None
    seconds: float | None = None
    prompt_chars: int | None = None
    answer_chars: int | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None


@dataclass(frozen=True, slots=True)
class Cost:
    """What all runs of a session took together, as far as they tell; None where none does."""

    runs: int = 0
    seconds: float | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None


NO_COST = Cost()


@dataclass(frozen=True, slots=True)
class Session:
    """A whole session as its file tells it. What the file lacks, or has in a wrong type, is empty here."""

    schema: int = SCHEMA_VERSION
    id: str = ""
    title: str = ""
    status: str = "planning"
    feature_type: str = "feature"
    project: str = ""
    created: datetime | None = None
    request: str = ""
    outcome: Outcome | None = None
    notes: Notes | None = None
    planning: Phase = Phase()
    analysis: Phase = Phase()
    implementation: Phase = Phase()
    executions: tuple[Execution, ...] = ()
    history: tuple[HistoryEntry, ...] = ()

    def phase(self, name: str) -> Phase:
        """The phase of that name (one of `PHASES`)."""
        return {"planning": self.planning, "analysis": self.analysis, "implementation": self.implementation}[name]

    @property
    def cost(self) -> Cost:
        """What its runs took, whatever came of them."""
        runs = self.executions
        if not runs:
            return NO_COST
        seconds = [run.seconds for run in runs if run.seconds is not None and isfinite(run.seconds)]
        read = [run.input_tokens for run in runs if run.input_tokens is not None]
        written = [run.output_tokens for run in runs if run.output_tokens is not None]
        return Cost(
            len(runs),
            round(sum(seconds), 1) if seconds else None,
            sum(read) if read else None,
            sum(written) if written else None,
        )

    @property
    def short_id(self) -> str:
        """The first eight characters of the id: what prompts, file names and messages use."""
        return self.id[:8]

    @property
    def is_open(self) -> bool:
        """Whether the session is neither completed nor abandoned."""
        return self.status not in ENDED

    @property
    def updated(self) -> datetime | None:
        """When the last step was taken, else when the session was created."""
        return self.history[-1].at if self.history else self.created


def session_from_data(data: Mapping[str, Any]) -> Session:
    """The session that TOML data describes. Never raises: what is missing or of a wrong type is left empty."""
    notes = _table(data, "notes")
    outcome = _table(data, "outcome")
    return Session(
        schema=_get(data, "schema", int, SCHEMA_VERSION),
        id=_get(data, "id", str, ""),
        title=_get(data, "title", str, ""),
        status=_get(data, "status", str, "planning"),
        feature_type=_get(data, "feature_type", str, "feature"),
        project=_get(data, "project", str, ""),
        created=_time(data.get("created")),
        request=_get(_table(data, "request"), "text", str, ""),
        outcome=Outcome(
            _get(outcome, "result", str, None),
            _get(outcome, "rating", int, None),
            _get(outcome, "comment", str, None),
        )
        if outcome
        else None,
        notes=_notes(notes) if notes else None,
        planning=_phase(_table(data, "planning")),
        analysis=_phase(_table(data, "analysis")),
        implementation=_phase(_table(data, "implementation")),
        executions=tuple(_execution(entry) for entry in _tables(data, "executions")),
        history=tuple(entry for entry in map(_history_entry, _tables(data, "history")) if entry is not None),
    )


T = TypeVar("T")
D = TypeVar("D")


def _get(data: Mapping[str, Any], key: str, kind: type[T], default: D) -> T | D:
    value = data.get(key)
    # bool is an int to Python, not to TOML
    return value if isinstance(value, kind) and not (kind is int and isinstance(value, bool)) else default


def _table(data: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = data.get(key)
    # asking for a dict first, as TOML data are dicts, is ten times as fast
    return value if isinstance(value, dict | Mapping) else {}


def _tables(data: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    value = data.get(key)
    return [entry for entry in value if isinstance(entry, Mapping)] if isinstance(value, list) else []


def _strings(data: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = data.get(key)
    return tuple(entry for entry in value if isinstance(entry, str)) if isinstance(value, list) else ()


def _time(value: object) -> datetime | None:
    if not isinstance(value, datetime):
        return None
    # a local date-time has no zone; UTC is what Orch itself writes
    return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


def _phase(data: Mapping[str, Any]) -> Phase:
    return Phase(
        template=_get(data, "template", str, None),
        experiment=_get(data, "experiment", str, None),
        arm=_get(data, "arm", str, None),
        response=_get(data, "response", str, None),
        body=_get(data, "body", str, None),
        result=_get(data, "result", str, None),
        prompt=_get(data, "prompt", str, None),
        values={key: as_text(value) for key, value in _table(data, "values").items()},
    )


def as_text(value: object) -> str:
    """A value of `[<phase>.values]` as the text that a prompt gets: `true`, not `True`."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _notes(data: Mapping[str, Any]) -> Notes:
    return Notes(
        text=_get(data, "text", str, ""),
        complexity=_get(data, "complexity", str, None),
        time_estimate=_get(data, "time_estimate", str, None),
        key_files=_strings(data, "key_files"),
        risks=tuple(
            Risk(_get(entry, "risk", str, ""), _get(entry, "mitigation", str, ""))
            for entry in _tables(data, "risks")
        ),
    )


def _execution(data: Mapping[str, Any]) -> Execution:
    seconds = data.get("seconds")
    return Execution(
        step=_get(data, "step", str, ""),
        runner=_get(data, "runner", str, ""),
        status=_get(data, "status", str, ""),
        model=_get(data, "model", str, None),
        started=_time(data.get("started")),
        seconds=float(seconds) if isinstance(seconds, int | float) else None,
        prompt_chars=_count(data.get("prompt_chars")),
        answer_chars=_count(data.get("answer_chars")),
        input_tokens=_count(data.get("input_tokens")),
        output_tokens=_count(data.get("output_tokens")),
    )


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def _history_entry(data: Mapping[str, Any]) -> HistoryEntry | None:
    at = _time(data.get("at"))
    if at is None:
        return None
    return HistoryEntry(
        at=at,
        step=_get(data, "step", str, ""),
        by=_get(data, "by", str, None),
        commit=_get(data, "commit", str, None),
        kept=_strings(data, "kept"),
    )
