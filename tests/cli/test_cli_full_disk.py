"""A disk that takes no more: the session stays as it was, and what arrived is given back."""

import resource
import subprocess

from support.command_line import ORCH, CommandLine


def test_an_answer_that_finds_no_room_comes_back(orch: CommandLine) -> None:
    orch.do("plan", "Add a bell")
    (session,) = (orch.folder / ".orch/sessions").glob("*.orch")
    before = session.read_bytes()
    room = len(before) + 10_000
    answer = b"It uses bells.\n" * 5_000
    done = subprocess.run(
        [*ORCH, "answer"],
        cwd=orch.folder,
        input=answer,
        capture_output=True,
        check=False,
        timeout=60,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (room, room)),
    )
    assert done.returncode == 1
    assert done.stdout == answer
    said = done.stderr.decode()
    assert said.count("\n") == 1
    assert "cannot be written" in said
    assert "it stands on standard output" in said
    assert session.read_bytes() == before
    assert orch.unfiled() == {}
