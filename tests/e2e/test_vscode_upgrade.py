"""An extension whose built-in templates were upgraded: VS Code tells of it once, and compares the prompts."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import expect

import publish_templates  # tools/publish_templates.py
from support.vscode import WAIT, Editor

expect.set_options(timeout=WAIT)

CUSTOMISED = '{% extends "orchestrator" %}\n{% block role %}\n{{ super() }}\nBe brief.\n{% endblock %}\n'
ADDED = "Name the oldest file that the change touches."


@pytest.fixture
def extensions(extensions: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The extension of a later day: its planning prompt has a sentence more, and ships as version 2."""
    later = tmp_path / "extensions"
    shutil.copytree(extensions, later)
    (templates,) = later.glob("*/bundled/libs/orch/builtin_templates")
    prompt = templates / "orchestrator.md.j2"
    prompt.write_text(f"{prompt.read_text(encoding='utf-8')}\n{ADDED}\n", encoding="utf-8")
    monkeypatch.setattr(publish_templates, "TEMPLATES", templates)
    monkeypatch.setattr(sys, "argv", ["publish_templates", "A sentence more"])
    assert publish_templates.main() == 0
    return later


@pytest.fixture
def shop(shop: Path, tmp_path: Path) -> Path:
    """A project whose own orchestrator extends the built-in one, and made a prompt on its version 1."""
    template = shop / ".orch" / "templates" / "orchestrator.md.j2"
    template.parent.mkdir(parents=True)
    template.write_text(CUSTOMISED, encoding="utf-8")
    command = [sys.executable, "-P", "-m", "orch", "plan", "Add a wish list"]
    env = {**os.environ, "ORCH_CONFIG_HOME": str(tmp_path / "nobody")}
    subprocess.run(command, cwd=shop, env=env, stdin=subprocess.DEVNULL, capture_output=True, check=True)
    return shop


def test_an_upgraded_built_in_is_told_once_and_the_prompts_are_compared(editor: Editor) -> None:
    told = re.compile(r"Built-in orchestrator 1 -> 2; your project's template .*orchestrator.* extends it")
    message = editor.late_message(told)
    editor.shot("told")
    message.get_by_role("button", name="Compare Prompts").click()
    editor.tab(re.compile("^Prompts: ")).wait_for()
    modified = editor.page.locator(".monaco-diff-editor .editor.modified").first
    expect(modified).to_contain_text(re.compile(ADDED.replace(" ", r"\s+")))
    expect(editor.page.locator(".monaco-diff-editor .editor.original").first).not_to_contain_text("oldest")
    editor.shot("compared")
    editor.command("View: Close Editor")

    editor.open_file("orchestrator.md.j2")
    editor.lens("Built-in orchestrator 1 -> 2: compare").wait_for()
    editor.page.reload()
    editor.page.get_by_role("treeitem").first.wait_for()
    editor.ready().open_file("orchestrator.md.j2")
    editor.lens("Built-in orchestrator 1 -> 2: compare").wait_for()
    editor.command("Notifications: Show Notifications")
    expect(editor.page.locator(".notifications-center")).to_be_visible()
    expect(
        editor.page.locator(".notifications-center .notification-list-item").filter(has_text=told)
    ).to_have_count(0)
