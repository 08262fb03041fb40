"""The statistics of experiments, held against scipy; and the evidence, held against what it promises."""

import math
import random
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from scipy import integrate, special, stats

from orch.library.evidence import LARGEST_BLOCK, Evidence, block_sizes
from orch.library.statistics import (
    beta_cdf,
    chi_square_upper,
    posterior_summary,
    sample_ratio_p,
    wilson_interval,
)
from orch.library.verdict import Verdict

COUNTS = st.integers(0, 400).flatmap(lambda trials: st.tuples(st.integers(0, trials), st.just(trials)))


@given(COUNTS)
def test_wilson_is_that_of_scipy(counts: tuple[int, int]) -> None:
    successes, trials = counts
    if trials == 0:
        assert wilson_interval(0, 0) == (0.0, 1.0)
        return
    theirs = stats.binomtest(successes, trials).proportion_ci(method="wilson")
    assert wilson_interval(successes, trials) == pytest.approx((theirs.low, theirs.high), abs=1e-12)


def test_wilson_never_leaves_the_range() -> None:
    assert wilson_interval(0, 5)[0] == 0.0
    assert wilson_interval(5, 5)[1] == 1.0


@given(st.floats(0, 1), st.floats(1, 2000), st.floats(1, 2000))
@example(0.5, 1e5, 1e5)
@example(1e-5, 1.0, 1e5)
def test_the_beta_distribution_is_that_of_scipy(x: float, a: float, b: float) -> None:
    assert beta_cdf(x, a, b) == pytest.approx(special.betainc(a, b, x), abs=1e-9)


@pytest.mark.parametrize("degrees", range(1, 12))
@pytest.mark.parametrize("statistic", [0.0, 0.3, 1.0, 3.84, 7.5, 20.0, 80.0])
def test_the_chi_square_tail_is_that_of_scipy(statistic: float, degrees: int) -> None:
    assert chi_square_upper(statistic, degrees) == pytest.approx(stats.chi2.sf(statistic, degrees), abs=1e-12)


@given(st.lists(st.tuples(st.integers(0, 300), st.floats(0.1, 9.0)), min_size=2, max_size=5))
def test_the_sample_ratio_check_is_that_of_scipy(arms: list[tuple[int, float]]) -> None:
    counts, weights = [count for count, _ in arms], [weight for _, weight in arms]
    if sum(counts) == 0:
        assert sample_ratio_p(counts, weights) == 1.0
        return
    expected = np.array(weights) / sum(weights) * sum(counts)
    assert sample_ratio_p(counts, weights) == pytest.approx(stats.chisquare(counts, expected).pvalue, abs=1e-9)


def test_one_arm_cannot_be_split_wrongly() -> None:
    assert sample_ratio_p([7], [1.0]) == 1.0


@pytest.mark.parametrize(
    "arms",
    [
        [(12, 15), (7, 15)],
        [(0, 0), (3, 4)],
        [(0, 0), (0, 0)],
        [(0, 3), (3, 3)],
        [(500, 1000), (520, 1000), (300, 800)],
        [(1, 2), (1, 2), (1, 2), (1, 2)],
        [(50_000, 100_000), (1, 3)],
        [(0, 100_000), (0, 50)],
        [(3, 1_000_000), (9, 1_000_000)],
    ],
)
def test_posteriors_are_those_of_scipy(arms: list[tuple[int, int]]) -> None:
    found = [number for pair in posterior_summary(arms) for number in pair]
    assert found == pytest.approx([number for pair in _by_scipy(arms) for number in pair], abs=1e-8)


def test_the_example_of_the_anchors() -> None:
    (better, loss), (worse, _) = posterior_summary([(12, 15), (7, 15)])
    assert better == pytest.approx(0.967, abs=5e-4)
    assert better + worse == pytest.approx(1)
    assert 0 < loss < 0.01


def test_an_arm_alone_is_the_best() -> None:
    assert posterior_summary([(1, 9)]) == [(1.0, 0.0)]


def _by_scipy(arms: list[tuple[int, int]]) -> list[tuple[float, float]]:
    """(P(best), expected loss) by adaptive quadrature over scipy's distributions."""
    betas = [stats.beta(successes + 1, trials - successes + 1) for successes, trials in arms]
    steps = (-20, -8, -4, -2, -1, 0, 1, 2, 4, 8, 20)
    places = {min(1.0, max(0.0, beta.mean() + step * beta.std())) for beta in betas for step in steps} | {0.0, 1.0}
    bounds = sorted(places)

    def whole(function: object) -> float:
        return sum(integrate.quad(function, *pair, epsabs=1e-13, limit=200)[0] for pair in pairwise(bounds))

    best = whole(lambda x: 1 - math.prod(beta.cdf(x) for beta in betas))
    return [
        (
            whole(lambda x, one=one: one.pdf(x) * math.prod(beta.cdf(x) for beta in betas if beta is not one)),
            best - one.mean(),
        )
        for one in betas
    ]


def test_evidence_grows_with_the_difference_and_not_without() -> None:
    apart, alike = Evidence(), Evidence()
    for number in range(60):
        apart.add(0, number % 10 != 0)
        apart.add(1, number % 10 == 0)
        alike.add(0, number % 2 == 0)
        alike.add(1, number % 2 == 1)
    assert apart.value > 1e6
    assert alike.value < 1


