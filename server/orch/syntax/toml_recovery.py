"""Multi-line strings, and where they were meant to end when something is wrong with their quotes.

A text that is pasted between `'''` may hold `'''` itself, and one that is being typed has no end yet. Both make all
that follows nonsense. The guesses here only run when the text is surely broken; they aim at one problem, at the
place to mend, and at losing nothing of the file behind it.
"""

import re

from orch.syntax.toml_raw import COMMENT, KEY, RawProblem, RawValue
from orch.syntax.toml_strings import content_start, find_close, multiline_string

HEADER_LINE = re.compile(
    r"[ \t]*+\[\[?[ \t]*+(?!(?:true|false|inf|nan)\b)[A-Za-z_][A-Za-z0-9_-]*+"
    r"(?:[ \t]*+\.[ \t]*+(?:[A-Za-z0-9_-]++|\"[^\"\n]*+\"|'[^'\n]*+'))*[ \t]*+\]\]?"
    r"[ \t]*+(?:#[^\n]*+)?(?:\r?\n|\Z)"
)
"""A line that is a header and hardly anything else: its name begins with a letter."""

_HEADER_AT_MARGIN = re.compile(rf"^(?=\[){HEADER_LINE.pattern}", re.MULTILINE)
_TAIL = re.compile(rf"[ \t]*+(?:{COMMENT})?(?:\r?\n|\Z)")
_BLANKS = re.compile(rf"(?:[ \t]*+(?:{COMMENT})?\r?\n)*")
_STATEMENT = re.compile(rf"[ \t]*+(?:{KEY}[ \t]*+=|\[\[?[ \t]*+{KEY}[ \t]*+\]|(?:{COMMENT})?\Z)")
_OPENER = re.compile(rf"[ \t]*+{KEY}[ \t]*+=[ \t]*+")
_NEXT_LINE_PAIR = re.compile(rf"[ \t]*+{KEY}[ \t]*+=[ \t]*+[\"'0-9tf\[{{]")
_FAR = 1_000_000
"""Characters behind a broken text that are looked at to find out what was meant."""
_MOST_CANDIDATES = 100


def scan_text(text: str, pos: int, problems: list[RawProblem]) -> RawValue:
    """The multi-line string that opens at `pos`, up to the first closing quotes or where it was meant to end."""
    quote = text[pos : pos + 3]
    close = find_close(text, content_start(text, pos), quote)
    if close < 0:
        return unterminated(text, pos, _guessed_end(text, pos), problems)
    return multiline_string(text, pos, close, problems)


def unterminated(text: str, pos: int, end: int, problems: list[RawProblem]) -> RawValue:
    """The string from `pos` that nobody closed, as far as `end`."""
    quote = text[pos : pos + 3]
    string = RawValue("invalid", pos, end)
    string.quote = quote
    string.content = (min(content_start(text, pos), end), end)
    message = f"This text never ends: close it with {quote} on a line of its own."
    problems.append(RawProblem(pos, pos + 3, message, "unterminated"))
    return string


def looks_like_statement(text: str, pos: int) -> bool:
    """Whether, blank lines and comments apart, what follows `pos` begins like a key, a header or the end."""
    match = _BLANKS.match(text, pos)
    return _STATEMENT.match(text, match.end() if match else pos) is not None


def mend_text(text: str, string: RawValue, problems: list[RawProblem]) -> RawValue | None:
    """Another reading of a multi-line string behind whose closing quotes nothing makes sense, or None.

    Either its own end is missing, and what closed it was the opening of the next one; or the text holds the quotes
    itself, and goes on.
    """
    pos, quote = string.start, string.quote
    close = string.end - 3
    line_start = text.rfind("\n", 0, close) + 1
    opener = _OPENER.match(text, line_start)
    odd = text.count(quote, pos, pos + _FAR) % 2 == 1
    if odd and line_start > pos and opener and opener.end() == close:
        header = _HEADER_AT_MARGIN.search(text, content_start(text, pos), close)
        return unterminated(text, pos, _line_end_before(text, header.start() if header else line_start), problems)
    end = _intended_close(text, string.end, quote)
    if end < 0:
        return None
    whole = RawValue("invalid", pos, end + 3)
    whole.quote = quote
    whole.content = (content_start(text, pos), end)
    other = '"""' if quote == "'''" else "'''"
    message = f"These quotes end the text too early: put a text that holds {quote} between {other}."
    problems.append(RawProblem(string.end - 3, string.end, message, "quotes"))
    return whole


def _intended_close(text: str, pos: int, quote: str) -> int:
    """The first closing quotes from `pos` on, before any header, that end a line before a statement; -1: none."""
    header = _HEADER_AT_MARGIN.search(text, pos, pos + _FAR)
    limit = header.start() if header else pos + _FAR
    at = find_close(text, pos, quote)
    for _ in range(_MOST_CANDIDATES):
        if not 0 <= at < limit:
            break
        tail = _TAIL.match(text, at + 3)
        if tail and looks_like_statement(text, tail.end()):
            return at
        at = find_close(text, at + 3, quote)
    return -1


def _guessed_end(text: str, pos: int) -> int:
    """Where a string that nothing closes was meant to end: before the next header, a key right below, or never."""
    start = content_start(text, pos)
    if start > pos + 3 and _NEXT_LINE_PAIR.match(text, start):
        return pos + 3
    header = _HEADER_AT_MARGIN.search(text, start)
    return _line_end_before(text, header.start()) if header else len(text)


def _line_end_before(text: str, line_start: int) -> int:
    """The end of the line before the one that begins at `line_start`, its line end left out."""
    end = line_start - 1 if text.startswith("\n", line_start - 1) else line_start
    return end - 1 if end > 0 and text[end - 1] == "\r" else end
