"""Where new keys, tables and list elements go in a TOML text, and what is written there."""

import re
from collections.abc import Iterator
from typing import Any, Literal

from orch.syntax.toml_blocks import Style, blocks, insert_blocks, key_line, value_text
from orch.syntax.toml_data import ImpossibleError, Path, is_table_list, shown, value_at
from orch.syntax.toml_draft import Draft
from orch.syntax.toml_format import format_key, format_value
from orch.syntax.toml_tree import TomlValue

Form = Literal["header", "inline", "dotted", "implied", "none"]

_REST_OF_LINE = re.compile(r"[ \t]*+(,?)[ \t]*+(?:#[^\n]*+)?\r?\n")


def insert(draft: Draft, path: Path, value: Any) -> None:
    """Writes `value` for the key at `path`, which is not there yet. Raises ImpossibleError where it cannot be."""
    parent, key = path[:-1], path[-1]
    if isinstance(key, int):
        raise ImpossibleError(f"{shown(path)} is not in the list.")
    form = form_of(draft, parent)
    if form == "none":
        insert(draft, parent, {key: value})
    elif form == "inline":
        _insert_pair(draft, parent, key, value)
    elif form == "dotted":
        _insert_dotted(draft, parent, key, value)
    elif isinstance(value, dict) or is_table_list(value):
        elements = value if isinstance(value, list) else [value]
        style = _style(draft, _header_index(draft, parent))
        new = [
            block
            for table in elements
            for block in blocks(draft, path, table, style, element=isinstance(value, list))
        ]
        insert_blocks(draft, _place_for_table(draft, parent, key), new, blank=None if parent else True)
    elif form == "implied":
        _insert_header(draft, parent, {key: value})
    else:
        _insert_key(draft, parent, key, value)


def append_element(draft: Draft, path: Path, table: dict[str, Any]) -> None:
    """Adds `table` to the list at `path`, after its last element and what belongs to it."""
    try:
        there = value_at(draft.tree.data, path)
    except KeyError:
        insert(draft, path, [table])
        return
    if not isinstance(there, list):
        raise ImpossibleError(f"{shown(path)} is no list, so nothing can be added to it.")
    inline = draft.tree.find(path)
    if inline is not None:
        _append_item(draft, inline, format_value(table, newline=draft.newline))
        return
    last = (*path, len(there) - 1)
    header = draft.tree.header(last)
    if header is None:
        raise ImpossibleError(f"{shown(path)} is no list of tables.")
    style = _style(draft, header.statement)
    new = list(blocks(draft, path, table, style, element=True))
    pos = max(each.body.end for each in draft.tree.headers if each.path[: len(last)] == last)
    blank = header.statement == 0 or draft.blank_before(draft.comment_above(header.statement))
    insert_blocks(draft, pos, new, blank=blank)


def replace_value(draft: Draft, path: Path, value: Any) -> None:
    """Writes `value` where the value at `path` stands; a list keeps to one item a line if it was written so."""
    there = draft.tree.find(path)
    if there is None:
        raise ImpossibleError(f"{shown(path)} has no value of its own.")
    text = value_text(draft, path, value)
    items = there.items
    if isinstance(value, list) and value and there.kind == "array" and items:
        between = draft.text[there.span.start : items[0].span.start]
        if "\n" in between:
            indent = between[between.rfind("\n") + 1 :]
            if not indent.strip(" \t"):
                close = _indent_at(draft.text, there.span.end - 1)
                lines = "".join(
                    f"{indent}{format_value(item, newline=draft.newline)},{draft.newline}" for item in value
                )
                text = f"[{draft.newline}{lines}{close}]"
    draft.replace(there.span.start, there.span.end, text)


def form_of(draft: Draft, path: Path) -> Form:
    """How the table at `path` is written; the root counts as one with a header."""
    tree = draft.tree
    if not path or tree.header(path) is not None:
        return "header"
    try:
        value_at(tree.data, path)
    except KeyError:
        return "none"
    if tree.find(path) is not None or tree.value_around(path) is not None:
        return "inline"
    if _dotted_sibling(draft, path) >= 0:
        return "dotted"
    return "implied"


