"""Fixtures of the protocol tests."""

import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from support.lsp_editor import Editor
from support.runners import path_without_models

Start = Callable[..., Awaitable[Editor]]


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a project that has no `.orch` yet, away from the user's own configuration."""
    monkeypatch.setenv("ORCH_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("PATH", path_without_models())
    shop = tmp_path / "shop"
    shop.mkdir()
    subprocess.run(["git", "init", "-q", str(shop)], check=True)
    return shop


@pytest_asyncio.fixture
async def start(root: Path) -> AsyncIterator[Start]:
    """Starts editors: `await start()` on the project's folder, or with other folders and abilities."""
    editors: list[Editor] = []

    async def begin(*folders: Path, encoding: str = "utf-16", **more: Any) -> Editor:
        editor = Editor(encoding)
        editors.append(editor)
        await editor.start(*(folders or (root,)), **more)
        return editor

    yield begin
    for editor in editors:
        await editor.stop()
