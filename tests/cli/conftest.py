"""Fixtures of the command line's tests: a folder of its own, away from whoever runs them."""

import os
from pathlib import Path

import pytest

from orch.storage import git
from support.command_line import CommandLine


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder called `shop`, which is the working folder."""
    made = tmp_path / "shop"
    made.mkdir()
    monkeypatch.chdir(made)
    monkeypatch.setenv("ORCH_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)
    monkeypatch.setenv("TZ", "UTC")
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "TERM", "ORCH_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    git._program.cache_clear()
    return made


@pytest.fixture
def orch(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    """`orch` in that folder, within this process."""
    return CommandLine(folder, monkeypatch, capsys)
