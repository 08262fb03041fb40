"""`python -m orch`: the language server is there before, and without, anything of the command line."""

import subprocess
import sys

import pytest

from orch import __main__
from orch.lsp import server

WITHOUT = "import sys; sys.modules['typer'] = None; sys.modules['rich'] = None; "


def run(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60)


def test_lsp_goes_to_the_language_server(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[list[str]] = []

    def serve(argv: list[str]) -> int:
        given.append(argv)
        return 7

    monkeypatch.setattr(server, "main", serve)
    monkeypatch.setattr(sys, "argv", ["orch", "lsp", "--stdio"])
    assert __main__.main() == 7
    assert given == [["--stdio"]]


def test_the_language_server_needs_neither_typer_nor_rich() -> None:
    done = run(WITHOUT + "import orch.lsp.server; print('fine')")
    assert (done.stdout, done.stderr) == ("fine\n", "")


def test_without_typer_the_command_line_says_what_is_missing() -> None:
    done = run(WITHOUT + "sys.argv = ['orch', 'next']; from orch.__main__ import main; sys.exit(main())")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "Only the language server is installed here; for the rest: pip install orch-lsp\n"
