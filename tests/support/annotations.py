"""Texts under test that carry their own expectations.

    //- .orch/templates/analysis.md.j2
    {{ feture }} and {{ re$0quest }}
       ^^^^^^ error[undefined-variable] did you mean

- `//- path` begins a file; text before the first one belongs to the file called `main`.
- A line of `^` under the range, then `severity[rule]`, is an expected finding in the last line above that is not an
  expectation itself. Words after it must stand in the finding's message.
- `|` instead of the carets is an empty range; `^>` opens a range that a line with `^<` closes lines later, after
  the character above its caret.
- `$0` is the cursor. Carets are counted as they are seen, with `$0` in place.

Columns count code points. Lines end as LSP has it: LF, CRLF or CR, never U+2028. A file ends as its source does:
when an expectation is the last line and has no line end, neither has the text.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from orch.text.span import Span

DEFAULT_PATH = "main"
CURSOR = "$0"
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")
_HEADER = re.compile(r"//- (\S+)[ \t]*\Z")
_EXPECTATION = re.compile(
    r"(?P<indent>[ \t]*)(?P<mark>\^+>?|\|) (?P<severity>error|warning|info|hint)\[(?P<rule>[a-z0-9-]+)\]"
    r"(?:[ \t]+(?P<words>.*?))?[ \t]*\Z"
)
_CLOSING = re.compile(r"(?P<indent>[ \t]*)\^<[ \t]*\Z")


@dataclass(frozen=True, slots=True)
class Expected:
    """A finding. `message` is a part of what it says, and all of it in one that was found."""

    path: str
    span: Span
    severity: str
    rule: str
    message: str = ""


@dataclass(frozen=True, slots=True)
class Fixture:
    """The files by path, without annotations; the findings expected, in the order written; the cursor's place."""

    files: dict[str, str]
    expected: tuple[Expected, ...]
    cursor: tuple[str, int] | None

    @property
    def text(self) -> str:
        """The text of the first file."""
        return next(iter(self.files.values()))

    @property
    def offset(self) -> int:
        """The cursor's offset. Raises ValueError where the source has none."""
        if self.cursor is None:
            raise ValueError(f"the source has no {CURSOR}")
        return self.cursor[1]


def parse_fixture(source: str) -> Fixture:
    """The files, expectations and cursor in `source`. Raises ValueError when an annotation makes no sense."""
    files: dict[str, str] = {}
    expected: list[Expected] = []
    cursors: list[tuple[str, int]] = []
    for path, body in _sections(source):
        if path in files:
            raise ValueError(f"two files are called {path}")
        reader = _Reader(path)
        for line in _lines(body):
            reader.read(line)
        files[path] = reader.finish()
        expected += reader.expected
        cursors += [(path, offset) for offset in reader.cursors]
    if len(cursors) > 1:
        raise ValueError(f"more than one {CURSOR}")
    return Fixture(files, tuple(expected), cursors[0] if cursors else None)


def assert_findings(fixture: Fixture, found: Iterable[Expected]) -> None:
    """Compares both ways: raises AssertionError naming each finding that is missing and each that is too much."""
    missing = list(fixture.expected)
    surplus: list[Expected] = []
    for finding in found:
        match = next((wanted for wanted in missing if _fulfils(finding, wanted)), None)
        if match is None:
            surplus.append(finding)
        else:
            missing.remove(match)
    report = [_show(fixture, "expected", wanted) for wanted in missing]
    report += [_show(fixture, "not expected", finding) for finding in surplus]
    if report:
        raise AssertionError("findings differ:\n" + "\n".join(report))


class _Line(NamedTuple):
    text: str
    end: str


class _Reader:
    """Collects one file's text, line by line, with what its annotations say of the line before."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.expected: list[Expected] = []
        self.cursors: list[int] = []
        self._pieces: list[str] = []
        self._length = 0
        self._start = 0
        self._seen = ""
        self._open: list[tuple[int, int]] = []
        self._last_end: str | None = None

    def read(self, line: _Line) -> None:
        expectation = _EXPECTATION.match(line.text)
        closing = _CLOSING.match(line.text)
        if expectation:
            self._expect(expectation)
        elif closing:
            self._close(len(closing["indent"]))
        else:
            self._keep(line)
            return
        self._last_end = line.end

    def finish(self) -> str:
        if self._open:
            raise ValueError("a range is opened by ^> and never closed by ^<")
        text = "".join(self._pieces)
        if self._last_end == "":
            text = re.sub(r"(?:\r\n|\r|\n)\Z", "", text)
        return text

    def _keep(self, line: _Line) -> None:
        self._start = self._length
        self._seen = line.text
        self._last_end = None
        before, *after = line.text.split(CURSOR)
        self.cursors += [self._length + len(before)] * len(after)
        kept = before + "".join(after) + line.end
        self._pieces.append(kept)
        self._length += len(kept)

    def _offset(self, column: int) -> int:
        if column > len(self._seen):
            raise ValueError(f"an annotation reaches past the end of {self._seen!r}")
        return self._start + len(self._seen[:column].replace(CURSOR, ""))

    def _expect(self, match: re.Match[str]) -> None:
        column = len(match["indent"])
        start = self._offset(column)
        mark = match["mark"]
        if mark.endswith(">"):
            self._open.append((len(self.expected), start))
        end = start if mark in ("|", "^>") else self._offset(column + len(mark))
        words = match["words"] or ""
        self.expected.append(Expected(self.path, Span(start, end), match["severity"], match["rule"], words))

    def _close(self, column: int) -> None:
        if not self._open:
            raise ValueError("a range is closed by ^< that was never opened by ^>")
        index, start = self._open.pop()
        was = self.expected[index]
        span = Span(start, self._offset(column + 1))
        self.expected[index] = Expected(was.path, span, was.severity, was.rule, was.message)


def _lines(source: str) -> list[_Line]:
    lines = []
    for match in _LINE.finditer(source):
        if match[0]:
            text = match[0].rstrip("\r\n")
            lines.append(_Line(text, match[0][len(text) :]))
    return lines


def _sections(source: str) -> list[tuple[str, str]]:
    sections: list[tuple[str, list[str]]] = [(DEFAULT_PATH, [])]
    for line in _lines(source):
        header = _HEADER.match(line.text)
        if header:
            sections.append((header[1], []))
        else:
            sections[-1][1].append(line.text + line.end)
    if len(sections) > 1 and not sections[0][1]:
        del sections[0]
    return [(path, "".join(body)) for path, body in sections]


def _fulfils(finding: Expected, wanted: Expected) -> bool:
    same = (finding.path, finding.span, finding.severity, finding.rule) == (
        wanted.path,
        wanted.span,
        wanted.severity,
        wanted.rule,
    )
    return same and wanted.message in finding.message


def _show(fixture: Fixture, word: str, finding: Expected) -> str:
    text = fixture.files.get(finding.path, "")
    line = len(re.findall(r"\r\n|\r|\n", text[: finding.span.start])) + 1
    part = finding.span.slice(text)
    where = f"{finding.path}:{line} {tuple(finding.span)} {part!r}"
    return f"  {word}: {where} {finding.severity}[{finding.rule}] {finding.message}"
