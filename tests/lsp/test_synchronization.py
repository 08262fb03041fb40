"""What the editor has is what the server has: three encodings, odd characters, bursts, full and partial changes."""

import random
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from lsprotocol import types

from support.lsp_editor import Editor
from support.session_checks import head

Start = Callable[..., Awaitable[Editor]]
pytestmark = pytest.mark.asyncio

ODD = "one 😀 two\u2028three\u0085 naïve 漢字 \u200d🏳️‍🌈 e\u0301 end\n\ttabbed 🎉🎉 \u2029 line\n"
ENCODINGS = ["utf-8", "utf-16", "utf-32"]


def session(root: Path, body: str = ODD, name: str = "odd.orch") -> Path:
    path = root / ".orch" / "sessions" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    text = head().replace('request.text = "Add a login"\n', "") + f'[request]\ntext = """\n{body}"""\n'
    path.write_text(text, encoding="utf-8", newline="")
    return path


async def request_text(editor: Editor, uri: str) -> str:
    """The request as the server has it."""
    return str((await editor.run("show", session=uri))["request"]["text"])


def expected(text: str) -> str:
    return text.partition('"""\n')[2].rpartition('"""')[0]


@pytest.mark.parametrize("encoding", ENCODINGS)
async def test_typing_among_odd_characters(start: Start, root: Path, encoding: str) -> None:
    editor = await start(encoding=encoding)
    uri = editor.open(session(root))
    low = editor.text(uri).index('"""\n') + 4
    chance = random.Random(encoding)
    pieces = ["x", "😀", "\n", "", "é\u2028", "🎉 wide", "漢\n字", ""]
    for _ in range(80):
        high = editor.text(uri).rindex('"""')
        begin = chance.randint(low, high)
        editor.type(uri, begin, min(high, begin + chance.randint(0, 4)), chance.choice(pieces))
    assert await request_text(editor, uri) == expected(editor.text(uri))
    assert await editor.diagnostics(uri) == []


@pytest.mark.parametrize("encoding", ENCODINGS)
async def test_places_are_counted_as_the_client_counts(start: Start, root: Path, encoding: str) -> None:
    editor = await start(encoding=encoding)
    line = "notes = { time_estimate = '😀 é\u2028', zzz = 1 }\n"
    uri = editor.open(session(root), head() + line)
    found = await editor.diagnostics(uri, until=bool)
    assert [(entry.code, editor.slice(uri, entry.range)) for entry in found] == [("unknown-key", "zzz")]
    character = found[0].range.start.character
    units = {"utf-8": 40, "utf-16": 35, "utf-32": 34}
    assert (found[0].range.start.line, character) == (5, units[encoding])
    hover = await editor.client.text_document_hover_async(
        types.HoverParams(types.TextDocumentIdentifier(uri), types.Position(5, 12))
    )
    assert hover is not None
    assert hover.range is not None
    assert editor.slice(uri, hover.range) == "time_estimate"


async def test_lines_end_at_crlf_and_cr_too(start: Start, root: Path) -> None:
    editor = await start()
    text = head().replace("\n", "\r\n") + "zzz = 1\r\n"
    uri = editor.open(session(root), text)
    found = await editor.diagnostics(uri, until=bool)
    assert [(entry.code, editor.slice(uri, entry.range)) for entry in found] == [("unknown-key", "zzz")]
    at = editor.text(uri).index("zzz")
    editor.type(uri, at, at + 3, "project")
    editor.type(uri, at + 10, at + 11, "'\u2028' #")
    assert await editor.diagnostics(uri, until=lambda found: not found) == []


async def test_a_whole_new_text(start: Start, root: Path) -> None:
    editor = await start()
    uri = editor.open(session(root))
    editor.replace_all(uri, head() + "[request]\n")
    assert [entry.code for entry in await editor.diagnostics(uri, until=bool)] == ["toml-syntax"]
    editor.replace_all(uri, editor.text(uri).replace("[request]\n", "").replace("Add a login", "Whole"))
    assert await request_text(editor, uri) == "Whole"


async def test_a_burst_is_checked_once_it_is_over(start: Start, root: Path) -> None:
    editor = await start()
    uri = editor.open(session(root))
    await editor.diagnostics(uri)
    before = len(editor.published)
    at = editor.text(uri).rindex('"""')
    for number in range(200):
        editor.type(uri, at, at, str(number % 10))
    await editor.diagnostics(uri)
    assert await request_text(editor, uri) == expected(editor.text(uri))
    versions = [params.version for params in editor.published[before:] if params.version is not None]
    assert versions == sorted(versions)
    assert len(versions) < 200


async def test_late_findings_move_with_the_text(start: Start, root: Path) -> None:
    editor = await start()
    text = head() + "[notes]\nkey_files = ['gone.py']\n[planning]\nresponse = 'no parts'\n"
    uri = editor.open(session(root), text)
    codes = ["missing-file", "missing-section", "missing-section", "missing-section"]
    await editor.diagnostics(uri, until=lambda found: sorted(map(str, (entry.code for entry in found))) == codes)
    version = editor.type(uri, 0, 0, "# a comment\n")
    moved = next(params for params in [await _first(editor, uri, version)])
    assert sorted(str(entry.code) for entry in moved.diagnostics) == codes
    hint = next(entry for entry in moved.diagnostics if entry.code == "missing-file")
    assert editor.slice(uri, hint.range) == "key_files"


async def _first(editor: Editor, uri: str, version: int) -> types.PublishDiagnosticsParams:
    await editor.diagnostics(uri, version)
    return next(params for params in editor.published if (params.uri, params.version) == (uri, version))


async def test_other_documents_are_none_of_orchs_business(start: Start, root: Path) -> None:
    editor = await start()
    path = root / "pyproject.toml"
    path.write_text("broken = \n")
    other = editor.open(path, language="toml")
    params = types.HoverParams(types.TextDocumentIdentifier(other), types.Position(0, 1))
    assert await editor.client.text_document_hover_async(params) is None
    assert await editor.lenses(other) == []
    uri = editor.open(session(root))
    await editor.diagnostics(uri)
    assert {params.uri for params in editor.published} == {uri}


async def test_closing_takes_the_findings_back(start: Start, root: Path) -> None:
    editor = await start()
    uri = editor.open(session(root), "zzz = 1\nstatus = 'planning'\n")
    await editor.diagnostics(uri, until=bool)
    editor.close(uri)
    await editor.run("list")
    last = [params for params in editor.published if params.uri == uri][-1]
    assert list(last.diagnostics) == []


async def test_the_encoding_is_the_first_that_the_client_names(root: Path) -> None:
    for encoding in ENCODINGS:
        editor = Editor(encoding)
        result = await editor.start(root)
        assert result.capabilities.position_encoding == encoding
        await editor.stop()
