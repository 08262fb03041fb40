"""`orch mcp`: the MCP server on standard input and output."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

NOT_INSTALLED = "orch mcp needs the MCP SDK, which is not installed here: pip install 'orch-lsp[mcp]'"


def main(argv: Sequence[str]) -> int:
    """Serves until the client closes standard input. Gives the exit code: 1 without the SDK, 2 for wrong usage."""
    parser = argparse.ArgumentParser(
        prog="orch mcp",
        description="An MCP server on standard input and output; clients such as Claude Code start it.",
        epilog="Without --root the folders that the client works in are meant, else the working folder.",
    )
    parser.add_argument("--root", metavar="FOLDER", help="the folder of the project; .orch is looked for upwards")
    try:
        options = parser.parse_args(argv)
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 2
    folder = Path(options.root).expanduser().absolute() if options.root is not None else None
    if folder is not None and not folder.is_dir():
        print(f"orch mcp: there is no folder {options.root}.", file=sys.stderr)
        return 2
    _forget_working_folder()
    try:
        from orch.mcp.server import serve
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] == "orch":
            raise
        print(NOT_INSTALLED, file=sys.stderr)
        return 1
    if sys.stdin is not None and sys.stdin.isatty():
        print("orch mcp waits for an MCP client on standard input; Ctrl-C ends it.", file=sys.stderr)
    return serve(folder)


def _forget_working_folder() -> None:
    """Takes the working folder from where Python looks for modules, as `python -m orch` puts it there.

    A project that was cloned must not be able to bring its own `mcp` or `anyio`.
    """
    try:
        here = Path.cwd()
    except OSError:
        return
    sys.path[:] = [entry for entry in sys.path if entry and Path(os.path.abspath(entry)) != here]  # noqa: PTH100
