"""Strings of TOML: where they end, what they hold, and which character of the file each decoded one comes from."""

import re
from bisect import bisect_right

from orch.syntax.toml_judge import Refused, judge, judge_scalar
from orch.syntax.toml_raw import CONTROL, RawProblem, RawValue

_BASIC = re.compile(r'"((?:[^"\\\x00-\x08\x0a-\x1f\x7f]++|\\[^\x00-\x08\x0a-\x1f\x7f])*)"')
_LITERAL = re.compile(r"'([^'\x00-\x08\x0a-\x1f\x7f]*+)'")
_TO_QUOTE = re.compile(r'(?:[^"\\\r\n]++|\\[^\r\n])*')
_REST_OF_LINE = re.compile(r"[^\r\n]*+")
_CONTROLS = "".join(map(chr, [*range(9), *range(11, 32), 127]))
_FORBIDDEN = re.compile(rf"[{CONTROL}]|\r(?!\n)")
_ESCAPE = re.compile(
    r"\\(?:[ \t]*+\n[ \t\n]*+|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|(.))?",
    re.DOTALL,
)
_TOKEN = re.compile(
    r"\r\n|\\(?:[ \t]*+\r?\n(?:[ \t\n]|\r\n)*|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|x[0-9A-Fa-f]{2}|.)", re.DOTALL
)
_SIMPLE = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", '"': '"', "\\": "\\"}
_SHOWN = 5
"""How many problems of one sort are shown in one string."""


class _BadEscapeError(Exception):
    pass


def scan_line_string(text: str, pos: int, problems: list[RawProblem]) -> RawValue:
    """The string of one line that opens at `pos`, which holds one quote."""
    quote = text[pos]
    match = (_BASIC if quote == '"' else _LITERAL).match(text, pos)
    if match is None:
        return _broken_line_string(text, pos, quote, problems)
    start, end = match.span()
    string = RawValue("string", start, end)
    string.quote = quote
    string.content = match.span(1)
    inner = match.group(1)
    if quote == "'" or "\\" not in inner:
        string.value, string.exact, string.escaped = inner, True, False
        return string
    value = judge_scalar(match.group())
    if isinstance(value, Refused):
        string.kind = "invalid"
        problems += _bad_escapes(text, *string.content) or [RawProblem(start, end, _refusal(value))]
    else:
        string.value = value
    return string


def _broken_line_string(text: str, pos: int, quote: str, problems: list[RawProblem]) -> RawValue:
    """A string that does not end on its line, or that holds a control character."""
    line_end = _rest(text, pos)
    closing = _closing_quote(text, pos + 1, line_end, quote)
    end = line_end if closing < 0 else closing + 1
    string = RawValue("invalid", pos, end)
    string.quote = quote
    string.content = (pos + 1, line_end if closing < 0 else closing)
    if closing < 0:
        problems.append(
            RawProblem(
                pos, line_end, f"This text never ends: close it with {quote} on the same line.", "unterminated"
            )
        )
    else:
        problems += control_problems(text, pos + 1, closing)
    return string


def _closing_quote(text: str, start: int, end: int, quote: str) -> int:
    if quote == '"':
        match = _TO_QUOTE.match(text, start, end)
        start = match.end() if match else start
    return text.find(quote, start, end)


def find_close(text: str, pos: int, quote: str) -> int:
    """Where the closing `quote` (`'''` or three double ones) of a text that begins at `pos` stands; -1: nowhere."""
    at = text.find(quote, pos)
    while quote == '"""' and at >= 0 and _is_escaped(text, at, pos):
        at = text.find(quote, at + 1)
    return at


def _is_escaped(text: str, at: int, start: int) -> bool:
    before = at
    while before > start and text[before - 1] == "\\":
        before -= 1
    return (at - before) % 2 == 1


def content_start(text: str, pos: int) -> int:
    """Where the content of a multi-line string begins that opens at `pos`: after the line end, if one follows."""
    pos += 3
    if text.startswith("\n", pos):
        return pos + 1
    return pos + 2 if text.startswith("\r\n", pos) else pos


