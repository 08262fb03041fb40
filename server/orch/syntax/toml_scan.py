"""Statements of a TOML document, one at a time. What a statement is depends on its own text alone.

So a statement that an edit does not touch need not be read again, wherever the edit moves it.
"""

import re

from orch.syntax.toml_judge import Refused, judge_scalar, kind_of
from orch.syntax.toml_messages import bad_comment, explain_line, key_problem, left_over
from orch.syntax.toml_raw import BARE_KEY, COMMENT, KEY, RawKey, RawProblem, RawValue, Statement
from orch.syntax.toml_recovery import mend_text
from orch.syntax.toml_scalars import NO_VALUE, split_key
from orch.syntax.toml_strings import find_close
from orch.syntax.toml_values import scan_value

TRIVIA = re.compile(rf"(?:[ \t]*+(?:{COMMENT})?\r?\n)+")
_LAST_TRIVIA = re.compile(rf"[ \t]*+(?:{COMMENT})?\Z")
_ENTRY = re.compile(rf"[ \t]*+({KEY})[ \t]*+=[ \t]*+")
_PLAIN_ENTRY = re.compile(
    rf'[ \t]*+({BARE_KEY})[ \t]*+=[ \t]*+(?:"([^"\\\x00-\x08\x0a-\x1f\x7f]*+)"|([0-9A-Za-z:.+-]++))'
    rf"[ \t]*+(?:{COMMENT})?\r?\n"
)
_HEADER = re.compile(rf"[ \t]*+(\[\[?)[ \t]*+({KEY})[ \t]*+(\]\]?)")
_TAIL = re.compile(rf"[ \t]*+(?:{COMMENT})?(?:\r?\n|\Z)")
_SPACE = re.compile(r"[ \t]*+")
_LINE = re.compile(r"[^\r\n]*+")
_BROKEN_KEY = re.compile(r"[ \t]*+([^\r\n=\"'#\[]*+(?:\"[^\"\r\n]*+\"|'[^'\r\n]*+')?[^\r\n=\"'#]*+)=[ \t]*+")
_OPENS_TEXT = re.compile(r"[^\r\n\"'#]*?[=: \t]('''|\"\"\")")

UNKNOWN_REACH = 1 << 62
"""The `reach` of a statement whose reading may hang on anything that follows."""


def scan_statement(text: str, pos: int) -> Statement:
    """The statement that begins at `pos`, which is the start of a line and not the end of the text."""
    plain = _PLAIN_ENTRY.match(text, pos)
    if plain:
        statement = _plain_entry(pos, plain)
        if statement is not None:
            return statement
    match = TRIVIA.match(text, pos) or _LAST_TRIVIA.match(text, pos)
    if match:
        return _finished(Statement("trivia", pos), match.end())
    entry = _ENTRY.match(text, pos)
    if entry:
        return _entry(text, pos, entry)
    header = _HEADER.match(text, pos)
    if header and len(header.group(1)) <= len(header.group(3)):
        return _header(text, pos, header)
    return _broken(text, pos)


def mended(text: str, statement: Statement) -> Statement | None:
    """Another reading of an entry whose text seems to have ended at the wrong quotes; None: this one will do."""
    value = statement.value
    if value is None or value.kind != "string" or len(value.quote) != 3:
        return None
    problems: list[RawProblem] = []
    whole = mend_text(text, value, problems)
    if whole is None:
        return None
    again = Statement("entry", statement.start)
    again.keys, again.value = statement.keys, whole
    again.core = (statement.core[0], whole.end)
    again.reach = UNKNOWN_REACH
    _finish_line(text, whole.end, again, problems)
    again.problems = problems
    return again


def _finished(statement: Statement, end: int) -> Statement:
    statement.end = end
    statement.reach = max(statement.reach, end)
    return statement


def _plain_entry(pos: int, match: "re.Match[str]") -> Statement | None:
    """A key with a short value on one line, which most lines are; None when it is no value."""
    name, inner, scalar = match.groups()
    if scalar is None:
        start, end = match.span(2)
        value = RawValue("string", start - 1, end + 1, inner)
        value.quote, value.content = '"', (start, end)
        value.exact, value.escaped = True, False
    else:
        judged = judge_scalar(scalar)
        if isinstance(judged, Refused):
            return None
        value = RawValue(kind_of(judged), *match.span(3), judged)
    statement = Statement("entry", pos)
    start, end = match.span(1)
    statement.keys = (RawKey(name, start, end),)
    statement.value = value
    statement.core = (start, value.end)
    statement.end = statement.reach = match.end()
    return statement


def _entry(text: str, pos: int, match: "re.Match[str]") -> Statement:
    statement = Statement("entry", pos)
    key_start, key_end = match.span(1)
    key = match.group(1)
    if "." in key or key[0] in "\"'":
        keys = split_key(text, key_start, key_end)
        if keys is None:
            return _broken(text, pos)
    else:
        keys = (RawKey(key, key_start, key_end),)
    problems: list[RawProblem] = []
    statement.keys = keys
    value = statement.value = scan_value(text, match.end(), problems)
    if value.kind == "invalid" and problems and problems[-1].kind == "unterminated":
        statement.reach = UNKNOWN_REACH
    tail = _TAIL.match(text, value.end)
    if tail is None and len(value.quote) == 3 and value.kind == "string":
        statement.core = (key_start, value.end)
        again = mended(text, statement)
        if again is not None:
            return again
        statement.reach = UNKNOWN_REACH
    if tail is None and value.start == value.end:
        # what stands here instead of a value is one problem, not two
        value.end = value.start + len(text[value.start : line_end(text, value.start)].split("#")[0].rstrip(" \t"))
        problems[:] = [RawProblem(value.start, value.end, NO_VALUE)]
    statement.core = (key_start, value.end)
    if tail is None:
        _finish_line(text, value.end, statement, problems)
    else:
        _finished(statement, tail.end())
    statement.problems = problems
    return statement


