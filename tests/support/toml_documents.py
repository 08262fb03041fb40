"""Random TOML documents in every style that a person may write in, random changes to them, and a plain oracle."""

import copy
import random
import tomllib
from datetime import UTC, date, datetime, time
from typing import Any

from orch.syntax.toml_edit import Append, Change, Remove, Set

NAMES = ("planning", "notes", "outcome", "values", "text", "rating", "A B", "b.c", "", "ключ", '"', "x-1")
TEXTS = (
    *("", "plain", "two\nlines", "\nfirst line end", "it's", "ends in '", "'''", '"""', "\\d", "tab\t", "bell\x07"),
    *(
        "bare\rreturn",
        "😀\u2028é",
        "a\n'''\nb\n\"\"\"\n'",
        "x" * 150,
        "[not.a.header]\na = 1\n",
        "# no comment",
        "last \\\n",
    ),
)
ORDER = ("request", "outcome", "notes", "planning", "analysis", "implementation", "executions", "history")


def key(name: str) -> str:
    """`name` as a key, quoted where it must be."""
    bare = bool(name) and all(each.isascii() and (each.isalnum() or each in "-_") for each in name)
    return name if bare else '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'


def leaf(random_: random.Random) -> tuple[str, Any]:
    """A value as a person may write it, and what it is."""
    written = random_.choice(
        (
            *(
                "1",
                "0x1f",
                "-2.50",
                "true",
                "1979-05-27T07:32:00Z",
                "1979-05-27",
                "07:32:00",
                '"a#b"',
                "'lit'",
                '"\\u00e9"',
            ),
            *(
                "'''\nlong\ntext'''",
                '"""\nbasic \\\n  text"""',
                "[]",
                '["a", "b"]',
                "[ 1, 2 ]",
                "[\n  'x', # in list\n  'y',\n]",
            ),
            "[\n    1,\n    2\n  ]",
        )
    )
    return written, tomllib.loads(f"v = {written}")["v"]


class _Writer:
    def __init__(self, random_: random.Random) -> None:
        self.random = random_
        self.lines: list[str] = []

    def comment(self) -> None:
        if self.random.random() < 0.3:
            self.lines.append(self.random.choice(("", "# note", "", "  # [indented]", "\t")))

    def pair(self, name: str, written: str, indent: str = "") -> None:
        equals = self.random.choice((" = ", "=", " = ", "  =  "))
        tail = self.random.choice(("", "", "", " # why", "\t#"))
        self.comment()
        self.lines.append(f"{indent}{name}{equals}{written}{tail}")

    def inline(self, depth: int = 0) -> str:
        names = self.random.sample(NAMES, self.random.randint(0, 3))
        pairs = []
        for name in names:
            deeper = depth < 2 and self.random.random() < 0.3
            written = self.inline(depth + 1) if deeper else leaf(self.random)[0]
            dotted = f"{key(name)}.{key(self.random.choice(NAMES))}" if self.random.random() < 0.2 else key(name)
            pairs.append(f"{dotted}{self.random.choice((' = ', '='))}{written}")
        if not pairs:
            return self.random.choice(("{}", "{ }"))
        return "{ " + ", ".join(pairs) + " }" if self.random.random() < 0.5 else "{" + ", ".join(pairs) + "}"

    def keys(self, indent: str) -> None:
        for name in self.random.sample(NAMES, self.random.randint(0, 4)):
            how = self.random.random()
            if how < 0.6:
                self.pair(key(name), leaf(self.random)[0], indent)
            elif how < 0.75:
                self.pair(key(name), self.inline(), indent)
            elif how < 0.9:
                for inner in self.random.sample(NAMES, self.random.randint(1, 3)):
                    self.pair(f"{key(name)}.{key(inner)}", leaf(self.random)[0], indent)
            else:
                items = ", ".join(self.inline() for _ in range(self.random.randint(0, 3)))
                self.pair(key(name), f"[{items}]", indent)

    def table(self, path: tuple[str, ...], depth: int) -> None:
        indent = self.random.choice(("", "", "", "  "))
        dotted = ".".join(map(key, path))
        element = self.random.random() < 0.25
        for _ in range(self.random.randint(1, 3) if element else 1):
            if self.random.random() < 0.9 or element:
                self.comment()
                tail = self.random.choice(("", "", " # head"))
                self.lines.append(f"{indent}{f'[[{dotted}]]' if element else f'[{dotted}]'}{tail}")
                self.keys(self.random.choice((indent, indent + "  ")))
            if depth < 2:
                for name in self.random.sample(NAMES, self.random.choice((0, 0, 1, 2))):
                    self.table((*path, name), depth + 1)


