"""Templates through the protocol: findings under exactly the words, fixes, completion, rename over two files."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from support.lsp_editor import Editor

Start = Callable[..., Awaitable[Editor]]
pytestmark = pytest.mark.asyncio


def _templates(root: Path, **files: str) -> Path:
    folder = root / ".orch" / "templates"
    folder.mkdir(parents=True)
    for name, text in files.items():
        (folder / f"{name}.md.j2").write_text(text, encoding="utf-8", newline="\n")
    return folder


def _at(uri: str, line: int, character: int) -> dict[str, Any]:
    return {"text_document": types.TextDocumentIdentifier(uri), "position": types.Position(line, character)}


def _rules(found: list[types.Diagnostic]) -> list[object]:
    return [diagnostic.code for diagnostic in found]


async def test_an_undefined_variable_is_marked_and_mended(root: Path, start: Start) -> None:
    folder = _templates(root, part="\U0001f600 {{ requst }} and {{ a b }}\n")
    editor: Editor = await start()
    uri = editor.open(folder / "part.md.j2", language="orch-template")
    found = await editor.diagnostics(uri, until=lambda shown: "undefined-variable" in _rules(shown))
    assert sorted(map(str, _rules(found))) == ["syntax-error", "undefined-variable"]
    marked = next(d for d in found if d.code == "undefined-variable")
    # the emoji is two UTF-16 units
    assert (marked.range.start.character, marked.range.end.character) == (6, 12)
    params = types.CodeActionParams(
        types.TextDocumentIdentifier(uri), marked.range, types.CodeActionContext(diagnostics=[marked])
    )
    actions = await editor.client.text_document_code_action_async(params)
    titles = [action.title for action in actions or ()]
    assert titles[0] == "Change to `request`"
    assert "Declare the input `requst`" in titles


async def test_completion_hover_and_signature(root: Path, start: Start) -> None:
    text = "+++\n[inputs.depth]\ndescription = 'How deep'\n+++\n{{ dep }}{{ request | indent( }}\n"
    folder = _templates(root, orchestrator=text)
    editor: Editor = await start()
    uri = editor.open(folder / "orchestrator.md.j2", language="orch-template")
    found = await editor.client.text_document_completion_async(types.CompletionParams(**_at(uri, 4, 6)))
    assert isinstance(found, types.CompletionList)
    depth = next(item for item in found.items if item.label == "depth")
    assert "How deep" in str(depth.documentation)
    hover = await editor.client.text_document_hover_async(types.HoverParams(**_at(uri, 1, 9)))
    assert hover is not None
    assert "How deep" in str(hover.contents)
    signature = await editor.client.text_document_signature_help_async(types.SignatureHelpParams(**_at(uri, 4, 30)))
    assert signature is not None
    assert signature.signatures[0].label.startswith("indent(")


async def test_rename_changes_two_files_and_refuses_what_is_no_name(root: Path, start: Start) -> None:
    folder = _templates(
        root,
        orchestrator="+++\n[inputs.depth]\n+++\n{{ depth }}{% include 'part' %}\n",
        part="Go {{ depth | upper }}\n",
    )
    editor: Editor = await start()
    uri = editor.open(folder / "orchestrator.md.j2", language="orch-template")
    here = _at(uri, 3, 4)
    prepared = await editor.client.text_document_prepare_rename_async(types.PrepareRenameParams(**here))
    assert isinstance(prepared, types.Range)
    edit = await editor.client.text_document_rename_async(types.RenameParams(**here, new_name="level"))
    assert edit is not None
    changed = {
        change.text_document.uri.rsplit("/", 1)[-1]: len(change.edits)
        for change in edit.document_changes or ()
        if isinstance(change, types.TextDocumentEdit)
    }
    assert changed == {"orchestrator.md.j2": 2, "part.md.j2": 1}
    with pytest.raises(JsonRpcException, match="is not a name"):
        await editor.client.text_document_rename_async(types.RenameParams(**here, new_name="a b"))


async def test_definition_leads_to_the_other_file(root: Path, start: Start) -> None:
    folder = _templates(root, orchestrator="{% include 'part' %}\n", part="x\n")
    editor: Editor = await start()
    uri = editor.open(folder / "orchestrator.md.j2", language="orch-template")
    found = await editor.client.text_document_definition_async(types.DefinitionParams(**_at(uri, 0, 14)))
    assert isinstance(found, list)
    assert [str(getattr(place, "uri", "")).rsplit("/", 1)[-1] for place in found] == ["part.md.j2"]


async def test_a_change_in_one_template_is_seen_in_another(root: Path, start: Start) -> None:
    folder = _templates(root, orchestrator="{% from 'lib' import item %}{{ item(request) }}NOTES\n", lib="x\n")
    editor: Editor = await start()
    uri = editor.open(folder / "orchestrator.md.j2", language="orch-template")
    lib = editor.open(folder / "lib.md.j2", language="orch-template")
    await editor.diagnostics(uri, until=lambda shown: "unknown-import" in _rules(shown))
    editor.type(lib, 0, 1, "{% macro item(x) %}{{ x }}{% endmacro %}")
    await editor.diagnostics(uri, until=lambda shown: "unknown-import" not in _rules(shown))


async def test_how_a_library_is_imported_is_seen_in_it(root: Path, start: Start) -> None:
    folder = _templates(
        root, main="{% import 'lib' as l %}{{ l.m() }}\n", lib="{% macro m() %}{{ request }}{% endmacro %}\n"
    )
    editor: Editor = await start()
    lib = editor.open(folder / "lib.md.j2", language="orch-template")
    uri = editor.open(folder / "main.md.j2", language="orch-template")
    await editor.diagnostics(lib, until=lambda shown: "undefined-variable" in _rules(shown))
    editor.type(uri, len("{% import 'lib' as l"), len("{% import 'lib' as l"), " with context")
    await editor.diagnostics(lib, until=lambda shown: "undefined-variable" not in _rules(shown))


CHANGES = {
    "what a macro takes": (
        "{% from 'lib' import item %}{{ item(request, 2) }}NOTES\n",
        ("{% macro item(x) %}{{ x }}{% endmacro %}", "{{ x }}", "{{ x }}{{ varargs }}"),
        "wrong-arguments",
    ),
    "what a macro does with it": (
        "{% from 'lib' import item %}{{ item(tone) }}NOTES\n",
        ("{% macro item(x) %}{{ x }}{% endmacro %}", "{{ x }}", "{{ x | default('') }}"),
        "undefined-variable",
    ),
    "what a part asks the model for": (
        "ANALYSIS, IMPLEMENTATION {% include 'lib' %}\n",
        ("more", "more", "EXECUTION NOTES"),
        "missing-section-request",
    ),
}


@pytest.mark.parametrize(("asking", "change", "rule"), CHANGES.values(), ids=CHANGES.keys())
async def test_what_others_depend_on_is_seen(
    root: Path, start: Start, asking: str, change: tuple[str, str, str], rule: str
) -> None:
    before, old, new = change
    folder = _templates(root, orchestrator=asking, lib=before)
    editor: Editor = await start()
    uri = editor.open(folder / "orchestrator.md.j2", language="orch-template")
    lib = editor.open(folder / "lib.md.j2", language="orch-template")
    await editor.diagnostics(uri, until=lambda shown: rule in _rules(shown))
    at = before.index(old)
    editor.type(lib, at, at + len(old), new)
    await editor.diagnostics(uri, until=lambda shown: rule not in _rules(shown))
