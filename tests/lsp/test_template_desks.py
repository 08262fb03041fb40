"""What lies around a template is remembered between requests, and never longer than it holds."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from lsprotocol import types

from support.lsp_editor import Editor

Start = Callable[..., Awaitable[Editor]]
pytestmark = pytest.mark.asyncio

MAIN = "{% from 'lib' import hello %}\n{{ hello('a') }}{{ depth }}\n"
LIB = "{% macro hello(name) %}Hello {{ name }}{% endmacro %}\n"


@pytest.fixture
def templates(root: Path) -> Path:
    folder = root / ".orch" / "templates"
    folder.mkdir(parents=True)
    (folder / "main.md.j2").write_text(MAIN, encoding="utf-8")
    (folder / "lib.md.j2").write_text(LIB, encoding="utf-8")
    return folder


async def definition(editor: Editor, uri: str) -> list[tuple[str, int]]:
    """The files and lines where `hello` is made, asked at its call in the main template."""
    at = types.Position(1, 5)
    found = await editor.client.text_document_definition_async(
        types.DefinitionParams(types.TextDocumentIdentifier(uri), at)
    )
    assert isinstance(found, list)
    return [
        (place.uri.rpartition("/")[2], place.range.start.line)
        for place in found
        if isinstance(place, types.Location)
    ]


async def hover(editor: Editor, uri: str, line: int, character: int) -> str:
    """What is told at a place; empty where there is nothing."""
    found = await editor.client.text_document_hover_async(
        types.HoverParams(types.TextDocumentIdentifier(uri), types.Position(line, character))
    )
    return str(found.contents) if found is not None else ""


async def test_lines_above_it_in_the_other_open_template_move_a_definition(templates: Path, start: Start) -> None:
    editor = await start()
    main = editor.open(templates / "main.md.j2", language="orch-template")
    lib = editor.open(templates / "lib.md.j2", language="orch-template")
    assert await definition(editor, main) == [("lib.md.j2", 0)]
    # nothing that others see of it changes: only its places
    editor.type(lib, 0, 0, "# Macros\n\n")
    assert await definition(editor, main) == [("lib.md.j2", 2)]


async def test_a_parameter_added_in_the_other_template_is_told_at_once(templates: Path, start: Start) -> None:
    editor = await start()
    main = editor.open(templates / "main.md.j2", language="orch-template")
    lib = editor.open(templates / "lib.md.j2", language="orch-template")
    assert "hello(name)" in await hover(editor, main, 1, 5)
    at = LIB.index(")")
    editor.type(lib, at, at, ", loud=false")
    assert "hello(name, loud=false)" in await hover(editor, main, 1, 5)


async def test_a_changed_configuration_counts_without_a_word_from_the_client(templates: Path, start: Start) -> None:
    editor = await start()
    main = editor.open(templates / "main.md.j2", language="orch-template")
    assert await hover(editor, main, 1, 20) == ""
    settings = templates.parent / "config.toml"
    settings.write_text('[inputs.depth]\ndescription = "How deep"\n', encoding="utf-8")
    assert "How deep" in await hover(editor, main, 1, 20)


async def test_a_file_that_the_client_tells_of_is_read_again(templates: Path, start: Start) -> None:
    editor = await start()
    main = editor.open(templates / "main.md.j2", language="orch-template")
    assert "hello(name)" in await hover(editor, main, 1, 5)
    lib = templates / "lib.md.j2"
    lib.write_text(LIB.replace("(name)", "(name, mark)"), encoding="utf-8")
    event = types.FileEvent(lib.as_uri(), types.FileChangeType.Changed)
    editor.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([event]))
    assert "hello(name, mark)" in await hover(editor, main, 1, 5)


async def test_closing_the_other_template_gives_back_the_file(templates: Path, start: Start) -> None:
    editor = await start()
    main = editor.open(templates / "main.md.j2", language="orch-template")
    lib = editor.open(templates / "lib.md.j2", language="orch-template")
    editor.type(lib, 0, 0, "\n")
    assert await definition(editor, main) == [("lib.md.j2", 1)]
    editor.close(lib)
    assert await definition(editor, main) == [("lib.md.j2", 0)]
