"""Runners in an editor: endpoints, programs that are found and set up, and nothing of it imported by the server."""

import asyncio
import os
import subprocess
import sys
import tomllib
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from support.chat_server import Server, chat_server
from support.fake_model import reply
from support.lsp_editor import WAIT, Editor, until
from support.runners import configure_endpoint
from support.unfiled import unfiled

Start = Callable[..., Awaitable[Editor]]


@pytest.fixture(autouse=True)
def no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """No key and no store of keys of whoever runs the tests."""
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")


@pytest.fixture
def endpoint(root: Path) -> Iterator[Server]:
    """An endpoint that is the only runner; a test says how it behaves."""
    with chat_server("answer", root) as server:
        configure_endpoint(root.parent / "config", server.url)
        yield server


async def planned(start: Start) -> tuple[Editor, str]:
    editor = await start()
    made = await editor.run("plan", request="Add a login page")
    return editor, editor.open(Path(made["path"]))


@pytest.mark.asyncio
async def test_an_endpoint_answers_into_the_open_document(start: Start, endpoint: Server) -> None:
    endpoint.behaviour = "slowly"
    editor, uri = await planned(start)
    prompt = tomllib.loads(editor.text(uri))["planning"]["prompt"]
    await editor.click(uri, "Run with model")
    assert len(editor.edits) == 1
    (record,) = tomllib.loads(editor.text(uri))["executions"]
    assert list(record) == [
        "step", "runner", "model", "started", "seconds", "status", "prompt_chars", "answer_chars", "input_tokens",
        "output_tokens",
    ]  # fmt: skip
    told = {key: record[key] for key in ("model", "status", "prompt_chars", "answer_chars", "output_tokens")}
    size = len(reply(prompt))
    assert told == {
        "model": "owl-1-mini", "status": "ok", "prompt_chars": len(prompt), "answer_chars": size,
        "output_tokens": size,
    }  # fmt: skip


@pytest.mark.asyncio
async def test_an_endpoint_is_cancelled_at_once(start: Start, root: Path, endpoint: Server) -> None:
    endpoint.behaviour = "silent"
    editor, uri = await planned(start)
    editor.client.progress_reports["run-1"] = []
    asked = types.ExecuteCommandParams("orch.session.run", [{"session": uri}], work_done_token="run-1")
    running = asyncio.ensure_future(editor.client.workspace_execute_command_async(asked))
    await until(lambda: bool(endpoint.bodies))
    editor.client.window_work_done_progress_cancel(types.WorkDoneProgressCancelParams("run-1"))
    with pytest.raises(JsonRpcException, match="The run was cancelled after "):
        await asyncio.wait_for(running, WAIT)
    assert [one["status"] for one in tomllib.loads(editor.text(uri))["executions"]] == ["cancelled"]
    assert unfiled(root) == []


@pytest.mark.asyncio
@pytest.mark.parametrize("what", ["edited", "completed", "deleted"])
async def test_what_happens_to_the_session_meanwhile(start: Start, root: Path, endpoint: Server, what: str) -> None:
    endpoint.behaviour = "when-told"
    editor, uri = await planned(start)
    path = Path(editor_path(uri))
    running = asyncio.create_task(editor.run("run", session=uri))
    await until(lambda: bool(unfiled(root)))
    error = await editor.refused("run", session=uri)
    assert error.message.startswith("A model is at work on this session already")
    if what == "edited":
        editor.type(uri, 0, 0, "# mine\n")
    elif what == "completed":
        await editor.run("complete", session=uri, outcome="success", force=True)
    else:
        editor.close(uri)
        path.unlink()
    (root / "go").touch()
    if what == "edited":
        assert (await running)["parts"]
        assert editor.text(uri).startswith("# mine\n")
        assert tomllib.loads(editor.text(uri))["analysis"]["body"]
        return
    with pytest.raises(JsonRpcException, match="What model wrote is kept in"):
        await asyncio.wait_for(running, WAIT)
    assert len(unfiled(root)) == 1
    assert path.exists() == (what == "completed")