def random_document(random_: random.Random) -> str:
    """A valid document: headers, dotted keys, inline tables, lists of tables, comments and blank lines."""
    while True:
        writer = _Writer(random_)
        writer.keys("")
        for name in random_.sample((*ORDER, *NAMES), random_.randint(0, 5)):
            writer.table((name,), 0)
        writer.comment()
        newline = random_.choice(("\n", "\n", "\r\n"))
        text = "\n".join(writer.lines).replace("\n", newline) + random_.choice((newline, newline, ""))
        try:
            tomllib.loads(text)
        except tomllib.TOMLDecodeError:
            continue
        return text


def random_value(random_: random.Random, depth: int = 0) -> Any:
    """Any value that a change may set, tables and lists of tables among them."""
    how = random_.random()
    if how < 0.35 or depth > 2:
        return random_.choice(TEXTS)
    if how < 0.55:
        return random_.choice(
            (
                1,
                -5,
                0.5,
                -0.0,
                float("inf"),
                True,
                datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
                datetime(1, 1, 1),
                date(9, 9, 9),
                time(1),
            )
        )
    if how < 0.7:
        return [random_.choice(TEXTS) for _ in range(random_.randint(0, 3))]
    names = random_.sample(NAMES, random_.randint(0, 3))
    if how < 0.85:
        return {name: random_value(random_, depth + 1) for name in names}
    return [{name: random_value(random_, depth + 2) for name in names} for _ in range(random_.randint(0, 3))]


def _paths(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path] if path else []
    if isinstance(data, dict):
        for name, value in data.items():
            found += _paths(value, (*path, name))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            found += _paths(value, (*path, index))
    return found


def random_change(random_: random.Random, data: dict[str, Any]) -> Change:
    """A change to `data`, mostly of what is there or of something new below it."""
    there = _paths(data)
    path = random_.choice(there) if there and random_.random() < 0.7 else ()
    if random_.random() < 0.5 or not path:
        path = (*path, *random_.sample((*NAMES, *ORDER), random_.choice((1, 1, 2))))
    how = random_.random()
    if how < 0.55:
        return Set(path, random_value(random_))
    if how < 0.8:
        return Remove(path)
    lists = [each for each in there if _is_table_list(_get(data, each))]
    if lists and random_.random() < 0.7:
        path = random_.choice(lists)
    return Append(path, {name: random_value(random_, 2) for name in random_.sample(NAMES, 2)})


def _is_table_list(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, dict) for item in value)


def _get(data: Any, path: tuple[Any, ...]) -> Any:
    for part in path:
        data = data[part]
    return data


def applied(data: dict[str, Any], change: Change) -> dict[str, Any] | None:
    """What `data` is after `change`; None when the change makes no sense for it."""
    data = copy.deepcopy(data)
    *outer, last = change.path
    at: Any = data
    try:
        for part in outer:
            if isinstance(at, dict) and isinstance(part, str) and not isinstance(change, Remove):
                at = at.setdefault(part, {})
            else:
                at = at[part]
        if isinstance(change, Set):
            if isinstance(at, dict) != isinstance(last, str):
                return None
            at[last] = change.value
        elif isinstance(change, Append):
            if isinstance(at, dict) and last not in at:
                at[last] = []
            if not isinstance(at[last], list):
                return None
            at[last].append(change.table)
        else:
            del at[last]
    except (KeyError, IndexError, TypeError):
        return data if isinstance(change, Remove) else None
    return data
