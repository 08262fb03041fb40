"""`orch run`: next, the runner, and answer in one, with real processes."""

import json
import os
import signal
import subprocess
import time
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from orch.storage.run_files import held_run
from support.command_line import ORCH, CommandLine
from support.fake_model import reply
from support.projects import planning_answer
from support.runners import configure, gone

REQUEST = "Add user authentication"


def config(folder: Path) -> Path:
    """The folder of the user's configuration."""
    return folder.parent / "config"


def session(folder: Path) -> dict[str, object]:
    """The data of the only session."""
    (path,) = (folder / ".orch/sessions").glob("*.orch")
    return tomllib.loads(path.read_text("utf-8"))


def planned(orch: CommandLine, behaviour: str, timeout: float | None = None) -> str:
    """A session that waits for its planning answer, with a runner that behaves so. Gives the short id."""
    configure(config(orch.folder), behaviour, timeout)
    return str(orch.do("plan", REQUEST, "--json").json["id"])[:8]


def run_locks(folder: Path) -> list[str]:
    return [path.name for path in (folder / ".orch").glob("run-*")]


def test_a_session_from_plan_to_complete(orch: CommandLine, folder: Path) -> None:
    planned(orch, "answer")
    first = orch.do("run")
    assert first.out == ""
    assert "ANALYSIS TEMPLATE: found" in first.err
    orch.do("analyze", "--set", "PROJECT NAME=shop")
    assert orch.do("run", "--json").json["analysis"]["result"]
    orch.do("run", "--runner", "model")
    data = session(folder)
    runs = data["executions"]
    assert isinstance(runs, list)
    assert [(one["step"], one["runner"], one["status"]) for one in runs] == [
        ("plan", "model", "ok"),
        ("analyze", "model", "ok"),
        ("implement", "model", "ok"),
    ]
    assert all(one["seconds"] >= 0 and one["started"] for one in runs)
    assert [entry["step"] for entry in data["history"]] == [
        "plan", "process", "analyze", "save-analysis", "implement", "save-implementation",
    ]  # fmt: skip
    assert orch.refused("run") == (
        "What was built is saved, so no model is waited for; say how it went (complete)."
    )
    assert session(folder) == data
    assert run_locks(folder) == []
    assert orch.unfiled() == {}


def test_open_places_stop_a_run_unless_it_is_forced(orch: CommandLine, folder: Path) -> None:
    planned(orch, "answer")
    answer = planning_answer(analysis="# Analyse\n\nLook at [DATABASE URL].\n")
    orch.do("process", piped=answer)
    before = session(folder)
    assert orch.refused("run") == (
        "The analysis prompt has 1 open place: DATABASE URL; fill in what is missing first (fill, or analyze and "
        "implement with --set), or run it all the same with force (--force)."
    )
    assert session(folder) == before
    orch.do("run", "--force")
    assert session(folder)["status"] == "analysis"


def test_an_answer_pasted_into_the_file_is_processed_first(orch: CommandLine, folder: Path) -> None:
    planned(orch, "answer")
    (path,) = (folder / ".orch/sessions").glob("*.orch")
    path.write_text(path.read_text("utf-8").replace("[planning]\n", "[planning]\nresponse = 'x'\n"), "utf-8")
    assert orch.refused("run") == "The answer in this session is not processed yet; process it first (process)."


@pytest.mark.parametrize(
    ("behaviour", "status", "sentence"),
    [
        ("fails", "failed", "model ended with exit code 1; it said: no key: log in first"),
        ("nothing", "failed", "model wrote nothing."),
        ("killed", "failed", "model was killed by SIGKILL."),
    ],
)
def test_a_failed_run_says_why_and_is_recorded(
    orch: CommandLine, folder: Path, behaviour: str, status: str, sentence: str
) -> None:
    planned(orch, behaviour)
    before = session(folder)
    said = orch.refused("run")
    data = session(folder)
    (record,) = data.pop("executions")  # type: ignore[misc]
    assert said.startswith(sentence)
    assert (record["status"], record["step"]) == (status, "plan")
    assert data == before
    if behaviour == "fails":
        (name,) = orch.unfiled()
        assert said.endswith(f"What model wrote is kept in {name}; to file it: "
                             f"orch process --session {str(data['id'])[:8]} --file {name}")  # fmt: skip
        orch.do(*said.partition("to file it: orch ")[2].split())
        assert session(folder)["analysis"]
        assert orch.unfiled() == {}
    else:
        assert orch.unfiled() == {}


def test_a_timeout_is_recorded_and_what_came_is_kept(orch: CommandLine, folder: Path) -> None:
    planned(orch, "for-ever", 0.8)
    assert orch.refused("run").startswith(
        "model took longer than 0.8 s and was stopped. What model wrote is kept in "
    )
    assert [one["status"] for one in session(folder)["executions"]] == ["timeout"]  # type: ignore[attr-defined]
    assert list(orch.unfiled().values()) == ["Thinking … ä".encode()]


