"""`orch.session.run` in an editor: progress, cancelling, filing through the editor, and nothing left behind."""

import asyncio
import subprocess
import sys
import tomllib
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from support.fake_model import reply
from support.lsp_editor import WAIT, Editor, until
from support.projects import planning_answer
from support.runners import configure, gone
from support.unfiled import unfiled

Start = Callable[..., Awaitable[Editor]]


async def planned(start: Start, root: Path, behaviour: str, timeout: float | None = None) -> tuple[Editor, str]:
    """An editor with an open session that waits for its planning answer; the runner behaves so."""
    configure(root.parent / "config", behaviour, timeout)
    editor = await start()
    made = await editor.run("plan", request="Add a login page")
    return editor, editor.open(Path(made["path"]))


@pytest.mark.asyncio
async def test_the_answer_comes_as_one_edit_of_the_open_document(start: Start, root: Path) -> None:
    editor, uri = await planned(start, root, "slowly")
    result = await editor.click(uri, "Run with model")
    assert result["parts"]["analysis"]["state"] == "found"
    assert len(editor.edits) == 1
    data = tomllib.loads(editor.text(uri))
    assert data["analysis"]["body"]
    assert [(one["step"], one["runner"], one["status"]) for one in data["executions"]] == [("plan", "model", "ok")]
    assert "response" not in Path(result["path"]).read_text("utf-8")
    # until the document is saved, what came is kept: closed without saving, an answer would be gone
    assert unfiled(root) == [data["planning"]["response"]]
    editor.save(uri)
    await until(lambda: unfiled(root) == [])
    assert not [lens for lens in await editor.lenses(uri) if lens.command and "Run" in lens.command.title]


@pytest.mark.asyncio
async def test_other_commands_go_on_while_a_model_works(start: Start, root: Path) -> None:
    editor, uri = await planned(start, root, "when-told")
    running = asyncio.create_task(editor.run("run", session=uri))
    await until(lambda: bool(unfiled(root)))
    other = await editor.run("plan", request="Something else")
    assert other["status"] == "planning"
    error = await editor.refused("run", session=uri)
    assert error.message == (
        "A model is at work on this session already; wait for its answer, or cancel that run first."
    )
    # what is typed meanwhile stays, and the answer goes beside it
    editor.type(uri, 0, 0, "# mine\n")
    (root / "go").touch()
    assert (await running)["parts"]
    assert editor.text(uri).startswith("# mine\n")
    assert tomllib.loads(editor.text(uri))["analysis"]["body"]


@pytest.mark.asyncio
async def test_progress_tells_how_much_has_come_and_can_cancel(start: Start, root: Path) -> None:
    editor, uri = await planned(start, root, "for-ever")
    told: list[Any] = []
    editor.client.progress_reports["run-1"] = []
    asked = types.ExecuteCommandParams("orch.session.run", [{"session": uri}], work_done_token="run-1")
    running = asyncio.ensure_future(editor.client.workspace_execute_command_async(asked))

    def reports() -> list[Any]:
        told[:] = [
            entry.message
            for entry in editor.client.progress_reports.get("run-1", [])
            if isinstance(entry, types.WorkDoneProgressReport)
        ]
        return told

    await until(lambda: bool(reports()))
    assert told[-1] == "12 characters: Thinking … ä"
    editor.client.window_work_done_progress_cancel(types.WorkDoneProgressCancelParams("run-1"))
    with pytest.raises(JsonRpcException, match=r"The run was cancelled after .* What model wrote is kept in "):
        await asyncio.wait_for(running, WAIT)
    data = tomllib.loads(editor.text(uri))
    assert [one["status"] for one in data["executions"]] == ["cancelled"]
    assert unfiled(root) == ["Thinking … ä"]


@pytest.mark.asyncio
async def test_a_failed_run_is_an_error_and_a_record(start: Start, root: Path) -> None:
    editor, uri = await planned(start, root, "fails")
    error = await editor.refused("run", session=uri)
    assert error.message.startswith("model ended with exit code 1; it said: no key: log in first. What model wrote")
    assert [one["status"] for one in tomllib.loads(editor.text(uri))["executions"]] == ["failed"]


@pytest.mark.asyncio
async def test_an_edit_that_the_editor_does_not_take_leaves_the_answer_kept(start: Start, root: Path) -> None:
    editor, uri = await planned(start, root, "answer")
    before = editor.text(uri)
    editor.refuse = 2
    error = await editor.refused("run", session=uri)
    assert "The editor did not take the change" in error.message
    assert "What model wrote is kept in " in error.message
    assert editor.text(uri) == before
    prompt = tomllib.loads(before)["planning"]["prompt"]
    assert unfiled(root) == [reply(prompt)]


@pytest.mark.asyncio
@pytest.mark.parametrize("how", ["exit", "kill"])
async def test_a_runner_ends_with_the_server(root: Path, how: str) -> None:
    configure(root.parent / "config", "stubborn")
    editor = Editor()
    await editor.start(root)
    made = await editor.run("plan", request="Add a login page")
    running = asyncio.create_task(editor.run("run", session=made["id"]))
    await until(lambda: any(text.endswith("\n") for text in unfiled(root)))
    (kept,) = unfiled(root)
    if how == "exit":
        await editor.stop()
    else:
        server = editor.client._server
        server.kill()
        await server.wait()
        await editor.client.stop()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert all(gone(int(pid)) for pid in kept.split())
    assert unfiled(root) == [kept]
    tomllib.loads(Path(made["path"]).read_text("utf-8"))


@pytest.mark.asyncio
async def test_no_lens_without_a_runner_or_with_open_places(start: Start, root: Path) -> None:
    editor = await start()
    made = await editor.run("plan", request="Add a login page")
    uri = editor.open(Path(made["path"]))

    async def runs() -> list[str]:
        return [
            lens.command.title
            for lens in await editor.lenses(uri)
            if lens.command is not None and lens.command.title.startswith("Run")
        ]

    assert await runs() == []
    configure(root.parent / "config", "answer", name="owl")
    assert await runs() == ["Run with owl"]
    answer = planning_answer(analysis="# Analyse\n\nLook at [DATABASE URL].\n")
    await editor.run("process", session=uri, text=answer)
    await editor.run("analyze", session=uri)
    assert await runs() == []
    await editor.run("fill", session=uri, phase="analysis", values={"DATABASE URL": "sqlite"})
    assert await runs() == ["Run with owl"]


def test_start_up_imports_no_runner() -> None:
    script = (
        "import sys\nfrom orch.lsp.features import register\nfrom orch.lsp.language_server import OrchServer\n"
        "register(OrchServer())\nprint(*sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-P", "-c", script], capture_output=True, text=True, check=True)
    assert [name for name in done.stdout.split() if name.startswith(("orch.runners", "orch.commands.run"))] == []