def _header_index(draft: Draft, path: Path) -> int:
    header = draft.tree.header(path) if path else None
    return header.statement if header else -1


def _entries_under(draft: Draft, home: int) -> Iterator[int]:
    """The statements that are keys of the header `home` itself, in order; -1 is the root."""
    tables = draft.tree.tables
    for index, statement in enumerate(draft.tree.document.statements):
        if statement.kind == "entry" and tables.homes[index] == home:
            yield index


def _dotted_sibling(draft: Draft, path: Path) -> int:
    """The last entry whose dotted key goes through the table at `path`; -1 where there is none."""
    tree = draft.tree
    found = -1
    for index, entry_path in enumerate(tree.tables.paths):
        if entry_path is None or len(entry_path) <= len(path) or entry_path[: len(path)] != path:
            continue
        keys = tree.document.statements[index].keys
        if tree.document.statements[index].kind == "entry" and len(entry_path) - len(keys) < len(path):
            found = index
    return found


def _style(draft: Draft, header: int, sibling: int | None = None) -> Style:
    """How the keys of a table are written, to go by `sibling`, else by its last key."""
    if sibling is None:
        sibling = max(_entries_under(draft, header), default=-1)
    indent = draft.indent(header) if header >= 0 else ""
    if sibling < 0:
        return Style(indent, indent)
    statement = draft.tree.document.statements[sibling]
    shift = draft.tree.lines_of(sibling).start - statement.start
    value = statement.value
    start = value.start if value is not None else statement.core[1]
    between = draft.text[statement.keys[-1].end + shift : start + shift]
    return Style(indent, draft.indent(sibling), "=" if between == "=" else " = ")


def _insert_key(draft: Draft, parent: Path, key: str, value: Any) -> None:
    """A key on a line of its own, after the last key of its table."""
    home = _header_index(draft, parent)
    last = max(_entries_under(draft, home), default=-1)
    style = _style(draft, home)
    line = key_line(draft, (*parent, key), format_key(key), value, style)
    if last < 0 and home < 0:
        _insert_first_root_key(draft, line)
        return
    _insert_line(draft, draft.tree.lines_of(last if last >= 0 else home).end, line)


def _insert_line(draft: Draft, pos: int, line: str) -> None:
    if pos and draft.text[pos - 1] != "\n":
        line = f"{draft.newline}{line}"
    draft.replace(pos, pos, line)


def _insert_first_root_key(draft: Draft, line: str) -> None:
    """The first key of the root goes right before the first header and the comment above it."""
    headers = draft.tree.headers
    if not headers:
        _insert_line(draft, len(draft.text), line)
        return
    pos = draft.comment_above(headers[0].statement)
    draft.replace(pos, pos, f"{line}{draft.newline}")


def _insert_dotted(draft: Draft, parent: Path, key: str, value: Any) -> None:
    """A key after the last dotted key of the same table, with the same beginning."""
    if isinstance(value, dict) and value:
        for inner in value:
            # the first of them makes the table, the others are its siblings
            if inner == next(iter(value)):
                _insert_sibling(draft, parent, (key, inner), value[inner])
            else:
                insert(draft, (*parent, key, inner), value[inner])
        return
    _insert_sibling(draft, parent, (key,), value)


