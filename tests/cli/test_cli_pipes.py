"""Whole sessions by pipes, with real processes, and two processes that work on one session at once."""

import multiprocessing
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from orch.commands.apply import perform
from orch.commands.command import decode
from orch.commands.open_project import open_project
from orch.commands.outcome import Outcome
from orch.commands.registry import command
from orch.render.worker_renderer import WorkerRenderer
from orch.storage.disk import DiskStorage
from support.command_line import ORCH, CommandLine, piped_through
from support.projects import planning_answer

TESTS = Path(__file__).parents[1]
STEPS = 125
PROCESSES = multiprocessing.get_context("spawn")


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The command that stands for a model's."""
    monkeypatch.setenv("PYTHONPATH", str(TESTS))
    return [sys.executable, str(TESTS / "support/fake_model.py")]


def test_a_session_by_pipes_while_another_is_open(orch: CommandLine, folder: Path, model: list[str]) -> None:
    first = piped_through(folder, [*ORCH, "plan", "Add user authentication"], model, [*ORCH, "process"])
    assert [code for code, _ in first] == [0, 0, 0, 0], first
    assert first[0] == (0, b"")
    second = piped_through(folder, [*ORCH, "plan", "Fix the logout"], model, [*ORCH, "answer"])
    assert [code for code, _ in second] == [0, 0, 0, 0], second
    sessions = {one["title"]: one["id"] for one in orch.do("list-sessions", "--json").json["sessions"]}
    assert set(sessions) == {"Add user authentication", "Fix the logout"}

    # with two open ones `next` wants to know which; `answer` knows by the line that the model repeats
    unnamed = piped_through(folder, [*ORCH, "next"], model, [*ORCH, "answer"])
    assert unnamed[1][0] == 1
    assert b"2 sessions are open; say which one (--session)." in unnamed[1][1]
    for title in ("Fix the logout", "Add user authentication"):
        for status in ("analysis", "implementation"):
            done = piped_through(folder, [*ORCH, "next", "-s", sessions[title]], model, [*ORCH, "answer"])
            assert [code for code, _ in done] == [0, 0, 0, 0], done
            assert orch.do("show", sessions[title], "--json").json["status"] == status
        shown = orch.do("show", sessions[title], "--json").json
        assert shown["analysis"]["result"].endswith("It uses cookies; \u2028 see src/auth.py.\n")
        assert "It uses cookies;" in shown["implementation"]["prompt"]
        assert shown["implementation"]["result"].endswith("I built it in src/auth.py.\n")
        assert orch.do("next", "-s", sessions[title]).out == ""
        assert orch.do("show", sessions[title], "--json").json["status"] == "completed"
    assert orch.do("list-sessions", "--status", "open", "--json").json == {"sessions": []}


def work(root: Path, session: str, worker: int) -> None:
    """Saves the analysis and fills in a value, again and again."""
    renderer = WorkerRenderer()
    project = open_project(root, DiskStorage(root), renderer)
    for number in range(STEPS):
        for name, params in (
            ("saveAnalysis", {"session": session, "text": f"result {worker} {number}\n"}),
            ("fill", {"session": session, "phase": "analysis", "values": {f"V{worker} {number}": "'''"}}),
        ):
            done = perform(project, f"orch.session.{name}", decoded(name, params))
            assert isinstance(done, Outcome), done
    renderer.close()


def decoded(name: str, params: dict[str, Any]) -> object:
    return decode(command(f"orch.session.{name}").params, params, name)


def test_two_processes_on_one_session_lose_no_step(orch: CommandLine, folder: Path) -> None:
    session = orch.do("plan", "Add it", "--json").json["id"]
    places = " ".join(f"[V{worker} {number}]" for worker in (0, 1) for number in range(STEPS))
    orch.do("process", piped=planning_answer(analysis=f"Look at {places}.\n"))
    orch.do("analyze")
    (path,) = (folder / ".orch/sessions").iterdir()
    # what a person wrote in the file stays as it is through all of it
    path.write_text(path.read_text().replace("[analysis]\n", "# mine\n[analysis]  # and this\n", 1))
    before = len(tomllib.loads(path.read_text())["history"])
    workers = [PROCESSES.Process(target=work, args=(folder, session, worker)) for worker in (0, 1)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(900)
    assert [worker.exitcode for worker in workers] == [0, 0]

    text = path.read_text()
    data = tomllib.loads(text)
    assert "# mine\n[analysis]  # and this\n" in text
    steps = [entry["step"] for entry in data["history"][before:]]
    assert steps.count("save-analysis") == 2 * STEPS
    assert steps.count("fill") == 2 * STEPS
    assert set(data["analysis"]["values"]) == {
        f"V{worker} {number}" for worker in (0, 1) for number in range(STEPS)
    }
    results = {kept.read_text() for kept in (folder / ".orch/kept").iterdir()} | {data["analysis"]["result"]}
    assert {f"result {worker} {number}\n" for worker in (0, 1) for number in range(STEPS)} <= results
    assert list(path.parent.iterdir()) == [path]
