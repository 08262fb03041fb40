"""Run the benchmarks: `python -m bench [--peers FOLDER] [--server NAME]... [--case TEXT]`.

Exit code 0 when everything could be measured, however slow the machine; 1 when a measurement failed.
"""

import argparse
import os
import platform
import sys
import tempfile
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from bench.inputs import Case, session_cases, template_cases
from bench.many import NAME, Row, many_table, many_targets, measure_many
from bench.measure import Figures, measure
from bench.report import table, target_lines, targets
from bench.servers import Contender, contenders, installed


def main(arguments: Sequence[str]) -> int:
    """Measure, print the table and the targets; gives the exit code."""
    options = _options(arguments)
    # absolute: each server starts in a folder of its own
    chosen = contenders(options.peers.absolute())
    if options.server:
        chosen = tuple(contender for contender in chosen if contender.name in options.server)
    print(_machine(), flush=True)
    for contender in chosen:
        if not installed(contender):
            print(f"left out: {contender.name}, whose program {contender.command[0]} is not there")
    chosen = tuple(filter(installed, chosen))
    results: list[Figures] = []
    for case in (*session_cases(), *template_cases()):
        if options.case in case.name:
            results += _measure(case, chosen)
    if results:
        print("\n" + table(results))
    held = targets(results)
    many = _measure_many() if options.case in NAME and not options.server else []
    if many:
        print("\n" + many_table(many))
        held += many_targets(many)
    if lines := target_lines(held):
        print("\n" + lines)
    failures = [figures for figures in results if figures.failure is not None]
    for figures in failures:
        print(f"failed  {figures.case.name}, {figures.server}: {figures.failure}", file=sys.stderr)
    return 1 if failures or not (results or many) else 0


def _measure_many() -> list[Row]:
    print(f"measuring {NAME}", flush=True)
    with tempfile.TemporaryDirectory(prefix="orch-bench-", ignore_cleanup_errors=True) as folder:
        return measure_many(Path(folder).resolve())


def _measure(case: Case, chosen: Sequence[Contender]) -> list[Figures]:
    taking_part = [contender for contender in chosen if case.kind in contender.places]
    print(f"measuring {case.name}: {', '.join(contender.name for contender in taking_part)}", flush=True)
    with tempfile.TemporaryDirectory(prefix="orch-bench-", ignore_cleanup_errors=True) as folder:
        return measure(case, taking_part, Path(folder).resolve())


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure language servers side by side.")
    scripts = Path(sys.executable).parent
    parser.add_argument("--peers", type=Path, default=scripts, help="the folder with the peers' programs")
    parser.add_argument("--server", action="append", default=[], help="measure only this server (may be repeated)")
    parser.add_argument("--case", default="", help="measure only the cases whose name holds this text")
    return parser.parse_args(arguments)


def _machine() -> str:
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return (
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores{load}; "
        f"Python {platform.python_version()}, pygls {version('pygls')}"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
