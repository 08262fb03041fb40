"""Lines and characters, as LSP counts them, for code-point offsets.

A line ends at LF, CRLF or CR and nowhere else (LSP 3.17, "Text Documents"); U+2028 and its like are characters.
Every method is total: what lies outside the text is brought back into it.
"""

import re
from bisect import bisect_right
from typing import Literal

from orch.text.span import Span

Encoding = Literal["utf-8", "utf-16", "utf-32"]

_LINE_END = re.compile(r"\r\n|\n|\r")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


class LineIndex:
    """The lines of one text. Immutable; `edited` gives the index of the next text.

    Offsets are code points from 0 to `len(text)`, lines and characters count from 0, characters in units of the
    encoding that is asked for.
    """

    __slots__ = ("_moved_by", "_moved_from", "_starts", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        # where each line starts; from line `_moved_from` on, `_moved_by` characters further on
        self._starts = [0, *_starts_in(text, 0, len(text))]
        self._moved_from = len(self._starts)
        self._moved_by = 0

    @property
    def count(self) -> int:
        """How many lines there are; an empty text has one."""
        return len(self._starts)

    def line(self, offset: int) -> int:
        """The line that `offset` stands in."""
        line = bisect_right(self._starts, offset, 0, self._moved_from) - 1
        if line + 1 == self._moved_from:
            line = bisect_right(self._starts, offset - self._moved_by, self._moved_from) - 1
        return max(0, line)

    def line_span(self, line: int) -> Span:
        """What line `line` holds, without its line end."""
        line = min(max(line, 0), len(self._starts) - 1)
        start = self._start(line)
        if line + 1 == len(self._starts):
            return Span(start, len(self.text))
        end = self._start(line + 1) - 1
        if self.text[end] == "\n" and end > start and self.text[end - 1] == "\r":
            end -= 1
        return Span(start, end)

    def position(self, offset: int, encoding: Encoding = "utf-16") -> tuple[int, int]:
        """The (line, character) of `offset`. Between CR and LF it is the place before both."""
        offset = min(max(offset, 0), len(self.text))
        line = self.line(offset)
        start, end = self.line_span(line)
        return line, _width(self.text[start : min(offset, end)], encoding)

    def offset(self, line: int, character: int, encoding: Encoding = "utf-16") -> int:
        """The offset of a (line, character). Inside a character of several units it is the character's start."""
        if line < 0:
            return 0
        if line >= len(self._starts):
            return len(self.text)
        start, end = self.line_span(line)
        character = max(character, 0)
        if encoding == "utf-32":
            return min(start + character, end)
        # no character has less than one unit, so this much of the line is enough
        content = self.text[start : min(start + character, end)]
        return start + (len(content) if content.isascii() else _units_to_characters(content, character, encoding))

    def edited(self, span: Span, new_text: str) -> "LineIndex":
        """The index of the text in which `new_text` has taken the place of `span`.

        Only the lines that the edit touches are read again, and typing on within one line moves no others.
        """
        size = len(self.text)
        start = min(max(span.start, 0), size)
        end = min(max(span.end, start), size)
        edited = LineIndex.__new__(LineIndex)
        edited.text = f"{self.text[:start]}{new_text}{self.text[end:]}"
        # a CR before the edit may join a LF in it, so the line of the character before counts as touched
        first = self.line(start - 1) if start else 0
        after = self.line(end) + 1
        shift = len(edited.text) - size
        between = self._read_again(edited.text, first, after, shift)
        if len(between) == after - first - 1 and after == self._moved_from and len(between) == 0:
            edited._starts, edited._moved_from, edited._moved_by = self._starts, after, self._moved_by + shift
            return edited
        edited._starts = [*self._settled(0, first + 1), *between, *self._settled(after, len(self._starts))]
        edited._moved_from, edited._moved_by = first + 1 + len(between), shift
        return edited

    def _start(self, line: int) -> int:
        return self._starts[line] + (self._moved_by if line >= self._moved_from else 0)

    def _settled(self, first: int, after: int) -> list[int]:
        """The starts of the lines `first:after`, moved ones included."""
        cut = min(max(self._moved_from, first), after)
        starts = self._starts[first:after]
        if self._moved_by:
            starts[cut - first :] = map(self._moved_by.__add__, self._starts[cut:after])
        return starts

    def _read_again(self, text: str, first: int, after: int, shift: int) -> list[int]:
        """Where the lines after `first` begin that come before what was line `after`."""
        is_last = after == len(self._starts)
        read_to = len(text) if is_last else self._start(after) + shift
        between = _starts_in(text, self._start(first), read_to)
        if not is_last:
            between.pop()  # the start of line `after` itself
        return between


def _starts_in(text: str, start: int, end: int) -> list[int]:
    """The offsets in `text[start:end]` at which a line begins because another ended before it."""
    return [match.end() for match in _LINE_END.finditer(text, start, end)]


def _width(text: str, encoding: Encoding) -> int:
    if encoding == "utf-32" or text.isascii():
        return len(text)
    if encoding == "utf-16":
        return len(text.encode("utf-16-le", "surrogatepass")) // 2
    return len(text.encode("utf-8", "surrogatepass"))


def _units_to_characters(text: str, units: int, encoding: Encoding) -> int:
    """How many whole characters of `text` fit into `units`. A lone surrogate is one character."""
    try:
        data = text.encode("utf-16-le" if encoding == "utf-16" else "utf-8")
    except UnicodeEncodeError:
        # U+FFFD has as many units in each encoding as a lone surrogate and is never half of a pair
        text = _LONE_SURROGATE.sub("\ufffd", text)
        data = text.encode("utf-16-le" if encoding == "utf-16" else "utf-8")
    if encoding == "utf-16":
        cut = min(2 * units, len(data))
        if cut < len(data) and 0xDC <= data[cut + 1] <= 0xDF:
            cut -= 2
        return len(data[:cut].decode("utf-16-le"))
    cut = min(units, len(data))
    while cut < len(data) and data[cut] & 0xC0 == 0x80:
        cut -= 1
    return len(data[:cut].decode("utf-8"))
