"""Where a key of a session file stands in the schema."""

from collections.abc import Sequence
from difflib import get_close_matches
from functools import lru_cache
from typing import NamedTuple

from orch.model.schema import SESSION_TABLES, Key, Table, table_at
from orch.syntax.toml_tree import Path


class Spot(NamedTuple):
    """What the schema knows of a path. `table` is the nearest table that it knows, `key` the key, if it is one.

    `unknown` is the index in the path of the first part that the schema does not know, -1 when it knows all.
    """

    table: Table
    key: Key | None
    unknown: int


def names_of(path: Path) -> tuple[str, ...]:
    """`path` without the numbers of list elements, as the schema counts: `("history", 0, "at")` is `history.at`."""
    return tuple(part for part in path if isinstance(part, str))


def spot(path: Path) -> Spot:
    """Looks `path` up in the schema. Below a free table everything is known, and so is what lies below a key."""
    return _spot(tuple(0 if isinstance(part, int) else part for part in path))


@lru_cache(maxsize=2048)
def _spot(path: Path) -> Spot:
    """`spot` for a path in which every list element is the first: they are all alike."""
    table = SESSION_TABLES[0]
    names: tuple[str, ...] = ()
    for index, part in enumerate(path):
        if isinstance(part, int):
            continue
        names = (*names, part)
        found = table_at(names)
        if found is not None:
            table = found
        elif table.free:
            return Spot(table, None, -1)
        else:
            key = table.key(part)
            return Spot(table, key, -1 if key is not None else index)
    return Spot(table, None, -1)


def children(table: Table) -> list[str]:
    """The keys and sub-tables of `table`, in the file's order."""
    below = (other.path[-1] for other in SESSION_TABLES if other.path and other.path[:-1] == table.path)
    return [*(key.name for key in table.keys), *below]


def closest(name: str, known: Sequence[str]) -> str | None:
    """The one of `known` that `name` was probably meant to be; None when none is near."""
    found = get_close_matches(name.lower(), known, n=1, cutoff=0.7)
    return found[0] if found else None


def dotted(path: Sequence[str | int]) -> str:
    """A path for a message: `history[0].at`."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text
