"""The parts of a TOML tree as its users see them: with spans of the text at hand, made when they are asked for."""

from collections.abc import Iterator
from typing import Any, Literal, NamedTuple

from orch.syntax.toml_raw import ProblemKind, RawValue, Statement, ValueKind
from orch.syntax.toml_strings import StringMap
from orch.syntax.toml_tables import Path
from orch.text.span import Span


class TomlProblem(NamedTuple):
    """What is wrong at `span`: one plain sentence that says what to do.

    `kind`: "syntax"; "unterminated" (a text, list or inline table that nobody closed); "quotes" (a text that holds
    its own closing quotes: `span` is those; the entry's value has the whole text as `content`); "control" (a
    character that may not stand there); "duplicate" (`related` is what was there first); "conflict" (a line that a
    merge left).
    """

    span: Span
    message: str
    kind: ProblemKind = "syntax"
    related: Span | None = None


class TomlValue:
    """A value of the document. Offsets are those of the tree's text."""

    __slots__ = ("_raw", "_shift", "_text")

    def __init__(self, text: str, raw: RawValue, shift: int) -> None:
        self._text = text
        self._raw = raw
        self._shift = shift

    def __repr__(self) -> str:
        return f"TomlValue({self.kind}, {tuple(self.span)})"

    @property
    def kind(self) -> ValueKind:
        """What TOML calls it; "invalid" when it is not certain what the value is."""
        return self._raw.kind

    @property
    def value(self) -> Any:
        """The Python value, as tomllib gives it; None when it is invalid. Not to be changed."""
        return self._raw.value

    @property
    def span(self) -> Span:
        """The whole value, quotes or brackets included."""
        return Span(self._raw.start + self._shift, self._raw.end + self._shift)

    @property
    def content(self) -> Span:
        """What stands between a string's quotes, also an invalid one's; the line end after `'''` is not of it."""
        start, end = self._raw.content
        return Span(start + self._shift, end + self._shift)

    @property
    def quote(self) -> str:
        """The quotes of a string: `"`, `'`, or three of them; empty for all else."""
        return self._raw.quote

    @property
    def is_multiline(self) -> bool:
        """Whether it is a string between three quotes."""
        return len(self._raw.quote) == 3

    @property
    def items(self) -> tuple["TomlValue", ...]:
        """The values of a list, in order."""
        return tuple(TomlValue(self._text, item, self._shift) for item in self._raw.items)

    @property
    def pairs(self) -> "tuple[TomlPair, ...]":
        """The keys and values of an inline table, in order."""
        shift = self._shift
        return tuple(
            TomlPair(
                tuple(key.name for key in pair.keys),
                tuple(Span(key.start + shift, key.end + shift) for key in pair.keys),
                TomlValue(self._text, pair.value, shift),
            )
            for pair in self._raw.pairs
        )

    def offset_of(self, index: int) -> int:
        """The offset in the file of character `index` of a string's value; its length gives the content's end."""
        start, end = self.content
        if self._raw.exact:
            return min(max(start + index, start), end)
        return start + self._map().raw(index)

    def index_of(self, offset: int) -> int:
        """The index in a string's value of the character that stands at `offset` of the file."""
        start, end = self.content
        offset = min(max(offset, start), end)
        return offset - start if self._raw.exact else self._map().decoded(offset - start)

    def _map(self) -> StringMap:
        return StringMap(self.content.slice(self._text), escapes=self._raw.quote[:1] == '"')

    def at(self, path: Path) -> "TomlValue | None":
        """The value at `path` inside this one; itself for an empty path."""
        raw = self._raw
        while path:
            found: RawValue | None = None
            used = 1
            if isinstance(path[0], int):
                found = raw.items[path[0]] if 0 <= path[0] < len(raw.items) else None
            else:
                for pair in raw.pairs:
                    names = tuple(key.name for key in pair.keys)
                    if names == path[: len(names)]:
                        found, used = pair.value, len(names)
                        break
            if found is None:
                return None
            raw, path = found, path[used:]
        return TomlValue(self._text, raw, self._shift)


