"""An experiment read from a file that somebody may have edited: what is wrong is told, and where."""

import tomllib
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orch.model.experiment import (
    DEFAULT_MINIMUM,
    Arm,
    Experiment,
    experiment_data,
    experiment_name_problem,
    read_experiment,
    sealed_salt,
)

VERSION = "project:orchestrator@{}-5d41402a"
TONE = Experiment(
    name="tone",
    template="orchestrator",
    arms=(Arm("a", VERSION.format(1)), Arm("b", VERSION.format(2), 2.5)),
    salt="by hand",
    started=datetime(2026, 11, 21, tzinfo=UTC),
    min_per_arm=30,
)


def _data(**changes: Any) -> dict[str, Any]:
    return {**experiment_data(TONE), **changes}


def _arm(**changes: Any) -> dict[str, Any]:
    return {"name": "b", "version": VERSION.format(2), "weight": 1, **changes}


def test_what_is_written_is_read_again() -> None:
    assert read_experiment(experiment_data(TONE), "tone") == (TONE, ())
    stopped = replace(TONE, status="stopped", ended=datetime(2026, 12, 1, tzinfo=UTC), feature_type="bugfix")
    assert read_experiment(experiment_data(stopped), "tone") == (stopped, ())
    assert stopped.path == "bugfix/orchestrator"


def test_what_a_person_may_leave_out() -> None:
    text = f"""
    template = "analysis"
    status = "running"
    salt = "s"
    [[arms]]
    name = "a"
    version = "{VERSION.format(1).replace("orchestrator", "analysis")}"
    [[arms]]
    name = "b"
    version = "builtin:analysis@2-5d41402a"
    """
    found, problems = read_experiment(tomllib.loads(text), "short")
    assert problems == ()
    assert (found.name, found.min_per_arm, found.arms[0].weight) == ("short", DEFAULT_MINIMUM, 1.0)


@pytest.mark.parametrize(
    ("changes", "path", "words"),
    [
        ({"template": "macros"}, ("template",), "orchestrator, analysis, implementation"),
        ({"template": 5}, ("template",), "a text"),
        ({"status": "paused"}, ("status",), "running, stopped"),
        ({"salt": ""}, ("salt",), "salt"),
        ({"min_per_arm": 0}, ("min_per_arm",), "from 1 on"),
        ({"min_per_arm": "many"}, ("min_per_arm",), "a whole number"),
        ({"name": "other"}, ("name",), "tone.toml"),
        ({"schema": 2}, ("schema",), "newer Orch"),
        ({"started": "yesterday"}, ("started",), "a date and time"),
        ({"arms": []}, ("arms",), "two arms"),
        ({"arms": "none"}, ("arms",), "a list of tables"),
        ({"arms": [_arm(name="a"), _arm(weight=0)]}, ("arms", 1, "weight"), "above zero"),
        ({"arms": [_arm(name="a"), _arm(weight=-1)]}, ("arms", 1, "weight"), "above zero"),
        ({"arms": [_arm(name="a"), _arm(weight=float("nan"))]}, ("arms", 1, "weight"), "above zero"),
        ({"arms": [_arm(name="a"), _arm(weight=float("inf"))]}, ("arms", 1, "weight"), "above zero"),
        ({"arms": [_arm(name="a"), _arm(weight="much")]}, ("arms", 1, "weight"), "a number"),
        ({"arms": [_arm(), _arm()]}, ("arms", 1, "name"), "already"),
        ({"arms": [_arm(name="a"), _arm(version="orchestrator")]}, ("arms", 1, "version"), "no full reference"),
        ({"arms": [_arm(name="a"), _arm(version="../x@1")]}, ("arms", 1, "version"), "not a reference"),
        (
            {"arms": [_arm(name="a"), _arm(version="project:analysis@1-5d41402a")]},
            ("arms", 1, "version"),
            "about `orchestrator`",
        ),
        ({"arms": [_arm(name="a"), {"name": "b"}]}, ("arms", 1), "a name and a version"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(changes: dict[str, Any], path: tuple[Any, ...], words: str) -> None:
    _, problems = read_experiment(_data(**changes), "tone")
    assert path in [problem.path for problem in problems]
    assert words in " ".join(problem.sentence for problem in problems)


VALUES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3) | st.lists(st.integers())


@given(st.sampled_from([*_data()]), VALUES)
def test_a_wrong_value_anywhere_is_never_an_exception(key: str, value: Any) -> None:
    read_experiment(_data(**{key: value}), "tone")
    read_experiment(_data(arms=[{"name": value, "version": value, "weight": value}, value]), "tone")


def test_a_salt_of_ours_seals_what_was_promised() -> None:
    sealed = replace(TONE, salt=sealed_salt(TONE, "0" * 32))
    assert read_experiment(experiment_data(sealed), "tone")[1] == ()
    for changed in (
        replace(sealed, arms=(TONE.arms[0], replace(TONE.arms[1], version=VERSION.format(3)))),
        replace(sealed, arms=(TONE.arms[0], replace(TONE.arms[1], weight=2.0))),
        replace(sealed, min_per_arm=5),
    ):
        (problem,) = read_experiment(experiment_data(changed), "tone")[1]
        assert "changed since" in problem.sentence
    ended = replace(sealed, status="stopped", ended=datetime(2026, 12, 1, tzinfo=UTC))
    assert read_experiment(experiment_data(ended), "tone")[1] == ()


@pytest.mark.parametrize("name", ["", "..", "a/b", "/abs", "C:", "con", "a b", "x" * 61, "tone.", ".hidden"])
def test_names_that_no_experiment_can_have(name: str) -> None:
    assert experiment_name_problem(name)


@pytest.mark.parametrize("name", ["tone", "tone-2", "v1.2", "Größe"])
def test_names_that_an_experiment_can_have(name: str) -> None:
    assert experiment_name_problem(name) is None
