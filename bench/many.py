"""Ten thousand sessions and a thousand templates: how long lists take, beside `git status` in the same folder."""

import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

from bench.client import Server
from bench.many_inputs import SESSIONS, TEMPLATES, lay_out_many
from bench.report import Target

NAME = f"{SESSIONS:,} sessions, {TEMPLATES:,} templates"
RUNS = 5
REQUESTS = 25
COLD, WARM = 2.0, 0.1
"""Seconds that the list may take when nothing is known yet, and when it is."""

_ORCH = (sys.executable, "-P", "-m", "orch")


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that was timed: the median in seconds, and the slowest (in the server: the 95th percentile)."""

    what: str
    seconds: float
    slowest: float


def measure_many(folder: Path) -> list[Row]:
    """Lay the project out in the empty `folder` and time everything in it."""
    root = folder / "shop"
    root.mkdir()
    some = lay_out_many(root)
    rows = [
        _timed("git status", root, ("git", "status", "--short")),
        _timed("orch --version (the start alone)", root, (*_ORCH, "--version")),
        _timed("orch list-sessions --json", root, (*_ORCH, "list-sessions", "--json")),
        _timed("orch list-sessions --limit 20", root, (*_ORCH, "list-sessions", "--limit", "20")),
        _timed("orch", root, _ORCH),
        _timed(f"orch show {some[:8]}", root, (*_ORCH, "show", some[:8])),
        _timed("orch template list --json", root, (*_ORCH, "template", "list", "--json")),
    ]
    return rows + _served(root, folder / "server.log")


def many_table(rows: Sequence[Row]) -> str:
    """The figures as a Markdown table."""
    lines = [f"| {row.what:<42} | {row.seconds * 1000:9.0f} | {row.slowest * 1000:10.0f} |" for row in rows]
    head = f"| {NAME:<42} | median ms | slowest ms |"
    return "\n".join((head, f"| {'-' * 42} | --------: | ---------: |", *lines))


def many_targets(rows: Sequence[Row]) -> list[Target]:
    """What the figures are held against."""
    found = {row.what: row for row in rows}
    limits = {
        "orch list-sessions --json": COLD,
        "server: first list": COLD,
        "server: list": WARM,
        "server: list of templates": WARM,
    }
    return [
        Target(f"{NAME}: {what}", found[what].seconds * 1000, limit * 1000, "ms") for what, limit in limits.items()
    ]


def _timed(what: str, root: Path, command: Sequence[str]) -> Row:
    """A program from its start to its end."""

    def run() -> None:
        subprocess.run(command, cwd=root, check=True, stdin=subprocess.DEVNULL, capture_output=True)

    run()  # git writes its index anew, and Python its bytecode
    times = [_seconds(run) for _ in range(RUNS)]
    return Row(what, median(times), max(times))


def _served(root: Path, log: Path) -> list[Row]:
    firsts: list[float] = []
    for _ in range(RUNS):
        with Server((*_ORCH, "lsp"), root, log) as server:
            server.initialize(root)
            firsts.append(_ask(server, "orch.session.list"))
            if len(firsts) == RUNS:
                lists = [_ask(server, "orch.session.list") for _ in range(REQUESTS)]
                _ask(server, "orch.template.list")
                templates = [_ask(server, "orch.template.list") for _ in range(REQUESTS)]
    return [
        Row("server: first list", median(firsts), max(firsts)),
        Row("server: list", median(lists), _p95(lists)),
        Row("server: list of templates", median(templates), _p95(templates)),
    ]


def _ask(server: Server, command: str) -> float:
    return server.request("workspace/executeCommand", {"command": command, "arguments": [{}]})


def _seconds(run: Callable[[], None]) -> float:
    started = time.perf_counter()
    run()
    return time.perf_counter() - started


def _p95(times: Sequence[float]) -> float:
    return quantiles(times, n=20, method="inclusive")[-1]
