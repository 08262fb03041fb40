"""A session from plan to complete through `workspace/executeCommand`, in an editor that has it open."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from lsprotocol import types

from orch.syntax.toml_tree import parse_toml
from support.lsp_editor import Editor, types_path
from support.projects import planning_answer

Start = Callable[..., Awaitable[Editor]]
pytestmark = pytest.mark.asyncio

CLIENT = ("orch.copyPrompt", "orch.pasteAnswer", "orch.fill")


def titles(lenses: list[types.CodeLens]) -> list[str]:
    return [lens.command.title for lens in lenses if lens.command]


def codes(found: list[types.Diagnostic]) -> list[object]:
    return [entry.code for entry in found]


async def planned(editor: Editor, request: str = "Add a login") -> str:
    """The URI of a new session, open in the editor."""
    result = await editor.run("plan", request=request)
    assert Path(types_path(result["uri"])) == Path(result["path"])
    return editor.open(Path(result["path"]))


async def test_from_plan_to_complete(start: Start) -> None:
    editor = await start()
    uri = await planned(editor)
    first = await editor.run("show", session=uri)
    assert first["uri"] == uri
    assert titles(await editor.lenses(uri))[0] == "Planning - next: paste the answer"

    done = await editor.run("process", session=uri, text=planning_answer(first["id"][:8]))
    assert {part["state"] for part in done["parts"].values()} == {"found"}
    assert parse_toml(editor.text(uri)).data["analysis"]["body"] == done["analysis"]["body"]
    assert "Start analysis" in titles(await editor.lenses(uri))

    started = await editor.click(uri, "Start analysis")
    assert started["status"] == "analysis"
    assert "src/auth.py of shop" in started["prompt"]
    assert started["missing"] == []
    saved = await editor.run("saveAnalysis", session=first["id"], text="The analysis.")
    assert saved["status"] == "analysis"
    assert "The analysis." in (await editor.click(uri, "Start implementation"))["prompt"]
    await editor.run("answer", session=uri, text="Built it.")
    ended = await editor.click(uri, "Worked")
    assert ended["status"] == "completed"
    assert ended["outcome"] == {"result": "success"}
    assert titles(await editor.lenses(uri))[0] == "Completed: success"

    steps = [entry["step"] for entry in parse_toml(editor.text(uri)).data["history"]]
    assert steps == ["plan", "process", "analyze", "save-analysis", "implement", "save-implementation", "complete"]
    # nothing was written behind the editor's back, and each step was one edit of one version
    assert 'status = "planning"' in Path(types_path(uri)).read_text()
    assert len(editor.edits) == 6
    assert all(len(params.edit.document_changes or []) == 1 for params in editor.edits)


async def test_a_closed_file_is_written_on_disk(start: Start) -> None:
    editor = await start()
    result = await editor.run("plan", request="Add a login")
    path = Path(result["path"])
    await editor.run("process", session=result["id"], text=planning_answer())
    assert parse_toml(path.read_text()).data["implementation"]["body"]
    assert editor.edits == []
    listed = await editor.run("list")
    assert [(entry["id"], entry["uri"]) for entry in listed["sessions"]] == [(result["id"], path.as_uri())]


async def test_unsaved_text_goes_before_the_disk_and_closing_drops_it(start: Start) -> None:
    editor = await start()
    uri = await planned(editor)
    text = editor.text(uri)
    editor.replace_all(uri, text.replace('title = "Add a login"', 'title = "Unsaved"'))
    assert (await editor.run("show", session=uri))["title"] == "Unsaved"
    assert (await editor.run("list"))["sessions"][0]["title"] == "Unsaved"
    editor.close(uri)
    assert (await editor.run("show", session=uri))["title"] == "Add a login"


async def test_an_answer_that_stands_in_the_document_is_taken(start: Start) -> None:
    editor = await start()
    uri = await planned(editor)
    await editor.click(uri, "Paste answer")
    shown = editor.client.shown_documents[-1]
    assert shown.uri == uri
    assert shown.selection is not None
    at = editor.offset(editor.text(uri), shown.selection.start)
    editor.type(uri, at, at, planning_answer())
    assert titles(await editor.lenses(uri))[0] == "Planning - next: process the answer"
    done = await editor.click(uri, "Process answer")
    assert done["planning"]["response"] == planning_answer()
    assert done["analysis"]["body"]


async def test_values_are_asked_for_in_the_file(start: Start) -> None:
    editor = await start()
    uri = await planned(editor)
    answer = planning_answer(analysis="Look at [MODULE NAME] and [OTHER PLACE].\n")
    await editor.run("process", session=uri, text=answer)
    await editor.diagnostics(uri, until=lambda found: codes(found).count("unfilled-placeholder") == 2)
    assert "Fill 2 values" in titles(await editor.lenses(uri))
    result = await editor.click(uri, "Fill 2 values")
    assert result["missing"] == ["MODULE NAME", "OTHER PLACE"]
    shown = editor.client.shown_documents[-1]
    assert shown.selection is not None
    line = editor.text(uri).splitlines()[shown.selection.start.line]
    assert line == '"MODULE NAME" = ""'
    at = editor.offset(editor.text(uri), shown.selection.start)
    editor.type(uri, at, at, "auth")
    await editor.run("fill", session=uri, phase="analysis", values={"OTHER PLACE": "src"})
    await editor.diagnostics(uri, until=lambda found: codes(found) == ["missing-file"])
    assert "Look at auth and src." in (await editor.click(uri, "Start analysis"))["prompt"]


async def test_an_empty_file_becomes_a_session(start: Start, root: Path) -> None:
    editor = await start()
    path = root / ".orch" / "sessions" / "mine.orch"
    path.parent.mkdir(parents=True)
    path.write_text("")
    uri = editor.open(path)
    assert titles(await editor.lenses(uri)) == ["Draft - next: write what you want"]
    await editor.click(uri, "Draft - next: write what you want")
    shown = editor.client.shown_documents[-1]
    assert shown.selection is not None
    at = editor.offset(editor.text(uri), shown.selection.start)
    editor.type(uri, at, at, "Mend the broken login\n")
    assert titles(await editor.lenses(uri)) == ["Plan"]
    result = await editor.click(uri, "Plan")
    assert result["uri"] == uri
    assert result["feature_type"] == "bugfix"
    assert "Mend the broken login" in result["prompt"]
    assert len(list(path.parent.iterdir())) == 1
    assert path.read_text() == ""


async def test_next_and_the_follow_up(start: Start) -> None:
    editor = await start()
    uri = await planned(editor)
    await editor.run("process", session=uri, text=planning_answer(built=None))
    result = await editor.click(uri, "Copy follow-up")
    assert "<implementation_template>" in result["text"]
    assert Path(types_path(editor.client.shown_documents[-1].uri)).read_text() == result["text"]
    assert (await editor.run("next", session=uri))["prompt"] == result["text"]


async def test_the_client_has_commands_of_its_own(start: Start) -> None:
    editor = await start(commands=CLIENT)
    uri = await planned(editor)
    lenses = await editor.lenses(uri)
    assert [lens.command.command for lens in lenses if lens.command] == [
        "orch.pasteAnswer",
        "orch.copyPrompt",
        "orch.pasteAnswer",
    ]
    assert (await editor.run("prompt", session=uri, phase="planning"))["text"]