@pytest.mark.parametrize("removed", [".orch/unfiled", ".orch"])
def test_what_came_is_kept_though_its_file_was_removed_meanwhile(
    orch: CommandLine, folder: Path, removed: str
) -> None:
    """As `git clean -x` does, for which unfiled answers are rubbish."""
    short = planned(orch, "answer")
    script = f"echo words; until [ -s .orch/unfiled/*.md ]; do sleep 0.01; done; rm -r {removed}; exit 1"
    (config(folder) / "config.toml").write_text(f"[runners.rm]\ncommand = ['sh', '-c', '{script}']\n")
    said = orch.refused("run")
    ((name, text),) = orch.unfiled().items()
    assert said.endswith(f"kept in {name}; to file it: orch process --session {short} --file {name}")
    assert text == b"words\n"


def test_two_runs_on_one_session(orch: CommandLine, folder: Path) -> None:
    short = planned(orch, "answer")
    with held_run(folder, short, "x"):
        assert run_locks(folder) == [f"run-{short}.lock"]
        assert orch.refused("run") == (
            "A model is at work on this session already; wait for its answer, or cancel that run first."
        )
    orch.do("run")
    assert "/run-*.lock" in (folder / ".orch/.gitignore").read_text().splitlines()


def test_a_disk_that_takes_nothing_leaves_the_text_on_standard_output(orch: CommandLine, folder: Path) -> None:
    planned(orch, "fails")
    (folder / ".orch/unfiled").write_text("no folder\n")
    result = orch("run")
    assert result.code == 1
    assert result.err.endswith("It could not be kept either, so it stands on standard output.\n")
    assert result.out == reply("")


class TestWhichRunner:
    """Only the user's own configuration defines runners."""

    def test_none_at_all(self, orch: CommandLine, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        orch.do("plan", REQUEST)
        monkeypatch.setenv("PATH", "")
        assert orch.refused("run") == (
            "No runner is set up; docs/guides/runners.md says how to define one in "
            f"{config(folder) / 'config.toml'}."
        )

    def test_one_that_is_on_the_path_is_offered(
        self, orch: CommandLine, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        orch.do("plan", REQUEST)
        programs = folder.parent / "bin"
        programs.mkdir()
        (programs / "llm").write_text("#!/bin/sh\ncat > /dev/null; echo hello\n")
        (programs / "llm").chmod(0o755)
        monkeypatch.setenv("PATH", os.pathsep.join([str(programs), "/usr/bin", "/bin"]))
        offer = "add it to your own settings with: orch runner add llm"
        assert orch.refused("run") == f"No runner is set up, but llm is on this machine; {offer}"
        assert orch.refused("run", "--runner", "llm") == (
            f"There is no runner 'llm'; llm is on this machine; {offer}"
        )
        orch.do(*offer.partition("orch ")[2].split())
        assert orch("run").code == 1
        assert session(folder)["executions"][0]["runner"] == "llm"  # type: ignore[index]

    def test_one_of_the_project_does_not_count(self, orch: CommandLine, folder: Path) -> None:
        orch.do("plan", REQUEST)
        marker = folder / "ran"
        (folder / ".orch/config.toml").write_text(
            f"[run]\nrunner = 'evil'\n[runners.evil]\ncommand = ['touch', '{marker}']\n"
        )
        for named in ((), ("--runner", "evil")):
            assert orch.refused("run", *named).startswith(
                "The runner 'evil' is defined in the project, which does not count; define it in "
            )
        assert not marker.exists()

    def test_several_and_none_chosen(self, orch: CommandLine, folder: Path) -> None:
        orch.do("plan", REQUEST)
        config(folder).mkdir()
        (config(folder) / "config.toml").write_text(
            "[runners.a]\ncommand = ['no-such-a']\n[runners.b]\ncommand = ['no-such-b']\n"
        )
        assert orch.refused("run") == "There are 2 runners: a, b; say which one (--runner)."
        assert orch.refused("run", "--runner", "c") == (
            "There is no runner 'c'; your own config.toml defines a, b."
        )
        (folder / ".orch/config.toml").write_text("[run]\nrunner = 'b'\n")
        assert orch.refused("run").startswith("The runner b cannot be started: there is no program 'no-such-b'")
        assert "executions" not in session(folder)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_cancels_and_leaves_no_process(orch: CommandLine, folder: Path, number: int) -> None:
    planned(orch, "stubborn")
    running = subprocess.Popen([*ORCH, "run"], cwd=folder, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)
    wait_until(lambda: any(path.read_bytes().endswith(b"\n") for path in (folder / ".orch/unfiled").glob("*.md")))
    (kept,) = orch.unfiled().values()
    running.send_signal(number)
    said = running.communicate(timeout=60)[1].decode()
    assert running.returncode == 130
    assert said.startswith("The run was cancelled after ")
    assert all(gone(int(pid)) for pid in kept.split())
    assert [one["status"] for one in session(folder)["executions"]] == ["cancelled"]  # type: ignore[attr-defined]
    assert run_locks(folder) == []


def test_json_says_what_was_refused(orch: CommandLine) -> None:
    planned(orch, "nothing")
    result = orch("run", "--json")
    assert (result.code, json.loads(result.out)["error"]) == (1, "model wrote nothing.")


def wait_until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.01)
