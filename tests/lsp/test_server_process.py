"""The server as a process: what it takes, how it ends, and that nothing but messages comes out of it."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

SERVER = [sys.executable, "-P", "-m", "orch", "lsp"]
INITIALIZE = {"id": 1, "method": "initialize", "params": {"processId": None, "rootUri": None, "capabilities": {}}}


def message(**fields: Any) -> bytes:
    body = json.dumps({"jsonrpc": "2.0", **fields}).encode()
    return b"Content-Length: %d\r\n\r\n" % len(body) + body


def serve(*sent: bytes) -> tuple[int, list[dict[str, Any]], str]:
    """(exit code, messages, what was said on standard error) of a server that gets `sent`, then the end."""
    done = subprocess.run(SERVER, input=b"".join(sent), capture_output=True, timeout=60, check=False)
    found: list[dict[str, Any]] = []
    rest = done.stdout
    while rest:
        head, _, rest = rest.partition(b"\r\n\r\n")
        length = int(head.split(b"Content-Length:")[1].split(b"\r\n")[0])
        found.append(json.loads(rest[:length]))
        rest = rest[length:]
    return done.returncode, found, done.stderr.decode()


def test_it_ends_as_the_protocol_says() -> None:
    code, found, said = serve(message(**INITIALIZE), message(id=2, method="shutdown"), message(method="exit"))
    assert code == 0
    assert [entry["id"] for entry in found] == [1, 2]
    assert found[0]["result"]["capabilities"]["positionEncoding"] == "utf-16"
    assert found[0]["result"]["serverInfo"]["name"] == "orch"
    assert said == ""


@pytest.mark.parametrize("ending", [[message(method="exit")], []], ids=["exit", "end of input"])
def test_an_end_without_shutdown_is_a_failure(ending: list[bytes]) -> None:
    code, found, _ = serve(message(**INITIALIZE), *ending)
    assert code == 1
    assert [entry["id"] for entry in found] == [1]


def test_a_stream_that_is_no_protocol() -> None:
    code, found, said = serve(b"GET / HTTP/1.1\r\n\r\n")
    assert code == 1
    assert found == []
    assert "Content-Length" in said


def test_messages_that_cannot_be_understood_are_answered() -> None:
    broken = b"Content-Length: 3\r\n\r\n{x}"
    sent = [
        broken,
        message(id=5, method="textDocument/hover", params={"wrong": True}),
        message(id=6, method="orch/unknown", params={}),
        message(id=8, method="orch/unknown"),
        message(method="orch/unknown", params={}),
        message(id=99, result=None),
        message(id=7, method="shutdown"),
        message(id=9, method="textDocument/hover", params={"wrong": True}),
        message(id=10, method="workspace/symbol", params={"query": ""}),
        message(method="exit"),
    ]
    code, found, said = serve(message(**INITIALIZE), *sent)
    assert code == 0
    assert [entry for entry in found if "method" in entry] == []
    answers = {entry["id"]: entry for entry in found}
    assert answers[None]["error"]["message"] == "This message is not JSON."
    assert (
        answers[5]["error"]["message"] == "The parameters of textDocument/hover are not as the protocol has them."
    )
    assert answers[6]["error"]["code"] == answers[8]["error"]["code"] == -32601
    assert answers[10]["error"]["code"] == -32600
    assert "unexpected" not in said


def test_what_comes_before_the_beginning_is_refused() -> None:
    early = message(id=5, method="workspace/executeCommand", params={"command": "orch.session.list"})
    code, found, said = serve(
        early, message(**INITIALIZE), message(id=2, method="shutdown"), message(method="exit")
    )
    assert code == 0
    assert [entry["id"] for entry in found] == [5, 1, 2]
    assert found[0]["error"] == {"code": -32002, "message": "The server is not initialized yet."}
    assert said == ""


def test_unknown_arguments_are_refused() -> None:
    done = subprocess.run([*SERVER, "--tcp"], capture_output=True, timeout=60, check=False, text=True)
    assert done.returncode == 2
    assert done.stdout == ""
    assert "--tcp" in done.stderr


def serve_broken(breaks: str, *sent: bytes) -> tuple[dict[str, Any], bytes]:
    """(the answer to request 2, what standard error says) of a server in which the code `breaks` ran first."""
    script = (
        "import sys\n"
        "def broken(*asked): print('stray'); raise RuntimeError('boom')\n"
        f"{breaks}\n"
        "from orch.lsp.server import main\n"
        "sys.exit(main([]))\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(message(**INITIALIZE) + b"".join(sent))
    process.stdin.flush()
    answer: dict[str, Any] = {}
    while answer.get("id") != 2:
        length = 0
        while (line := process.stdout.readline()) != b"\r\n":
            assert line, "the server ended"
            if line.startswith(b"Content-Length"):
                length = int(line.split(b":")[1])
        answer = json.loads(process.stdout.read(length))
    _, said = process.communicate(message(id=3, method="shutdown") + message(method="exit"), timeout=60)
    assert process.returncode == 0
    return answer, said


def test_an_unforeseen_error_is_told_in_one_sentence_and_logged() -> None:
    item = {"uri": "file:///tmp/x.orch", "languageId": "orch", "version": 1, "text": "title = 'x'\n"}
    at = {"textDocument": {"uri": item["uri"]}, "position": {"line": 0, "character": 1}}
    answer, said = serve_broken(
        "from orch.ide import session_hover; session_hover.session_hover = broken",
        message(method="textDocument/didOpen", params={"textDocument": item}),
        message(id=2, method="textDocument/hover", params=at),
    )
    assert answer["error"]["message"].startswith("Orch met an error that it did not expect")
    assert b"RuntimeError: boom" in said
    assert b"stray" in said


def test_an_unforeseen_error_loses_no_answer(tmp_path: Path) -> None:
    given = {"session": "8f14e45f", "text": "The whole answer.\n", "root": tmp_path.as_uri()}
    asked = {"command": "orch.session.answer", "arguments": [given]}
    answer, said = serve_broken(
        "from orch.commands import answers; answers.find = broken",
        message(id=2, method="workspace/executeCommand", params=asked),
    )
    told = answer["error"]["message"]
    assert told.startswith("Orch met an error that it did not expect")
    assert "The text is kept in .orch/unfiled/" in told
    assert b"RuntimeError: boom" in said
    assert [path.read_text() for path in (tmp_path / ".orch" / "unfiled").iterdir()] == ["The whole answer.\n"]
