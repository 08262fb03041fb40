"""The contract's table of steps, row by row, and what is due when."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orch.model.session import HistoryEntry, Phase, Session
from orch.workflow.steps import STEPS, due, refusal, waits_for


def session(status: str, *texts: str, history: str = "") -> Session:
    """A session in which `texts` (`analysis.body` ...) are there, after the steps in `history`."""

    def phase(name: str) -> Phase:
        keys = ("response", "body", "result", "prompt")
        return Phase(**{key: "some text" for key in keys if f"{name}.{key}" in texts})

    entries = tuple(HistoryEntry(datetime(2026, 1, 1, tzinfo=UTC), step) for step in history.split())
    return Session(
        id="8f14e45f",
        status=status,
        planning=phase("planning"),
        analysis=phase("analysis"),
        implementation=phase("implementation"),
        history=entries,
    )


BODIES = ("analysis.body", "implementation.body")
TABLE = {
    "plan": [session("planning")],
    "process": [session("planning"), session("planning", *BODIES)],
    "analyze": [session("planning", *BODIES), session("planning", "analysis.body"), session("analysis")],
    "save-analysis": [session("analysis"), session("analysis", "analysis.result")],
    "implement": [session("analysis", "analysis.result"), session("implementation")],
    "save-implementation": [session("implementation")],
    "complete": [session("implementation")],
    "abandon": [session("planning"), session("analysis"), session("implementation")],
}


@pytest.mark.parametrize(("step", "state"), [(step, state) for step, states in TABLE.items() for state in states])
def test_a_step_is_allowed_where_the_table_says(step: str, state: Session) -> None:
    assert refusal(step, state) is None


@pytest.mark.parametrize("step", [step for step in STEPS if step != "reopen"])
@pytest.mark.parametrize("status", ["completed", "abandoned"])
def test_an_ended_session_takes_no_step_but_reopen(step: str, status: str) -> None:
    sentence = refusal(step, session(status, *BODIES, "analysis.result"))
    assert sentence == f"This session is {status}; reopen it first (reopen)."


@pytest.mark.parametrize(
    ("step", "state", "first"),
    [
        ("analyze", session("planning"), "(process)"),
        ("analyze", session("implementation"), "(reopen)"),
        ("save-analysis", session("planning", "planning.prompt"), "(process)"),
        ("save-analysis", session("planning", *BODIES, "planning.response"), "(analyze)"),
        ("save-analysis", session("implementation"), "(reopen)"),
        ("implement", session("planning", "planning.prompt"), "(process)"),
        ("implement", session("analysis", "analysis.prompt"), "(save-analysis)"),
        ("save-implementation", session("analysis", "analysis.prompt"), "(save-analysis)"),
        ("save-implementation", session("analysis", "analysis.result"), "(implement)"),
        ("complete", session("analysis", "analysis.result"), "(implement)"),
        ("complete", session("planning"), "(plan)"),
        ("process", session("analysis"), "(reopen)"),
        ("plan", session("implementation"), "(reopen)"),
    ],
)
def test_a_refusal_names_the_step_to_take_first(step: str, state: Session, first: str) -> None:
    sentence = refusal(step, state)
    assert sentence is not None
    assert first in sentence


def test_force_implements_without_a_result_and_completes_any_open_session() -> None:
    assert refusal("implement", session("analysis"), force=True) is None
    assert refusal("implement", session("planning"), force=True) is not None
    for status in ("planning", "analysis", "implementation"):
        assert refusal("complete", session(status), force=True) is None
    assert refusal("complete", session("abandoned"), force=True) is not None


@pytest.mark.parametrize(
    ("status", "phase", "allowed"),
    [
        ("planning", "planning", False),
        ("analysis", "planning", True),
        ("analysis", "implementation", False),
        ("implementation", "analysis", True),
        ("completed", "implementation", True),
        ("abandoned", "planning", True),
        ("completed", "completed", False),
        ("completed", None, False),
    ],
)
def test_reopen_goes_back_only(status: str, phase: str | None, allowed: bool) -> None:
    assert (refusal("reopen", session(status), phase=phase) is None) is allowed


@pytest.mark.parametrize(
    ("state", "step", "waits"),
    [
        (session("planning"), "plan", False),
        (session("planning", "planning.prompt"), "process", True),
        (session("planning", "planning.prompt", "planning.response"), "process", False),
        (session("planning", "planning.prompt", "planning.response", history="plan process"), "process", True),
        (session("planning", "planning.response", *BODIES, history="plan process"), "analyze", False),
        (session("planning", "planning.response", *BODIES, history="plan process plan"), "process", True),
        (session("analysis"), "analyze", False),
        (session("analysis", "analysis.prompt"), "save-analysis", True),
        (session("analysis", "analysis.prompt", "analysis.result"), "implement", False),
        (
            session(
                "analysis", "analysis.prompt", "analysis.result", history="analyze save-analysis reopen analyze"
            ),
            "save-analysis",
            True,
        ),
        (session("implementation", "implementation.prompt"), "save-implementation", True),
        (session("implementation", "implementation.prompt", "implementation.result"), "complete", False),
        (session("completed"), None, False),
        (session("abandoned"), None, False),
    ],
)
def test_what_is_due(state: Session, step: str | None, waits: bool) -> None:
    assert (due(state).step, due(state).waits) == (step, waits)
    assert waits_for(None, state) is waits
    assert waits_for(step, state) is waits
    assert due(state).words


def test_a_missing_part_is_asked_for_by_name() -> None:
    state = session("planning", "planning.response", "analysis.body", history="plan process")
    assert due(state).lacks == ("implementation",)
    assert due(state).words == "ask for the IMPLEMENTATION TEMPLATE"


_TEXTS = ("planning.prompt", "planning.response", *BODIES, "analysis.prompt", "analysis.result")


@given(
    st.sampled_from(("planning", "analysis", "implementation", "completed", "abandoned")),
    st.sets(st.sampled_from((*_TEXTS, "implementation.prompt", "implementation.result"))),
    st.lists(st.sampled_from(STEPS), max_size=6),
)
def test_the_due_step_is_never_refused(status: str, texts: set[str], history: list[str]) -> None:
    state = session(status, *texts, history=" ".join(history))
    step = due(state).step
    assert step is None or refusal(step, state) is None
