"""A version's file that two branches made and git merged: what each of them had written.

Two branches that publish one text under one number make the same file with another time, author and message. With
`merge=union` (see `storage/own_folder.py`) git puts the lines of both into it and reports no conflict; without it,
there are conflict markers. Such a file is no TOML any more, and yet nothing in it is lost or in doubt: the text is
the same on both sides, as the file's name says, and stands behind all that may differ.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from orch.model.toml import exact_toml_data

_BODY = re.compile(r"^body = ", re.MULTILINE)
_KEY = re.compile(r"([a-z_]+) = ")
_MARKER = re.compile(r"(<{7}|\|{7}|={7}|>{7})(?: .*)?")
_OURS, _BASE, _THEIRS, _END = "<<<<<<<", "|||||||", "=======", ">>>>>>>"

Block = tuple[str, str]
"""A key and the lines that give its value."""


def merged_data(text: str) -> list[dict[str, Any]]:
    """The data of each version that a merged file holds, without repetition; empty for any other text."""
    body = _BODY.search(text)
    if body is None or exact_toml_data(text):
        return []
    if text.startswith(_OURS):
        return _whole_sides(text)
    head, rest = text[: body.start()].split("\n"), text[body.start() :]
    sides = _by_marker(head) if any(_MARKER.fullmatch(line) for line in head) else [head]
    found: list[dict[str, Any]] = []
    for side in sides:
        for lines in _by_repetition(_blocks(side)):
            data = exact_toml_data(lines + rest)
            if data and data not in found:
                found.append(data)
    return found


def _whole_sides(text: str) -> list[dict[str, Any]]:
    """The two files between conflict markers around all of both (`diff3`); a body may hold such lines as well."""
    inside = text.partition("\n")[2].rpartition(f"\n{_END}")[0] + "\n"
    for middle in re.finditer(rf"^{_THEIRS}\n", inside, re.MULTILINE):
        ours = re.split(rf"^{re.escape(_BASE)}(?: .*)?\n", inside[: middle.start()], flags=re.MULTILINE)[0]
        data = [found for side in (ours, inside[middle.end() :]) if (found := exact_toml_data(side))]
        if len(data) == 2:
            return data
    return []


def _by_marker(lines: Sequence[str]) -> list[list[str]]:
    """The two texts that conflict markers stand between; what was before both of them (`diff3`) is left out."""
    sides: tuple[list[str], list[str]] = ([], [])
    state = _END
    for line in lines:
        marker = _MARKER.fullmatch(line)
        if marker:
            state = marker[1]
            continue
        if state in (_OURS, _END):
            sides[0].append(line)
        if state in (_THEIRS, _END):
            sides[1].append(line)
    return list(sides)


def _blocks(lines: Sequence[str]) -> list[Block]:
    """The lines by the key that they belong to; a list may go over several."""
    key = ""
    keyed: list[Block] = []
    for line in lines:
        begun = _KEY.match(line)
        key = f"{begun[1]} {len(keyed)}" if begun else key
        keyed.append((key, f"{line}\n"))
    return [
        (key.partition(" ")[0], "".join(line for _, line in group))
        for key, group in groupby(keyed, key=lambda entry: entry[0])
    ]


def _by_repetition(blocks: Sequence[Block]) -> Iterator[str]:
    """One text for each time that a key is there; git writes what differs in the same order for every key."""
    values: dict[str, list[str]] = {}
    for key, lines in blocks:
        values.setdefault(key, []).append(lines)
    for number in range(max(map(len, values.values()), default=0)):
        yield "".join(found[min(number, len(found) - 1)] for found in values.values())
