"""The command line in a test: in this process, or as a real one."""

import json
import os
import pty
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from orch.cli.app import main

ORCH = [sys.executable, "-P", "-m", "orch"]


@dataclass(frozen=True, slots=True)
class Result:
    """What a command line gave."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """The one object on standard output."""
        value = json.loads(self.out)
        assert isinstance(value, dict)
        return value


class CommandLine:
    """Runs `orch` in `folder`, within this process. `piped` is what a pipe brings; None is the null device."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self._patch = monkeypatch
        self._capsys = capsys

    def __call__(self, *argv: str, piped: bytes | str | None = None) -> Result:
        """Runs the command line `argv`."""
        self._capsys.readouterr()
        data = piped.encode() if isinstance(piped, str) else piped
        given = self.folder.parent / "piped"
        given.write_bytes(data or b"")
        with (given if data is not None else Path(os.devnull)).open(encoding="utf-8") as opened:
            self._patch.setattr(sys, "stdin", opened)
            code = main(argv)
        told = self._capsys.readouterr()
        return Result(code, told.out, told.err)

    def do(self, *argv: str, piped: bytes | str | None = None) -> Result:
        """Runs what must be done without trouble."""
        result = self(*argv, piped=piped)
        assert result.code == 0, result
        return result

    def refused(self, *argv: str, piped: bytes | str | None = None) -> str:
        """The sentence of what must be refused."""
        result = self(*argv, piped=piped)
        assert result.code == 1, result
        assert result.out == ""
        return result.err.strip()

    def unfiled(self) -> dict[str, bytes]:
        """What is kept under `.orch/unfiled/`: name to bytes."""
        found = (self.folder / ".orch/unfiled").glob("*")
        return {path.relative_to(self.folder).as_posix(): path.read_bytes() for path in found}


def run_real(folder: Path, *argv: str, piped: bytes | None = None) -> subprocess.CompletedProcess[bytes]:
    """Runs `orch` as a process of its own."""
    given = {"stdin": subprocess.DEVNULL} if piped is None else {"input": piped}
    return subprocess.run([*ORCH, *argv], cwd=folder, capture_output=True, check=False, timeout=60, **given)


def piped_through(folder: Path, *commands: list[str]) -> list[tuple[int, bytes]]:
    """Runs `commands` as one pipe: the last one's exit code and output, then each one's code and what it said."""
    processes: list[subprocess.Popen[bytes]] = []
    for number, command in enumerate(commands):
        before = processes[-1].stdout if processes else subprocess.DEVNULL
        with (folder.parent / f"said-{number}").open("wb") as said:
            made = subprocess.Popen(command, cwd=folder, stdin=before, stdout=subprocess.PIPE, stderr=said)
        if processes and processes[-1].stdout:
            processes[-1].stdout.close()
        processes.append(made)
    last = processes[-1].communicate(timeout=60)[0]
    for process in processes:
        process.wait(60)
    said = [(folder.parent / f"said-{number}").read_bytes() for number in range(len(processes))]
    return [
        (processes[-1].returncode, last),
        *((one.returncode, text) for one, text in zip(processes, said, strict=True)),
    ]


def on_terminal(folder: Path, *argv: str) -> str:
    """What a person sees: `orch` with both outputs on a terminal of 100 columns."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "100"}
    process = subprocess.Popen(
        [*ORCH, *argv], cwd=folder, env=environment, stdin=theirs, stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    seen = b""
    while True:
        try:
            piece = os.read(ours, 65536)
        except OSError:
            break  # Linux reports the end of a terminal as an error
        if not piece:
            break
        seen += piece
    os.close(ours)
    process.wait(60)
    return seen.decode()


def plain(seen: str) -> str:
    """What a terminal was sent, without its commands."""
    return re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", seen).replace("\r\n", "\n")