def _insert_sibling(draft: Draft, parent: Path, names: tuple[str, ...], value: Any) -> None:
    if isinstance(value, dict) and value:
        first = next(iter(value))
        _insert_sibling(draft, parent, (*names, first), value[first])
        for inner in list(value)[1:]:
            insert(draft, (*parent, *names, inner), value[inner])
        return
    sibling = _dotted_sibling(draft, parent)
    tree = draft.tree
    statement = tree.document.statements[sibling]
    lines = tree.lines_of(sibling)
    shift = lines.start - statement.start
    outer = len(tree.tables.paths[sibling] or ()) - len(statement.keys)
    prefix_end = statement.keys[len(parent) - outer - 1].end
    prefix = draft.text[statement.keys[0].start + shift : prefix_end + shift]
    written = ".".join((prefix, *map(format_key, names)))
    style = _style(draft, tree.tables.homes[sibling], sibling)
    _insert_line(draft, lines.end, key_line(draft, (*parent, *names), written, value, style))


def _insert_pair(draft: Draft, parent: Path, key: str, value: Any) -> None:
    """A key inside an inline table."""
    around = draft.tree.value_around((*parent, key))
    table = around[1] if around else None
    names = (*parent, key)[around[0] :] if around else ()
    if table is None or table.kind != "inline-table":
        raise ImpossibleError(f"{shown(parent)} is no table, so it cannot hold the key {key}.")
    # a table that dotted keys make goes on after the last of them
    pairs = [pair for pair in table.pairs if pair.path[: len(names) - 1] == names[:-1]]
    tight = bool(pairs) and draft.text[pairs[-1].key_spans[-1].end : pairs[-1].value.span.start] == "="
    written = format_key(key)
    if len(names) > 1:
        spans = pairs[-1].key_spans
        written = f"{draft.text[spans[0].start : spans[len(names) - 2].end]}.{written}"
    pair = f"{written}{'=' if tight else ' = '}{value_text(draft, (*parent, key), value)}"
    if pairs:
        end = pairs[-1].value.span.end
        draft.replace(end, end, f", {pair}")
    else:
        draft.replace(table.span.start + 1, table.span.end - 1, f" {pair} ")


def _append_item(draft: Draft, array: TomlValue, item: str) -> None:
    """An item at the end of a list that is written as a value."""
    items = array.items
    if not items:
        draft.replace(array.span.end - 1, array.span.end - 1, item)
        return
    last = items[-1].span
    rest = _REST_OF_LINE.match(draft.text, last.end)
    if rest is None:
        draft.replace(last.end, last.end, f", {item}")
        return
    indent = _indent_at(draft.text, last.start)
    comma = rest.group(1)
    draft.replace(rest.end(), rest.end(), f"{indent}{item}{comma}{draft.newline}")
    if not comma:
        draft.replace(last.end, last.end, ",")


def _indent_at(text: str, pos: int) -> str:
    start = text.rfind("\n", 0, pos) + 1
    line = text[start:pos]
    return line[: len(line) - len(line.lstrip(" \t"))]


def _insert_header(draft: Draft, path: Path, table: dict[str, Any]) -> None:
    """A header for a table that so far only its sub-tables imply, before the first of them."""
    first = next(header for header in draft.tree.headers if header.path[: len(path)] == path)
    pos = draft.comment_above(first.statement)
    style = Style(draft.indent(first.statement), draft.indent(first.statement))
    new = list(blocks(draft, path, table, style, element=False))
    insert_blocks(draft, pos, new)


def _place_for_table(draft: Draft, parent: Path, name: str) -> int:
    """Where the header of a new table goes: right behind its parent's own lines, or by the order of the file."""
    if not parent:
        return _place_by_order(draft, name)
    header = draft.tree.header(parent)
    if header is not None:
        return header.body.end
    return max(each.body.end for each in draft.tree.headers if each.path[: len(parent)] == parent)


def _place_by_order(draft: Draft, name: str) -> int:
    """Before the first header that comes later in the order, if the file keeps to the order; else at the end."""
    rank = {each: index for index, each in enumerate(draft.order)}
    known = [
        (rank[str(header.path[0])], header.statement) for header in draft.tree.headers if header.path[0] in rank
    ]
    if name in rank and known == sorted(known):
        later = next((index for place, index in known if place > rank[name]), None)
        if later is not None:
            return draft.comment_above(later)
    return len(draft.text)