class TomlPair(NamedTuple):
    """A key and its value in an inline table; `path` has the key's parts, `key_spans` where each stands."""

    path: tuple[str, ...]
    key_spans: tuple[Span, ...]
    value: TomlValue


class TomlEntry:
    """A key with its value, in a table of its own lines or in an inline table.

    `path` is the full path from the root; elements of lists count as whole numbers: `("history", 0, "at")`.
    """

    __slots__ = ("_keys", "_raw", "_shift", "_text", "inline", "path", "statement")

    def __init__(
        self,
        text: str,
        path: Path,
        keys: tuple[tuple[str, int, int], ...],
        raw: RawValue,
        shift: int,
        statement: int,
        inline: bool,
    ) -> None:
        self._text = text
        self._keys = keys
        self._raw = raw
        self._shift = shift
        self.path = path
        self.statement = statement
        self.inline = inline

    def __repr__(self) -> str:
        return f"TomlEntry({self.path}, {self.value!r})"

    @property
    def span(self) -> Span:
        """From the key's first character to the value's last."""
        return Span(self._keys[0][1] + self._shift, self._raw.end + self._shift)

    @property
    def key_span(self) -> Span:
        """The key with all its parts."""
        return Span(self._keys[0][1] + self._shift, self._keys[-1][2] + self._shift)

    @property
    def key_spans(self) -> tuple[Span, ...]:
        """Each part of the key, quotes included; they are the last parts of `path`."""
        return tuple(Span(start + self._shift, end + self._shift) for _, start, end in self._keys)

    @property
    def value(self) -> TomlValue:
        """The value."""
        return TomlValue(self._text, self._raw, self._shift)


class TomlHeader(NamedTuple):
    """A `[header]` or `[[header]]`.

    `path` counts elements of lists as `TomlEntry.path` does, its own too: the second `[[history]]` is
    `("history", 1)`. `span` is the brackets and what is between them, `key_spans` its parts. `body` reaches from
    the end of the header's line to the end of the last line that is its own: blank lines at the end, and the
    comment right above the next header, are not. `statement` is its index in the tree.
    """

    path: Path
    span: Span
    key_spans: tuple[Span, ...]
    is_array: bool
    body: Span
    statement: int


class TomlPlace(NamedTuple):
    """What stands at an offset.

    `where`: "key" or "value" (of `entry`), "header", "comment", or "blank" for all else. `path` is that of the key,
    value or table; for comments and blank places that of the table they stand in. `part` is the index in `path` up
    to which the cursor's part of a key or header goes (inclusive); -1 elsewhere.
    """

    path: Path
    where: Literal["key", "value", "header", "comment", "blank"]
    entry: TomlEntry | None
    header: TomlHeader | None
    value: TomlValue | None
    part: int


def entries_of(text: str, statement: Statement, path: Path, shift: int, index: int) -> Iterator[TomlEntry]:
    """The entry that `statement` is, and after it those of the inline tables in its value, in document order."""
    if statement.value is None:
        return
    yield TomlEntry(text, path, statement.keys, statement.value, shift, index, inline=False)
    if not (statement.value.items or statement.value.pairs):
        return
    todo: list[tuple[Path, RawValue, tuple[tuple[str, int, int], ...]]] = [(path, statement.value, ())]
    while todo:
        at, value, keys = todo.pop()
        if keys:
            yield TomlEntry(text, at, keys, value, shift, index, inline=True)
        inside: list[tuple[Path, RawValue, tuple[tuple[str, int, int], ...]]] = [
            ((*at, place), item, ()) for place, item in enumerate(value.items) if item.items or item.pairs
        ]
        inside += (((*at, *(key.name for key in pair.keys)), pair.value, pair.keys) for pair in value.pairs)
        todo += reversed(inside)
