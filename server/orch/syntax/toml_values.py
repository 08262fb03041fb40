"""Values of TOML: scalars, lists and inline tables, scanned without recursion and with every error in place.

A list or inline table that does not end takes no more than what belongs to it: the next line that begins like a key
or a header is left to be read by itself.
"""

import re
from typing import Any

from orch.syntax.toml_inline import inline_data, inline_problems
from orch.syntax.toml_judge import Refused, judge, kind_of
from orch.syntax.toml_raw import COMMENT, KEY, RawKey, RawPair, RawProblem, RawValue
from orch.syntax.toml_recovery import HEADER_LINE
from orch.syntax.toml_scalars import LOOSE_RUN, scan_simple, split_key

_GAP = re.compile(rf"(?:[ \t\n]++|\r\n|{COMMENT})*")
_SPACE = re.compile(r"[ \t]*+")
_KEY = re.compile(KEY)
_KEY_LINE = re.compile(rf"{KEY}[ \t]*+=")
_REST_OF_LINE = re.compile(r"[^\r\n]*+")
_NESTING = re.compile(r"'''|\"\"\"|\"(?:[^\"\\\r\n]|\\.)*\"|'[^'\r\n]*+'|#[^\r\n]*+|[\[{]++|[\]}]")
_MOST_LEVELS = 1000
"""Levels of nesting that get values of their own; tomllib's own limit lies below."""
_MOST_PROBLEMS = 5
"""Problems that are shown in one value."""


def scan_value(text: str, pos: int, problems: list[RawProblem]) -> RawValue:
    """The value that begins at `pos`. Adds to `problems` when it is not valid; its kind is "invalid" then."""
    first = text[pos : pos + 1]
    if first in ("[", "{") and first:
        return _scan_container(text, pos, problems)
    return scan_simple(text, pos, problems)


class _Frame:
    """A list or inline table that is still open."""

    __slots__ = ("is_list", "items", "keys", "pairs", "value", "wants_value")

    def __init__(self, value: RawValue, is_list: bool) -> None:
        self.value = value
        self.is_list = is_list
        self.items: list[RawValue] = []
        self.pairs: list[RawPair] = []
        self.keys: tuple[RawKey, ...] = ()
        self.wants_value = True

    def take(self, value: RawValue) -> None:
        if self.is_list:
            self.items.append(value)
        else:
            self.pairs.append(RawPair(self.keys, value))
        self.wants_value = False

    def close(self, end: int) -> RawValue:
        self.value.end = end
        self.value.items = self.items
        self.value.pairs = self.pairs
        return self.value


class _Scan:
    """The state of scanning one list or inline table: where we are, what is open, what was found."""

    __slots__ = ("comma", "depth", "found", "frames", "pos", "simple", "text", "token_end")

    def __init__(self, text: str, pos: int) -> None:
        self.text = text
        self.pos = pos
        self.token_end = pos
        self.frames: list[_Frame] = []
        self.found: list[RawProblem] = []
        self.depth = 0
        self.simple = True
        self.comma = -1

    def report(self, start: int, end: int, message: str) -> None:
        if len(self.found) < _MOST_PROBLEMS:
            self.found.append(RawProblem(start, end, message))

    def open(self) -> None:
        is_list = self.text[self.pos] == "["
        self.frames.append(_Frame(RawValue("array" if is_list else "inline-table", self.pos, self.pos), is_list))
        self.depth = max(self.depth, len(self.frames))
        self.pos += 1
        self.token_end = self.pos


def _scan_container(text: str, pos: int, problems: list[RawProblem]) -> RawValue:
    scan = _Scan(text, pos)
    scan.open()
    top = scan.frames[0].value
    closed = False
    while scan.frames:
        if len(scan.frames) > _MOST_LEVELS:
            return _too_deep(text, pos, problems)
        frame = scan.frames[-1]
        gap_start = scan.pos
        match = _GAP.match(text, gap_start)
        scan.pos = match.end() if match else gap_start
        new_line = "\n" in text[gap_start : scan.pos]
        if _must_stop(scan, frame, new_line):
            break
        if not frame.is_list and (new_line or "#" in text[gap_start : scan.pos]):
            scan.report(frame.value.start, frame.value.start + 1, _ONE_LINE)
        closed = _step(scan, frame)
    if not closed:
        for frame in reversed(scan.frames):
            frame.close(scan.token_end)
        opened = scan.frames[-1].value.start
        name, close = ("list", "]") if text[opened] == "[" else ("inline table", "}")
        scan.found = scan.found[: _MOST_PROBLEMS - 1]
        scan.found.append(
            RawProblem(opened, scan.token_end, f"This {name} never ends: close it with {close}.", "unterminated")
        )
        top.kind = "invalid"
        problems += scan.found
        return top
    _settle(text, top, scan, problems)
    return top


_ONE_LINE = "An inline table stands on one line: join its lines, or make it a table with a [header]."


def _must_stop(scan: _Scan, frame: _Frame, new_line: bool) -> bool:
    """Whether the open value has run into the end of the text or into what is surely the next statement."""
    text, pos = scan.text, scan.pos
    if pos >= len(text):
        return True
    if not new_line:
        return False
    line_start = text.rfind("\n", 0, pos) + 1
    if HEADER_LINE.match(text, line_start):
        return True
    return (frame.is_list or not frame.wants_value) and _KEY_LINE.match(text, pos) is not None


