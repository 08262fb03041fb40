"""The plot of an experiment's report: for each arm what is known of its rate, as SVG without a script."""

import math
from html import escape

from orch.library.experiment_report import ArmReport, Report
from orch.library.experiment_words import percent

COLOURS = 5
"""Arms that have a colour of their own; the next ones begin again."""

_WIDTH, _LEFT, _RIGHT = 720.0, 130.0, 30.0
_ROW, _TOP, _BOTTOM = 78.0, 12.0, 34.0
_CURVE = 46.0
_POINTS = 160


def experiment_plot(report: Report) -> str:
    """An `<svg>` element: a row for each arm with its posterior density, its 95 % interval and its rate.

    Colours are the CSS variables `--arm-0` and so on, and the classes `grid` and `faint`.
    """
    height = _TOP + _ROW * len(report.arms) + _BOTTOM
    rows = "".join(_row(arm, index) for index, arm in enumerate(report.arms))
    told = "; ".join(f"{arm.arm.name}: {_told(arm)}" for arm in report.arms)
    return (
        f'<svg viewBox="0 0 {_WIDTH:g} {height:g}" role="img" xmlns="http://www.w3.org/2000/svg">'
        f"<title>Success rate by arm</title><desc>{escape(told)}</desc>"
        f"{_axis(height - _BOTTOM)}{rows}</svg>"
    )


def _told(arm: ArmReport) -> str:
    if arm.rate is None:
        return "no outcome yet"
    return f"{percent(arm.rate)} of {arm.outcomes}, between {percent(arm.low)} and {percent(arm.high)}"


def _x(rate: float) -> float:
    return _LEFT + rate * (_WIDTH - _LEFT - _RIGHT)


def _axis(bottom: float) -> str:
    lines = "".join(
        f'<line class="grid" x1="{_x(share / 100):.1f}" y1="{_TOP:g}" x2="{_x(share / 100):.1f}" y2="{bottom:g}"/>'
        f'<text class="faint" x="{_x(share / 100):.1f}" y="{bottom + 16:g}" text-anchor="middle">{share} %</text>'
        for share in range(0, 101, 20)
    )
    middle = _x(0.5)
    return (
        f'{lines}<text class="faint" x="{middle:.1f}" y="{bottom + 30:g}" text-anchor="middle">success rate</text>'
    )


def _row(arm: ArmReport, index: int) -> str:
    base = _TOP + _ROW * index + _CURVE + 6
    colour = f"var(--arm-{index % COLOURS})"
    name = escape(arm.arm.name if len(arm.arm.name) <= 16 else f"{arm.arm.name[:15]}\u2026")
    label = (
        f'<text x="8" y="{base - 8:g}">{name}</text>'
        f'<text class="faint" x="8" y="{base + 8:g}">{arm.success} of {arm.outcomes}</text>'
    )
    if arm.rate is None:
        return (
            f'{label}<text class="faint" x="{_x(0.5):.1f}" y="{base:g}" text-anchor="middle">no outcome yet</text>'
        )
    line = base + 9
    return (
        f'{label}<path d="{_curve(arm, base)}" fill="{colour}" fill-opacity="0.22" stroke="{colour}"/>'
        f'<line x1="{_x(arm.low):.1f}" y1="{line:g}" x2="{_x(arm.high):.1f}" y2="{line:g}" '
        f'stroke="{colour}" stroke-width="3" stroke-linecap="round"/>'
        f'<circle cx="{_x(arm.rate):.1f}" cy="{line:g}" r="5" fill="{colour}"/>'
    )


def _curve(arm: ArmReport, base: float) -> str:
    """The density of the arm's posterior as a path on the line `base`, as high as the row allows."""
    successes, failures = arm.success, arm.outcomes - arm.success
    peak = _log_density(successes / arm.outcomes, successes, failures)
    points = []
    for step in range(_POINTS + 1):
        rate = step / _POINTS
        height = math.exp(_log_density(rate, successes, failures) - peak) * _CURVE
        points.append(f"{_x(rate):.1f} {base - height:.1f}")
    return f"M {_x(0):.1f} {base:g} L {' L '.join(points)} L {_x(1):.1f} {base:g} Z"


def _log_density(rate: float, successes: int, failures: int) -> float:
    """The logarithm of the posterior's density (uniform prior), apart from a constant."""
    found = 0.0
    for count, share in ((successes, rate), (failures, 1 - rate)):
        if count:
            found += count * math.log(share) if share > 0 else -math.inf
    return found
