"""New lines of TOML: keys with their values, and tables with a header, in the form of a session file."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from orch.syntax.toml_data import Path, is_table_list
from orch.syntax.toml_draft import Draft
from orch.syntax.toml_format import format_key, format_path, format_value


class Style(NamedTuple):
    """How a person writes: the white space before headers and keys, what stands between key and value."""

    header_indent: str = ""
    key_indent: str = ""
    equals: str = " = "


def key_line(draft: Draft, path: Path, key: str, value: Any, style: Style) -> str:
    """A line that gives the key at `path`, written as `key`, a value."""
    return f"{style.key_indent}{key}{style.equals}{value_text(draft, path, value)}{draft.newline}"


def value_text(draft: Draft, path: Path, value: Any) -> str:
    """`value` as TOML text for the key at `path`."""
    return format_value(value, long=draft.is_long(path), newline=draft.newline)


class Block(NamedTuple):
    """A header with the lines below it. `depth` is the number of its names."""

    depth: int
    text: str


def blocks(draft: Draft, path: Path, table: Mapping[str, Any], style: Style, *, element: bool) -> Iterator[Block]:
    """The table at `path` and all below it.

    `element` makes it an element of a list of tables; `path` may lack the numbers. A table that holds nothing but
    other tables needs no header of its own.
    """
    names = [part for part in path if isinstance(part, str)]
    lines = [
        key_line(draft, (*path, key), format_key(key), value, style)
        for key, value in table.items()
        if not _has_header(value)
    ]
    inner = {key: value for key, value in table.items() if _has_header(value)}
    if lines or element or not inner:
        header = f"[[{format_path(names)}]]" if element else f"[{format_path(names)}]"
        yield Block(len(names), f"{style.header_indent}{header}{draft.newline}{''.join(lines)}")
    for key, value in inner.items():
        for each in value if isinstance(value, list) else (value,):
            yield from blocks(draft, (*path, key), each, style, element=isinstance(value, list))


def insert_blocks(draft: Draft, pos: int, new: Iterable[Block], *, blank: bool | None = None) -> None:
    """Puts new tables on lines of their own at `pos`.

    A blank line sets off a top-level table; one below does as the file has it. `blank` decides that for the first.
    """
    text, newline = draft.text, draft.newline
    inner = _blank_above_inner(draft)
    written = ""
    set_off = draft.blank_before(pos)
    if pos and text[pos - 1] != "\n":
        written, set_off = newline, False
    for place, block in enumerate(new):
        wanted = blank if blank is not None and place == 0 else inner or block.depth == 1
        written += f"{newline if wanted and not set_off else ''}{block.text}"
        set_off = False
    if pos < len(text) and not draft.blank_after(pos) and (inner or _is_top(draft, pos)):
        written += newline
    draft.replace(pos, pos, written)


def _blank_above_inner(draft: Draft) -> bool:
    """Whether the file has a blank line above a header of two names or more."""
    headers = (header for header in draft.tree.headers if len(header.key_spans) > 1 and header.statement > 0)
    return any(draft.blank_before(draft.comment_above(header.statement)) for header in headers)


def _is_top(draft: Draft, pos: int) -> bool:
    """Whether the next header from `pos` on is one of a top-level table."""
    following = (header for header in draft.tree.headers if header.span.start >= pos)
    return any(len(header.key_spans) == 1 for header in list(following)[:1])


def _has_header(value: Any) -> bool:
    return isinstance(value, dict) or is_table_list(value)
