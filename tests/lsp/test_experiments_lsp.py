"""Experiments through `workspace/executeCommand`."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from support.lsp_editor import Editor

Start = Callable[..., Awaitable[Editor]]
pytestmark = pytest.mark.asyncio


async def run(editor: Editor, command: str, /, **params: Any) -> Any:
    """The result of `orch.experiment.<command>`."""
    asked = types.ExecuteCommandParams(f"orch.experiment.{command}", [params])
    return await editor.client.workspace_execute_command_async(asked)


async def test_an_experiment_in_an_editor(start: Start, root: Path) -> None:
    editor = await start()
    made = await run(
        editor, "start", name="tone", template="orchestrator", arms={"a": "1", "b": "bugfix/orchestrator@1:2"}
    )
    assert made["path"] == str(root / ".orch/experiments/tone.toml")
    planned = await editor.run("plan", request="Add a login")
    assert planned["planning"]["experiment"] == "tone"
    uri = editor.open(Path(planned["path"]))
    await editor.run("abandon", session=uri)
    told = await run(editor, "report", name="tone", html=True)
    # the abandonment stands in the editor, not yet on disk
    assert sum(arm["abandoned"] for arm in told["arms"]) == 1
    assert "<svg" in told["html"]
    assert [one["name"] for one in (await run(editor, "list"))["experiments"]] == ["tone"]
    assert (await run(editor, "stop", name="tone"))["status"] == "stopped"


async def test_a_refusal_is_one_plain_sentence(start: Start, root: Path) -> None:
    editor = await start()
    for name, params, words in (
        ("report", {"name": "tone"}, "There is no experiment"),
        ("start", {"name": "tone", "template": "orchestrator", "arms": {"a": "1", "b": "1:0"}}, "above zero"),
        ("start", {"name": "tone", "template": "orchestrator"}, "needs 'arms'"),
        ("list", {"status": "running"}, "does not take"),
    ):
        with pytest.raises(JsonRpcException) as refused:
            await run(editor, name, **params)
        assert words in refused.value.message
    assert not (root / ".orch/experiments").exists()
