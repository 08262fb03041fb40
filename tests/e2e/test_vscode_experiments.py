"""An experiment in VS Code: its report is a page with a plot, readable in both themes."""

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

from playwright.sync_api import expect

from support.vscode import WAIT, Editor

expect.set_options(timeout=WAIT)

ORCH = (sys.executable, "-P", "-m", "orch")


def orch(folder: Path, *words: str) -> str:
    """What `orch` prints in `folder`, with the environment's own configuration away."""
    env = {**os.environ, "ORCH_CONFIG_HOME": str(folder.parent / "home/config")}
    done = subprocess.run([*ORCH, *words], cwd=folder, env=env, capture_output=True, check=True, text=True)
    return done.stdout


def test_an_experiment_is_started_and_stopped_from_the_palette(editor: Editor, shop: Path) -> None:
    orch(shop, "template", "add", "orchestrator", "--block", "role")
    orch(shop, "template", "publish", "orchestrator", "--message", "A role of our own")
    editor.command("Orch: Start Experiment")
    editor.pick("orchestrator")
    box = editor.page.locator(".quick-input-widget")
    # one's own version and the built-in one
    expect(box.locator(".monaco-list-row").filter(has_text="Version 1")).to_have_count(2)
    editor.shot("versions")
    box.get_by_role("checkbox", name="Toggle all checkboxes").click()
    expect(box).to_contain_text("2 Selected")
    box.get_by_role("button", name="OK").click()
    name = box.locator("input[type=text]")
    expect(box).to_contain_text("What is it called?")
    name.fill("our tone")
    expect(box).to_contain_text("Letters, digits")
    editor.shot("name")
    name.fill("tone")
    expect(box).not_to_contain_text("Letters, digits")
    name.press("Enter")
    editor.message("Started tone").wait_for()
    made = tomllib.loads((shop / ".orch/experiments/tone.toml").read_text("utf-8"))
    assert (made["template"], made["status"]) == ("orchestrator", "running")
    assert {arm["version"].partition("@")[0] for arm in made["arms"]} == {
        "project:orchestrator",
        "builtin:orchestrator",
    }
    editor.dismiss()

    editor.command("Orch: Plan Feature")
    editor.answer_box(re.compile("What do you want"), "Add a wish list")
    editor.pick("feature")
    editor.lens("Planning - next: paste the answer").wait_for()
    (path,) = (shop / ".orch/sessions").glob("*.orch")
    assert tomllib.loads(path.read_text("utf-8"))["planning"]["experiment"] == "tone"
    editor.dismiss()

    editor.command("Orch: Stop Experiment")
    editor.message("Stopped tone").wait_for()
    editor.command("Orch: Experiment Report")
    editor.tab("Experiment tone").wait_for()
    editor.shot("stopped")


def test_the_report_of_an_experiment(editor: Editor, shop: Path) -> None:
    arms = ("--arm", "plain=builtin:orchestrator@1", "--arm", "strict=builtin:bugfix/orchestrator@1")
    orch(shop, "experiment", "start", "tone", "--template", "orchestrator", *arms, "--min-per-arm", "2")
    seen: set[str] = set()
    for number in range(60):
        session = json.loads(orch(shop, "plan", f"Add page {number}", "--json"))
        seen.add(session["planning"]["arm"])
        outcome = ("success", "success", "failure")[number % 3]
        orch(shop, "complete", "--session", session["id"], "--outcome", outcome, "--force")
        if number >= 5 and len(seen) == 2:
            break

    editor.ready().command("Orch: Experiment Report")
    editor.tab("Experiment tone").wait_for()
    page = editor.page.frame_locator("iframe.webview.ready").frame_locator("iframe#active-frame")
    expect(page.locator("h1")).to_have_text("tone")
    expect(page.locator("svg circle")).to_have_count(2)
    expect(page.locator("tbody tr")).to_have_count(2)
    dark = page.locator("svg text").first.evaluate("text => getComputedStyle(text).fill")
    editor.shot("report-dark")

    editor.command("Preferences: Toggle between Light/Dark Themes")
    expect(page.locator("svg text").first).not_to_have_css("fill", dark)
    editor.shot("report-light")

    editor.command("Orch: Stop Experiment")
    editor.message("Stopped tone").wait_for()
    assert 'status = "stopped"' in (shop / ".orch/experiments/tone.toml").read_text()