def _step(scan: _Scan, frame: _Frame) -> bool:
    """Reads one token of `frame`; True when it closed the outermost value."""
    text, pos = scan.text, scan.pos
    character = text[pos]
    closing = "]" if frame.is_list else "}"
    if character == closing:
        return _close(scan, frame)
    if character == ",":
        if frame.wants_value:
            scan.report(pos, pos + 1, "There is no value before this comma: delete the comma or write the value.")
        frame.wants_value = True
        scan.comma = pos
        scan.pos = scan.token_end = pos + 1
        return False
    if character in "]}":
        other = scan.frames[-2] if len(scan.frames) > 1 else None
        scan.report(pos, pos + 1, f"A {closing} is wanted here, not {character}: close what was opened last first.")
        if other is not None and other.is_list == (character == "]"):
            frame.close(pos)
            scan.frames.pop()
            scan.frames[-1].take(frame.value)
        else:
            scan.pos = scan.token_end = pos + 1
        return False
    if not frame.wants_value:
        scan.report(pos, pos + 1, "A comma is missing here: put one between the values.")
        frame.wants_value = True
    if not frame.is_list and not _read_key(scan, frame):
        return False
    _read_value(scan, frame)
    return False


def _close(scan: _Scan, frame: _Frame) -> bool:
    if not frame.is_list and frame.wants_value and frame.pairs:
        scan.report(scan.comma, scan.comma + 1, "No comma may stand before the } of an inline table: delete it.")
    scan.pos = scan.token_end = scan.pos + 1
    scan.frames.pop()
    value = frame.close(scan.pos)
    if not scan.frames:
        return True
    scan.frames[-1].take(value)
    return False


def _read_key(scan: _Scan, frame: _Frame) -> bool:
    """Reads `key =` in an inline table; False when there was none, which is reported and passed over."""
    text, pos = scan.text, scan.pos
    match = _KEY.match(text, pos)
    keys = split_key(text, pos, match.end()) if match else None
    if match is None or keys is None:
        rest = LOOSE_RUN.match(text, pos)
        end = max(rest.end() if rest else pos, pos + 1)
        scan.report(
            pos, end, "An inline table holds pairs such as name = value: write a key here, in quotes if need be."
        )
        scan.pos = scan.token_end = end
        frame.wants_value = False
        return False
    space = _SPACE.match(text, match.end())
    equals = space.end() if space else match.end()
    if not text.startswith("=", equals):
        rest = LOOSE_RUN.match(text, match.end())
        end = rest.end() if rest else match.end()
        scan.report(
            pos, max(match.end(), pos + len(text[pos:end].rstrip(" \t"))), "Write = and a value after this key."
        )
        scan.pos = scan.token_end = end
        frame.wants_value = False
        return False
    space = _SPACE.match(text, equals + 1)
    scan.pos = space.end() if space else equals + 1
    scan.token_end = equals + 1
    frame.keys = keys
    scan.simple = scan.simple and len(keys) == 1
    return True


def _read_value(scan: _Scan, frame: _Frame) -> None:
    text, pos = scan.text, scan.pos
    first = text[pos : pos + 1]
    if first in ("[", "{") and first:
        scan.open()
        return
    found: list[RawProblem] = []
    value = scan_simple(text, pos, found)
    if value.end == pos:
        # nothing that could be a value: a key without one, or a character that has no business here
        if frame.is_list or first in ("=", "'", '"'):
            value.end = min(pos + 1, len(text))
            if first < " " or first == "\x7f":
                rest = _REST_OF_LINE.match(text, pos)
                value.end = max(rest.end() if rest else pos, value.end)
            found = [RawProblem(pos, value.end, "This does not belong into a value: delete it.")]
        frame.take(value)
        frame.wants_value = False
    else:
        frame.take(value)
    for problem in found:
        if len(scan.found) < _MOST_PROBLEMS:
            scan.found.append(problem)
    scan.pos = value.end
    scan.token_end = max(value.end, scan.token_end)


def _settle(text: str, top: RawValue, scan: _Scan, problems: list[RawProblem]) -> None:
    """Gives `top` its Python value, or says what keeps it from having one."""
    if not scan.found and scan.simple and scan.depth < 50:
        data = inline_data(top)
        if data is not None:
            top.value = data
            return
    value = judge(text[top.start : top.end])
    if not isinstance(value, Refused):
        _spread(top, value)
        return
    top.kind = "invalid"
    if value.too_deep and not scan.found:
        problems.append(RawProblem(top.start, top.end, "This value is nested too deeply: make it flatter."))
        return
    problems += (
        scan.found
        or inline_problems(top)
        or [RawProblem(top.start, top.end, f"This is not a valid value: {value.reason}.")]
    )


def _spread(top: RawValue, value: Any) -> None:
    """Hands the parts of a judged value down to the values inside `top`."""
    todo: list[tuple[RawValue, Any]] = [(top, value)]
    while todo:
        raw, data = todo.pop()
        raw.value, raw.kind = data, kind_of(data)
        todo += zip(raw.items, data if raw.items else (), strict=False)
        for pair in raw.pairs:
            part = data
            for key in pair.keys:
                part = part[key.name]
            todo.append((pair.value, part))


def _too_deep(text: str, pos: int, problems: list[RawProblem]) -> RawValue:
    """A value of more levels than anyone reads: its end is found by counting brackets."""
    end, depth, at = -1, 0, pos
    while match := _NESTING.search(text, at):
        token = match.group()
        at = match.end()
        if token[0] in "[{":
            depth += len(token)
        elif token[0] in "]}":
            depth -= 1
            if depth == 0:
                end = at
                break
        elif token in ("'''", '"""'):
            close = text.find(token, at)
            if close < 0:
                break
            at = close + 3
    value = RawValue("invalid", pos, end)
    if end < 0:
        rest = _REST_OF_LINE.match(text, pos)
        value.end = rest.end() if rest else pos
    else:
        data = judge(text[pos:end])
        if not isinstance(data, Refused):
            value.value, value.kind = data, kind_of(data)
            return value
    problems.append(RawProblem(pos, value.end, "This value is nested too deeply: make it flatter."))
    return value
