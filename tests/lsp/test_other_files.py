"""What happens in other files shows in the open ones; the features answer over the protocol."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from lsprotocol import types

from support.lsp_editor import Editor, types_path
from support.session_checks import head

Start = Callable[..., Awaitable[Editor]]
pytestmark = pytest.mark.asyncio


def write(root: Path, name: str, text: str) -> Path:
    path = root / ".orch" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def codes(found: list[types.Diagnostic]) -> list[str]:
    return [str(entry.code) for entry in found]


def is_double(found: list[types.Diagnostic]) -> bool:
    return codes(found) == ["duplicate-id"]


async def test_a_copy_made_elsewhere_is_found_and_mended(start: Start, root: Path) -> None:
    editor = await start()
    watched = await editor.wait_for(lambda: editor.registered or None)
    assert watched[0].method == types.WORKSPACE_DID_CHANGE_WATCHED_FILES
    mine = write(root, "sessions/a.orch", head())
    uri = editor.open(mine)
    assert await editor.diagnostics(uri) == []
    copy = write(root, "sessions/b.orch", head())
    created = types.FileEvent(copy.as_uri(), types.FileChangeType.Created)
    editor.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([created]))
    found = await editor.diagnostics(uri, until=lambda found: codes(found) == ["duplicate-id"])
    related = found[0].related_information or []
    assert [entry.location.uri for entry in related] == [copy.as_uri()]
    description = found[0].code_description
    assert description is not None
    assert Path(types_path(description.href)).read_text().startswith("# duplicate-id\n")
    params = types.CodeActionParams(
        types.TextDocumentIdentifier(uri),
        found[0].range,
        types.CodeActionContext(found, only=[types.CodeActionKind.QuickFix]),
    )
    actions = await editor.client.text_document_code_action_async(params)
    assert [action.title for action in actions or []] == ["Give this session a new id"]


async def test_what_is_typed_in_one_session_counts_in_the_others(start: Start, root: Path) -> None:
    editor = await start()
    mine = editor.open(write(root, "sessions/a.orch", head()))
    other = editor.open(write(root, "sessions/b.orch", head().replace("1b7a", "2b7a")))
    assert [await editor.diagnostics(uri) for uri in (mine, other)] == [[], []]
    editor.replace_all(other, head())
    await editor.diagnostics(mine, until=is_double)
    await editor.diagnostics(other, until=is_double)
    editor.replace_all(other, head().replace("1b7a", "3b7a"))
    await editor.diagnostics(mine, until=lambda found: not found)
    editor.replace_all(other, head())
    await editor.diagnostics(mine, until=is_double)
    editor.close(other)
    await editor.diagnostics(mine, until=lambda found: not found)


async def test_severities_are_the_projects(start: Start, root: Path) -> None:
    write(root, "config.toml", '[diagnostics]\nunknown-key = "hint"\nmissing-file = "off"\n')
    editor = await start()
    uri = editor.open(write(root, "sessions/a.orch", head() + "zzz = 1\nnotes.key_files = ['gone.py']\n"))
    found = await editor.diagnostics(
        uri, until=lambda found: [entry.severity for entry in found] == [types.DiagnosticSeverity.Hint]
    )
    assert codes(found) == ["unknown-key"]


async def test_the_features_answer(start: Start, root: Path) -> None:
    editor = await start()
    (root / "src").mkdir()
    (root / "src" / "auth.py").write_text("")
    text = head("analysis") + (
        "[notes]\nkey_files = ['src/auth.py']\n[analysis]\ntemplate = 'builtin:analysis'\n"
        "body = '''\nLook at [MODULE NAME]\nand more\n'''\n"
    )
    uri = editor.open(write(root, "sessions/a.orch", text))
    named = types.TextDocumentIdentifier(uri)

    def at(words: str) -> types.Position:
        return editor.position(text, text.index(words) + 1)

    links = await editor.client.text_document_document_link_async(types.DocumentLinkParams(named))
    assert [Path(types_path(link.target or "")).name for link in links or []] == ["auth.py", "analysis.md.j2"]
    found = await editor.client.text_document_definition_async(types.DefinitionParams(named, at("src/auth.py")))
    assert isinstance(found, list)
    assert [getattr(place, "uri", None) for place in found] == [(root / "src" / "auth.py").as_uri()]
    symbols = await editor.client.text_document_document_symbol_async(types.DocumentSymbolParams(named))
    assert [symbol.name for symbol in symbols or []][-2:] == ["notes", "analysis"]
    folds = await editor.client.text_document_folding_range_async(types.FoldingRangeParams(named))
    assert len(folds or []) == 3
    tokens = await editor.client.text_document_semantic_tokens_full_async(types.SemanticTokensParams(named))
    assert tokens is not None
    assert len(tokens.data) % 5 == 0
    highlights = await editor.client.text_document_document_highlight_async(
        types.DocumentHighlightParams(named, at("[MODULE NAME]"))
    )
    assert [editor.slice(uri, entry.range) for entry in highlights or []] == ["[MODULE NAME]"]
    completion = await editor.client.text_document_completion_async(
        types.CompletionParams(named, at("'builtin:analysis'"))
    )
    assert isinstance(completion, types.CompletionList)
    assert "builtin:orchestrator" in [item.label for item in completion.items]
    references = await editor.client.text_document_references_async(
        types.ReferenceParams(types.ReferenceContext(True), named, at("src/auth.py"))
    )
    assert [place.uri for place in references or []] == [uri]


async def test_references_reach_other_sessions(start: Start, root: Path) -> None:
    editor = await start()
    line = "notes.key_files = ['src/auth.py']\n"
    other = write(root, "sessions/b.orch", head().replace("1b7a", "2b7a") + "# 😀\n" + line)
    text = head() + line
    uri = editor.open(write(root, "sessions/a.orch", text))
    found = await editor.client.text_document_references_async(
        types.ReferenceParams(
            types.ReferenceContext(True),
            types.TextDocumentIdentifier(uri),
            editor.position(text, text.index("src/auth.py")),
        )
    )
    assert [(place.uri, place.range.start.line) for place in found or []] == [(uri, 5), (other.as_uri(), 6)]


async def test_sessions_are_found_by_name(start: Start, root: Path) -> None:
    editor = await start()
    write(root, "sessions/a.orch", head().replace('"Login"', '"Mend the login"'))
    write(root, "sessions/b.orch", head("abandoned").replace('"Login"', '"Other"'))
    found = await editor.client.workspace_symbol_async(types.WorkspaceSymbolParams("login"))
    assert [(symbol.name, symbol.container_name) for symbol in found or []] == [("Mend the login", "planning")]
    everything = await editor.client.workspace_symbol_async(types.WorkspaceSymbolParams("")) or []
    assert {"Mend the login", "Other"} <= {symbol.name for symbol in everything}


async def test_neovim(start: Start, root: Path) -> None:
    editor = await start(like="neovim", encoding="utf-8")
    uri = editor.open(write(root, "sessions/a.orch", head() + "# 😀\nzzz = 1\n"))
    assert codes(await editor.diagnostics(uri, until=bool)) == ["unknown-key"]
    result = await editor.run("plan", request="Add a login")
    assert Path(result["path"]).exists()
    first = (await editor.lenses(uri))[0].command
    assert first is not None
    assert first.title.startswith("Planning")


async def test_emacs_without_documents_to_show_or_snippets(start: Start, root: Path) -> None:
    def plain(capabilities: types.ClientCapabilities) -> None:
        capabilities.window = None
        assert capabilities.text_document is not None
        capabilities.text_document.document_symbol = None
        capabilities.text_document.completion = None

    editor = await start(like="emacs", change=plain)
    uri = editor.open(write(root, "sessions/a.orch", ""))
    completion = await editor.client.text_document_completion_async(
        types.CompletionParams(types.TextDocumentIdentifier(uri), types.Position(0, 0))
    )
    assert isinstance(completion, types.CompletionList)
    draft = completion.items[0].text_edit
    assert isinstance(draft, types.TextEdit)
    assert draft.new_text == "feature_type = \"feature\"\n\n[request]\ntext = '''\n\n'''\n"
    await editor.click(uri, "Draft - next: write what you want")
    assert editor.client.shown_documents == []
    assert editor.text(uri).startswith("[request]")


@pytest.mark.parametrize("layer", ["project", "user"])
async def test_open_templates_go_before_the_disk(start: Start, root: Path, tmp_path: Path, layer: str) -> None:
    folder = root / ".orch" / "templates" if layer == "project" else tmp_path / "config" / "templates"
    folder.mkdir(parents=True)
    path = folder / "orchestrator.md.j2"
    path.write_text("Saved: {{ request }}\n")
    editor = await start()
    uri = editor.open(path, language="jinja")
    await editor.run("list")
    editor.type(uri, 0, 5, "Unsaved")
    assert (await editor.run("plan", request="Add a login"))["prompt"] == "Unsaved: Add a login\n"
    editor.close(uri)
    assert (await editor.run("plan", request="Add a login"))["prompt"] == "Saved: Add a login\n"


async def test_a_template_of_the_user_is_looked_at_from_the_project(
    start: Start, root: Path, tmp_path: Path
) -> None:
    path = tmp_path / "config" / "templates" / "orchestrator.md.j2"
    path.parent.mkdir(parents=True)
    path.write_text('{% extends "orchestrator" %}\n{% block zzz %}{% endblock %}\n')
    (root / ".orch").mkdir()
    editor = await start()
    uri = editor.open(path, language="jinja")
    await editor.diagnostics(uri, until=lambda found: codes(found) == ["unknown-block"])
    titles = [lens.command.title for lens in await editor.lenses(uri) if lens.command]
    assert titles == ["user, not published - used - hides builtin:orchestrator"]


async def test_a_jinja_file_outside_every_layer_is_left_alone(start: Start, root: Path) -> None:
    editor = await start()
    path = root / "page.html.j2"
    path.write_text("{% if %}")
    uri = editor.open(path, language="jinja")
    editor.type(uri, 0, 0, "x")
    await editor.run("list")
    assert await editor.lenses(uri) == []
    assert editor.published == []
