"""The report: counts that add up, nothing said before there is enough, doubts told."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from orch.library.assignment import assigned_arm
from orch.library.experiment_report import Participant, participant, report
from orch.library.experiment_words import percent, rate_words, verdict_sentence
from orch.model.experiment import Arm, Experiment
from orch.model.session import Cost, HistoryEntry, Outcome, Phase, Session
from orch.text.figures import duration

ONE, TWO = "project:orchestrator@1-5d41402a", "project:orchestrator@2-9c1185a5"
TONE = Experiment("tone", "orchestrator", (Arm("a", ONE), Arm("b", TWO)), salt="s", min_per_arm=10)
START = datetime(2026, 11, 21, tzinfo=UTC)


def _members(arm: str, successes: int, failures: int, more: dict[str, int] | None = None) -> Iterator[Participant]:
    """Sessions that were really drawn into `arm`."""
    wanted = [("completed", "success")] * successes + [("completed", "failure")] * failures
    for status, number in (more or {}).items():
        wanted += [(status, "")] * number
    ids = (f"{number:08x}" for number in range(10_000) if assigned_arm(TONE, f"{number:08x}").name == arm)
    version = ONE if arm == "a" else TWO
    for (status, result), session, minute in zip(wanted, ids, range(10_000), strict=False):
        finished = START + timedelta(minutes=minute) if result else None
        yield Participant(session, arm, version, status, result or None, finished, 60.0 * minute, minute % 2)


def test_a_session_becomes_a_participant() -> None:
    steps = ("plan", "process", "plan", "process", "analyze", "complete", "reopen", "complete")
    session = Session(
        id="8f14e45f",
        status="completed",
        created=START,
        outcome=Outcome("success"),
        planning=Phase(template=TWO, experiment="tone", arm="b"),
        history=tuple(HistoryEntry(START + timedelta(hours=hour), step) for hour, step in enumerate(steps)),
    )
    assert participant(session, "tone") == Participant(
        "8f14e45f", "b", TWO, "completed", "success", START + timedelta(hours=7), 7 * 3600.0, 1
    )
    assert participant(session, "other") is None
    reopened = participant(replace(session, status="analysis"), "tone")
    assert reopened is not None
    assert (reopened.result, reopened.finished, reopened.seconds) == (None, None, None)


def test_counts_and_rates() -> None:
    found = report(
        TONE, [*_members("a", 6, 2, {"completed": 1, "abandoned": 2, "planning": 3}), *_members("b", 3, 0)]
    )
    first, second = found.arms
    assert (first.assigned, first.completed, first.outcomes) == (14, 9, 8)
    assert (first.success, first.partial, first.failure) == (6, 0, 2)
    assert (first.abandoned, first.open) == (2, 3)
    assert first.rate == 0.75
    assert first.low < 0.75 < first.high
    assert (second.rate, second.high) == (1.0, 1.0)
    assert first.seconds == 210.0
    assert first.again == 0.5


def test_partial_is_not_success() -> None:
    partial = [replace(one, result="partial") for one in _members("a", 4, 0)]
    found = report(TONE, partial)
    assert (found.arms[0].rate, found.arms[0].partial) == (0.0, 4)


def test_nothing_is_concluded_before_the_minimum() -> None:
    found = report(TONE, [*_members("a", 0, 40), *_members("b", 9, 0)])
    assert not found.enough
    assert found.winner is None
    assert all(arm.p_best is None and arm.expected_loss is None for arm in found.arms)
    assert verdict_sentence(found) == (
        "Not enough data yet: each arm wants 10 outcomes, and `a` has 40, `b` has 9."
    )


def test_a_winner_when_the_evidence_holds() -> None:
    found = report(TONE, [*_members("a", 5, 35), *_members("b", 36, 4)])
    assert found.enough
    assert found.winner == "b"
    assert found.arms[1].p_best == pytest.approx(1.0, abs=1e-6)
    assert "`b` is better" in verdict_sentence(found)


def test_no_winner_while_it_does_not() -> None:
    found = report(TONE, [*_members("a", 7, 8), *_members("b", 12, 3)])
    assert found.enough
    assert found.winner is None
    assert "`b` is ahead" in verdict_sentence(found)
    assert "does not hold" in verdict_sentence(found)


def test_nobody_is_ahead_where_two_are_level() -> None:
    found = report(TONE, [*_members("a", 10, 5), *_members("b", 10, 5)])
    assert verdict_sentence(found) == "No winner yet: no arm is ahead of all others."


def test_without_anybody() -> None:
    found = report(TONE, [])
    assert (found.split_p, found.winner, found.enough) == (1.0, None, False)
    assert [arm.rate for arm in found.arms] == [None, None]
    assert [(arm.low, arm.high) for arm in found.arms] == [(0.0, 1.0)] * 2


def test_a_split_that_was_not_promised_is_told() -> None:
    found = report(TONE, [*_members("a", 60, 0), *_members("b", 10, 0)])
    assert found.split_p < 0.001
    assert "not split as the weights promise" in found.doubts[0]


def test_what_does_not_fit_is_told() -> None:
    members = [*_members("a", 3, 0), *_members("b", 2, 0)]
    moved = replace(members[0], arm="b")
    stranger = replace(members[1], arm="z")
    found = report(TONE, [moved, stranger, *members[2:]])
    assert any("does not have (`z`)" in doubt for doubt in found.doubts)
    assert any("another version than that of the arm" in doubt for doubt in found.doubts)
    assert any("another arm than the one that was drawn" in doubt for doubt in found.doubts)
    assert sum(arm.assigned for arm in found.arms) == 4


def test_the_order_of_outcomes_is_that_of_their_times() -> None:
    members = [*_members("a", 5, 15), *_members("b", 15, 5)]
    assert report(TONE, members) == report(TONE, list(reversed(members)))


def test_words() -> None:
    assert [percent(share) for share in (None, 0.0, 0.0004, 0.5, 0.9996, 1.0)] == [
        "-", "0.0 %", "< 0.1 %", "50.0 %", "> 99.9 %", "100.0 %",
    ]  # fmt: skip
    assert [duration(seconds) for seconds in (None, 5, 119, 600, 10_000, 300_000)] == [
        "-", "5 s", "119 s", "10.0 min", "2.8 h", "3.5 d",
    ]  # fmt: skip
    (arm, _) = report(TONE, _members("a", 3, 1)).arms
    assert rate_words(arm) == "75.0 % (30 to 95 %)"


def test_what_the_models_took_is_told_as_medians() -> None:
    def done(number: int, arm: str, cost: Cost) -> Participant:
        return Participant(f"{arm}{number}", arm, None, "completed", "success", cost=cost)

    experiment = Experiment("x", "orchestrator", (Arm("a", "a"), Arm("b", "b")), salt="s", min_per_arm=1)
    members = [
        done(1, "a", Cost(1, 10.0, 100, 10)),
        done(2, "a", Cost(2, 30.0, 500)),
        done(3, "a", Cost()),
        Participant("a4", "a", None, "planning", cost=Cost(1, 9999.0, 9999, 9999)),
        done(5, "b", Cost()),
    ]
    first, second = report(experiment, members).arms
    assert (first.run_seconds, first.input_tokens, first.output_tokens) == (20.0, 300, 10)
    assert (second.run_seconds, second.input_tokens, second.output_tokens) == (None, None, None)
