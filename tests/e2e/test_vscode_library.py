"""The template library in VS Code: customised, previewed, published, used, rolled back and compared."""

import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, expect

from support.vscode import WAIT, Editor, plain

expect.set_options(timeout=WAIT)

Until = Callable[[Callable[[], bool]], None]

RULE = "Say what you would test by hand."


def plan(editor: Editor, request: str) -> None:
    """Plan a feature from the palette."""
    editor.command("Orch: Plan Feature")
    editor.answer_box(re.compile("What do you want"), request)
    editor.pick("feature")
    editor.tab(request.lower().replace(" ", "-")).wait_for()
    editor.lens("Planning - next: paste the answer").wait_for()
    editor.dismiss()


def session(shop: Path, title: str) -> dict[str, Any]:
    """The session of that title, as it is on disk."""
    texts = [path.read_text(encoding="utf-8") for path in (shop / ".orch" / "sessions").glob("*.orch")]
    return next(found for found in map(tomllib.loads, texts) if found["title"] == title)


def add_rule(editor: Editor, text: str) -> None:
    """Type `text` in a new line behind `{{ super() }}`, and save."""
    editor.line("{{ super() }}").click()
    editor.page.keyboard.press("End")
    editor.page.keyboard.press("Enter")
    editor.page.keyboard.type(text)
    editor.save()


def answer_newer_version(editor: Editor, shop: Path, title: str, until: Until) -> None:
    """Compare, stay, take that back, and render again: what the lens on a newer version offers."""

    def template() -> str:
        return str(session(shop, title)["planning"]["template"])

    before = template()
    editor.lens("Newer version 2: compare").click()
    editor.tab("Prompts: ").wait_for()
    expect(diff_sides(editor)[1]).to_contain_text(re.compile(r"would\s+not"))
    editor.shot("prompts-compared")
    editor.command("View: Close Editor")

    editor.lens("Stay").click()
    expect(editor.lens("Newer version")).to_have_count(0)
    files = shop / ".orch" / "sessions"
    until(lambda: any("ignore[newer-template]" in path.read_text("utf-8") for path in files.glob("*.orch")))
    editor.shot("stays")
    editor.undo()
    editor.save()
    editor.lens("Re-render").click()
    editor.message("The prompt is on the clipboard").wait_for()
    until(lambda: template() != before)
    assert template().startswith("project:orchestrator@2-")
    assert "And what you would not." in editor.clipboard()
    expect(editor.lens("Newer version")).to_have_count(0)
    editor.shot("rendered-again")


def publish(editor: Editor, message: str, number: int, changes: str) -> None:
    """Publish the template that is shown; what it `changes` is told before."""
    editor.command("Orch: Publish Template")
    editor.page.locator(".quick-input-widget").get_by_placeholder("What changed").wait_for()
    expect(editor.page.locator(".quick-input-widget")).to_contain_text(changes)
    editor.shot(f"publish-{number}")
    editor.answer_box(re.compile("What changed"), message)
    editor.message(f"Published as version {number}").wait_for()
    editor.dismiss()


def diff_sides(editor: Editor) -> tuple[Locator, Locator]:
    """The two sides of the diff editor."""
    return (
        editor.page.locator(".diff-editor .editor.original, .monaco-diff-editor .editor.original").first,
        editor.page.locator(".monaco-diff-editor .editor.modified").first,
    )


def test_a_built_in_is_customised_published_used_and_rolled_back(editor: Editor, shop: Path, until: Until) -> None:
    working_copy = shop / ".orch" / "templates" / "orchestrator.md.j2"
    plan(editor, "Add a wish list")
    first = session(shop, "Add a wish list")
    assert first["planning"]["template"].startswith("builtin:orchestrator@")

    editor.command("Orch: Customize Template")
    editor.pick("orchestrator")
    editor.page.locator(".quick-input-widget .monaco-list-row", has_text="guidelines").wait_for()
    editor.shot("which-part")
    editor.pick("guidelines")
    editor.tab("orchestrator.md.j2").wait_for()
    editor.line("{{ super() }}").wait_for()
    editor.lens("hides builtin:orchestrator").wait_for()
    editor.shot("customised")
    # the cursor stands on an empty line of its own
    editor.status("Ln 4, Col 1").wait_for()
    editor.page.keyboard.type(RULE)
    editor.save()
    until(lambda: RULE in working_copy.read_text(encoding="utf-8"))

    editor.click_lens("Preview", 1)
    editor.pick("Add a wish list")
    editor.tab("orchestrator for Add a wish list").wait_for()
    beside = editor.page.locator(".editor-group-container").last
    beside.locator(".view-line").first.click()
    editor.page.keyboard.press("Control+F")
    editor.page.keyboard.type("would test by hand")
    expect(beside.locator(".find-widget .matchesCount")).to_have_text("1 of 1")
    editor.shot("preview")
    editor.command("View: Close Editor")
    editor.tab("orchestrator.md.j2").click()

    publish(editor, "Ask for tests by hand", 1, "It changes the only prompt")
    editor.lens("project, version 1").wait_for()

    plan(editor, "Add a gift card")
    second = session(shop, "Add a gift card")
    assert second["planning"]["template"].startswith("project:orchestrator@1-")
    assert RULE in second["planning"]["prompt"]

    editor.tab("orchestrator.md.j2").click()
    add_rule(editor, "And what you would not.")
    publish(editor, "And what not", 2, "It changes 2 of the last 2 prompts")
    two = working_copy.read_text(encoding="utf-8")

    editor.command("Orch: Compare Template Versions")
    editor.pick("Version 1")
    # the first list has a row of that name as well
    editor.page.locator(".quick-input-widget").get_by_placeholder("With what?").wait_for()
    editor.pick("Version 2")
    editor.tab("Version 1 - Version 2").wait_for()
    left, right = diff_sides(editor)
    expect(right).to_contain_text(re.compile(r"And\s+what\s+you\s+would\s+not"))
    expect(right).to_contain_text(re.compile(r"by\s+hand"))
    assert "And what" not in plain(left.inner_text())
    expect(editor.page.locator(".monaco-diff-editor .line-insert").first).to_be_attached()
    editor.status("Orch Template").wait_for()
    editor.shot("compared")
    editor.command("View: Close Editor")

    editor.tab("orchestrator.md.j2").click()
    editor.command("Orch: Roll Back Template")
    editor.page.locator(".quick-input-widget .monaco-list-row", has_text="Version 1").wait_for()
    editor.shot("roll-back")
    editor.pick("Version 1")
    editor.message("This is the text of version 1 again").wait_for()
    until(lambda: working_copy.read_text(encoding="utf-8") == two.replace("And what you would not.\n", ""))
    editor.dismiss()
    editor.undo()
    editor.save()
    until(lambda: working_copy.read_text(encoding="utf-8") == two)

    editor.tab("gift-card").click()
    editor.lens("Planning - next").wait_for()
    editor.lens("Newer version").wait_for()
    editor.shot("newer-version")
    answer_newer_version(editor, shop, "Add a gift card", until)
