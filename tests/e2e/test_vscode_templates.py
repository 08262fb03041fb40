"""Templates in VS Code: what is wrong is marked under its very word, mended, completed, renamed and previewed."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect
from playwright.sync_api import TimeoutError as NotInTime

from support.vscode import WAIT, Editor, plain

expect.set_options(timeout=WAIT)

Until = Callable[[Callable[[], bool]], None]

WORDS = "{% macro bullet(text, mark='-') %}\n{{ mark }} {{ text }}\n{% endmacro %}\n"
ORCHESTRATOR = """\
+++
description = "The shop's own planning prompt"
[inputs.depth]
description = "How deep the analysis goes"
default = "normal"
choices = ["quick", "normal", "deep"]
+++
{% from "lib/words" import bullet %}
{% extends "builtin:orchestrator" %}
{% block role %}
{{ super() }}
{{ bullet("depth: " ~ depth) }}
{% endblock %}
"""


@pytest.fixture
def templates(shop: Path) -> Path:
    """Templates of the project's own: an orchestrator and the macros that it uses."""
    folder = shop / ".orch" / "templates"
    (folder / "lib").mkdir(parents=True)
    (folder / "lib" / "words.md.j2").write_text(WORDS, encoding="utf-8")
    (folder / "orchestrator.md.j2").write_text(ORCHESTRATOR, encoding="utf-8")
    return folder


EDGES = """word => {
    const mark = document.querySelector('.monaco-editor .squiggly-error')?.getBoundingClientRect();
    for (const line of document.querySelectorAll('.monaco-editor .view-line')) {
        const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
        for (let node = walker.nextNode(); mark && node; node = walker.nextNode()) {
            const at = node.data.indexOf(word);
            if (at >= 0) {
                const range = document.createRange();
                range.setStart(node, at);
                range.setEnd(node, at + word.length);
                const box = range.getBoundingClientRect();
                return [mark.left, mark.right, box.left, box.right];
            }
        }
    }
    return [0, 0, 1000, 1000];
}"""


def is_exactly_under(editor: Editor, word: str) -> bool:
    """Whether the squiggle begins and ends where `word` does on the screen, to a pixel or two."""
    left, right, begin, end = editor.page.evaluate(EDGES, word)
    return abs(left - begin) <= 2 and abs(right - end) <= 2


def type_at_end(editor: Editor, text: str) -> None:
    """Type `text` key by key in a new line before the end of the block."""
    editor.go_to(12)
    editor.page.keyboard.press("End")
    editor.page.keyboard.press("Enter")
    editor.page.keyboard.type(text)


def ask_for_fix(editor: Editor, words: str) -> Locator:
    """The quick fix with these words, once the list of fixes shows; a busy editor closes the list again."""
    fix = editor.page.locator(".action-widget .monaco-list-row", has_text=words).first
    for last in (False,) * 5 + (True,):
        editor.page.keyboard.press("Control+.")
        try:
            fix.wait_for(timeout=WAIT / 6)
            break
        except NotInTime:
            if last:
                raise
    return fix


@pytest.mark.usefixtures("templates")
def test_an_undefined_variable_is_marked_mended_and_completed(editor: Editor, until: Until) -> None:
    editor.open_file("orchestrator.md.j2")
    editor.lens("Preview").wait_for()
    expect(editor.squiggle()).to_have_count(0)
    type_at_end(editor, "{{ feture_type }}")
    editor.page.keyboard.press("Escape")
    # what was typed closes the tag, not what the editor put there
    expect(editor.line("{{ feture_type }}")).to_have_text(re.compile(r"^\S+\sfeture_type\s}}$"))
    squiggle = editor.squiggle()
    expect(squiggle).to_have_count(1)
    until(lambda: is_exactly_under(editor, "feture_type"))
    editor.shot("squiggle")
    (row,) = [row for row in editor.problems() if "feture_type" in row]
    assert "did you mean" in row
    assert "Ln 13, Col 4" in row

    editor.go_to(13, len("{{ fet"))
    fix = ask_for_fix(editor, "feature_type")
    editor.shot("quick-fix")
    fix.click()
    editor.line("{{ feature_type }}").wait_for()
    expect(squiggle).to_have_count(0)

    editor.page.keyboard.press("End")
    editor.page.keyboard.press("Enter")
    editor.page.keyboard.type("{{ de", delay=80)
    offered = editor.page.locator(".suggest-widget .monaco-list-row", has_text="depth").first
    offered.wait_for()
    editor.page.keyboard.press("Control+Space")
    expect(editor.page.locator(".suggest-details")).to_contain_text("How deep the analysis goes")
    editor.shot("completion")
    editor.page.keyboard.press("Enter")
    editor.line("{{ depth}}").wait_for()


def test_rename_changes_two_files(editor: Editor, templates: Path, until: Until) -> None:
    editor.open_file("words.md.j2")
    editor.lens("Preview").wait_for()
    editor.go_to(1, len("{% macro bul"))
    box = editor.page.locator(".rename-box input")
    until(lambda: editor.page.keyboard.press("F2") is None and box.is_visible())
    box.fill("point")
    editor.shot("rename")
    box.press("Enter")
    editor.line("{% macro point(").wait_for()
    editor.command("File: Save All")
    until(lambda: "macro point(" in (templates / "lib" / "words.md.j2").read_text())
    until(lambda: "import point %}" in (templates / "orchestrator.md.j2").read_text())
    assert '{{ point("depth: " ~ depth) }}' in (templates / "orchestrator.md.j2").read_text()
    assert "bullet" not in (templates / "orchestrator.md.j2").read_text()


@pytest.mark.usefixtures("templates")
def test_the_preview_follows_typing(editor: Editor) -> None:
    editor.command("Orch: Plan Feature")
    editor.answer_box(re.compile("What do you want"), "Add a wish list")
    editor.pick("feature")
    editor.lens("Planning - next: paste the answer").wait_for()
    editor.dismiss()
    editor.open_file("orchestrator.md.j2")
    editor.click_lens("Preview", 1)
    editor.pick("Add a wish list")
    editor.tab("orchestrator for Add a wish list").wait_for()
    beside = editor.page.locator(".editor-group-container").last
    expect(beside.locator(".view-lines")).to_contain_text(re.compile(r"-\s+depth:\s+normal"))
    editor.page.locator(".editor-group-container").first.locator(".view-line").first.click()
    type_at_end(editor, "At the end of the role stands this.")
    expect(beside.locator(".view-lines")).to_contain_text(re.compile(r"At\s+the\s+end\s+of\s+the\s+role"))
    editor.shot("preview")
    assert "Add a wish list" in plain(" ".join(beside.locator(".view-lines").all_inner_texts()))
