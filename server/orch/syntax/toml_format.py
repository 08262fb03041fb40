"""Values as TOML text, by Orch's rules for strings. What is written reads back as exactly the value given.

A long text is a literal string, opened by `'''` and a line end, so that what stands in the file is the text itself;
where that cannot be (it holds `'''`, ends in `'`, or holds a CR or another character that literal strings forbid)
it is a basic one. TOML 1.0 (https://toml.io/en/v1.0.0) has the forms.
"""

import math
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

LONG = 120
"""Code points from which a text of one line counts as long."""

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+\Z")
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_ESCAPED = re.compile(r'["\\\x00-\x08\x0a-\x1f\x7f]')
_ESCAPED_IN_LINES = re.compile(r'\\|"\Z|(?<="")"|[\x00-\x08\x0b-\x1f\x7f]')
_SHORT_ESCAPES = {
    "\b": "\\b",
    "\n": "\\n",
    "\f": "\\f",
    "\r": "\\r",
    '"': '\\"',
    "\\": "\\\\",
}


class UnwritableError(ValueError):
    """A Python value that TOML has no form for. Its text is one plain sentence."""


def format_value(value: Any, *, long: bool = False, newline: str = "\n") -> str:
    """`value` as TOML text: a str, bool, int, float, datetime, date, time, sequence or mapping.

    `long` writes a text in the form of a long one whatever its size; `newline` ends the lines of such texts.
    Mappings become inline tables. Raises UnwritableError for anything else, also deep inside.
    """
    if isinstance(value, str):
        return format_string(value, long=long, newline=newline)
    if isinstance(value, Mapping):
        pairs = ", ".join(f"{format_key(key)} = {format_value(value[key], newline=newline)}" for key in value)
        return f"{{ {pairs} }}" if pairs else "{}"
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray | memoryview):
        return f"[{', '.join(format_value(item, newline=newline) for item in value)}]"
    return _format_plain(value)


def format_string(text: str, *, long: bool = False, newline: str = "\n") -> str:
    """`text` as a TOML string; long ones on lines of their own (see the module's head)."""
    if not (long or "\n" in text or len(text) > LONG):
        return _basic(text)
    if "'''" not in text and not text.endswith("'") and not _FORBIDDEN.search(text):
        return f"'''{newline}{_with_line_ends(text, newline)}'''"
    if "\n" not in text:
        return _basic(text)
    body = _ESCAPED_IN_LINES.sub(_escape, text)
    return f'"""{newline}{_with_line_ends(body, newline)}"""'


def format_key(name: str) -> str:
    """`name` as one part of a key: bare where TOML allows it, else quoted."""
    if not isinstance(name, str):
        raise UnwritableError(f"A key must be a text, not {name!r}.")
    return name if _BARE_KEY.match(name) else _basic(name)


def format_path(path: Sequence[str]) -> str:
    """A dotted key."""
    return ".".join(format_key(name) for name in path)


def _basic(text: str) -> str:
    return f'"{_ESCAPED.sub(_escape, text)}"'


def _escape(match: "re.Match[str]") -> str:
    character = match.group()
    return _SHORT_ESCAPES.get(character) or f"\\u{ord(character):04X}"


def _with_line_ends(text: str, newline: str) -> str:
    return text if newline == "\n" else text.replace("\n", newline)


def _format_plain(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        try:
            return int.__repr__(value)
        except ValueError as error:
            raise UnwritableError("The whole number is too long to write.") from error
    if isinstance(value, float):
        if math.isnan(value):
            return "nan"
        if math.isinf(value):
            return "inf" if value > 0 else "-inf"
        return float.__repr__(value)
    if isinstance(value, datetime):
        text = value.isoformat()
        return f"{text[:-6]}Z" if text.endswith("+00:00") and value.utcoffset() == timedelta() else text
    if isinstance(value, date | time):
        return value.isoformat()
    raise UnwritableError(f"TOML has no form for a value of type {type(value).__name__}.")
