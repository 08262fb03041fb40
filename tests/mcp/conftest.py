"""Fixtures of the MCP server's tests: a folder of its own, away from whoever runs them."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from orch.mcp.projects import Projects
from orch.storage import git


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder called `shop`."""
    made = tmp_path / "shop"
    made.mkdir()
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("ORCH_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)
    git._program.cache_clear()
    return made


@pytest.fixture
def projects(folder: Path) -> Iterator[Projects]:  # noqa: ARG001 - its environment
    """The projects at hand, in this process."""
    made = Projects()
    yield made
    made.close()
