"""Edits of a TOML text that a person may have written: by span, in the style found there, checked before they go.

A changed value keeps its place and the comment behind it. A new key goes after its own table's last key; to dotted
keys as a dotted sibling; into an inline table inside it; where there is nothing, under a new header. Comments,
blank lines, order and line ends outside a changed value stay byte for byte. The result is read by tomllib and must
hold exactly the data intended, or there is no result.
"""

import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from orch.syntax.toml_data import (
    ImpossibleError,
    Path,
    append_in,
    is_table_list,
    plain,
    remove_in,
    same_data,
    set_in,
    value_at,
)
from orch.syntax.toml_draft import Draft
from orch.syntax.toml_format import UnwritableError
from orch.syntax.toml_insert import append_element, insert, replace_value
from orch.syntax.toml_remove import remove
from orch.syntax.toml_tree import TomlTree
from orch.text.span import Span, TextEdit


@dataclass(frozen=True, slots=True)
class Set:
    """Give what stands at `path` the value: a text, number, bool, date or time, list, or a mapping for a table.

    Tables on the way are made. A list of mappings is a list of tables. What is there already is changed as little
    as can be: of a table only the keys that differ.
    """

    path: Path
    value: Any


@dataclass(frozen=True, slots=True)
class Remove:
    """Take away the key, table or list element at `path`; nothing happens where there is none."""

    path: Path


@dataclass(frozen=True, slots=True)
class Append:
    """Add an element to the list of tables at `path`, which is made where there is none."""

    path: Path
    table: Mapping[str, Any]


Change = Set | Remove | Append

_MOST_LEVELS = 200
"""Parts of a key's full path; tomllib's time grows with their square."""


@dataclass(frozen=True, slots=True)
class Edited:
    """The text after the changes, and the edits of the original that make it: in order, none touching another."""

    text: str
    edits: tuple[TextEdit, ...]


@dataclass(frozen=True, slots=True)
class EditProblem:
    """Why nothing was changed: one plain sentence, and the place in the text where there is one."""

    sentence: str
    span: Span | None = None


def edit_toml(
    text: str,
    changes: Sequence[Change],
    order: Sequence[str] = (),
    *,
    long_keys: Collection[tuple[str, ...]] = (),
) -> Edited | EditProblem:
    """`text` with `changes` made one after the other, or why they cannot be made. Never raises.

    `order` has the names of top-level tables in the order in which new headers are put, where the file keeps to it.
    `long_keys` has the paths (without numbers) of texts that are written as long ones whatever their size.
    """
    draft = Draft(text, tuple(order), frozenset(long_keys))
    refused = _refused(draft.tree)
    if refused is not None:
        return refused
    try:
        wanted = tomllib.loads(text)
        plain_changes = [_plain(change) for change in changes]
        for change in plain_changes:
            _apply(wanted, change)
            _make(draft, change)
        result = tomllib.loads(draft.text)
    except (ImpossibleError, UnwritableError) as error:
        return EditProblem(str(error))
    except (ValueError, RecursionError) as error:
        return EditProblem(f"The changed file would not be valid TOML ({error}), so nothing was changed.")
    if not same_data(result, wanted):
        return EditProblem("The changed file would not hold exactly the data intended, so nothing was changed.")
    return Edited(draft.text, draft.edits())


def new_toml(
    data: Mapping[str, Any], order: Sequence[str] = (), *, long_keys: Collection[tuple[str, ...]] = ()
) -> str:
    """A new file that holds `data`: keys first, then tables in `order`, those that it does not name last.

    Raises ValueError where TOML has no form for the data.
    """
    rank = {name: index for index, name in enumerate(order)}
    names = sorted(data, key=lambda name: rank.get(name, len(rank)) if _is_table(data[name]) else -1)
    edited = edit_toml("", [Set((name,), data[name]) for name in names], order, long_keys=long_keys)
    if isinstance(edited, EditProblem):
        raise ValueError(edited.sentence)
    return edited.text


def _is_table(value: Any) -> bool:
    return isinstance(value, Mapping) or (
        isinstance(value, Sequence) and bool(value) and all(isinstance(item, Mapping) for item in value)
    )


def _refused(tree: TomlTree) -> EditProblem | None:
    """Why a file is not edited at all, if it is not."""
    if not tree.valid:
        first = tree.problems[0]
        line = tree.text.count("\n", 0, first.span.start) + 1
        return EditProblem(f"The file is not valid TOML in line {line}: {first.message}", first.span)
    paths = enumerate(tree.tables.paths)
    deep = next((index for index, path in paths if path is not None and len(path) > _MOST_LEVELS), None)
    if deep is not None:
        return EditProblem("This key is nested too deeply to edit the file: make it flatter.", tree.core_of(deep))
    return None


def _plain(change: Change) -> Change:
    if not change.path:
        raise ImpossibleError("A change needs the path of what it is to change.")
    if isinstance(change, Set):
        return Set(change.path, plain(change.value))
    return Append(change.path, plain(change.table)) if isinstance(change, Append) else change


def _apply(data: dict[str, Any], change: Change) -> None:
    """Makes `change` in plain data: what the file must hold afterwards."""
    if isinstance(change, Set):
        set_in(data, change.path, plain(change.value))
    elif isinstance(change, Append):
        append_in(data, change.path, plain(change.table))
    else:
        remove_in(data, change.path)


def _make(draft: Draft, change: Change) -> None:
    if isinstance(change, Set):
        _set(draft, change.path, change.value)
    elif isinstance(change, Append):
        append_element(draft, change.path, dict(change.table))
    else:
        _remove(draft, change.path)


def _set(draft: Draft, path: Path, value: Any) -> None:
    try:
        there = value_at(draft.tree.data, path)
    except KeyError:
        insert(draft, path, value)
        return
    if same_data(there, value):
        return
    if isinstance(there, dict) and isinstance(value, dict):
        _set_table(draft, path, there, value)
    elif is_table_list(there) and is_table_list(value):
        _set_table_list(draft, path, there, value)
    elif draft.tree.find(path) is not None:
        replace_value(draft, path, value)
    elif isinstance(path[-1], int):
        # an element under a header of its own becomes a plain value: the list is written anew
        elements = list(value_at(draft.tree.data, path[:-1]))
        elements[path[-1]] = value
        _set(draft, path[:-1], elements)
    else:
        _remove(draft, path, keep_parent=False)
        insert(draft, path, value)


def _set_table(draft: Draft, path: Path, there: dict[str, Any], value: dict[str, Any]) -> None:
    # what comes is written first, so that the table never vanishes on the way
    for key in value:
        _set(draft, (*path, key), value[key])
    for key in there:
        if key not in value:
            _remove(draft, (*path, key))


def _set_table_list(draft: Draft, path: Path, there: list[Any], value: list[Any]) -> None:
    for index in range(len(there) - 1, len(value) - 1, -1):
        _remove(draft, (*path, index))
    for index, table in enumerate(value):
        if index < len(there):
            _set(draft, (*path, index), table)
        else:
            append_element(draft, path, table)


def _remove(draft: Draft, path: Path, *, keep_parent: bool = True) -> None:
    """Takes away what is at `path`. A table or list that only stood there through it stays, as an empty one."""
    try:
        value_at(draft.tree.data, path)
    except KeyError:
        return
    remove(draft, path)
    if not keep_parent or len(path) < 2:
        return
    try:
        value_at(draft.tree.data, path[:-1])
    except KeyError:
        insert(draft, path[:-1], [] if isinstance(path[-1], int) else {})
