"""Runners as real processes, well and badly behaved."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from orch.model.config import Runner
from orch.runners.port import Ran, RunnerJob
from orch.runners.process import MOST, run_process
from orch.runners.programs import KNOWN, find_program, known_programs
from support.fake_model import reply
from support.runners import gone, is_running, runner

PROMPT = "# Analyse this ä\u2028 🦉\nOrch-Session: 0123abcd\n"


def ran(root: Path, behaviour: str, timeout: float | None = None, prompt: str = PROMPT) -> tuple[Ran, list[str]]:
    pieces: list[str] = []
    job = RunnerJob(runner(behaviour, timeout), prompt, root)
    return run_process(job, pieces.append, threading.Event()), pieces


@pytest.mark.parametrize("behaviour", ["answer", "by-bytes", "slowly"])
def test_the_answer_comes_as_it_was_written(tmp_path: Path, behaviour: str) -> None:
    done, pieces = ran(tmp_path, behaviour)
    assert (done.status, done.text, done.sentence) == ("ok", reply(PROMPT), "")
    assert "".join(pieces) == done.text
    assert done.seconds > 0


def test_half_a_character_waits_for_its_rest(tmp_path: Path) -> None:
    done, pieces = ran(tmp_path, "by-halves")
    assert (done.status, done.text) == ("ok", "café \u2028 🦉")
    assert "\ufffd" not in "".join(pieces)


def test_it_works_in_the_projects_folder(tmp_path: Path) -> None:
    assert Path(ran(tmp_path, "where")[0].text).resolve() == tmp_path.resolve()


def test_a_long_prompt_arrives_whole(tmp_path: Path) -> None:
    prompt = "ä🦉\n" * 200_000
    assert ran(tmp_path, "echo", prompt=prompt)[0].text == prompt


@pytest.mark.parametrize(
    ("behaviour", "sentence"),
    [
        ("nothing", "model wrote nothing."),
        ("fails", "model ended with exit code 1; it said: no key: log in first"),
        ("killed", "model was killed by SIGKILL."),
        ("flood", "model wrote more than 8 MiB and was stopped."),
        ("deaf", "model ended with exit code 1; it said: it does not listen"),
    ],
)
def test_what_goes_wrong_is_one_plain_sentence(tmp_path: Path, behaviour: str, sentence: str) -> None:
    done, pieces = ran(tmp_path, behaviour, prompt=PROMPT * 20_000)
    assert (done.status, done.sentence) == ("failed", sentence)
    assert done.text == "".join(pieces)
    if behaviour == "flood":
        assert done.text == "a" * MOST


def test_bytes_that_are_no_text_are_marked_and_the_rest_stays(tmp_path: Path) -> None:
    assert ran(tmp_path, "garbage")[0].text == "café \ufffd\ufffd\ufffd end \ufffd"


def test_a_runner_that_never_ends_is_stopped_at_its_limit_and_what_came_is_kept(tmp_path: Path) -> None:
    done, _ = ran(tmp_path, "for-ever", 1.0)
    assert (done.status, done.sentence) == ("timeout", "model took longer than 1 s and was stopped.")
    assert done.text == "Thinking … ä"


def test_cancelling_kills_all_that_it_started(tmp_path: Path) -> None:
    stop = threading.Event()
    said: list[str] = []

    def told(piece: str) -> None:
        said.append(piece)
        stop.set()

    done = run_process(RunnerJob(runner("stubborn"), PROMPT, tmp_path), told, stop)
    assert (done.status, done.text) == ("cancelled", "".join(said))
    assert done.sentence.startswith("The run was cancelled after ")
    assert all(gone(int(pid)) for pid in done.text.split())


def test_what_it_leaves_behind_is_ended_and_does_not_hold_the_answer_up(tmp_path: Path) -> None:
    done, _ = ran(tmp_path, "leaves-a-child")
    child, _, answer = done.text.partition("\n")
    assert (done.status, answer) == ("ok", reply(PROMPT))
    assert done.seconds < 30
    assert gone(int(child))


def test_a_program_that_is_not_there(tmp_path: Path) -> None:
    job = RunnerJob(Runner("owl", ("no-such-owl",)), PROMPT, tmp_path)
    done = run_process(job, lambda _: None, threading.Event())
    assert (done.status, done.text) == ("failed", "")
    assert done.sentence == (
        "The runner owl cannot be started: there is no program 'no-such-owl' on the PATH outside the project; "
        "install it, or give its full path in your own config.toml."
    )


@pytest.mark.parametrize("mode", [None, 0o644])
def test_a_full_path_to_no_program(tmp_path: Path, mode: int | None) -> None:
    path = tmp_path / "owl"
    if mode is not None:
        path.write_text("#!/bin/sh\n")
        path.chmod(mode)
    done = run_process(RunnerJob(Runner("owl", (str(path),)), "", tmp_path), lambda _: None, threading.Event())
    assert done.sentence == (
        f"The runner owl cannot be started: there is no program at {str(path)!r} that may be run; mend its path in "
        "your own config.toml, or its access rights."
    )


def test_a_file_that_is_no_program(tmp_path: Path) -> None:
    made = tmp_path / "owl"
    made.write_bytes(b"\x00\x01")
    made.chmod(0o755)
    done = run_process(RunnerJob(Runner("owl", (str(made),)), "", tmp_path), lambda _: None, threading.Event())
    assert done.status == "failed"
    assert done.sentence == "owl could not be started: Exec format error."


def test_a_word_that_no_program_can_be_given(tmp_path: Path) -> None:
    wanted = Runner("owl", (sys.executable, "a\0b"))
    done = run_process(RunnerJob(wanted, "", tmp_path), lambda _: None, threading.Event())
    assert (done.status, done.sentence) == ("failed", "owl could not be started: embedded null byte.")


def test_programs_of_the_project_are_never_meant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project, mine = tmp_path / "shop", tmp_path / "bin"
    for folder in (project, project / "bin", mine):
        folder.mkdir()
        for name in ("owl", "claude"):
            (folder / name).write_text("#!/bin/sh\n")
            (folder / name).chmod(0o755)
    monkeypatch.chdir(project)
    (tmp_path / "link").symlink_to(project / "bin")
    inside = [".", "bin", "", str(project), str(project / "bin"), str(tmp_path / "link")]
    monkeypatch.setenv("PATH", os.pathsep.join(inside))
    assert find_program("owl", project) is None
    assert known_programs(project) == ()
    monkeypatch.setenv("PATH", os.pathsep.join([*inside, str(mine)]))
    assert find_program("owl", project) == str(mine / "owl")
    assert known_programs(project) == ("claude",)
    assert find_program("./owl", project) is None
    assert find_program("bin/owl", project) is None
    assert find_program(str(project / "owl"), project) == str(project / "owl")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert find_program("~/bin/owl", project) == str(tmp_path / "bin/owl")


def test_known_programs_name_themselves() -> None:
    assert all(command[0] == name for name, command in KNOWN.items())


def test_a_runner_ends_with_the_process_that_started_it(tmp_path: Path) -> None:
    script = (
        f"import sys, threading; sys.path.insert(0, {str(Path(__file__).parents[1])!r})\n"
        "from pathlib import Path\n"
        "from orch.runners.port import RunnerJob\n"
        "from orch.runners.process import run_process\n"
        "from support.runners import runner\n"
        f"job = RunnerJob(runner('stubborn'), '', Path({str(tmp_path)!r}))\n"
        "run_process(job, lambda piece: print(piece, end='', flush=True), threading.Event())\n"
    )
    with subprocess.Popen([sys.executable, "-P", "-c", script], stdout=subprocess.PIPE) as orch:
        assert orch.stdout is not None
        pids = [int(pid) for pid in orch.stdout.readline().split()]
        assert len(pids) == 2
        assert all(is_running(pid) for pid in pids)
        orch.kill()
    assert all(gone(pid) for pid in pids)
