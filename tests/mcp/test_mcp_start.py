"""`orch mcp` on the command line, and that nothing else needs or imports the SDK."""

import subprocess
import sys
from pathlib import Path

import pytest

from orch.mcp import main as entry
from orch.mcp.main import NOT_INSTALLED, main
from support.command_line import run_real

SDK = ("mcp", "mcp_types", "anyio", "pydantic", "starlette", "httpx2", "httpx", "uvicorn", "jsonschema")
"""The SDK and what it brings along."""


def python(code: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-P", "-c", code], cwd=folder, capture_output=True, text=True, check=False, timeout=60
    )


IMPORTED = f"print(sorted(set({SDK!r}) & set(sys.modules)))"
WITHOUT_SDK = "import sys; sys.modules.update(mcp=None, mcp_types=None, anyio=None); "


@pytest.mark.parametrize(
    "what",
    [
        "import orch.lsp.server, orch.lsp.features as f, orch.lsp.language_server as s; f.register(s.OrchServer())",
        "from orch.cli.app import GROUPS, main; main(['--version'])",
        "from orch.cli.app import main; main(['--help'])",
        "from orch.cli.app import main; main(['check'])",
        "import orch.mcp, orch.mcp.main, orch.mcp.calling, orch.mcp.prompts, orch.mcp.resources, orch.mcp.watching",
    ],
)
def test_the_other_faces_import_nothing_of_the_sdk(folder: Path, what: str) -> None:
    done = python(f"import sys; {what}; {IMPORTED}", folder)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "[]"


def test_without_the_sdk_one_sentence_says_what_to_install(folder: Path) -> None:
    start = "sys.argv = ['orch', 'mcp']; from orch.__main__ import main; sys.exit(main())"
    done = python(WITHOUT_SDK + start, folder)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", f"{NOT_INSTALLED}\n")
    assert "pip install 'orch-lsp[mcp]'" in NOT_INSTALLED


def test_the_command_line_goes_on_without_the_sdk(folder: Path) -> None:
    start = "sys.argv = ['orch', 'list-sessions', '--json']; from orch.__main__ import main; sys.exit(main())"
    done = python(WITHOUT_SDK + start, folder)
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--root", "nowhere"], 2, "orch mcp: there is no folder nowhere.\n"),
        (["--port", "80"], 2, "unrecognized arguments: --port 80"),
        (["--root"], 2, "expected one argument"),
    ],
)
def test_wrong_usage(capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, said: str) -> None:
    assert main(arguments) == code
    told = capsys.readouterr()
    assert told.out == ""
    assert said in told.err


def test_help(folder: Path) -> None:
    done = run_real(folder, "mcp", "--help")
    assert done.returncode == 0
    assert b"usage: orch mcp [-h] [--root FOLDER]" in done.stdout
    assert b"orch mcp" in run_real(folder, "--help").stdout


def test_an_import_of_ours_that_fails_is_not_called_a_missing_sdk(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    monkeypatch.setattr(entry, "_forget_working_folder", lambda: None)
    monkeypatch.setitem(sys.modules, "orch.mcp.server", None)
    with pytest.raises(ModuleNotFoundError, match=r"orch\.mcp\.server"):
        main([])
