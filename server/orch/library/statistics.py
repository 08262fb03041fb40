"""The statistics of an experiment, with the standard library alone: pure functions of counts.

Sources: Wilson's interval as in Brown, Cai and DasGupta, "Interval Estimation for a Binomial Proportion" (2001),
formula (4). Probabilities and losses from independent Beta posteriors with uniform priors, integrated by
Gauss-Legendre quadrature. The incomplete beta function by its continued fraction (NIST DLMF 8.17.22, evaluated as
Lentz and Thompson do). The sample-ratio check is Pearson's chi-square.
"""

import math
from collections.abc import Sequence
from itertools import pairwise

NORMAL_95 = 1.959963984540054
"""The quantile of the normal distribution for a two-sided interval of 95 %."""

# beyond a few standard deviations a skewed posterior falls like an exponential, so the last steps are wide
_STEPS = (0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 9.0, 14.0, 22.0, 40.0)
_NODES = (0.1488743389816312, 0.4333953941292472, 0.6794095682990244, 0.8650633666889845, 0.9739065285171717)
_WEIGHTS = (0.2955242247147529, 0.2692667193099963, 0.2190863625159820, 0.1494513491505806, 0.0666713443086881)
_TINY = 1e-300


def wilson_interval(successes: int, trials: int, z: float = NORMAL_95) -> tuple[float, float]:
    """Wilson's score interval for a proportion; (0, 1) without trials. `z` is the normal quantile."""
    if trials == 0:
        return 0.0, 1.0
    rate = successes / trials
    spread = z * z / trials
    middle = (rate + spread / 2) / (1 + spread)
    half = z * math.sqrt(rate * (1 - rate) / trials + spread / (4 * trials)) / (1 + spread)
    # at the ends the bound is exact; rounding would put it a hair outside
    low = 0.0 if successes == 0 else max(0.0, middle - half)
    high = 1.0 if successes == trials else min(1.0, middle + half)
    return low, high


def posterior_summary(arms: Sequence[tuple[int, int]]) -> list[tuple[float, float]]:
    """For each arm, as (successes, trials): the probability that its rate is the highest, and the expected loss.

    The expected loss of an arm is how much lower its rate is than the best one's, on average over the posteriors:
    what is lost, in points of the rate, by choosing it.
    """
    shapes = [(successes + 1, trials - successes + 1) for successes, trials in arms]
    if len(shapes) == 1:
        return [(1.0, 0.0)]
    wins, best = [0.0] * len(shapes), 0.0
    for x, weight in _quadrature(_breakpoints(shapes)):
        below = [beta_cdf(x, a, b) for a, b in shapes]
        for index, (a, b) in enumerate(shapes):
            # this arm's rate is x, and all the others are below
            share = weight * _beta_density(x, a, b) * math.prod(below[:index] + below[index + 1 :])
            wins[index] += share
            best += x * share
    total = sum(wins)
    return [(win / total, max(0.0, best / total - a / (a + b))) for win, (a, b) in zip(wins, shapes, strict=True)]


def sample_ratio_p(counts: Sequence[int], weights: Sequence[float]) -> float:
    """The p-value of Pearson's chi-square test that `counts` came in the ratio of `weights`; 1 without any."""
    total, all_weights = sum(counts), sum(weights)
    if total == 0 or len(counts) < 2:
        return 1.0
    expected = [total * weight / all_weights for weight in weights]
    statistic = sum((count - mean) ** 2 / mean for count, mean in zip(counts, expected, strict=True))
    return chi_square_upper(statistic, len(counts) - 1)


def chi_square_upper(statistic: float, degrees: int) -> float:
    """The upper tail of the chi-square distribution with whole `degrees` (NIST DLMF 8.4.6, 8.4.8 and 8.8.2)."""
    half = statistic / 2
    if degrees % 2 == 0:
        term, tail, step = math.exp(-half), 0.0, 1.0
    else:
        term, tail, step = 2 * math.sqrt(half / math.pi) * math.exp(-half), math.erfc(math.sqrt(half)), 1.5
    for _ in range(degrees // 2):
        tail += term
        term *= half / step
        step += 1
    return min(1.0, tail)


def beta_cdf(x: float, a: float, b: float) -> float:
    """The distribution function of the Beta distribution: the regularised incomplete beta function I_x(a, b)."""
    if x <= 0:
        return 0.0
    if x >= 1:
        return 1.0
    front = math.exp(_log_scale(a, b) + a * math.log(x) + b * math.log1p(-x))
    # the fraction converges fast on this side of the mean; the other side is its mirror
    if x < (a + 1) / (a + b + 2):
        return front / a * _beta_fraction(x, a, b)
    return 1 - front / b * _beta_fraction(1 - x, b, a)


def _beta_fraction(x: float, a: float, b: float) -> float:
    c = 1.0
    d = 1 / _not_zero(1 - (a + b) * x / (a + 1))
    found = d
    for m in range(1, 100_000):
        for step in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1 / _not_zero(1 + step * d)
            c = _not_zero(1 + step / c)
            found *= c * d
        if abs(c * d - 1) < 1e-14:
            break
    return found


def _not_zero(value: float) -> float:
    return value if abs(value) > _TINY else _TINY


def _beta_density(x: float, a: float, b: float) -> float:
    """The density of the Beta distribution within (0, 1)."""
    return math.exp(_log_scale(a, b) + (a - 1) * math.log(x) + (b - 1) * math.log1p(-x))


def _log_scale(a: float, b: float) -> float:
    return math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)


def _breakpoints(shapes: Sequence[tuple[int, int]]) -> list[float]:
    """Where the range from 0 to 1 is divided, so that no density changes much within a piece."""
    points = {0.0, 1.0}
    for a, b in shapes:
        mean, spread = a / (a + b), math.sqrt(a * b / ((a + b) ** 2 * (a + b + 1)))
        points |= {mean + sign * step * spread for step in _STEPS for sign in (-1, 1)}
    return sorted(point for point in points if 0 <= point <= 1)


def _quadrature(points: Sequence[float]) -> list[tuple[float, float]]:
    """(place, weight) of a Gauss-Legendre rule with ten nodes in each piece between `points`."""
    found: list[tuple[float, float]] = []
    for left, right in pairwise(points):
        middle, half = (left + right) / 2, (right - left) / 2
        for node, weight in zip(_NODES, _WEIGHTS, strict=True):
            found += [(middle - half * node, half * weight), (middle + half * node, half * weight)]
    return found
