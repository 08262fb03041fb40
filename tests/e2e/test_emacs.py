"""Real Emacs, in batch mode, with `editors/emacs/orch.el`: each scenario is a file that fails by an error."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from support.whole_way import answer_files, assert_whole_way

ROOT = Path(__file__).absolute().parents[2]
FILE = ROOT / "editors" / "emacs" / "orch.el"
SCENARIOS = Path(__file__).parent / "emacs"


def test_emacs_plans_answers_fills_and_completes(shop: Path, tmp_path: Path) -> None:
    """From a Python file to the completed session, with the real answers, by commands and code actions."""
    run("plan_to_complete.el", shop, {"answers": answer_files(tmp_path)})
    assert_whole_way(shop, {"MODULE NAME": "shop", "team": "two\nlines"})


def test_the_file_for_emacs_compiles_without_a_warning(tmp_path: Path) -> None:
    """Byte-compiled with warnings as errors."""
    copy = shutil.copy(FILE, tmp_path)
    emacs_runs(
        ["--eval", "(setq byte-compile-error-on-warn t)", "-f", "batch-byte-compile", str(copy)], tmp_path, {}
    )


def run(scenario: str, project: Path, given: Mapping[str, Any]) -> None:
    """Run a scenario in the folder `project`; the test fails with what Emacs said."""
    options = {
        **given,
        "orch": str(FILE),
        "cmd": [sys.executable, "-I", "-m", "orch", "lsp"],
        "project": f"{project}/",
    }
    told = {"ORCH_E2E": json.dumps(options), "ORCH_E2E_DRIVER": str(SCENARIOS / "driver.el")}
    emacs_runs(["--load", str(SCENARIOS / scenario)], project, told)


def emacs_runs(words: list[str], folder: Path, told: Mapping[str, str]) -> None:
    """Emacs without anybody's own settings, in `folder`."""
    home = folder.parent / "home"
    home.mkdir(exist_ok=True)
    # `-Q` leaves the packages of the system out as well, and with them the eglot of an Emacs before 29
    done = subprocess.run(
        [emacs(), "--batch", "--no-init-file", *words],
        cwd=folder,
        env={**os.environ, **told, "HOME": str(home), "ORCH_CONFIG_HOME": str(home / "orch"), "LC_ALL": "C.UTF-8"},
        capture_output=True,
        encoding="utf-8",
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout}{done.stderr}"


def emacs() -> str:
    """`ORCH_EMACS`, or the one on the PATH."""
    found = os.environ.get("ORCH_EMACS") or shutil.which("emacs")
    if found is None:
        pytest.fail(
            "No Emacs was found; `apt-get install emacs-nox elpa-eglot` brings one, or name it in ORCH_EMACS."
        )
    return found
