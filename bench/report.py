"""The table and the targets, as text."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bench.measure import METHODS, Figures
from bench.servers import BARE, JINJA_LSP, ORCH, TOMBI

HEADINGS = (
    "case",
    "server",
    "start ms",
    "keystroke p50 / p95 ms",
    "burst ms",
    *(f"{method.removeprefix('textDocument/')} p95 ms" for method in METHODS),
    "peak MiB",
)


@dataclass(frozen=True, slots=True)
class Target:
    """One promise and what came of it. `measured` and `limit` are in `unit`; "x" is a ratio."""

    what: str
    measured: float
    limit: float
    unit: str

    @property
    def met(self) -> bool:
        """Whether the promise was kept in this run."""
        return self.measured <= self.limit


def table(results: Sequence[Figures]) -> str:
    """All figures, as a Markdown table whose columns line up."""
    rows = [_row(figures) for figures in results]
    widths = [max(len(row[column]) for row in (HEADINGS, *rows)) for column in range(len(HEADINGS))]
    rule = ["-" * width if column < 2 else "-" * (width - 1) + ":" for column, width in enumerate(widths)]
    return "\n".join(_line(cells, widths) for cells in (HEADINGS, rule, *rows))


def targets(results: Sequence[Figures]) -> list[Target]:
    """What the figures of Orch are held against, for each case that Orch and the other server were measured in."""
    return [target for ours in results if ours.server == ORCH for target in _targets_of(ours, results)]


def target_lines(all_targets: Iterable[Target]) -> str:
    """The targets, one a line, each with what was measured and whether it was met."""
    return "\n".join(
        f"{'met   ' if target.met else 'MISSED'}  {target.what}: {_amount(target.measured)} {target.unit}"
        f" (target: at most {target.limit:g} {target.unit})"
        for target in all_targets
    )


def _targets_of(ours: Figures, results: Sequence[Figures]) -> Iterable[Target]:
    case = ours.case
    others = {figures.server: figures for figures in results if figures.case.name == case.name}
    bare = others.get(BARE)
    peer = others.get(TOMBI if case.kind == "session" else JINJA_LSP)
    if ours.keystrokes and case.kind == "session" and case.small:
        yield Target(f"{case.name}: keystroke p95", ours.keystrokes[1] * 1000, 3, "ms")
    elif ours.keystrokes and peer and peer.keystrokes:
        limit = 1 if case.small or case.kind == "session" else 0.1
        yield _ratio("keystroke p95", ours.keystrokes[1], peer, peer.keystrokes[1], limit)
    if bare and ours.start and bare.start:
        yield _ratio("start", ours.start, bare, bare.start, 1.15)
    if bare and ours.burst and bare.burst:
        yield _ratio("burst of 50 edits", ours.burst, bare, bare.burst, 2)
    if bare and ours.peak and bare.peak and case.small:
        yield _ratio("peak memory", ours.peak, bare, bare.peak, 1.6)
    for method, seconds in ours.requests.items():
        yield Target(f"{case.name}: {_short(method)} p95", seconds * 1000, 2 if case.small else 5, "ms")


def _ratio(what: str, measured: float, other: Figures, base: float, limit: float) -> Target:
    return Target(f"{other.case.name}: {what} beside {other.server}", measured / base, limit, "x")


def _short(method: str) -> str:
    return method.rpartition("/")[2]


def _row(figures: Figures) -> tuple[str, ...]:
    median, p95 = figures.keystrokes or (None, None)
    return (
        figures.case.name,
        figures.server,
        _milliseconds(figures.start),
        "-" if median is None else f"{_milliseconds(median)} / {_milliseconds(p95)}",
        _milliseconds(figures.burst),
        *(_milliseconds(figures.requests.get(method)) for method in METHODS),
        "-" if figures.peak is None else f"{figures.peak:.0f}",
    )


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (
        cell.ljust(width) if column < 2 else cell.rjust(width)
        for column, (cell, width) in enumerate(zip(cells, widths, strict=True))
    )
    return "| " + " | ".join(padded) + " |"


def _milliseconds(seconds: float | None) -> str:
    return "-" if seconds is None else _amount(seconds * 1000)


def _amount(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"
