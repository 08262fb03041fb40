"""The command line's entry: the groups of commands, and what happens when one ends in an unexpected way.

A group is a file with `register(app)`; to add one, write it and put it into `GROUPS` with its commands.
"""

import os
import sys
import traceback
from collections.abc import Sequence
from importlib import import_module
from typing import Annotated

import typer

from orch import __version__
from orch.cli import terminal
from orch.cli.help import OrchGroup
from orch.cli.options import JsonOption
from orch.storage.port import StorageError

GROUPS: dict[str, tuple[str, ...]] = {
    "session_steps": (
        "plan", "process", "analyze", "save-analysis", "implement", "save-implementation", "complete", "reopen",
        "abandon",
    ),
    "flow": ("next", "answer"),
    "running": ("run",),
    "runners": ("runner",),
    "looking": ("list-sessions", "show"),
    "importing": ("import",),
    "templates": ("template",),
    "experiments": ("experiment",),
    "check": ("check",),
}  # fmt: skip
"""The files of the groups and their commands: only the file of the command that is asked for is imported."""
_INTERRUPTED = 130


def main(argv: Sequence[str]) -> int:
    """Runs the command line `argv`, without the program's name. Gives the exit code."""
    terminal.prepare_streams()
    try:
        args = _json_last(argv)
        _app(args)(args=args, prog_name="orch", obj="--json" in args)
        code = 0
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 1
    except KeyboardInterrupt:
        code = _INTERRUPTED
    except StorageError as error:
        terminal.say(str(error), "red")
        code = 1
    except Exception as error:
        terminal.say(f"Orch met an error that it did not expect: {type(error).__name__}: {error}", "red")
        terminal.say("".join(traceback.format_exception(error)) if _wants_details() else _DETAILS, "dim")
        code = 1
    terminal.flush()
    return code


_DETAILS = "Run it again with ORCH_DEBUG=1 to see where, and please report it."


def _wants_details() -> bool:
    return bool(os.environ.get("ORCH_DEBUG"))


def _app(argv: Sequence[str]) -> typer.Typer:
    on_terminal = any(stream and stream.isatty() for stream in (sys.stdout, sys.stderr))
    app = typer.Typer(
        cls=OrchGroup,
        rich_markup_mode="rich" if on_terminal else None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
        epilog="orch lsp is the language server, orch mcp the MCP server, on standard input and output.",
    )
    app.callback(invoke_without_command=True)(_bare)
    for group in _groups(argv):
        import_module(f"orch.cli.{group}").register(app)
    return app


def _groups(argv: Sequence[str]) -> list[str]:
    """The groups that the command line needs: that of its command; all where it asks for help or has no command."""
    return [group for group, names in GROUPS.items() if argv[:1] and argv[0] in names] or list(GROUPS)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"orch {__version__}")
        raise typer.Exit


def _bare(
    context: typer.Context,
    version: Annotated[  # noqa: ARG001 - its callback does the work
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """Plan, analyse and implement a feature with prompts that are kept, checked and measured like code.

    Without a command: the open sessions and what comes next in each.

    Examples:

    orch plan "Add user authentication" | MODEL | orch process

    orch next | MODEL | orch answer
    """
    if context.invoked_subcommand is None:
        from orch.cli import looking

        looking.open_sessions(as_json=json)


def _json_last(argv: Sequence[str]) -> list[str]:
    """`orch --json next` means `orch next --json`."""
    given = list(argv)
    if given[:1] == ["--json"] and len(given) > 1 and not given[1].startswith("-"):
        return [given[1], "--json", *given[2:]]
    return given
