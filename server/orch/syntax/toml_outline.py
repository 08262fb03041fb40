"""The data of a TOML text without its long texts, fast: for lists of ten thousand files.

What Orch itself writes is read line by line, and multi-line strings are skipped over. A text that holds anything
else is left to others.
"""

import re
from datetime import datetime
from typing import Any

from orch.syntax.toml_judge import Refused, judge_scalar

SKIPPED = "\u2026"
"""What stands for a multi-line string that is not blank: all that is told of it is that it is there."""

_KEY = r"[A-Za-z0-9_-]+|\"[^\"\\\n]*\""
_LONG = re.compile(r"=[ \t]*('''|\"\"\")\n?")
_WHOLE_KEY = re.compile(rf"(?:{_KEY})[ \t]*")
_HEADER = r"\[\[[A-Za-z0-9_.-]+\]\]|\[[A-Za-z0-9_.-]+\]"
_LINE = re.compile(rf"^(?:({_HEADER})|({_KEY})[ \t]*=[ \t]*([^ \t\n].*))$", re.MULTILINE)
_NO_LINE = re.compile(r"^[ \t]*(?:#.*)?$", re.MULTILINE)
_STRING = re.compile(r"(\"(?:[^\"\\]|\\.)*\"|'[^']*')[ \t]*(?:#.*)?")
_TIME = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:\d\d))[ \t]*(?:#.*)?")
_NUMBER = re.compile(r"((?:0|[1-9]\d{0,17})(\.\d+)?)[ \t]*(?:#.*)?")
_LIST = re.compile(r"\[((?:[ \t]*\"[^\"\\]*\"[ \t]*(?:,|(?=\])))*[ \t]*)\][ \t]*(?:#.*)?")
_ITEM = re.compile(r'"([^"]*)"')
_BLANK = re.compile(r"\s*")
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def toml_outline(text: str) -> dict[str, Any] | None:
    """The data of `text`, with `SKIPPED` for its multi-line strings; None where it is not plain enough for that."""
    short = without_long_texts(text)
    return None if short is None else plain_data(short)


def plain_data(short: str) -> dict[str, Any] | None:
    """The data of a text without multi-line strings; None where it is not plain enough for that."""
    if _FORBIDDEN.search(short):
        return None
    lines = _LINE.findall(short)
    if len(lines) + len(_NO_LINE.findall(short)) != short.count("\n") + 1:
        return None
    root: dict[str, Any] = {}
    table = root
    seen: set[str] = set()
    for header, key, written in lines:
        if header:
            opened = _opened(root, header.strip("[]"), header.startswith("[["), seen)
            if opened is None:
                return None
            table = opened
            continue
        name = key[1:-1] if key[0] == '"' else key
        if written[0] == '"' and written.find('"', 1) == len(written) - 1 and "\\" not in written:
            value: Any = written[1:-1]  # most are like this, and lists of ten thousand files are waited for
        else:
            value = _value(written)
        if value is None or name in table:
            return None
        table[name] = value
    return root


def without_long_texts(text: str) -> str | None:
    """`text` with short strings for its multi-line ones; None when one of them never ends."""
    pieces: list[str] = []
    at = 0
    while (found := _LONG.search(text, at)) is not None:
        stop = _end_of(text, found.end(), found[1])
        if stop is None or not _WHOLE_KEY.fullmatch(text, text.rfind("\n", 0, found.start()) + 1, found.start()):
            return None
        blank = _BLANK.match(text, found.end(), stop - 3)
        pieces += [text[at : found.start(1)], '""' if blank and blank.end() == stop - 3 else f'"{SKIPPED}"']
        at = stop
    return "".join((*pieces, text[at:]))


def _end_of(text: str, start: int, quotes: str) -> int | None:
    """Where the multi-line string ends whose text begins at `start`. Up to two quotes more belong to its text."""
    at = start
    while (end := text.find(quotes, at)) >= 0:
        before = text[start:end][-64:] if quotes == '"""' else ""
        if (len(before) - len(before.rstrip("\\"))) % 2 == 0:
            stop = end + 3
            while stop < end + 5 and text[stop : stop + 1] == quotes[0]:
                stop += 1
            return stop
        at = end + 1
    return None


def _opened(root: dict[str, Any], path: str, array: bool, seen: set[str]) -> dict[str, Any] | None:
    """The table that a header opens; None for one that cannot be, or that is opened a second time."""
    *above, last = path.split(".")
    if not last or "" in above:
        return None
    table: Any = root
    for name in above:
        table = table.setdefault(name, {})
        if not isinstance(table, dict):
            return None
    if array:
        if (last in table) != (f"[{path}]" in seen):
            return None
        seen.add(f"[{path}]")
        tables = table.setdefault(last, [])
        tables.append({})
        return tables[-1]  # type: ignore[no-any-return]
    opened = table.setdefault(last, {})
    if path in seen or not isinstance(opened, dict):
        return None
    seen.add(path)
    return opened


def _value(written: str) -> Any:
    """The value as it is written, with a comment behind it or without; None where it is of another form."""
    if match := _STRING.fullmatch(written):
        if "\\" not in match[1]:
            return match[1][1:-1]
        value = judge_scalar(match[1])
        return None if isinstance(value, Refused) else value
    if match := _TIME.fullmatch(written):
        try:
            return datetime.fromisoformat(match[1])
        except ValueError:
            return None
    if match := _NUMBER.fullmatch(written):
        return float(match[1]) if match[2] else int(match[1])
    match = _LIST.fullmatch(written)
    return _ITEM.findall(match[1]) if match else None
