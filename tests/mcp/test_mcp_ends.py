"""How the server ends, what becomes of a call whose client has gone, and what standard output carries."""

import json
import os
import signal
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from orch.storage.disk import DiskStorage
from support.mcp_client import ORCH_MCP, SECONDS
from support.projects import planning_answer


class Raw:
    """A client that writes the messages itself."""

    def __init__(self, folder: Path, command: list[str]) -> None:
        self.process = subprocess.Popen(
            command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        self._last = 0
        about = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "raw", "version": "1"}}
        self.ask("initialize", about)
        self.send({"method": "notifications/initialized"})

    def send(self, message: dict[str, Any]) -> None:
        """Sends a message."""
        self.write(json.dumps({"jsonrpc": "2.0", **message}).encode() + b"\n")

    def write(self, line: bytes) -> None:
        """Sends bytes as they are."""
        assert self.process.stdin is not None
        self.process.stdin.write(line)
        self.process.stdin.flush()

    def begin(self, method: str, params: dict[str, Any]) -> int:
        """Sends a request and does not wait for its answer. Gives its id."""
        self._last += 1
        self.send({"id": self._last, "method": method, "params": params})
        return self._last

    def ask(self, method: str, params: dict[str, Any]) -> dict[str, Any]:
        """The answer to a request. Everything that stands on standard output must be a message."""
        number = self.begin(method, params)
        assert self.process.stdout is not None
        for line in self.process.stdout:
            message: dict[str, Any] = json.loads(line)
            assert message["jsonrpc"] == "2.0"
            if message.get("id") == number:
                return message
        raise AssertionError("the server has ended")

    def call(self, tool: str, **arguments: Any) -> dict[str, Any]:
        """The data of a tool's result; its text where it was refused, which has no data."""
        done: dict[str, Any] = self.ask("tools/call", {"name": tool, "arguments": arguments})["result"]
        if done["isError"]:
            assert "structuredContent" not in done
            return {"error": done["content"][0]["text"]}
        data: dict[str, Any] = done["structuredContent"]
        return data

    def leave(self) -> bytes:
        """Closes the server's standard input and waits for it to end. Gives what it said."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        assert self.process.stdout is not None
        assert self.process.stderr is not None
        for line in self.process.stdout:
            json.loads(line)
        said = self.process.stderr.read()
        assert self.process.wait(SECONDS) == 0, said
        return said


@pytest.fixture
def raw(folder: Path) -> Iterator[Raw]:
    """A client connected to a server in `folder`."""
    client = Raw(folder, [sys.executable, *ORCH_MCP])
    yield client
    client.process.kill()
    client.process.wait(SECONDS)
    for stream in (client.process.stdin, client.process.stdout, client.process.stderr):
        assert stream is not None
        try:
            stream.close()
        except BrokenPipeError:
            pass  # what was not sent any more


def session_in(folder: Path) -> dict[str, Any]:
    (path,) = (folder / ".orch/sessions").iterdir()
    return tomllib.loads(path.read_text("utf-8"))


def processes() -> dict[int, int]:
    """Every process that has not ended, with the one that started it."""
    if Path("/proc/self").exists():
        stats = [_stat(path) for path in Path("/proc").glob("[0-9]*/stat")]
        return {pid: parent for pid, state, parent in filter(None, stats) if state != "Z"}
    listed = subprocess.run(["ps", "-A", "-o", "pid=,stat=,ppid="], capture_output=True, check=True, text=True)
    rows = [row.split() for row in listed.stdout.splitlines()]
    return {int(pid): int(parent) for pid, state, parent in rows if not state.startswith("Z")}


def _stat(path: Path) -> tuple[int, str, int] | None:
    try:
        before, _, after = path.read_text().rpartition(")")
    except OSError:
        return None  # it has ended meanwhile
    state, parent, *_ = after.split()
    return int(before.split()[0]), state, int(parent)


def test_it_ends_with_its_standard_input_and_leaves_no_process(raw: Raw) -> None:
    raw.call("plan", request="Add a bell")
    started = {pid for pid, parent in processes().items() if parent == raw.process.pid}
    assert started
    assert raw.leave() == b""
    assert not started & processes().keys()


def test_it_ends_for_a_client_that_says_nothing(folder: Path) -> None:
    command = [sys.executable, *ORCH_MCP]
    done = subprocess.run(
        command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_an_interrupt_ends_it(raw: Raw) -> None:
    raw.process.send_signal(signal.SIGINT)
    assert raw.process.wait(SECONDS) == -signal.SIGINT


def test_the_answer_of_a_client_that_has_gone_is_filed(raw: Raw, folder: Path) -> None:
    session = raw.call("plan", request="Add a bell")["id"]
    with DiskStorage(folder).lock(folder):
        raw.begin("tools/call", {"name": "answer", "arguments": {"session": session, "text": planning_answer()}})
        raw.ask("ping", {})
        assert raw.process.stdin is not None
        raw.process.stdin.close()
        with pytest.raises(subprocess.TimeoutExpired):
            raw.process.wait(0.5)
        assert "response" not in session_in(folder)["planning"]
    assert raw.process.wait(SECONDS) == 0
    assert session_in(folder)["planning"]["response"] == planning_answer()
    assert session_in(folder)["history"][-1]["step"] == "process"


def test_a_call_that_was_given_up_changes_nothing(raw: Raw, folder: Path) -> None:
    session = raw.call("plan", request="Add a bell")["id"]
    before = session_in(folder)
    with DiskStorage(folder).lock(folder):
        given = {"session": session, "text": planning_answer()}
        number = raw.begin("tools/call", {"name": "answer", "arguments": given})
        raw.ask("ping", {})
        raw.send({"method": "notifications/cancelled", "params": {"requestId": number}})
        raw.ask("ping", {})
    raw.leave()  # by then whatever was under way is done
    assert session_in(folder) == before
    assert not (folder / ".orch/unfiled").exists()


def test_what_is_no_message_is_passed_over(raw: Raw) -> None:
    for line in (b"hello\n", b"{}\n", b"[]\n", b"\xff\xfe\n", b'{"jsonrpc": "2.0", "id": 1}\n', b"\n"):
        raw.write(line)
    assert raw.ask("ping", {})["result"] == {}
    assert raw.ask("tools/call", {"name": 5})["error"]["code"] == -32602
    assert raw.ask("no/such/method", {})["error"]["code"] == -32601
    assert raw.call("list_sessions")["error"] == "There are no sessions here yet; plan starts one."


STRAY = """
import os, subprocess, sys
from orch.mcp import calling, server
real = calling.reply_to
def noisy(*given):
    print("a stray line")
    os.write(1, b"another")
    subprocess.run([sys.executable, "-c", "print('a third')"], check=True)
    assert sys.stdin.read() == ""
    return real(*given)
server.reply_to = noisy
sys.exit(server.serve(None))
"""


def test_standard_output_carries_messages_only(folder: Path) -> None:
    client = Raw(folder, [sys.executable, "-P", "-c", STRAY])
    assert client.call("plan", request="Add a bell")["status"] == "planning"
    said = client.leave()
    for stray in (b"a stray line", b"another", b"a third"):
        assert stray in said
    for stream in (client.process.stdout, client.process.stderr):
        assert stream is not None
        stream.close()


def test_a_project_cannot_bring_its_own_sdk(folder: Path) -> None:
    for name in ("mcp", "anyio", "mcp_types"):
        (folder / f"{name}.py").write_text("open('was-run', 'w').close()\nraise SystemExit(7)\n")
    done = subprocess.run(
        [sys.executable, "-m", "orch", "mcp"],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=60,
        check=False,
        env={**os.environ, "PYTHONSAFEPATH": ""},
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert not (folder / "was-run").exists()
