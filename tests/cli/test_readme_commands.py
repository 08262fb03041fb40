"""The README's commands, as written: each shell block is run in a new project, with a model that a script plays."""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).absolute().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
_BLOCK = re.compile(r"^```(?P<language>\w*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(language: str) -> list[str]:
    """The texts of the README's blocks in `language`, in their order."""
    return [found["text"] for found in _BLOCK.finditer(README) if found["language"] == language]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A new git repository."""
    folder = tmp_path / "shop"
    folder.mkdir()
    subprocess.run(["git", "init", "-q", str(folder)], check=True)
    return folder


def shell(project: Path, block: str) -> subprocess.CompletedProcess[str]:
    """Run `block` as it stands, in the project; it stops at the first command that fails."""
    programs = project.parent / "bin"
    programs.mkdir(exist_ok=True)
    python = shlex.quote(sys.executable)
    for name, words in (("orch", f"{python} -P -m orch"), ("MODEL", f"{python} -P -m support.fake_model")):
        (programs / name).write_text(f'#!/bin/sh\nexec {words} "$@"\n', encoding="utf-8")
        (programs / name).chmod(0o755)
    config = project.parent / "config"
    config.mkdir(exist_ok=True)
    settings = '[runners.script]\ncommand = ["MODEL"]\ntimeout = 60\n'
    (config / "config.toml").write_text(settings, encoding="utf-8")
    environment = {
        **os.environ,
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT / "tests"),
        "ORCH_CONFIG_HOME": str(config),
        "HOME": str(project.parent),
    }
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", block],
        cwd=project,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


def sessions(project: Path) -> list[dict[str, str]]:
    """What `orch list-sessions` knows."""
    listed = shell(project, "orch list-sessions --json")
    found: list[dict[str, str]] = json.loads(listed.stdout)["sessions"]
    return found


def test_the_session_in_a_terminal(project: Path) -> None:
    """From the plan to the outcome, by pipes."""
    (block,) = (text for text in blocks("sh") if "orch plan" in text)
    done = shell(project, block)
    assert done.returncode == 0, done.stderr
    (session,) = sessions(project)
    assert (session["title"], session["status"]) == ("Add user authentication", "completed")
    shown = shell(project, f"orch show {session['id']} --json")
    assert json.loads(shown.stdout)["outcome"] == {"result": "success"}
    steps = [entry["step"] for entry in json.loads(shown.stdout)["history"]]
    assert steps == ["plan", "process", "analyze", "save-analysis", "implement", "save-implementation", "complete"]
    assert {path.name for path in (project / ".orch").iterdir()} <= set(_tree()) | {
        ".gitignore",
        ".gitattributes",
        ".lock",
    }


def test_a_runner_takes_the_same_steps(project: Path) -> None:
    """`orch run` in the place of each line."""
    (block,) = (text for text in blocks("sh") if text.startswith("orch run"))
    assert shell(project, 'orch plan "Add user authentication"').returncode == 0
    for status in ("planning", "analysis", "implementation"):
        done = shell(project, block)
        assert done.returncode == 0, done.stderr
        assert sessions(project)[0]["status"] == status


def test_what_is_said_of_orch_alone(project: Path) -> None:
    """Bare `orch`, and a session that is named by its short id."""
    assert shell(project, 'orch plan "One"; orch plan "Two"').returncode == 0
    one, two = sorted(sessions(project), key=lambda entry: entry["title"])
    alone = shell(project, "orch").stdout
    assert one["id"][:8] in alone
    assert two["id"][:8] in alone
    unnamed = shell(project, "orch next")
    assert (unnamed.returncode, unnamed.stdout) == (1, "")
    assert one["title"] in shell(project, f"orch next --session {one['id'][:8]}").stdout


def test_the_other_blocks_are_of_make() -> None:
    """Every command of a shell block is `orch` or a target of the Makefile."""
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    for block in blocks("sh"):
        for line in block.splitlines():
            program, word, *_ = [*shlex.split(line, comments=True), "", ""]
            assert program in ("orch", "make"), line
            assert program == "orch" or word in targets, line


def _tree() -> list[str]:
    """The names in the README's picture of `.orch`."""
    (tree,) = (text for text in blocks("") if text.startswith(".orch/"))
    return re.findall(r"^  ([\w.]+)", tree, re.MULTILINE)
