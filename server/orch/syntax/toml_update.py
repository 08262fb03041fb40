"""A TOML document after an edit: only what the edit touched is read again, all else is taken over."""

from bisect import bisect_right
from typing import Any

from orch.syntax.toml_document import Document, rescan, scan_document
from orch.syntax.toml_raw import RawValue, Statement
from orch.syntax.toml_strings import has_controls
from orch.syntax.toml_tables import Path, Tables, build_tables
from orch.text.difference import difference


def updated(old_text: str, old: Document, tables: Tables, text: str) -> tuple[Document, Tables]:
    """The statements and tables of `text`, given those of `old_text`; the same as if all were read anew."""
    start, old_end, new_end = difference(old_text, text)
    typed = _typed_in_text(old, tables, text, start, old_end, new_end)
    if typed is not None:
        return typed
    scanned = rescan(old, text, start, old_end, new_end)
    if scanned is None:
        document = scan_document(text)
        return document, build_tables(document.statements)
    document, first, old_after, new_after = scanned
    gone = old.statements[first:old_after]
    come = document.statements[first:new_after]
    if len(gone) == len(come) and all(map(_same_shape, gone, come)):
        return document, _with_values(tables, gone, come, first)
    return document, build_tables(document.statements)


def _same_shape(old: Statement, new: Statement) -> bool:
    """Whether two statements mean the same for the tables, their values apart."""
    if old.kind != new.kind or old.is_array != new.is_array or len(old.keys) != len(new.keys):
        return False
    if any(one.name != other.name for one, other in zip(old.keys, new.keys, strict=True)):
        return False
    if old.kind == "header":
        return bool(old.problems) == bool(new.problems)
    if old.value is None or new.value is None:
        return old.value is new.value
    return _sort(old.value) == _sort(new.value)


def _sort(value: RawValue) -> int:
    if value.kind == "invalid":
        return 0
    return 2 if value.kind in ("array", "inline-table") else 1


def _with_values(tables: Tables, gone: list[Statement], come: list[Statement], first: int) -> Tables:
    """`tables` with the values of the statements from index `first` on replaced. The old data stay as they were."""
    data = tables.data
    for index, (old, new) in enumerate(zip(gone, come, strict=True), first):
        path = tables.paths[index]
        if new.value is not None and old.value is not new.value and tables.stored[index] and path:
            data = _with_value(data, path, new.value.value)
    return tables.with_data(data)


def _with_value(data: dict[str, Any], path: Path, value: Any) -> dict[str, Any]:
    top: Any = dict(data)
    at = top
    for part in path[:-1]:
        inner = at[part]
        at[part] = dict(inner) if isinstance(inner, dict) else list(inner)
        at = at[part]
    at[path[-1]] = value
    return top  # type: ignore[no-any-return]


_BORDER = 3
"""Characters around an edit that decide whether quotes, line ends or escapes come or go by it."""


def _typed_in_text(
    document: Document, tables: Tables, text: str, start: int, old_end: int, new_end: int
) -> tuple[Document, Tables] | None:
    """The same after an edit well inside a multi-line string, where nothing but that string can have changed."""
    index = bisect_right(document.starts, start) - 1
    old = document.statements[index] if index >= 0 else None
    if old is None or old.value is None or old.value.escaped or len(old.value.quote) != 3 or old.problems:
        return None
    value = old.value
    if old.reach > old.end or not document.whole:
        return None
    shift = document.starts[index] - old.start
    low, high = value.content[0] + shift, value.content[1] + shift
    if start < low + _BORDER or old_end > high - _BORDER:
        return None
    border = new_end + _BORDER
    window = text[start - _BORDER : border + text.startswith("\n", border)]
    if value.quote[0] in window or "\\" in window or has_controls(window.replace("\r\n", "\n")):
        return None
    by = new_end - old_end
    new = old.moved(shift, by)
    new_value = value.moved(shift, by)
    new_value.value = text[low : high + by]
    if not value.exact or "\r" in window:
        new_value.value = new_value.value.replace("\r\n", "\n")
        new_value.exact = len(new_value.value) == high + by - low
    new.value = new_value
    statements = document.statements.copy()
    statements[index] = new
    starts = document.starts
    if by:
        starts = [*starts[: index + 1], *map(by.__add__, starts[index + 1 :])]
    changed = Document(statements, starts, document.far, document.problems, True)
    return changed, _with_values(tables, [old], [new], index)
