"""`orch run` with both kinds of runner: what is recorded, what goes wrong, and what happens meanwhile."""

import signal
import subprocess
import time
import tomllib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from orch.runners.launching import MOST
from support.chat_server import chat_server
from support.command_line import ORCH, CommandLine, run_real
from support.fake_model import reply
from support.projects import planning_answer
from support.runners import configure, configure_endpoint

Runs = Callable[..., str]
KINDS = ("command", "endpoint")


@pytest.fixture
def planned(orch: CommandLine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Runs]:
    """Makes a session that waits for its planning answer, with a runner of a kind that behaves so: its short id."""
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    with ExitStack() as stack:

        def plan(kind: str, behaviour: str, timeout: float | None = None) -> str:
            config = orch.folder.parent / "config"
            if kind == "endpoint":
                configure_endpoint(config, stack.enter_context(chat_server(behaviour, orch.folder)).url, timeout)
            else:
                configure(config, behaviour, timeout)
            return str(orch.do("plan", "Add a login page", "--json").json["id"])[:8]

        yield plan


def session(folder: Path) -> dict[str, Any]:
    (path,) = (folder / ".orch/sessions").glob("*.orch")
    return tomllib.loads(path.read_text("utf-8"))


def wait_until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def begun(folder: Path) -> "subprocess.Popen[bytes]":
    """A run whose model has begun to answer."""
    running = subprocess.Popen([*ORCH, "run"], cwd=folder, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)
    wait_until(lambda: any((folder / ".orch/unfiled").glob("*.md")))
    return running


@pytest.mark.parametrize("kind", KINDS)
def test_sizes_model_and_tokens_are_recorded(orch: CommandLine, folder: Path, planned: Runs, kind: str) -> None:
    planned(kind, "answer")
    if kind == "command":
        config = folder.parent / "config/config.toml"
        config.write_text(config.read_text("utf-8") + 'model = "owl"\n', "utf-8")
    prompt = session(folder)["planning"]["prompt"]
    orch.do("run")
    (record,) = session(folder)["executions"]
    answer = reply(prompt)
    assert (record["prompt_chars"], record["answer_chars"]) == (len(prompt), len(answer))
    if kind == "endpoint":
        assert (record["model"], record["input_tokens"]) == ("owl-1-mini", len(prompt))
        assert record["output_tokens"] == len(answer)
    else:
        assert record["model"] == "owl"
        assert "input_tokens" not in record


@pytest.mark.parametrize("kind", KINDS)
def test_a_huge_answer_is_stopped_and_kept(orch: CommandLine, folder: Path, planned: Runs, kind: str) -> None:
    planned(kind, "flood")
    assert orch.refused("run").startswith(
        "model wrote more than 8 MiB and was stopped. What model wrote is kept in "
    )
    (record,) = session(folder)["executions"]
    assert (record["status"], record["answer_chars"]) == ("failed", MOST)
    assert [len(kept) for kept in orch.unfiled().values()] == [MOST]


@pytest.mark.parametrize("kind", KINDS)
def test_a_prompt_that_comes_back_is_no_answer(orch: CommandLine, folder: Path, planned: Runs, kind: str) -> None:
    planned(kind, "echo")
    assert orch.refused("run").startswith("That is the prompt, not the model's answer.")
    assert "response" not in session(folder)["planning"]


@pytest.mark.parametrize("kind", KINDS)
def test_one_that_never_ends_is_stopped(orch: CommandLine, folder: Path, planned: Runs, kind: str) -> None:
    planned(kind, "for-ever", 5.0)
    assert orch.refused("run").startswith("model took longer than 5 s and was stopped.")
    assert [one["status"] for one in session(folder)["executions"]] == ["timeout"]
    assert set(orch.unfiled().values()) <= {"Thinking … ä".encode()}


@pytest.mark.parametrize(
    ("behaviour", "sentence"),
    [
        ("no-entry", "model wants a key: name its variable as key_env, or store it with: keyring set orch model"),
        ("nothing", "model wrote nothing."),
        ("page", "model sent something that is no chat completion."),
    ],
)
def test_an_endpoint_that_gives_nothing_leaves_a_record(
    orch: CommandLine, folder: Path, planned: Runs, behaviour: str, sentence: str
) -> None:
    planned("endpoint", behaviour)
    assert orch.refused("run").startswith(sentence)
    (record,) = session(folder)["executions"]
    assert (record["status"], record["answer_chars"]) == ("failed", 0)
    assert orch.unfiled() == {}


