"""The three ways in which Orch is used, in a real VS Code; then one session from its plan to its end."""

import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import expect

from support.vscode import WAIT, Editor

expect.set_options(timeout=WAIT)

INPUTS = Path(__file__).parents[1] / "corpus" / "inputs"
REQUEST = "Add user authentication"
ANALYSIS = """\
# Role: Software Analyst

Analyse [PROJECT NAME] before anything is changed.
Its tests run with [TEST COMMAND], its main module is {{ main_module }}.

## Report
- the architecture, with every file that matters
- the data flow, from the request to the database
"""


def answer(session_id: str) -> str:
    """A planning answer: an analysis part, and behind it a real answer's end, as it was copied from a terminal."""
    tail = (INPUTS / "orchestrator-output-tail.txt").read_text(encoding="utf-8")
    heads = (f"Orch-Session: {session_id}", "### 1. ANALYSIS TEMPLATE", ANALYSIS, "### 2. IMPLEMENTATION TEMPLATE")
    return "\n\n".join(heads) + "\n\n" + tail


def the_session(shop: Path) -> Path:
    """The file of the only session."""
    (path,) = (shop / ".orch" / "sessions").glob("*.orch")
    return path


def read(path: Path) -> dict[str, Any]:
    """What the session's file says on disk."""
    return tomllib.loads(path.read_text(encoding="utf-8"))


def line_of(path: Path, table: str, key: str) -> int:
    """The line of the session's file where `key` of `table` stands, counted from 1."""
    lines = path.read_text(encoding="utf-8").splitlines()
    header = lines.index(f"[{table}]")
    return next(line for line in range(header + 1, len(lines)) if lines[line].startswith(f"{key} = ")) + 1


def plan(editor: Editor, shop: Path) -> Path:
    """Plan a feature from the palette, and give the session's file once its lenses show."""
    editor.command("Orch: Plan Feature")
    editor.answer_box(re.compile("What do you want"), REQUEST)
    editor.page.locator(".quick-input-widget .monaco-list-row", has_text="from the words of the request").wait_for()
    editor.shot("feature-type")
    editor.page.keyboard.press("Enter")
    editor.tab(re.compile("add-user-authentication")).wait_for()
    editor.lens("Planning - next: paste the answer").wait_for()
    return the_session(shop)


def test_plan_feature_from_the_palette(editor: Editor, shop: Path) -> None:
    path = plan(editor, shop)
    editor.message("The prompt is on the clipboard").wait_for()
    editor.shot("planned")
    session = read(path)
    assert (session["title"], session["status"], session["feature_type"]) == (REQUEST, "planning", "feature")
    assert session["request"]["text"].strip() == REQUEST
    assert session["history"][0]["by"] == "Ada"
    prompt = session["planning"]["prompt"]
    assert editor.clipboard() == prompt
    assert f"Orch-Session: {session['id'][:8]}" in prompt
    assert "shop/orders.py" in prompt, "the project's tree belongs into the prompt"
    assert "whole number of cents" in prompt, "the project's guidelines belong into the prompt"
    assert "Orch: Paste Answer" in editor.offered("Orch: ")
    assert "Orch: Complete" not in editor.offered("Orch: ")
    editor.dismiss()
    editor.command("Orch: Open Prompt")
    editor.tab(re.compile(r"planning prompt\.md")).wait_for()
    editor.shot("prompt-beside")


def test_diagnostics_while_typing(editor: Editor, shop: Path) -> None:
    path = plan(editor, shop)
    editor.dismiss()
    expect(editor.squiggle("error")).to_have_count(0)
    status = path.read_text(encoding="utf-8").splitlines().index('status = "planning"') + 1
    editor.go_to(status)
    editor.page.keyboard.press("End")
    editor.page.keyboard.press("Shift+Home")
    editor.page.keyboard.type('status = "plannin"')
    editor.squiggle("error").first.wait_for()
    editor.shot("a-wrong-status")
    assert any("plannin" in row for row in editor.problems())
    editor.focus_editor()
    editor.page.keyboard.press("ArrowLeft")
    editor.page.keyboard.type("g")
    expect(editor.squiggle("error")).to_have_count(0)
    editor.page.keyboard.press("End")
    editor.page.keyboard.type(" x")
    editor.squiggle("error").first.wait_for()
    editor.lens("mend").wait_for()
    editor.shot("broken")
    for _ in range(2):
        editor.page.keyboard.press("Backspace")
    expect(editor.squiggle("error")).to_have_count(0)
    editor.lens("Planning - next: paste the answer").wait_for()
    editor.save()


