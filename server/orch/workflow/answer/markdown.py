"""An answer as lines: what Markdown makes of single lines, without deciding what belongs together."""

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from orch.workflow.answer.part_names import stem_offsets


@dataclass(frozen=True)
class Document:
    """The lines of a text. `lines` are without line ends; `starts` are their code-point offsets in `text`."""

    text: str
    lines: list[str]
    starts: list[int]

    def end(self, line: int) -> int:
        """The offset just behind the last character of `line`, before its line end."""
        return self.starts[line] + len(self.lines[line])

    def line_at(self, offset: int) -> int:
        """The line that holds `offset`."""
        return max(bisect_right(self.starts, offset) - 1, 0)

    def next_filled(self, line: int, limit: int | None = None) -> int:
        """The first line from `line` on that is not blank, or the limit (the number of lines) if there is none."""
        limit = len(self.lines) if limit is None else limit
        while line < limit and self.is_blank(line):
            line += 1
        return line

    def previous_filled(self, line: int, limit: int = -1) -> int:
        """The last line up to `line` that is not blank, or the limit (-1) if there is none."""
        while line > limit and self.is_blank(line):
            line -= 1
        return line

    def is_blank(self, line: int) -> bool:
        """Whether `line` holds nothing but white space."""
        return not self.lines[line] or self.lines[line].isspace()

    @cached_property
    def indent(self) -> int:
        """The indentation, in columns, that at least nine in ten of the lines have."""
        filled = [line for line in self.lines if line and not line.isspace()]
        if sum(line[0] not in " \t" for line in filled) * 10 > len(filled):
            return 0
        depths = sorted(indent_of(line) for line in filled)
        return depths[len(depths) // 10] if depths else 0

    @cached_property
    def naming_lines(self) -> list[int]:
        """The lines that may hold a part's name, by a cheap test."""
        offsets = (offset for offset in stem_offsets(self.text) if offset >= self.starts[0])
        return sorted({self.line_at(offset) for offset in offsets})

    @cached_property
    def fences(self) -> list["Fence"]:
        """Every line that may open or close a fence."""
        found = (fence_at(line, number) for number, line in enumerate(self.lines) if "```" in line or "~~~" in line)
        return [fence for fence in found if fence is not None]


ESCAPE = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
"""A terminal's escape sequence, for colours and the like."""


class Fence(NamedTuple):
    """A line of three or more backticks or tildes. `info` is what stands behind them; only a bare one may close."""

    line: int
    mark: str
    length: int
    indent: int
    info: str

    @property
    def is_bare(self) -> bool:
        """Whether nothing stands behind the fence, so that it may close one."""
        return not self.info


def read_lines(text: str, start: int = 0) -> Document:
    """`text` from offset `start` on as lines; all offsets are those of the whole text.

    A line ends with LF; a CR before it belongs to the end, a BOM to nothing.
    """
    lines = (text[start:] if start else text).split("\n")
    starts = []
    at = start
    for line in lines:
        starts.append(at)
        at += len(line) + 1
    if "\r" in text:
        lines = [line[:-1] if line.endswith("\r") else line for line in lines]
    if lines[0].startswith("\ufeff"):
        lines[0], starts[0] = lines[0][1:], starts[0] + 1
    return Document(text, lines, starts)


_FENCE = re.compile(r"(?P<lead>[ \t]*(?:(?:[-*+]|\d{1,3}[.)])[ \t]+)?)(?P<run>`{3,}|~{3,})(?P<info>.*)")


def fence_at(line: str, number: int) -> Fence | None:
    """The fence that `line` is, if it is one. Backticks behind backticks make it inline code."""
    match = _FENCE.match(line)
    if match is None or ("`" in match["info"] and match["run"][0] == "`"):
        return None
    info = match["info"].strip()
    lead = match["lead"]
    if not info and lead and not lead.isspace():
        info = "text"  # behind a list marker a fence can only open
    return Fence(number, match["run"][0], len(match["run"]), indent_of(lead), info)


def indent_of(line: str) -> int:
    """The columns of white space before the first character; a tab goes to the next multiple of four."""
    columns = 0
    for character in line:
        if character == " ":
            columns += 1
        elif character == "\t":
            columns += 4 - columns % 4
        else:
            break
    return columns


_RULE = re.compile(r"[ \t]*(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,}|[=─━═—]{3,}[ \t]*)$")
_RULE_MARKS = frozenset("-*_=─━═—")
_ATX = re.compile(r"[ \t]*(?P<marks>#{1,6})[ \t]+(?P<title>\S.*?)[ \t]*#*[ \t]*$")
_BOLD_LINE = re.compile(r"[ \t]*(?P<mark>\*\*|__)(?P<title>[^*_].{0,118}?)(?P=mark)[ \t]*[:：]?[ \t]*$")


def is_rule(line: str) -> bool:
    """Whether `line` is a thematic break, or a line of `=` or dashes as models draw them."""
    return line.lstrip()[:1] in _RULE_MARKS and _RULE.match(line) is not None


def heading_at(line: str) -> tuple[int, str] | None:
    """Level and title of an ATX heading; a line that is bold as a whole counts as level 7."""
    if match := _ATX.match(line):
        return len(match["marks"]), match["title"]
    if match := _BOLD_LINE.match(line):
        return 7, match["title"].strip(" :：")
    return None


def common_margin(lines: list[str]) -> str:
    """The white space that every line that is not blank begins with."""
    margin: str | None = None
    for line in lines:
        if not line or line.isspace():
            continue
        if margin is None:
            margin = line[: len(line) - len(line.lstrip(" \t"))]
        elif not line.startswith(margin):
            size = 0
            while size < len(margin) and size < len(line) and line[size] == margin[size]:
                size += 1
            margin = margin[:size]
        if not margin:
            return ""
    return margin or ""