def multiline_string(text: str, pos: int, close: int, problems: list[RawProblem]) -> RawValue:
    """The multi-line string from `pos` whose closing quotes stand at `close`; up to two more may belong to it."""
    quote = text[pos : pos + 3]
    content_end = close
    while content_end < close + 2 and text.startswith(quote[0], content_end + 3):
        content_end += 1
    string = RawValue("string", pos, content_end + 3)
    string.quote = quote
    start = content_start(text, pos)
    string.content = (start, content_end)
    content = text[start:content_end]
    if has_controls(content):
        found = control_problems(text, start, content_end)
        if found:
            problems += found
            string.kind = "invalid"
            return string
    if "\r" in content:
        content = content.replace("\r\n", "\n")
    if quote == "'''" or "\\" not in content:
        string.value, string.exact, string.escaped = content, len(content) == content_end - start, False
        return string
    try:
        string.value = _ESCAPE.sub(_decode, content)
    except _BadEscapeError:
        value = judge(text[pos : string.end])
        if isinstance(value, Refused):
            string.kind = "invalid"
            problems += _bad_escapes(text, start, content_end) or [RawProblem(pos, string.end, _refusal(value))]
        else:
            string.value = value
    return string


def has_controls(content: str) -> bool:
    """Whether a character stands in `content` that may be forbidden (a CR counts)."""
    # thirty searches by the machine's own memchr are ten times as fast as one character class
    return any(control in content for control in _CONTROLS)


def control_problems(text: str, start: int, end: int) -> list[RawProblem]:
    """A problem for each forbidden character in `text[start:end]`, the first few only."""
    problems: list[RawProblem] = []
    for match in _FORBIDDEN.finditer(text, start, end):
        at = match.start()
        if text[at] == "\r" and text.startswith("\n", at + 1):
            continue
        message = (
            "A text may not hold a bare carriage return: make it a line feed, or write \\r between double quotes."
            if text[at] == "\r"
            else f"A text may not hold the control character U+{ord(text[at]):04X}: delete it, or write "
            f"\\u{ord(text[at]):04X} between double quotes."
        )
        problems.append(RawProblem(at, at + 1, message, "control"))
        if len(problems) == _SHOWN:
            break
    return problems


def _decode(match: "re.Match[str]") -> str:
    token = match.group()
    simple = match.group(1)
    if simple is not None:
        decoded = _SIMPLE.get(simple)
        if decoded is None:
            raise _BadEscapeError
        return decoded
    if token[1:2] in ("u", "U"):
        code = int(token[2:], 16)
        if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
            raise _BadEscapeError
        return chr(code)
    if len(token) == 1:
        raise _BadEscapeError
    return ""


def _bad_escapes(text: str, start: int, end: int) -> list[RawProblem]:
    """A problem for each escape that TOML does not know, the first few only."""
    problems: list[RawProblem] = []
    for match in _TOKEN.finditer(text, start, end):
        token = match.group()
        if token == "\r\n" or token[1] in _SIMPLE or (token[1] in " \t\r\n" and "\n" in token):
            continue
        if token[1] in "uU" and len(token) > 2:
            code = int(token[2:], 16)
            if code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF:
                continue
            message = f"There is no character {token}: write the number of another one."
        elif token[1] in "uU":
            message = f"After \\{token[1]} stand {4 if token[1] == 'u' else 8} hexadecimal digits: complete them."
        else:
            shown = token if token.isprintable() else "\\"
            message = f"TOML has no escape {shown}: write \\{shown}, or put the text between single quotes."
        problems.append(RawProblem(match.start(), match.end(), message))
        if len(problems) == _SHOWN:
            break
    return problems


def _refusal(refused: Refused) -> str:
    return f"This is not a valid text: {refused.reason}."


def _rest(text: str, pos: int) -> int:
    match = _REST_OF_LINE.match(text, pos)
    return match.end() if match else pos


class StringMap:
    """Which place of the file each index of a decoded string stands at, both relative to the content's start."""

    __slots__ = ("_decoded", "_raw", "_tokens", "length")

    def __init__(self, content: str, escapes: bool) -> None:
        decoded, raw = 0, 0
        self._decoded, self._raw, self._tokens = [0], [0], list[int]()
        for match in _TOKEN.finditer(content) if escapes else re.finditer("\r\n", content):
            token = match.group()
            decoded += match.start() - raw
            self._tokens.append(match.start())
            # a backslash at the end of a line, with all white space after it, stands for nothing
            decoded += token == "\r\n" or token[1] not in " \t\r\n"
            raw = match.end()
            self._decoded.append(decoded)
            self._raw.append(raw)
        self.length = decoded + len(content) - raw

    def raw(self, index: int) -> int:
        """The place in the content at which the decoded character `index` begins."""
        index = min(max(index, 0), self.length)
        at = bisect_right(self._decoded, index) - 1
        return self._raw[at] + index - self._decoded[at]

    def decoded(self, offset: int) -> int:
        """The index of the decoded character that the place `offset` of the content belongs to."""
        at = bisect_right(self._raw, max(offset, 0)) - 1
        if at < len(self._tokens):
            offset = min(offset, self._tokens[at])
        return min(self._decoded[at] + max(offset, 0) - self._raw[at], self.length)
