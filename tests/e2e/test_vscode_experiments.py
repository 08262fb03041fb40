"""An experiment in VS Code: its report is a page with a plot, readable in both themes."""

import json
import os
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import expect

from support.vscode import Editor

ORCH = (sys.executable, "-P", "-m", "orch")


def orch(folder: Path, *words: str) -> str:
    """What `orch` prints in `folder`, with the environment's own configuration away."""
    env = {**os.environ, "ORCH_CONFIG_HOME": str(folder.parent / "home/config")}
    done = subprocess.run([*ORCH, *words], cwd=folder, env=env, capture_output=True, check=True, text=True)
    return done.stdout


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
