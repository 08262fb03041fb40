"""Template commands through a real client: what is typed counts, and an open template is changed in the editor."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from support.lsp_editor import Editor, until

Start = Callable[..., Awaitable[Editor]]
pytestmark = pytest.mark.asyncio

CLIENT = ("orch.customizeTemplate", "orch.previewTemplate", "orch.publishTemplate", "orch.compareTemplates")


def titles(lenses: list[types.CodeLens]) -> list[str]:
    return [lens.command.title for lens in lenses if lens.command]


async def customized(editor: Editor, root: Path) -> str:
    """The URI of the project's orchestrator, made from the built-in one and open in the editor."""
    done = await editor.run("orch.template.customize", name="orchestrator", block="role")
    assert done["path"] == str(root / ".orch/templates/orchestrator.md.j2")
    return editor.open(Path(done["path"]), language="orch-template")


async def test_from_customize_to_roll_back(start: Start, root: Path) -> None:
    editor = await start(commands=CLIENT)
    uri = await customized(editor, root)
    assert titles(await editor.lenses(uri)) == [
        "project, not published - used - hides builtin:orchestrator",
        "Preview",
        "Publish",
    ]
    at = editor.text(uri).index("{% endblock %}")
    editor.type(uri, at, at, "You are Ada.\n")
    preview = await editor.run("orch.template.preview", uri=uri)
    assert "You are Ada.\n" in preview["text"]
    assert "You are Ada." not in (root / ".orch/templates/orchestrator.md.j2").read_text()

    first = await editor.run("orch.template.publish", name=uri, message="Ada")
    assert (first["version"], first["published"]) == (1, True)
    assert titles(await editor.lenses(uri))[0].startswith("project, version 1 - used")
    planned = await editor.run("plan", request="Add a bell", featureType="feature")
    assert planned["planning"]["template"] == first["reference"]
    assert "You are Ada.\n" in planned["prompt"]

    at = editor.text(uri).index("Ada")
    editor.type(uri, at, at + 3, "Bob")
    replay = await editor.run("orch.template.replay", name=uri)
    assert replay["changed"] == 1
    assert "-You are Ada.\n+You are Bob.\n" in replay["sessions"][0]["unified"]
    diff = await editor.run("orch.template.diff", left=first["reference"], right=uri)
    assert (diff["added"], diff["removed"]) == (1, 1)

    editor.edits.clear()
    await editor.run("orch.template.rollback", name=uri, version=1)
    assert "You are Ada.\n" in editor.text(uri)
    (edit,) = editor.edits
    (change,) = edit.edit.document_changes or []
    assert isinstance(change, types.TextDocumentEdit)
    assert [part.new_text for part in change.edits if isinstance(part, types.TextEdit)] == ["Ada"]
    assert any("You are Bob." in path.read_text() for path in (root / ".orch/kept").iterdir())


async def test_lenses_are_asked_for_again_where_no_text_changed(start: Start, root: Path) -> None:
    editor = await start(commands=CLIENT)
    asked = 0

    @editor.client.feature(types.WORKSPACE_CODE_LENS_REFRESH)
    def refresh(_: Any) -> None:
        nonlocal asked
        asked += 1

    uri = await customized(editor, root)
    planned = editor.open(Path((await editor.run("plan", request="Add a bell"))["path"]))
    assert "Publish" in titles(await editor.lenses(uri))
    before = asked
    await editor.run("orch.template.publish", name=uri, message="Ada")
    await until(lambda: asked > before)
    assert "Publish" not in titles(await editor.lenses(uri))

    at = editor.text(uri).index("{% endblock %}")
    editor.type(uri, at, at, "You are Ada.\n")
    before = asked
    editor.save(uri)
    await until(lambda: asked > before)
    assert "Template edited since: compare" in titles(await editor.lenses(planned))


async def test_a_refusal_is_one_sentence(start: Start) -> None:
    editor = await start()
    for name, params in (("publish", {"name": "orchestrator", "message": "m"}), ("rollback", {"name": "x"})):
        with pytest.raises(JsonRpcException) as refused:
            await editor.run(f"orch.template.{name}", **params)
        assert "\n" not in str(refused.value)


async def test_a_built_in_is_customised_by_its_lens_in_any_client(start: Start, root: Path) -> None:
    editor = await start()
    shown = await editor.run("orch.template.show", name="builtin:docs/analysis")
    uri = editor.open(Path(shown["path"]), language="orch-template")
    (root / ".orch").mkdir()
    found = titles(await editor.lenses(uri))
    assert found == ["builtin, version 1 - used - hides builtin:analysis", "Customize"]
    done = await editor.click(uri, "Customize")
    assert done["path"] == str(root / ".orch/templates/docs/analysis.md.j2")
    assert Path(done["path"]).read_text().startswith("{% extends")


async def test_of_two_projects_none_is_guessed_for_a_built_in(start: Start, root: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    for folder in (root, other):
        (folder / ".orch").mkdir(parents=True)
    editor = await start(root, other)
    shown = await editor.run("orch.template.show", name="builtin:docs/analysis", root=root.as_uri())
    uri = editor.open(Path(shown["path"]), language="orch-template")
    assert titles(await editor.lenses(uri)) == []


async def test_a_number_that_two_versions_share_is_mended_by_its_fix(start: Start, root: Path) -> None:
    editor = await start()
    uri = await customized(editor, root)
    await editor.run("orch.template.publish", name=uri, message="one")
    versions = root / ".orch/versions/orchestrator"
    (ours,) = versions.iterdir()
    away = root / ours.name
    ours.rename(away)
    editor.replace_all(uri, editor.text(uri) + "\n")
    await editor.run("orch.template.publish", name=uri, message="another")
    away.rename(versions / away.name)
    editor.client.workspace_did_change_watched_files(
        types.DidChangeWatchedFilesParams(
            [types.FileEvent((versions / away.name).as_uri(), types.FileChangeType.Created)]
        )
    )
    found = await editor.diagnostics(uri, until=lambda shown: any(one.code == "duplicate-version" for one in shown))
    (finding,) = [one for one in found if one.code == "duplicate-version"]
    actions = await editor.client.text_document_code_action_async(
        types.CodeActionParams(types.TextDocumentIdentifier(uri), finding.range, types.CodeActionContext([finding]))
    )
    # lsprotocol reads a code action that has a command, and no edit, as that command
    (fix,) = [action for action in actions or [] if action.title == "Give each version a number of its own"]
    assert "orch.template.publish" in str(fix.command)
    assert uri in str(fix.command)
    done = await editor.run("orch.template.publish", name=uri, renumber=True)
    assert len(done["renumbered"]) == 1
    assert len(list(versions.iterdir())) == 3
    await editor.diagnostics(uri, until=lambda shown: all(one.code != "duplicate-version" for one in shown))
