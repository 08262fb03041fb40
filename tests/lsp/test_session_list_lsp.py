"""orch.session.list through a real client: the answer that is kept as text is always the present one."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from support.lsp_editor import Editor

Start = Callable[..., Awaitable[Editor]]
pytestmark = pytest.mark.asyncio


async def titles(editor: Editor, **params: object) -> list[str]:
    return [entry["title"] for entry in (await editor.run("list", **params))["sessions"]]


async def test_the_list_follows_the_disk_and_the_editor(start: Start) -> None:
    editor = await start()
    assert await titles(editor) == []
    one = await editor.run("plan", request='Add "quotes" und Größe 🎉')
    two = await editor.run("plan", request="Fix it")
    expected = {'Add "quotes" und Größe 🎉', "Fix it"}
    assert set(await titles(editor)) == set(await titles(editor)) == expected
    assert await titles(editor, query="FIX") == await titles(editor, featureType="bugfix") == ["Fix it"]

    listed = {entry["id"]: entry for entry in (await editor.run("list"))["sessions"]}
    assert Path(listed[one["id"]]["path"]).as_uri() == listed[one["id"]]["uri"]
    assert listed[two["id"]]["next"] == "paste the answer"

    path = Path(two["path"])
    path.write_text(path.read_text().replace('title = "Fix it"', 'title = "Mend it"'))
    assert "Mend it" in await titles(editor)

    uri = editor.open(path)
    at = editor.text(uri).index("Mend it")
    editor.type(uri, at, at + 4, "Typed")
    assert "Typed it" in await titles(editor)
    opened = next(entry for entry in (await editor.run("list"))["sessions"] if entry["id"] == two["id"])
    assert opened["uri"] == uri
    editor.close(uri)
    assert "Mend it" in await titles(editor)

    path.unlink()
    assert await titles(editor) == ['Add "quotes" und Größe 🎉']


async def test_a_wrong_parameter_is_an_error(start: Start) -> None:
    editor = await start()
    assert "status" in (await editor.refused("list", status="nonsense")).message