def test_evidence_waits_for_whole_blocks() -> None:
    evidence = Evidence((1, 1))
    for _ in range(50):
        evidence.add(0, True)
    assert evidence.value == 1.0


@given(st.lists(st.tuples(st.integers(0, 1), st.booleans()), max_size=60))
def test_evidence_does_not_depend_on_how_the_streams_interleave(outcomes: list[tuple[int, bool]]) -> None:
    mixed, sorted_ = Evidence((2, 1)), Evidence((2, 1))
    for stream, success in outcomes:
        mixed.add(stream, success)
    for stream, success in sorted(outcomes, key=lambda outcome: outcome[0]):
        sorted_.add(stream, success)
    assert mixed.log_value == pytest.approx(sorted_.log_value)


@pytest.mark.parametrize("sizes", [(1, 1), (2, 1), (1, 4), (3, 4)])
@pytest.mark.parametrize("rate", [0.05, 0.3, 0.5, 0.9])
def test_one_block_is_an_e_variable(sizes: tuple[int, int], rate: float) -> None:
    """Under equal rates its expectation is at most 1, whatever was learnt before: counted out over all outcomes."""
    expected = 0.0
    for first in range(sizes[0] + 1):
        for second in range(sizes[1] + 1):
            evidence = _after_learning(sizes)
            before = evidence.log_value
            for stream, successes in ((0, first), (1, second)):
                for number in range(sizes[stream]):
                    evidence.add(stream, number < successes)
            chance = stats.binom.pmf(first, sizes[0], rate) * stats.binom.pmf(second, sizes[1], rate)
            expected += chance * math.exp(evidence.log_value - before)
    assert expected <= 1 + 1e-12


def _after_learning(sizes: tuple[int, int]) -> Evidence:
    evidence = Evidence(sizes)
    for _ in range(5):
        for stream, size in enumerate(sizes):
            for _ in range(size):
                evidence.add(stream, stream == 0)
    return evidence


@pytest.mark.parametrize(
    ("weights", "sizes"),
    [
        ((1, 1), (1, 1)),
        ((9, 1), (4, 1)),
        ((1, 9), (1, 4)),
        ((2, 1), (2, 1)),
        ((1.0, 1.01), (1, 1)),
        ((3, 4), (3, 4)),
    ],
)
def test_blocks_follow_the_weights(weights: tuple[float, float], sizes: tuple[int, int]) -> None:
    assert block_sizes(*weights) == sizes
    assert max(sizes) <= LARGEST_BLOCK


@pytest.mark.parametrize("rate", [0.1, 0.5, 0.85])
@pytest.mark.parametrize(("weights", "minimum"), [((1, 1), 15), ((3, 1), 6), ((1, 1, 1), 8)])
def test_without_a_difference_a_winner_is_hardly_ever_named(
    rate: float, weights: tuple[float, ...], minimum: int
) -> None:
    """2,000 experiments, looked at after every outcome from the declared minimum to four times of it."""
    experiments = 2_000
    rng = random.Random(f"{rate} {weights}")
    named = sum(_names_a_winner(rng, [rate] * len(weights), weights, minimum) for _ in range(experiments))
    assert named <= 0.05 * experiments


def _names_a_winner(rng: random.Random, rates: list[float], weights: tuple[float, ...], minimum: int) -> bool:
    verdict = Verdict(weights, minimum)
    arms = range(len(weights))
    most = 4 * minimum * sum(weights) / min(weights)
    for arm in rng.choices(arms, weights, k=round(most)):
        verdict.add(arm, rng.random() < rates[arm])
        if verdict.winner is not None:
            return True
    return False


def test_with_a_difference_the_better_arm_has_the_higher_posterior() -> None:
    """0.5 against 0.8 with 60 outcomes an arm."""
    experiments, rng, right = 400, random.Random(60), 0
    for _ in range(experiments):
        counts = [(sum(rng.random() < rate for _ in range(60)), 60) for rate in (0.5, 0.8)]
        (worse, _), (better, _) = posterior_summary(counts)
        right += better > worse
    assert right >= 0.99 * experiments


def test_with_a_difference_a_winner_is_named_and_it_is_the_better_arm() -> None:
    experiments, rng = 300, random.Random(4)
    winners = []
    for _ in range(experiments):
        verdict = Verdict((1, 1), 20)
        for number in range(120):
            verdict.add(number % 2, rng.random() < (0.5, 0.8)[number % 2])
        winners.append(verdict.winner)
    assert winners.count(1) >= 0.6 * experiments
    assert winners.count(0) == 0


def test_no_winner_before_the_minimum_however_clear_it_is() -> None:
    verdict = Verdict((1, 1), 20)
    for number in range(39):
        verdict.add(number % 2, number % 2 == 1)
    assert not verdict.enough
    assert verdict.winner is None
    verdict.add(1, True)
    assert verdict.winner == 1


def test_an_arm_must_beat_every_other_one() -> None:
    verdict = Verdict((1, 1, 1), 10)
    for _ in range(60):
        verdict.add(0, False)
        verdict.add(1, True)
        verdict.add(2, True)
    assert verdict.winner is None
