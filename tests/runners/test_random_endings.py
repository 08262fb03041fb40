"""Runs that end at random moments, by every hand: nothing is left behind, and nothing that was said is lost.

ORCH_RUNS says how many there are of each kind, 200 for all; ORCH_RUNS_SEED draws other moments.
"""

import os
import random
import re
import signal
import subprocess
import time
import tomllib
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest

from support.chat_server import chat_server
from support.command_line import ORCH
from support.runners import configure, configure_endpoint, gone

RUNS = int(os.environ.get("ORCH_RUNS", "13"))
SEED = int(os.environ.get("ORCH_RUNS_SEED", "5"))
HANDS = ("ctrl-c", "terminate", "kill orch", "kill the model", "none")
STATUSES = {"ok", "failed", "cancelled"}


@pytest.mark.parametrize("kind", ["command", "endpoint"])
def test_runs_that_end_at_random_moments(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    config, shop = tmp_path / "config", tmp_path / "shop"
    monkeypatch.setenv("ORCH_CONFIG_HOME", str(config))
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    for folder in ("pids", "finished"):
        (shop / folder).mkdir(parents=True)
    with ExitStack() as stack:
        if kind == "endpoint":
            configure_endpoint(config, stack.enter_context(chat_server("witnessed", shop)).url)
        else:
            configure(config, "witnessed")
        _end_runs(shop, config, kind)


def _end_runs(shop: Path, config: Path, kind: str) -> None:
    session = _planned(shop)
    chance = random.Random(SEED)
    statuses: set[str] = set()
    for number in range(RUNS):
        # an answered session is brought back, so that the next run finds one that waits
        session = _planned(shop) if "[[executions]]" in session.read_text("utf-8") else session
        hand = chance.choice(HANDS)
        known = set((shop / "pids").iterdir())

        def models(known: set[Path] = known) -> list[int]:
            if kind == "endpoint":
                return _processes(config, b"endpoint_client.py")
            return [int(path.name) for path in set((shop / "pids").iterdir()) - known]

        _run(shop, hand, (chance.uniform(0.0, 2.0), chance.uniform(0.0, 0.8)), models)
        _nothing_is_left(set((shop / "pids").iterdir()) - known, config)
        statuses |= _all_is_there(shop, f"run {number}, ended by: {hand}")
    assert statuses


def _planned(shop: Path) -> Path:
    """The file of a new session, the only open one."""
    for old in (shop / ".orch/sessions").glob("*.orch"):
        text = old.read_text("utf-8")
        old.write_text(text.replace('status = "planning"', 'status = "abandoned"'), "utf-8")
    subprocess.run([*ORCH, "plan", "Add a login page"], cwd=shop, check=True, capture_output=True, timeout=60)
    return max((shop / ".orch/sessions").glob("*.orch"), key=lambda path: path.stat().st_mtime_ns)


def _run(shop: Path, hand: str, after: tuple[float, float], models: Callable[[], list[int]]) -> None:
    """One run that is ended by `hand` some seconds after it began, or after its model did."""
    orch = subprocess.Popen(
        [*ORCH, "run"],
        cwd=shop,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    if hand == "kill the model":
        found: list[int] = []
        while orch.poll() is None and not (found := models()):
            time.sleep(0.005)
        time.sleep(after[1])
        for pid in found:
            _send(pid, signal.SIGKILL)
    elif hand != "none":
        time.sleep(after[0])
        kinds = {"ctrl-c": signal.SIGINT, "terminate": signal.SIGTERM, "kill orch": signal.SIGKILL}
        orch.send_signal(kinds[hand])
    orch.wait(60)


def _send(pid: int, number: int) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass  # it had ended by itself


def _nothing_is_left(pids: set[Path], config: Path) -> None:
    """Neither the models of this run, by what they told in `pids`, nor anything else that this test started."""
    for path in pids:
        for pid in path.read_text().split():
            assert gone(int(pid)), path
    deadline = time.monotonic() + 10
    while left := _processes(config):
        assert time.monotonic() < deadline, left
        time.sleep(0.01)


def _processes(config: Path, naming: bytes = b"") -> list[int]:
    """The processes of this test, by its configuration in their environment; where /proc tells."""
    mark = f"ORCH_CONFIG_HOME={config}".encode()
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if (
                mark in (folder / "environ").read_bytes().split(b"\0")
                and naming in (folder / "cmdline").read_bytes()
            ):
                found.append(int(folder.name))
        except OSError:
            continue  # it has ended, or is somebody else's
    return found


def _all_is_there(shop: Path, when: str) -> set[str]:
    """Every session is valid, and what a model said to its end stands in one, or is kept.

    Gives the statuses of the runs.
    """
    texts = []
    statuses: set[str] = set()
    for path in (shop / ".orch/sessions").glob("*.orch"):
        text = path.read_text("utf-8")
        texts.append(text)
        statuses |= {one["status"] for one in tomllib.loads(text).get("executions", ())}
    assert statuses <= STATUSES, when
    texts += [path.read_text("utf-8") for path in (shop / ".orch").glob("[ku]*/*.md")]
    there = set(re.findall(r"This is the answer of (\d+)\.", "".join(texts)))
    said = {path.name for path in (shop / "finished").iterdir()}
    assert said <= there, when
    return statuses
