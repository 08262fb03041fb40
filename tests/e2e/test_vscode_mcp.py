"""The MCP server in VS Code: the extension offers it, VS Code starts it and shows what it has."""

import sys
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import TimeoutError as NotInTime

from support.command_line import run_real
from support.vscode import WAIT, Editor


@pytest.fixture
def settings() -> dict[str, Any]:
    """VS Code with its models' side on, and the `orch` of this environment."""
    orch = Path(sys.executable).with_name("orch")
    return {"chat.disableAIFeatures": False, "chat.mcp.autostart": "never", "orch.mcp": str(orch)}


def test_the_server_is_offered_started_and_read(editor: Editor, shop: Path) -> None:
    assert run_real(shop, "plan", "Add a wish list").returncode == 0
    choose_server(editor)
    editor.pick("Start Server")
    editor.line("Discovered 16 tools").wait_for()
    editor.shot("started")

    editor.command("MCP: Browse Resources")
    row = editor.page.locator(".quick-input-widget .monaco-list-row", has_text="Add a wish list").first
    row.wait_for()
    editor.shot("resources")
    row.click()
    editor.line('title = "Add a wish list"').wait_for()
    editor.shot("session")


def choose_server(editor: Editor) -> None:
    """Chooses Orch from the list of servers, which does not take up what came after it was opened."""
    row = editor.page.locator(".quick-input-widget .monaco-list-row", has_text="Orch").first
    for last in (False,) * 9 + (True,):
        editor.command("MCP: List Servers")
        try:
            row.wait_for(timeout=WAIT / 10)
            row.click()
            return
        except NotInTime:
            if last:
                raise
            editor.page.keyboard.press("Escape")
