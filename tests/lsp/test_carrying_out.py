"""Carrying out commands when things are in the way: an editor that says no, a lock, a broken file, two roots."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from orch.storage.filelock import acquire_lock, release_lock
from orch.syntax.toml_tree import parse_toml
from support.lsp_editor import WAIT, Editor, until
from support.projects import planning_answer
from support.unfiled import unfiled

Start = Callable[..., Awaitable[Editor]]
pytestmark = pytest.mark.asyncio


async def planned(editor: Editor, **more: str) -> str:
    result = await editor.run("plan", request="Add a login", **more)
    return editor.open(Path(result["path"]))


async def test_an_edit_that_is_refused_once_is_worked_out_again(start: Start) -> None:
    editor = await start()
    uri = await planned(editor)
    editor.refuse = 1
    await editor.run("process", session=uri, text=planning_answer())
    assert len(editor.edits) == 2
    assert parse_toml(editor.text(uri)).data["analysis"]["body"]
    assert editor.text(uri).count('step = "process"') == 1


async def test_what_was_typed_meanwhile_is_kept(start: Start) -> None:
    editor = await start()
    uri = await planned(editor)

    def type_once() -> None:
        editor.before_apply = None
        editor.type(uri, 0, 0, "# typed meanwhile\n")

    editor.before_apply = type_once
    await editor.run("process", session=uri, text=planning_answer())
    assert editor.text(uri).startswith("# typed meanwhile\n")
    assert parse_toml(editor.text(uri)).data["planning"]["response"] == planning_answer()


async def test_an_edit_that_is_refused_twice_changes_nothing_and_loses_nothing(start: Start, root: Path) -> None:
    editor = await start()
    uri = await planned(editor)
    before = editor.text(uri)
    editor.refuse = 2
    error = await editor.refused("process", session=uri, text=planning_answer())
    assert "did not take the change" in str(error)
    assert editor.text(uri) == before
    assert unfiled(root) == [planning_answer()]
    assert await editor.run("process", session=uri, text=planning_answer())


@pytest.mark.parametrize("is_open", [True, False])
async def test_what_was_kept_goes_when_the_text_stands_in_the_file(start: Start, root: Path, is_open: bool) -> None:
    """Not before: what stands in an editor alone may be undone, or never saved."""
    editor = await start()
    uri = await planned(editor)
    await editor.refused("process", session="ffffffff", text="something else")
    await editor.refused("process", session="ffffffff", text=planning_answer())
    if not is_open:
        editor.close(uri)
    await editor.run("process", session=uri, text=planning_answer())
    if is_open:
        assert len(unfiled(root)) == 2
        editor.save(uri)
        await until(lambda: len(unfiled(root)) < 2)
    assert unfiled(root) == ["something else"]


async def test_an_editor_that_takes_no_edits(start: Start, root: Path) -> None:
    def without_edits(capabilities: types.ClientCapabilities) -> None:
        assert capabilities.workspace is not None
        capabilities.workspace.apply_edit = False

    editor = await start(change=without_edits)
    uri = await planned(editor)
    error = await editor.refused("process", session=uri, text=planning_answer())
    assert "close the file" in str(error)
    assert unfiled(root) == [planning_answer()]
    editor.close(uri)
    assert (await editor.run("process", session=uri, text=planning_answer()))["analysis"]["body"]


async def test_a_broken_file_is_not_written_to(start: Start, root: Path) -> None:
    editor = await start()
    uri = await planned(editor)
    at = editor.text(uri).index("[request]")
    editor.type(uri, at, at, "broken = = 1\n")
    found = await editor.diagnostics(uri, until=bool)
    assert ("toml-syntax", types.DiagnosticSeverity.Error) in [(entry.code, entry.severity) for entry in found]
    before = editor.text(uri)
    error = await editor.refused("process", session=uri, text=planning_answer())
    assert "not valid TOML" in str(error)
    assert editor.text(uri) == before
    assert unfiled(root) == [planning_answer()]
    lenses = await editor.lenses(uri)
    assert [lens.command.title for lens in lenses if lens.command] == [
        "Planning - next: mend an error in this file",
        "Select prompt",
    ]
    assert (await editor.run("prompt", session=uri))["text"]
    await editor.click(uri, "Planning - next: mend an error in this file")
    selection = editor.client.shown_documents[-1].selection
    assert selection is not None
    assert "broken" in editor.text(uri).splitlines()[selection.start.line]


@pytest.mark.parametrize(
    ("commands", "values", "shown"), [((), {}, 1), (("orch.fill",), {}, 0), ((), {"A B": "1"}, 0)]
)
async def test_a_step_ends_at_the_first_place_without_a_value(
    start: Start, commands: tuple[str, ...], values: dict[str, str], shown: int
) -> None:
    editor = await start(commands=commands)
    uri = editor.open(Path((await editor.run("plan", request="Add a login"))["path"]))
    await editor.run(
        "process", session=uri, text=planning_answer(analysis="Look at [PROJECT NAME], [A B] and [C D].\n")
    )
    result = await editor.run("analyze", session=uri, **({"values": values} if values else {}))
    assert result["missing"] == [key for key in ("A B", "C D") if key not in values]
    places = editor.client.shown_documents
    assert len(places) == shown
    for place in places:
        assert place.selection is not None
        line = editor.text(uri).splitlines()[place.selection.start.line]
        assert line[place.selection.start.character : place.selection.end.character] == "[A B]"


async def test_crlf_stays(start: Start) -> None:
    editor = await start()
    uri = await planned(editor)
    editor.replace_all(uri, editor.text(uri).replace("\n", "\r\n"))
    await editor.run("process", session=uri, text=planning_answer())
    text = editor.text(uri)
    assert "\n" not in text.replace("\r\n", "")
    assert parse_toml(text).valid


async def test_a_refusal_names_the_sessions_that_could_be_meant(start: Start) -> None:
    editor = await start()
    for request in ("Add a login", "Add a logout"):
        await editor.run("plan", request=request)
    error = await editor.refused("process", text="Some answer.")
    assert error.code == types.LSPErrorCodes.RequestFailed
    assert {card["title"] for card in error.data["candidates"]} == {"Add a login", "Add a logout"}


async def test_two_folders(start: Start, root: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    editor = await start(root, other)
    error = await editor.refused("plan", request="Add a login")
    assert "name one as `root`" in str(error)
    result = await editor.run("plan", request="Add a login", root=other.as_uri())
    assert Path(result["path"]).is_relative_to(other)
    uri = editor.open(Path(result["path"]))
    assert (await editor.run("process", session=uri, text=planning_answer()))["status"] == "planning"
    assert [len((await editor.run("list", root=folder.as_uri()))["sessions"]) for folder in (root, other)] == [0, 1]
    assert "URI of a folder" in str(await editor.refused("list", root="/no/uri"))
    named = await editor.run("answer", text=planning_answer(result["id"][:8]))
    assert named["id"] == (await editor.run("analyze", session=result["id"][:8]))["id"] == result["id"]
    assert "name one as `root`" in str(await editor.refused("show", session="nobody"))


async def test_an_answer_of_no_session_in_two_folders(start: Start, root: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    editor = await start(root, other)
    assert "name one as `root`" in str(await editor.refused("answer", text=planning_answer()))
    first = await editor.run("plan", request="Add a login", root=root.as_uri())
    assert (await editor.run("answer", text=planning_answer()))["id"] == first["id"]
    second = await editor.run("plan", request="Add a logout", root=other.as_uri())
    error = await editor.refused("answer", text=planning_answer())
    assert "2 sessions are open" in str(error)
    assert {card["title"] for card in error.data["candidates"]} == {"Add a login", "Add a logout"}
    (named,) = (card["id"] for card in error.data["candidates"] if card["title"] == "Add a logout")
    assert (await editor.run("answer", text=planning_answer(), session=named))["id"] == second["id"]


async def test_a_document_that_is_no_file(start: Start) -> None:
    editor = await start()
    uri = "untitled:Untitled-1"
    item = types.TextDocumentItem(uri=uri, language_id="orch", version=1, text="[request]\ntext = 'x'\nzzz = 1\n")
    editor.client.text_document_did_open(types.DidOpenTextDocumentParams(item))
    await editor.wait_for(lambda: [params for params in editor.published if params.diagnostics] or None)
    assert [lens.command.title for lens in await editor.lenses(uri) if lens.command] == ["Plan"]
    assert "save it first" in str(await editor.refused("plan", session=uri))


async def test_wrong_parameters(start: Start) -> None:
    editor = await start()
    assert "does not take 'colour'" in str(await editor.refused("plan", colour="red"))
    assert "wants a text" in str(await editor.refused("plan", request=3))
    asked = types.ExecuteCommandParams("orch.session.list", ["not an object"])
    with pytest.raises(JsonRpcException, match="one JSON object"):
        await editor.client.workspace_execute_command_async(asked)
    with pytest.raises(JsonRpcException, match="no command"):
        await editor.client.workspace_execute_command_async(types.ExecuteCommandParams("orch.session.dream"))
    assert (await editor.run("list"))["sessions"] == []


@pytest.mark.parametrize("how", ["request", "progress"])
async def test_a_command_that_waits_can_be_cancelled(start: Start, root: Path, how: str) -> None:
    editor = await start()
    uri = await planned(editor)
    before = editor.text(uri)
    held = acquire_lock(root / ".orch" / ".lock", 1.0)
    try:
        asked = types.ExecuteCommandParams(
            "orch.session.process", [{"session": uri, "text": planning_answer()}], work_done_token="mine"
        )
        running = editor.client.protocol.send_request(types.WORKSPACE_EXECUTE_COMMAND, asked, msg_id="job")
        begun = editor.client.progress_reports.setdefault("mine", [])
        while not begun:
            await asyncio.sleep(0.01)
        if how == "request":
            editor.client.cancel_request(types.CancelParams(id="job"))
        else:
            editor.client.window_work_done_progress_cancel(types.WorkDoneProgressCancelParams("mine"))
            # messages are taken in order: what is asked behind it is answered after it
            await editor.client.workspace_symbol_async(types.WorkspaceSymbolParams(""))
            release_lock(held)
        with pytest.raises(JsonRpcException, match="cancelled"):
            await asyncio.wait_for(asyncio.wrap_future(running), WAIT)
    finally:
        if how == "request":
            release_lock(held)
    await editor.run("list")
    assert editor.text(uri) == before
    assert editor.edits == []
    assert [type(report).__name__ for report in begun] == ["WorkDoneProgressBegin", "WorkDoneProgressEnd"]
