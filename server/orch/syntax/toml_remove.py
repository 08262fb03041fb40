"""Taking keys, tables and list elements out of a TOML text. Comments stay, on a line of their own if need be."""

import re

from orch.syntax.toml_data import Path
from orch.syntax.toml_draft import Draft
from orch.syntax.toml_tree import TomlValue

_COMMA = re.compile(r"[ \t]*+,[ \t]*+")


def remove(draft: Draft, path: Path) -> None:
    """Takes away what stands at `path`, however it is written: as a key, in an inline table, under headers."""
    tree = draft.tree
    around = tree.value_around(path)
    if around is not None:
        _remove_inside(draft, path)
        return
    gone = [index for index, each in enumerate(tree.tables.paths) if each is not None and each[: len(path)] == path]
    for first, last in reversed(_runs(draft, gone)):
        _remove_run(draft, first, last)


def _runs(draft: Draft, gone: list[int]) -> list[tuple[int, int]]:
    """`gone` as (first, last) of statements that follow each other, with nothing but blank lines between."""
    runs: list[tuple[int, int]] = []
    for index in gone:
        if runs and _blank_between(draft, runs[-1][1], index):
            runs[-1] = (runs[-1][0], index)
        else:
            runs.append((index, index))
    return runs


def _blank_between(draft: Draft, first: int, last: int) -> bool:
    if _comment_start(draft, first) >= 0:
        return False
    start, end = draft.tree.lines_of(first).end, draft.tree.lines_of(last).start
    return not draft.text[start:end].strip(" \t\r\n")


def _comment_start(draft: Draft, index: int) -> int:
    """Where the comment behind statement `index` begins; -1 when it has none."""
    end = draft.tree.core_of(index).end
    rest = draft.text[end : draft.tree.lines_of(index).end]
    comment = rest.lstrip(" \t")
    return end + len(rest) - len(comment) if comment.startswith("#") else -1


def _remove_run(draft: Draft, first: int, last: int) -> None:
    tree = draft.tree
    start = tree.lines_of(first).start
    comment = _comment_start(draft, last)
    if comment >= 0:
        draft.replace(start if first < last else tree.core_of(first).start, comment, "")
        return
    end = tree.lines_of(last).end
    has_header = any(tree.document.statements[index].kind == "header" for index in range(first, last + 1))
    if has_header and draft.blank_before(start):
        end = _behind_blanks(draft.text, end)
        if end >= len(draft.text):
            start = len(draft.text[:start].rstrip(" \t\r\n"))
            start += len(draft.newline) if start and draft.text[start : start + 1] in ("\r", "\n") else 0
    draft.replace(start, end, "")


def _behind_blanks(text: str, pos: int) -> int:
    match = re.compile(r"(?:[ \t]*+\r?\n)*").match(text, pos)
    return match.end() if match else pos


def _remove_inside(draft: Draft, path: Path) -> None:
    """Takes what is at `path` out of a list or inline table; a table that dotted keys make is several pairs."""
    while around := draft.tree.value_around(path):
        length, container = around
        names = path[length:]
        if isinstance(names[0], int):
            _cut_item(draft, container, names[0])
            return
        pairs = container.pairs
        at = next((index for index, pair in enumerate(pairs) if pair.path[: len(names)] == names), -1)
        if at < 0:
            return
        _cut_pair(draft, container, at)


def _cut_pair(draft: Draft, table: TomlValue, at: int) -> None:
    pairs = table.pairs
    if len(pairs) == 1:
        draft.replace(table.span.start, table.span.end, "{}")
    elif at == 0:
        draft.replace(pairs[0].key_spans[0].start, pairs[1].key_spans[0].start, "")
    else:
        draft.replace(pairs[at - 1].value.span.end, pairs[at].value.span.end, "")


def _cut_item(draft: Draft, array: TomlValue, at: int) -> None:
    items = array.items
    start, end = items[at].span
    if at > 0:
        before = items[at - 1].span.end
        if _COMMA.fullmatch(draft.text, before, start):
            draft.replace(before, end, "")
            return
    match = _COMMA.match(draft.text, end)
    draft.replace(start, match.end() if match else end, "")
