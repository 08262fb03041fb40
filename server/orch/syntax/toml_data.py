"""TOML data as plain Python values: made plain, changed as an edit says, compared without any tolerance."""

import math
from collections.abc import Mapping, MutableMapping, Sequence
from datetime import date, datetime, time
from typing import Any

from orch.syntax.toml_format import UnwritableError
from orch.text.clean import clean_text

Path = tuple[str | int, ...]
_MOST_LEVELS = 200


class ImpossibleError(Exception):
    """An edit asks for what the data cannot be. Its text is one plain sentence."""


def plain(value: Any, level: int = 0) -> Any:
    """`value` as tomllib would give it back after writing: own lists and dicts, cleaned texts, no subclasses.

    Raises UnwritableError where TOML has no form for it.
    """
    if level > _MOST_LEVELS:
        raise UnwritableError("The value is nested too deeply to write.")
    if isinstance(value, str):
        return clean_text(str.__str__(value))
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        return int.__int__(value)
    if isinstance(value, float):
        return float.__float__(value)
    if isinstance(value, time) and value.tzinfo is not None:
        raise UnwritableError("TOML has no form for a time of day with a time zone.")
    if isinstance(value, datetime | date | time):
        return value
    if isinstance(value, Mapping):
        return {_plain_key(key): plain(value[key], level + 1) for key in value}
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray | memoryview):
        return [plain(item, level + 1) for item in value]
    raise UnwritableError(f"TOML has no form for a value of type {type(value).__name__}.")


def _plain_key(key: Any) -> str:
    if not isinstance(key, str):
        raise UnwritableError(f"A key must be a text, not {key!r}.")
    return clean_text(str.__str__(key))


def is_table_list(value: Any) -> bool:
    """Whether `value` is a list of tables, at least one."""
    return isinstance(value, list) and bool(value) and all(isinstance(item, dict) for item in value)


def value_at(data: Any, path: Path) -> Any:
    """The value at `path` in `data`. Raises KeyError where there is none."""
    for part in path:
        in_list = isinstance(part, int) and isinstance(data, list) and 0 <= part < len(data)
        if not in_list and not (isinstance(part, str) and isinstance(data, dict) and part in data):
            raise KeyError(part)
        data = data[part]
    return data


def set_in(data: dict[str, Any], path: Path, value: Any) -> None:
    """Sets the value at `path`, making the tables on the way there. Raises ImpossibleError."""
    parent = _parent(data, path, make=True)
    last = path[-1]
    if isinstance(parent, list):
        if not isinstance(last, int) or not 0 <= last < len(parent):
            raise ImpossibleError(f"{shown(path)} is not in the list: it has {len(parent)} elements.")
        parent[last] = value
    else:
        parent[_name(path, last)] = value


def remove_in(data: dict[str, Any], path: Path) -> None:
    """Takes away the value at `path`; nothing where there is none."""
    try:
        parent = value_at(data, path[:-1])
        value_at(parent, path[-1:])
    except KeyError:
        return
    del parent[path[-1]]


def append_in(data: dict[str, Any], path: Path, table: dict[str, Any]) -> None:
    """Adds `table` to the list of tables at `path`, made where there is none. Raises ImpossibleError."""
    try:
        there = value_at(data, path)
    except KeyError:
        set_in(data, path, [table])
        return
    if not isinstance(there, list):
        raise ImpossibleError(f"{shown(path)} is no list, so nothing can be added to it.")
    there.append(table)


def _parent(data: dict[str, Any], path: Path, *, make: bool) -> Any:
    at: Any = data
    for index, part in enumerate(path[:-1]):
        if isinstance(at, list):
            if not isinstance(part, int) or not 0 <= part < len(at):
                raise ImpossibleError(f"{shown(path[: index + 1])} is not in the list: it has {len(at)} elements.")
            at = at[part]
        elif make and part not in at:
            at[_name(path, part)] = {}
            at = at[part]
        else:
            at = at[part]
        if not isinstance(at, dict | list):
            raise ImpossibleError(f"{shown(path[: index + 1])} is a value, so it cannot hold {shown(path)}.")
    return at


def _name(path: Path, part: str | int) -> str:
    if not isinstance(part, str):
        raise ImpossibleError(
            f"{shown(path[: path.index(part)]) or 'The file'} is a table, so it has no element {part}."
        )
    return part


def shown(path: Path) -> str:
    """A path for a message."""
    return ".".join(str(part) for part in path)


def same_data(one: Any, other: Any) -> bool:
    """Whether two TOML values are wholly the same: types, time zones, the sign of zero; nan equals itself."""
    todo = [(one, other)]
    while todo:
        left, right = todo.pop()
        if type(left) is not type(right):
            return False
        if isinstance(left, MutableMapping):
            if left.keys() != right.keys():
                return False
            todo += ((left[key], right[key]) for key in left)
        elif isinstance(left, list):
            if len(left) != len(right):
                return False
            todo += zip(left, right, strict=True)
        elif isinstance(left, float):
            if not (math.isnan(left) and math.isnan(right)) and (
                left != right or math.copysign(1, left) != math.copysign(1, right)
            ):
                return False
        elif left != right or (isinstance(left, datetime) and left.utcoffset() != right.utcoffset()):
            return False
    return True
