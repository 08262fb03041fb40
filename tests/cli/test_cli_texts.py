"""Texts that arrive on the command line: where they come from, and that none is ever lost."""

import os
import subprocess
import threading
from pathlib import Path

import pytest

from orch.cli import intake
from orch.storage import atomic, disk
from support.command_line import ORCH, CommandLine, run_real
from support.projects import planning_answer


def test_an_answer_without_a_project_is_kept(orch: CommandLine) -> None:
    said = orch.refused("answer", piped="What a model said")
    ((name, data),) = orch.unfiled().items()
    assert data == b"What a model said"
    command = f"orch answer --file {name}"
    assert said == f"No session waits for an answer. The text is kept in {name}; to file it: {command}"
    orch.do("plan", "Add it")
    (session,) = orch.do("list-sessions", "--json").json["sessions"]
    again = orch("answer", "--session", session["id"], "--file", name)
    assert again.code == 1
    assert orch.do("show", "--json").json["planning"]["response"] == "What a model said"


def test_an_answer_at_the_wrong_time_is_kept(orch: CommandLine) -> None:
    orch.do("plan", "Add it")
    said = orch.refused("save-analysis", "--session", orch.do("show", "--json").json["id"], piped="result")
    ((name, data),) = orch.unfiled().items()
    assert data == b"result"
    assert f"orch save-analysis --session {orch.do('show', '--json').json['id'][:8]} --file {name}" in said


def test_bytes_that_are_no_text_are_kept_as_they_are(orch: CommandLine) -> None:
    orch.do("plan", "Add it")
    said = orch.refused("answer", piped=b"caf\xe9 \xff\x00")
    ((name, data),) = orch.unfiled().items()
    assert name.endswith(".bin")
    assert data == b"caf\xe9 \xff\x00"
    assert said == (f"What came through the pipe is not text in UTF-8. It is kept, byte for byte, in {name}.")
    assert orch.refused("plan", "-", piped=b"\xff\xff").startswith("What came through the pipe is not text")


def test_a_text_in_utf_16_with_its_mark_is_read(orch: CommandLine) -> None:
    orch.do("plan", "Add it")
    orch.do("answer", piped=planning_answer().encode("utf-16"))
    assert orch.do("show", "--json").json["planning"]["response"] == planning_answer()


def test_a_text_that_is_too_large_is_kept(orch: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "ROOM", 1000)
    orch.do("plan", "Add it")
    assert orch.refused("answer", piped="x" * 1001).startswith("The text from the pipe is larger than")
    ((name, data),) = orch.unfiled().items()
    assert (data, name[-3:]) == (b"x" * 1001, ".md")


@pytest.mark.parametrize("piped", [b"", b" \n\t\n"])
def test_an_empty_answer_changes_nothing(orch: CommandLine, piped: bytes) -> None:
    orch.do("plan", "Add it")
    before = orch.do("show").out
    assert orch.refused("process", piped=piped) == "The answer is empty; nothing was changed."
    assert orch.refused("plan", "-", piped=piped).startswith("The request is empty")
    assert orch.do("show").out == before
    assert orch.unfiled() == {}


def test_the_prompt_itself_is_no_answer(orch: CommandLine) -> None:
    prompt = orch.do("plan", "Add it").out
    assert "That is the prompt, not the model's answer." in orch.refused("process", piped=prompt)
    assert list(orch.unfiled().values()) == [prompt.encode()]


def test_a_broken_session_file_is_not_written_over(orch: CommandLine, folder: Path) -> None:
    session = orch.do("plan", "Add it", "--json").json["id"]
    (path,) = (folder / ".orch/sessions").iterdir()
    broken = path.read_text() + "\n[notes\n"
    path.write_text(broken)
    said = orch.refused("process", "--session", session, piped="an answer")
    assert "is not valid TOML" in said
    assert path.read_text() == broken
    assert list(orch.unfiled().values()) == [b"an answer"]
    (name,) = orch.unfiled()
    again = orch.refused("process", "--session", session, "--file", name)
    assert again == said
    assert list(orch.unfiled()) == [name]
    path.write_text(broken.removesuffix("\n[notes\n"))
    assert orch("process", "--session", session, "--file", name).code == 1
    assert orch.unfiled() == {}


def test_a_write_that_fails_keeps_the_text(orch: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    orch.do("plan", "Add it")
    real = atomic.write_whole

    def fail(target: Path, data: bytes, *, new: bool) -> None:
        if target.suffix == ".orch":
            raise OSError(28, "No space left on device")
        real(target, data, new=new)

    monkeypatch.setattr(disk, "write_whole", fail)
    said = orch.refused("process", piped=planning_answer())
    assert "cannot be written: the disk is full; make room and try again. The text is kept in " in said
    assert list(orch.unfiled().values()) == [planning_answer().encode()]


def test_a_full_disk_gives_the_text_back(orch: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    orch.do("plan", "Add it")

    def fail(*_args: object, **_more: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(disk, "write_whole", fail)
    result = orch("process", piped="an answer")
    assert (result.code, result.out) == (1, "an answer\n")
    assert "stands on standard output" in result.err


def test_a_request_that_was_refused_is_kept(orch: CommandLine) -> None:
    said = orch.refused("plan", "-", "--template", "no/such", piped="A long request")
    ((name, data),) = orch.unfiled().items()
    assert data == b"A long request"
    assert said.endswith(f"to file it: orch plan - < {name}")


def test_a_file_that_is_named(orch: CommandLine, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    orch.do("plan", "Add it")
    (folder / "latin.md").write_bytes(b"\xe9")
    assert orch.refused("process", "--file", "none.md") == "There is no file none.md."
    assert orch.refused("process", "--file", "latin.md") == "latin.md is not a text file in UTF-8."
    assert "it is a folder, not a file." in orch.refused("process", "--file", ".")
    (folder / "answer.md").write_text(planning_answer())
    (folder / "src").mkdir()
    monkeypatch.chdir(folder / "src")
    # messages name files from the project's root, so they are found from anywhere in it
    orch.do("process", "--file", "answer.md", piped="not this")
    session = orch.do("show", "--json").json["id"]
    orch.do("process", "-s", session, "--file", "-", piped=planning_answer(built="# Build\n\nanother\n"))
    assert orch.do("show", "--json").json["implementation"]["body"] == "# Build\n\nanother"


def test_a_pipe_of_the_shell_as_a_file(orch: CommandLine, folder: Path) -> None:
    orch.do("plan", "Add it")
    os.mkfifo(folder / "pipe")
    writer = threading.Thread(target=(folder / "pipe").write_text, args=(planning_answer(),))
    writer.start()
    orch.do("process", "--file", "pipe")
    writer.join()


def test_no_input_never_waits(orch: CommandLine, folder: Path) -> None:
    orch.do("plan", "Add it")
    assert b"There is no answer to process" in run_real(folder, "process").stderr
    closed = subprocess.run(
        ["sh", "-c", 'exec "$@" <&-', "sh", *ORCH, "process"],
        cwd=folder,
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert closed.returncode == 1
    assert b"There is no answer to process" in closed.stderr
