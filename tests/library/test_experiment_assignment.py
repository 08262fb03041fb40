"""Which session gets which arm, and when none."""

import hashlib
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orch.library.assignment import assigned_arm
from orch.library.experiments import ExperimentFile, assign, broken_file
from orch.library.statistics import sample_ratio_p
from orch.model.experiment import Arm, Experiment
from orch.model.reading import Problem
from orch.model.session import Phase, Session

ONE, TWO = "project:orchestrator@1-5d41402a", "project:orchestrator@2-9c1185a5"


def _experiment(name: str = "tone", **changes: object) -> Experiment:
    made = Experiment(name, "orchestrator", (Arm("a", ONE), Arm("b", TWO)), salt="s")
    return replace(made, **changes)  # type: ignore[arg-type]


def _file(experiment: Experiment, *problems: str) -> ExperimentFile:
    found = tuple(Problem((), sentence) for sentence in problems)
    return ExperimentFile(Path(f"/{experiment.name}.toml"), "", experiment, found)


def _session(**planning: str) -> Session:
    return Session(id="8f14e45f-ceea-467f-a8d2-6f0c1b7a9e21", feature_type="bugfix", planning=Phase(**planning))  # type: ignore[arg-type]


def test_the_arm_is_that_of_the_contract() -> None:
    session = _session().id
    place = int.from_bytes(hashlib.sha256(f"s:{session}".encode()).digest()[:8], "big") / 2**64
    for first in (place - 1e-9, place + 1e-9):
        experiment = _experiment(arms=(Arm("a", ONE, first), Arm("b", TWO, 1 - first)))
        assert assigned_arm(experiment, session).name == ("a" if place < first else "b")


@given(st.text(max_size=40), st.lists(st.floats(1e-6, 1e6), min_size=2, max_size=6))
def test_every_session_has_one_arm_and_always_the_same(session: str, weights: list[float]) -> None:
    arms = tuple(Arm(str(number), ONE, weight) for number, weight in enumerate(weights))
    experiment = _experiment(arms=arms)
    assert assigned_arm(experiment, session) in arms
    assert assigned_arm(experiment, session) == assigned_arm(experiment, session)


def test_sessions_are_split_as_the_weights_say() -> None:
    experiment = _experiment(arms=(Arm("a", ONE, 1), Arm("b", TWO, 2), Arm("c", TWO, 5)))
    found = Counter(assigned_arm(experiment, str(number)).name for number in range(8_000))
    assert sample_ratio_p([found[name] for name in "abc"], [1, 2, 5]) > 0.001


def test_another_salt_splits_otherwise() -> None:
    ids = [str(number) for number in range(64)]
    assert [assigned_arm(_experiment(), one) for one in ids] != [
        assigned_arm(_experiment(salt="t"), one) for one in ids
    ]


def test_the_types_own_experiment_goes_before_the_general_one() -> None:
    files = [_file(_experiment()), _file(_experiment("own", feature_type="bugfix"))]
    found, notices = assign(files, _session(), "planning")
    assert found is not None
    assert found.experiment == "own"
    assert notices == ()
    other, _ = assign(files, replace(_session(), feature_type="docs"), "planning")
    assert other is not None
    assert other.experiment == "tone"


@pytest.mark.parametrize("phase", ["analysis", "implementation"])
def test_an_experiment_is_about_one_role(phase: str) -> None:
    assert assign([_file(_experiment())], _session(), phase) == (None, ())


def test_a_stopped_experiment_assigns_nobody() -> None:
    assert assign([_file(_experiment(status="stopped"))], _session(), "planning") == (None, ())


def test_an_arm_stays_with_the_version_that_was_recorded() -> None:
    kept = _session(experiment="tone", arm="b", template=TWO)
    for files in (
        [],
        [_file(_experiment(status="stopped"))],
        [_file(_experiment(arms=(Arm("a", ONE),)), "broken")],
    ):
        found, notices = assign(files, kept, "planning")
        assert found is not None
        assert (found.experiment, found.arm.name, found.arm.version) == ("tone", "b", TWO)
        assert notices == ()


def test_a_session_of_another_type_leaves_the_experiment() -> None:
    kept = _session(experiment="own", arm="b", template=TWO)
    found, (notice,) = assign([_file(_experiment("own", feature_type="docs"))], kept, "planning")
    assert found is None
    assert "docs/orchestrator" in notice


def test_an_arm_of_an_experiment_that_is_gone() -> None:
    found, (notice,) = assign([], _session(experiment="tone", arm="b"), "planning")
    assert found is None
    assert "not here any more" in notice


def test_two_that_run_for_one_template_assign_nobody() -> None:
    found, (notice,) = assign([_file(_experiment()), _file(_experiment("more"))], _session(), "planning")
    assert found is None
    assert "`tone` and `more` both run for orchestrator" in notice


def test_a_broken_one_assigns_nobody_and_lets_no_general_one_step_in() -> None:
    files = [_file(_experiment()), _file(_experiment("own", feature_type="bugfix"), "A weight is wrong.")]
    found, (notice,) = assign(files, _session(), "planning")
    assert found is None
    assert "`own`" in notice
    assert "A weight is wrong." in notice


def test_one_that_cannot_be_read_at_all_is_told_of() -> None:
    found, (notice,) = assign([broken_file(Path("/tone.toml"), "It is not text.")], _session(), "planning")
    assert found is None
    assert "It is not text." in notice
