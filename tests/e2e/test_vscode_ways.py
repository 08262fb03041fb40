"""The other ways of doing things in VS Code: requests and answers from elsewhere, several sessions, no Python."""

import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from support.vscode import WAIT, Editor

expect.set_options(timeout=WAIT)

Until = Callable[[Callable[[], bool]], None]

DRAFT = "Make the search of the catalogue faster\n\nIt takes two seconds with 50,000 products.\n"
ANSWER = """\
<analysis_template>
Find out how the catalogue is searched.
</analysis_template>
<implementation_template>
Make it fast.
</implementation_template>
<execution_notes>
Complexity: Low
</execution_notes>
"""


def sessions(shop: Path) -> dict[str, dict[str, Any]]:
    """The sessions of the project by title."""
    texts = [path.read_text(encoding="utf-8") for path in (shop / ".orch" / "sessions").glob("*.orch")]
    return {session["title"]: session for session in map(tomllib.loads, texts)}


def take_suggested_type(editor: Editor) -> None:
    """Accept the feature type that the request's words point to."""
    editor.page.locator(".quick-input-widget .monaco-list-row", has_text="from the words of the request").wait_for()
    editor.page.keyboard.press("Enter")
    editor.lens("Planning - next: paste the answer").wait_for()
    editor.dismiss()


def test_requests_and_answers_from_elsewhere(editor: Editor, shop: Path, until: Until) -> None:
    editor.open_file("requests.md")
    request = (shop / "docs" / "requests.md").read_text(encoding="utf-8").splitlines()[5:7]
    editor.go_to(6)
    for _ in request:
        editor.page.keyboard.press("Control+L")
    editor.command("Orch: Plan Feature")
    box = editor.page.locator(".quick-input-widget").get_by_placeholder(re.compile("What do you want"))
    box.wait_for()
    editor.shot("request-from-the-selection")
    box.press("Enter")
    take_suggested_type(editor)
    (first,) = sessions(shop).values()
    assert first["request"]["text"].splitlines() == request

    editor.command("Orch: Plan Feature")
    box.wait_for()
    editor.page.locator(".quick-input-widget .codicon-edit").click()
    editor.tab("Untitled").wait_for()
    editor.page.keyboard.insert_text(DRAFT)
    lens = editor.lens("Plan Feature")
    lens.wait_for()
    editor.shot("draft")
    lens.click()
    take_suggested_type(editor)
    second = sessions(shop)["Make the search of the catalogue faster"]
    assert (second["request"]["text"], second["feature_type"]) == (DRAFT, "performance")
    expect(editor.tab("Untitled")).to_have_count(0)

    editor.command("View: Close All Editors")
    editor.copy(f"Orch-Session: {second['id'][:8]}\n\n{ANSWER}")
    editor.command("Orch: Paste Answer")
    editor.pick("Clipboard")
    editor.message("its parts are found").wait_for()
    until(lambda: "implementation" in sessions(shop)[second["title"]])
    assert sessions(shop)[second["title"]]["implementation"]["body"].strip() == "Make it fast."
    editor.dismiss()

    editor.command("Orch: Show Sessions")
    editor.shot("sessions")
    editor.pick(first["title"])
    editor.lens("Planning - next: paste the answer").wait_for()
    editor.command("Orch: Abandon")
    editor.message("Abandoned").wait_for()
    until(lambda: sessions(shop)[first["title"]]["status"] == "abandoned")
    editor.activity.click()
    editor.page.get_by_role("treeitem", name=re.compile("Ended")).wait_for()
    editor.shot("abandoned")
    editor.dismiss()
    editor.command("Orch: Reopen")
    editor.pick("planning")
    editor.lens("Planning - next: paste the answer").wait_for()
    until(lambda: sessions(shop)[first["title"]]["status"] == "planning")


def test_an_answer_that_could_belong_to_two_sessions_is_asked_about(editor: Editor, shop: Path) -> None:
    for request in ("Add gift cards", "Add a wish list"):
        editor.command("Orch: Plan Feature")
        editor.answer_box(re.compile("What do you want"), request)
        take_suggested_type(editor)
        editor.tab(re.compile(request.lower().replace(" ", "-"))).wait_for()
    editor.command("View: Close All Editors")
    editor.copy(ANSWER)
    editor.command("Orch: Paste Answer")
    editor.pick("Clipboard")
    editor.page.locator(".quick-input-widget .monaco-list-row", has_text="Add gift cards").wait_for()
    editor.shot("which-session")
    editor.pick("Add a wish list")
    editor.message("its parts are found").wait_for()
    found = sessions(shop)
    assert "response" in found["Add a wish list"]["planning"]
    assert "response" not in found["Add gift cards"]["planning"]
    editor.dismiss()

    prompt = found["Add gift cards"]["planning"]["prompt"]
    editor.copy(prompt)
    editor.command("Orch: Paste Answer")
    editor.pick("Clipboard")
    refused = editor.message("That is the prompt, not the model's answer.")
    refused.wait_for()
    editor.shot("that-is-the-prompt")
    refused.get_by_role("button", name="Open Kept Text").click()
    (kept,) = (shop / ".orch" / "unfiled").glob("*.md")
    editor.tab(kept.name).wait_for()
    assert kept.read_text(encoding="utf-8").strip() == prompt.strip()
    editor.dismiss()

    editor.command("View: Close All Editors")
    editor.command("Orch: Complete")
    editor.pick("Add gift cards")
    editor.message("This session is in planning").wait_for()
    expect(editor.page.locator(".quick-input-widget")).to_be_hidden()


@pytest.mark.parametrize("settings", [{"orch.python": "/nowhere/python3"}], ids=["gone"])
def test_a_python_that_is_not_there_is_said_with_a_way_out(editor: Editor) -> None:
    editor.command("Orch: Show Sessions")
    message = editor.late_message("which does not start as Python")
    editor.shot("no-python")
    message.get_by_role("button", name="Choose Python").click()
    editor.page.locator(".settings-editor .setting-item-label", has_text="Python").wait_for()
    editor.shot("setting")


@pytest.mark.parametrize("trust", [False], ids=["untrusted"])
def test_it_stays_off_until_the_folder_is_trusted(editor: Editor, tmp_path: Path) -> None:
    editor.status("Restricted Mode").wait_for()
    assert "Orch: Plan Feature" not in editor.offered("Orch: ")
    expect(editor.activity).to_have_count(0)
    assert not list(tmp_path.glob("home/server/data/User/globalStorage/orch.orch")), "the server was started"
    editor.shot("restricted")
    editor.command("Manage Workspace Trust")
    editor.page.get_by_role("button", name="Trust", exact=True).click()
    editor.ready()
    editor.command("Orch: Plan Feature")
    editor.shot("trusted")