def test_a_session_from_its_plan_to_its_end(
    editor: Editor, shop: Path, until: Callable[[Callable[[], bool]], None]
) -> None:
    path = plan(editor, shop)
    planned = path.read_text(encoding="utf-8")
    editor.dismiss()

    editor.copy(answer(read(path)["id"][:8]))
    editor.click_lens("Paste answer", line_of(path, "planning", "prompt"))
    until(lambda: "body" in read(path).get("analysis", {}))
    editor.message("its parts are found").get_by_role("button", name="Fill In").wait_for()
    editor.shot("processed")
    session = read(path)
    assert session["analysis"]["body"].strip() == ANALYSIS.strip()
    assert session["implementation"]["body"].startswith("# Role: Senior Software Engineer")
    assert "Document all decisions" in session["implementation"]["body"]
    assert session["notes"]["complexity"] == "medium-high"
    assert session["notes"]["risks"]

    editor.undo()
    editor.save()
    until(lambda: path.read_text(encoding="utf-8") == planned)
    editor.page.keyboard.press("Control+Y")
    editor.save()
    until(lambda: read(path) == session)
    editor.dismiss()

    editor.copy("shop/web.py")
    editor.click_lens("Fill 2 values", line_of(path, "analysis", "body"))
    editor.answer_box("TEST COMMAND", "pytest -q")
    editor.page.locator(".quick-input-widget").get_by_placeholder("main_module").wait_for()
    editor.shot("fill")
    editor.page.locator(".quick-input-widget .codicon-clippy").click()
    wanted = {"TEST COMMAND": "pytest -q", "main_module": "shop/web.py"}
    until(lambda: read(path)["analysis"].get("values") == wanted)

    editor.click_lens("Start analysis", line_of(path, "analysis", "body"))
    until(lambda: read(path)["status"] == "analysis")
    editor.message("The prompt is on the clipboard").wait_for()
    assert editor.clipboard() == read(path)["analysis"]["prompt"]
    assert "Analyse shop before anything is changed." in editor.clipboard()
    assert "Its tests run with pytest -q, its main module is shop/web.py." in editor.clipboard()
    editor.shot("analysis")
    editor.dismiss()

    result = (INPUTS / "analysis-result-2.txt").read_text(encoding="utf-8")
    editor.copy(result)
    editor.click_lens("Analysis - next: paste the analysis", 1)
    until(lambda: "result" in read(path)["analysis"])
    editor.message("The answer is stored.").get_by_role("button", name="Next Step").wait_for()
    assert read(path)["analysis"]["result"].strip() == result.strip()

    editor.command("Orch: Next Step")
    until(lambda: read(path)["status"] == "implementation")
    until(lambda: editor.clipboard() == read(path)["implementation"]["prompt"])
    assert result.strip().splitlines()[-1] in editor.clipboard()
    editor.dismiss()

    summary = (INPUTS / "implementation-summary.txt").read_text(encoding="utf-8")
    editor.copy(summary)
    editor.command("Orch: Paste Answer")
    editor.pick("Clipboard")
    until(lambda: "result" in read(path)["implementation"])
    assert read(path)["implementation"]["result"].strip() == summary.strip()

    editor.command("Orch: Complete")
    editor.pick("Worked")
    editor.pick("4 - good")
    editor.answer_box(re.compile("worth remembering"), "The analysis found what mattered.")
    until(lambda: read(path)["status"] == "completed")
    session = read(path)
    assert session["outcome"] == {"result": "success", "rating": 4, "comment": "The analysis found what mattered."}
    steps = [entry["step"] for entry in session["history"]]
    assert [step for step in steps if step != "fill"] == [
        "plan",
        "process",
        "analyze",
        "save-analysis",
        "implement",
        "save-implementation",
        "complete",
    ]
    editor.find_lens("Completed", 1)
    editor.line('status = "completed"').wait_for()
    editor.shot("completed")
    offered = editor.offered("Orch: ")
    assert "Orch: Reopen" in offered
    assert not {"Orch: Abandon", "Orch: Next Step", "Orch: Fill In Prompt"} & set(offered)
