"""The options that several commands share."""

from typing import Annotated, Any

import typer

from orch.cli.completion import complete_session


def _pairs(given: list[str] | None) -> list[str] | None:
    for pair in given or ():
        if not pair.partition("=")[1] or not pair.partition("=")[0].strip():
            raise typer.BadParameter(f"{pair!r} has no name and value; write KEY=VALUE or KEY=@FILE.")
    return given


def choice(*names: str) -> Any:
    """A parser that takes one of `names`."""

    def parse(given: str) -> str:
        if given not in names:
            raise typer.BadParameter(f"{given!r} is not one of {', '.join(names)}.")
        return given

    return parse


SessionOption = Annotated[
    str | None,
    typer.Option(
        "--session",
        "-s",
        metavar="S",
        help="The session: its id, the beginning of it, or its file.",
        autocompletion=complete_session,
    ),
]
FileOption = Annotated[
    str | None,
    typer.Option("--file", "-f", metavar="F", help="The file with the text; - is standard input."),
]
SetOption = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="K=V",
        callback=_pairs,
        help="A value for an input or an open place; K=@FILE takes it from a file. May be repeated.",
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Write one JSON object to standard output.")]
