"""What the TOML scanner hands on: statements, keys and values with the offsets at which they were scanned.

A statement keeps its offsets when text before it changes; the tree adds the shift when it is asked. So an edit
costs no walk over all that follows.
"""

from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

ValueKind = Literal["string", "integer", "float", "boolean", "datetime", "array", "inline-table", "invalid"]
ProblemKind = Literal["syntax", "unterminated", "quotes", "control", "duplicate", "conflict"]

BARE_KEY = r"[A-Za-z0-9_-]++"
_QUOTED_KEY = (
    r'"(?:[^"\\\x00-\x08\x0a-\x1f\x7f]++|\\[^\x00-\x08\x0a-\x1f\x7f])*"' + r"|'[^'\x00-\x08\x0a-\x1f\x7f]*+'"
)
KEY_PART = rf"(?:{BARE_KEY}|{_QUOTED_KEY})"
KEY = rf"{KEY_PART}(?:[ \t]*+\.[ \t]*+{KEY_PART})*"
"""Regular expressions of TOML 1.0's keys; possessive, so that no text makes them slow."""

CONTROL = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f"
"""The characters of a regular expression's class that no TOML text may hold as they are, CR and LF apart."""

COMMENT = r"#[^\x00-\x08\x0a-\x1f\x7f]*+"


class RawProblem(NamedTuple):
    """A problem from `start` to `end`. `kind` says of which sort, for those who mend it."""

    start: int
    end: int
    message: str
    kind: ProblemKind = "syntax"


class RawKey(NamedTuple):
    """One part of a key: its name, decoded, and where it stands, quotes included."""

    name: str
    start: int
    end: int


class RawValue:
    """A value and what is in it.

    `kind` is "invalid" when the value is not certain; then `value` is None. `content` is the part between the
    quotes of a string as far as it counts (the line end after `'''` does not); `exact` says that it stands there
    as it is, `escaped` that more than line ends may differ. `pairs` are those of an inline table.
    """

    __slots__ = ("content", "end", "escaped", "exact", "items", "kind", "pairs", "quote", "start", "value")

    def __init__(self, kind: ValueKind, start: int, end: int, value: Any = None) -> None:
        self.kind: ValueKind = kind
        self.start = start
        self.end = end
        self.value = value
        self.quote = ""
        self.content = (start, end)
        self.exact = False
        self.escaped = True
        self.items: Sequence[RawValue] = ()
        self.pairs: Sequence[RawPair] = ()

    def moved(self, shift: int, longer: int) -> "RawValue":
        """A string `shift` further on, whose content is `longer` by so many characters; its value is not set."""
        moved = RawValue(self.kind, self.start + shift, self.end + shift + longer)
        moved.quote, moved.exact, moved.escaped = self.quote, self.exact, self.escaped
        moved.content = (self.content[0] + shift, self.content[1] + shift + longer)
        return moved


class RawPair(NamedTuple):
    """A key and its value in an inline table."""

    keys: tuple[RawKey, ...]
    value: RawValue


class Statement:
    """A piece of the document that is read by itself: one key with its value, one header, lines without either.

    `start` and `end` hold whole lines, line end included; `core` is the header or the key and value alone. `reach`
    is the offset up to which the scanner looked to read it this way.
    """

    __slots__ = ("core", "end", "is_array", "keys", "kind", "problems", "reach", "start", "value")

    def __init__(self, kind: Literal["trivia", "entry", "header", "broken", "conflict"], start: int) -> None:
        self.kind = kind
        self.start = start
        self.end = start
        self.core = (start, start)
        self.keys: tuple[RawKey, ...] = ()
        self.value: RawValue | None = None
        self.is_array = False
        self.problems: Sequence[RawProblem] = ()
        self.reach = 0

    def moved(self, shift: int, longer: int) -> "Statement":
        """The same statement `shift` further on, its value `longer` by so many characters; without the value."""
        moved = Statement(self.kind, self.start + shift)
        moved.end = self.end + shift + longer
        moved.core = (self.core[0] + shift, self.core[1] + shift + longer)
        moved.keys = tuple(RawKey(key.name, key.start + shift, key.end + shift) for key in self.keys)
        moved.is_array = self.is_array
        moved.reach = self.reach + shift + longer
        return moved
