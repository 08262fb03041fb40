"""Writing: to a person on a terminal with Rich, to a pipe as plain text.

What a program may want (prompts, lists, JSON) goes to standard output, everything said to a person to standard
error. Rich is imported only where there is a terminal.
"""

import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from rich.console import Console

LONG_LIST = 500
"""Entries from which on a list is for programs: laying it out takes several times as long as making it."""

Stream = Literal["out", "err"]
Row = Sequence[str]
# what a terminal would obey instead of showing it; texts come from models and from files that others wrote
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def prepare_streams() -> None:
    """Makes both streams UTF-8, whatever the console's own encoding is."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")


def is_terminal(stream: Stream) -> bool:
    """Whether a person sees what is written to the stream."""
    return bool(_stream(stream) and _stream(stream).isatty())


def write_text(text: str, language: str = "markdown") -> None:
    """Writes a text to standard output: exactly as it is and with a final line end, on a terminal in colours."""
    text = text if text.endswith("\n") else text + "\n"
    if not is_terminal("out"):
        _write("out", text)
        return
    from rich.syntax import Syntax

    # not the Syntax itself: it fills every line with spaces, which would be copied with the text
    coloured = Syntax("", language, background_color="default").highlight(_shown(text))
    with _whole("out"):
        _console("out").print(coloured, soft_wrap=True, end="")


def write_markdown(text: str) -> None:
    """Writes Markdown to standard output, laid out on a terminal."""
    if not is_terminal("out"):
        write_text(text)
        return
    from rich.markdown import Markdown

    with _whole("out"):
        _console("out").print(Markdown(_shown(text)))


def write_json(value: Mapping[str, Any]) -> None:
    """Writes one JSON object to standard output, laid out for reading unless it is a long list."""
    is_long = any(isinstance(entry, list) and len(entry) > LONG_LIST for entry in value.values())
    write_text(json.dumps(value, ensure_ascii=False, indent=None if is_long else 2), "json")


def write_bytes(data: bytes) -> None:
    """Writes bytes to standard output as they are."""
    with _whole("out"):
        sys.stdout.flush()
        sys.stdout.buffer.write(data)


def say(sentence: str, style: str = "") -> None:
    """Says something to the person. `style` is Rich's, for terminals."""
    if not is_terminal("err"):
        _write("err", sentence + "\n")
        return
    from rich.text import Text

    with _whole("err"):
        _console("err").print(Text(_shown(sentence), style=style), soft_wrap=True)


def write_table(stream: Stream, headers: Row, rows: Sequence[Row], styles: Mapping[str, str] | None = None) -> None:
    """Writes a table: aligned and headed on a terminal, else a line for each row with tabs between the fields.

    `styles` gives the colour of a cell by its text.
    """
    if not is_terminal(stream):
        _write(stream, "".join("\t".join(map(_field, row)) + "\n" for row in rows))
        return
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE_HEAD, header_style="bold", pad_edge=False, padding=(0, 1, 0, 0))
    for number, header in enumerate(headers):
        # in a narrow terminal every column gets narrower before a word of one is broken
        longest = max((len(word) for row in rows for word in row[number].split()), default=0)
        least = min(longest, _LONGEST_WORD)
        table.add_column(header, overflow="fold", no_wrap=number == 0, min_width=max(least, len(header)))
    for row in rows:
        table.add_row(*(Text(_shown(cell), style=(styles or {}).get(cell, "")) for cell in row))
    with _whole(stream):
        _console(stream).print(table)


_LONGEST_WORD = 14
"""Characters of a word that a table keeps together where its terminal is narrow."""


def write_styled(lines: Iterable[Sequence[tuple[str, str]]]) -> None:
    """Writes lines made of (text, Rich style) to standard output; in a pipe they have no colours."""
    if not is_terminal("out"):
        _write("out", "".join("".join(text for text, _ in line) + "\n" for line in lines))
        return
    from rich.text import Text

    with _whole("out"):
        for line in lines:
            _console("out").print(Text.assemble(*((_shown(text), style) for text, style in line)), soft_wrap=True)


@contextmanager
def counting(what: str) -> Iterator[Callable[[int, int], None]]:
    """Shows on a terminal how many of how many things are done; nothing of it is left afterwards."""
    if not is_terminal("err"):
        yield lambda _done, _all: None
        return
    with _console("err").status(what) as status:
        yield lambda done, of: status.update(f"{what}: {done} of {of}")


@contextmanager
def busy(what: str) -> Iterator[None]:
    """Shows on a terminal that something is under way; nothing of it is left afterwards."""
    if not is_terminal("err"):
        yield
        return
    with _console("err").status(what):
        yield


@contextmanager
def streaming() -> Iterator[Callable[[str], None]]:
    """Shows on a terminal a text as it comes, piece by piece; elsewhere nothing of it."""
    if not is_terminal("err"):
        yield lambda _: None
        return
    ended = True

    def show(piece: str) -> None:
        nonlocal ended
        _write("err", _shown(piece.replace("\r\n", "\n")))
        ended = piece.endswith("\n")

    try:
        yield show
    finally:
        if not ended:
            _write("err", "\n")


def flush() -> None:
    """Writes out what is still on its way; a reader who has gone is no trouble."""
    for name in ("out", "err"):
        with _whole(name):
            if stream := _stream(name):
                stream.flush()


def _stream(name: str) -> IO[str]:
    return sys.stdout if name == "out" else sys.stderr


def _write(name: Stream, text: str) -> None:
    stream = _stream(name)
    with _whole(name):
        if stream and hasattr(stream, "buffer"):
            # bytes, so that Windows makes no CRLF of the line ends
            stream.flush()
            stream.buffer.write(text.encode("utf-8", "replace"))
            stream.buffer.flush()
        elif stream:
            stream.write(text)


@contextmanager
def _whole(name: str) -> Iterator[None]:
    """Lets `orch show | head` end quietly: the work is done, and nobody wants to read more of it."""
    try:
        yield
    except BrokenPipeError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, _stream(name).fileno())
        os.close(nowhere)


def _console(name: Stream) -> "Console":
    from rich.console import Console

    return Console(file=_stream(name), highlight=False, emoji=False, markup=False)


def _shown(text: str) -> str:
    return _CONTROL.sub("\ufffd", text)


def _field(text: str) -> str:
    return " ".join(text.split())
