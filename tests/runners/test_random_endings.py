"""Runs that end at random moments, by every hand: nothing is left behind, and nothing that was said is lost.

ORCH_RANDOM_RUNS says how many there are; the moments are drawn anew each time where ORCH_RANDOM_SEED says so.
"""

import os
import random
import re
import signal
import subprocess
import time
import tomllib
from pathlib import Path

import pytest

from support.command_line import ORCH
from support.runners import configure, gone

RUNS = int(os.environ.get("ORCH_RANDOM_RUNS", "30"))
SEED = int(os.environ.get("ORCH_RANDOM_SEED", "5"))
HANDS = ("ctrl-c", "terminate", "kill orch", "kill the model", "none")
STATUSES = {"ok", "failed", "cancelled"}


def test_runs_that_end_at_random_moments(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORCH_CONFIG_HOME", str(tmp_path / "config"))
    configure(tmp_path / "config", "witnessed")
    shop = tmp_path / "shop"
    for folder in ("pids", "finished"):
        (shop / folder).mkdir(parents=True)
    session = _planned(shop)
    chance = random.Random(SEED)
    for number in range(RUNS):
        # an answered session is brought back, so that the next run finds one that waits
        session = _planned(shop) if "[[executions]]" in session.read_text("utf-8") else session
        hand = chance.choice(HANDS)
        _run(shop, hand, chance.uniform(0.0, 1.3), chance.uniform(0.0, 0.4))
        _nothing_is_left(shop)
        _all_is_there(shop, f"run {number}, ended by: {hand}")
    assert any((shop / "pids").iterdir())


def _planned(shop: Path) -> Path:
    """The file of a new session, the only open one."""
    for old in (shop / ".orch/sessions").glob("*.orch"):
        text = old.read_text("utf-8")
        old.write_text(text.replace('status = "planning"', 'status = "abandoned"'), "utf-8")
    subprocess.run([*ORCH, "plan", "Add a login page"], cwd=shop, check=True, capture_output=True, timeout=60)
    return max((shop / ".orch/sessions").glob("*.orch"), key=lambda path: path.stat().st_mtime_ns)


def _run(shop: Path, hand: str, after: float, later: float) -> None:
    """One run that is ended by `hand` some seconds after it began, or after its model did."""
    known = set((shop / "pids").iterdir())
    orch = subprocess.Popen(
        [*ORCH, "run"],
        cwd=shop,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    if hand == "kill the model":
        while orch.poll() is None and not (new := set((shop / "pids").iterdir()) - known):
            time.sleep(0.005)
        time.sleep(later)
        for path in new:
            _send(int(path.name), signal.SIGKILL)
    elif hand != "none":
        time.sleep(after)
        kinds = {"ctrl-c": signal.SIGINT, "terminate": signal.SIGTERM, "kill orch": signal.SIGKILL}
        orch.send_signal(kinds[hand])
    orch.wait(60)


def _send(pid: int, number: int) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass  # it had ended by itself


def _nothing_is_left(shop: Path) -> None:
    for path in (shop / "pids").iterdir():
        for pid in path.read_text().split():
            assert gone(int(pid)), path
    if Path("/proc/self").exists():
        deadline = time.monotonic() + 10
        while guards := _guards(shop):
            assert time.monotonic() < deadline, guards
            time.sleep(0.01)


def _guards(shop: Path) -> list[str]:
    """The guards of this test's runners that are still there."""
    groups = {path.name.encode() for path in (shop / "pids").iterdir()}
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if len(words) > 2 and words[-3].endswith(b"guard.py") and words[-2] in groups:
            found.append(folder.name)
    return found


def _all_is_there(shop: Path, when: str) -> None:
    """Every session is valid, and what a model said to its end stands in one, or is kept."""
    texts = []
    for path in (shop / ".orch/sessions").glob("*.orch"):
        text = path.read_text("utf-8")
        texts.append(text)
        data = tomllib.loads(text)
        assert {one["status"] for one in data.get("executions", ())} <= STATUSES, when
    texts += [path.read_text("utf-8") for path in (shop / ".orch").glob("[ku]*/*.md")]
    there = set(re.findall(r"This is the answer of (\d+)\.", "".join(texts)))
    said = {path.name for path in (shop / "finished").iterdir()}
    assert said <= there, when