def _header(text: str, pos: int, match: "re.Match[str]") -> Statement:
    statement = Statement("header", pos)
    keys = split_key(text, *match.span(2))
    if keys is None:
        return _broken(text, pos)
    statement.keys = keys
    statement.is_array = len(match.group(1)) == 2
    end = match.start(3) + len(match.group(1))
    statement.core = (match.start(1), end)
    problems: list[RawProblem] = []
    _finish_line(text, end, statement, problems)
    statement.problems = problems
    return statement


def _finish_line(text: str, pos: int, statement: Statement, problems: list[RawProblem]) -> None:
    """Ends `statement` with the line; what stands on it behind `pos`, a comment apart, is a problem."""
    tail = _TAIL.match(text, pos)
    if tail:
        _finished(statement, tail.end())
        return
    space = _SPACE.match(text, pos)
    start = space.end() if space else pos
    line = _LINE.match(text, start)
    end = line.end() if line else start
    rest = text[start:end].rstrip(" \t")
    known = bool(problems) and problems[-1].kind == "unterminated"
    if rest.startswith("#"):
        problems += bad_comment(text, start, end)
    elif rest and not known:
        problems.append(RawProblem(start, start + len(rest), left_over(text, pos, start, statement)))
    _end_line(text, end, statement, problems)


def _end_line(text: str, end: int, statement: Statement, problems: list[RawProblem]) -> None:
    """Ends `statement` behind the line end at `end`: LF, CRLF, the end of the text, or wrongly a bare CR."""
    if text.startswith("\r\n", end):
        _finished(statement, end + 2)
    elif text.startswith("\n", end):
        _finished(statement, end + 1)
    elif text.startswith("\r", end):
        problems.append(
            RawProblem(end, end + 1, "A bare carriage return ends no line in TOML: make it a line feed.", "control")
        )
        statement.reach = max(statement.reach, end + 2)  # a LF typed behind it would make it a line end
        _finished(statement, end + 1)
    else:
        _finished(statement, end)


def line_end(text: str, pos: int) -> int:
    """The end of the line that `pos` stands in, before its line end."""
    match = _LINE.match(text, pos)
    return match.end() if match else pos


def _broken(text: str, pos: int) -> Statement:
    """A line that is neither an entry nor a header, and the text that it opens, if it does."""
    statement = Statement("broken", pos)
    space = _SPACE.match(text, pos)
    start = space.end() if space else pos
    end = line_end(text, start)
    problems: list[RawProblem] = []
    header = _broken_header(text, start, end) if text.startswith("[", start) else None
    if header:
        return _take_broken_header(text, header, pos)
    statement.core = (start, end)
    key = _BROKEN_KEY.match(text, pos)
    shown = start + len(text[start:end].rstrip(" \t"))
    if text.startswith("#", start):
        problems += bad_comment(text, start, end)
    elif key:
        problems.append(key_problem(key))
        # the value is scanned only to know where it ends
        value = scan_value(text, key.end(), [])
        if value.end > end or value.kind == "invalid":
            statement.reach = UNKNOWN_REACH
            end = line_end(text, value.end)
    else:
        if shown > start:
            problems.append(RawProblem(start, shown, explain_line(text[start:shown])))
        opener = _OPENS_TEXT.match(text, start)
        if opener and opener.end() == shown:
            close = find_close(text, opener.end(), opener.group(1))
            statement.reach = UNKNOWN_REACH
            end = end if close < 0 else line_end(text, close + 3)
    _end_line(text, end, statement, problems)
    statement.problems = problems
    return statement


_HEADER_NAME = re.compile(rf"(\[\[?)[ \t]*+((?:{KEY})?)[ \t]*+([^\]\r\n#]*+)(\]?\]?)")


def _broken_header(text: str, start: int, end: int) -> "re.Match[str] | None":
    match = _HEADER_NAME.match(text, start, end)
    return match if match and (match.group(2) or match.group(4)) else None


def _take_broken_header(text: str, match: "re.Match[str]", pos: int) -> Statement:
    """A header with a mistake in it still says which table follows."""
    statement = Statement("header", pos)
    opening, name, rest, closing = match.groups()
    statement.is_array = len(opening) == 2
    statement.core = (match.start(), match.end())
    keys = split_key(text, *match.span(2)) if name and not rest.strip() else None
    if keys is None:
        inner = text[match.end(1) : match.start(4)].strip(" \t")
        at = text.index(inner, match.end(1)) if inner else match.end(1)
        keys = (RawKey(inner, at, at + len(inner)),)
        message = (
            "This is no name of a table: put a part with other characters than letters, digits, - and _ in quotes."
            if inner
            else "A header needs the name of its table between the brackets."
        )
    else:
        message = f"This header does not end: close it with {']' * len(opening)}."
    statement.keys = keys
    problems = [RawProblem(match.start(), match.end(), message)]
    if closing and len(closing) < len(opening) and keys and not rest.strip():
        statement.is_array = True
    _finish_line(text, match.end(), statement, problems)
    statement.problems = problems
    return statement