def test_an_endpoint_that_breaks_off_leaves_what_came(orch: CommandLine, folder: Path, planned: Runs) -> None:
    planned("endpoint", "breaks-off")
    prompt = session(folder)["planning"]["prompt"]
    said = orch.refused("run")
    assert said.startswith("The connection to model broke off: ")
    assert "). What model wrote is kept in .orch/unfiled/" in said
    assert [kept.decode() for kept in orch.unfiled().values()] == [reply(prompt)[:28]]


class TestMeanwhile:
    """What happens to the session while the model works."""

    @pytest.mark.parametrize("kind", KINDS)
    @pytest.mark.parametrize(
        ("then", "sentence"),
        [
            (["abandon"], "This session is abandoned; reopen it first (reopen)."),
            (["complete", "--force", "--outcome", "success"], "This session is completed"),
            (["plan", "--session", "ID", "Another"], "The prompt was made anew while model worked"),
            (["process", "--file", "ANSWER"], "The session was given another answer while model worked."),
        ],
    )
    def test_an_answer_that_cannot_be_filed_any_more_is_kept(
        self, orch: CommandLine, folder: Path, planned: Runs, kind: str, then: list[str], sentence: str
    ) -> None:
        short = planned(kind, "when-told")
        (folder / "answer.md").write_text(planning_answer())
        running = begun(folder)
        done = run_real(folder, *({"ID": short, "ANSWER": "answer.md"}.get(word, word) for word in then))
        assert done.returncode == 0, done
        (folder / "go").touch()
        said = running.communicate(timeout=60)[1].decode()
        assert running.returncode == 1
        assert said.startswith(sentence)
        (kept,) = orch.unfiled().values()
        assert kept.decode().removesuffix("\n").endswith("</execution_notes>")
        assert [one["status"] for one in session(folder)["executions"]] == ["ok"]

    @pytest.mark.parametrize("kind", KINDS)
    def test_a_second_run_is_refused(self, orch: CommandLine, folder: Path, planned: Runs, kind: str) -> None:
        planned(kind, "when-told")
        running = begun(folder)
        assert orch.refused("run") == (
            "A model is at work on this session already; wait for its answer, or cancel that run first."
        )
        (folder / "go").touch()
        assert running.communicate(timeout=60)
        assert running.returncode == 0
        assert [one["status"] for one in session(folder)["executions"]] == ["ok"]

    @pytest.mark.parametrize("kind", KINDS)
    @pytest.mark.parametrize("what", ["deleted", "broken"])
    def test_a_session_file_that_is_gone_or_broken(
        self, orch: CommandLine, folder: Path, planned: Runs, kind: str, what: str
    ) -> None:
        planned(kind, "when-told")
        (path,) = (folder / ".orch/sessions").glob("*.orch")
        running = begun(folder)
        if what == "deleted":
            path.unlink()
        else:
            path.write_text("title = \n")
        (folder / "go").touch()
        said = running.communicate(timeout=60)[1].decode()
        assert running.returncode == 1
        assert "What model wrote is kept in .orch/unfiled/" in said
        assert len(orch.unfiled()) == 1

    @pytest.mark.parametrize("kind", KINDS)
    def test_a_session_file_that_was_edited_and_renamed_takes_the_answer(
        self, orch: CommandLine, folder: Path, planned: Runs, kind: str
    ) -> None:
        planned(kind, "when-told")
        (path,) = (folder / ".orch/sessions").glob("*.orch")
        running = begun(folder)
        path.write_text("# mine\n" + path.read_text("utf-8"), "utf-8")
        path.rename(path.with_name("another.orch"))
        (folder / "go").touch()
        assert running.communicate(timeout=60)
        assert running.returncode == 0
        text = path.with_name("another.orch").read_text("utf-8")
        assert text.startswith("# mine\n")
        assert tomllib.loads(text)["analysis"]["body"]
        assert orch.unfiled() == {}

    @pytest.mark.parametrize("kind", KINDS)
    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
    def test_ctrl_c_cancels(self, orch: CommandLine, folder: Path, planned: Runs, kind: str, number: int) -> None:
        planned(kind, "for-ever")
        running = begun(folder)
        running.send_signal(number)
        said = running.communicate(timeout=60)[1].decode()
        assert running.returncode == 130
        assert said.startswith("The run was cancelled after ")
        assert [one["status"] for one in session(folder)["executions"]] == ["cancelled"]
        assert list(orch.unfiled().values()) == ["Thinking … ä".encode()]