def editor_path(uri: str) -> str:
    return uri.removeprefix("file://")


@pytest.mark.asyncio
@pytest.mark.parametrize("how", ["exit", "kill"])
async def test_the_editor_closes_while_an_endpoint_answers(root: Path, endpoint: Server, how: str) -> None:
    endpoint.behaviour = "for-ever"
    editor = Editor()
    await editor.start(root)
    made = await editor.run("plan", request="Add a login page")
    running = asyncio.create_task(editor.run("run", session=made["id"]))
    await until(lambda: bool(unfiled(root)))
    assert not endpoint.left.is_set()
    if how == "exit":
        await editor.stop()
    else:
        server = editor.client._server
        server.kill()
        await server.wait()
        await editor.client.stop()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert await asyncio.to_thread(endpoint.left.wait, WAIT)
    assert unfiled(root) == ["Thinking … ä"]
    tomllib.loads(Path(made["path"]).read_text("utf-8"))


@pytest.mark.asyncio
async def test_a_program_that_is_found_is_set_up_by_its_lens(
    start: Start, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    programs = root.parent / "bin"
    programs.mkdir()
    (programs / "claude").write_text("#!/bin/sh\ncat\n")
    (programs / "claude").chmod(0o755)
    monkeypatch.setenv("PATH", os.pathsep.join([str(programs), os.environ["PATH"]]))
    editor, uri = await planned(start)
    refreshed: list[Any] = []

    @editor.client.feature("workspace/codeLens/refresh")
    def refresh(_: Any) -> None:
        refreshed.append(True)

    async def titles() -> set[str]:
        return {lens.command.title for lens in await editor.lenses(uri) if lens.command is not None}

    assert "Set up claude" in await titles()
    error = await editor.refused("run", session=uri)
    how = "add it to your own settings first."
    assert error.message == f"No runner is set up, but claude is on this machine; {how}"
    listed = await editor.run("orch.runner.list")
    assert listed["runners"] == []
    assert listed["found"] == [{"name": "claude", "command": ["claude", "-p"], "needs_model": False}]
    added = await editor.click(uri, "Set up claude")
    assert (added["name"], added["kind"], added["default"]) == ("claude", "command", True)
    text = (root.parent / "config/config.toml").read_text("utf-8")
    assert text == '[runners.claude]\ncommand = ["claude", "-p"]\n'
    shown = await titles()
    assert "Run with claude" in shown
    assert "Set up claude" not in shown
    await until(lambda: bool(refreshed))
    error = await editor.refused("orch.runner.add", name="claude")
    assert error.message.startswith("There is a runner 'claude' already")


@pytest.mark.asyncio
async def test_settings_are_written_on_the_disk_also_while_they_are_shown(start: Start, root: Path) -> None:
    config = root.parent / "config/config.toml"
    config.parent.mkdir()
    config.write_text("# mine\n")
    editor = await start()
    uri = editor.open(config, language="toml")
    url = "http://127.0.0.1:11434/v1"
    await editor.run("orch.runner.add", name="local", baseUrl=url, model="owl")
    data = tomllib.loads(config.read_text("utf-8"))
    assert data == {"runners": {"local": {"base_url": url, "model": "owl"}}}
    assert editor.text(uri) == "# mine\n"


def test_the_server_imports_nothing_that_speaks_to_models() -> None:
    command = [sys.executable, "-X", "importtime", "-P", "-m", "orch", "lsp"]
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False
    )
    imported = {
        line.rpartition("|")[2].strip() for line in done.stderr.splitlines() if line.startswith("import time:")
    }
    assert "pygls.lsp.server" in imported or "orch.lsp.server" in imported
    unwanted = ("openai", "httpx", "httpx2", "keyring", "mcp", "pydantic", "orch.runners", "orch.mcp")
    assert [
        name for name in sorted(imported) if name.split(".")[0] in unwanted or name.startswith(unwanted[-2:])
    ] == []
