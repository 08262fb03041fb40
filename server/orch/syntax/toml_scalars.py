"""Keys and scalars of TOML: what they say, or what keeps them from being one."""

import re
from typing import Any

from orch.syntax.toml_judge import Refused, judge_scalar, kind_of
from orch.syntax.toml_raw import CONTROL, KEY_PART, RawKey, RawProblem, RawValue
from orch.syntax.toml_recovery import scan_text
from orch.syntax.toml_strings import scan_line_string

_RUN = re.compile(
    rf"[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}} [0-9]{{2}}:[^ \t\r\n,\[\]{{}}#\"'={CONTROL}]*+"
    rf"|[^ \t\r\n,\[\]{{}}#\"'={CONTROL}]++"
)
LOOSE_RUN = re.compile(r"[^\r\n,\[\]{}#]*+")
"""What stands where a value should, up to the next comma, bracket, comment or line end."""

_KEY_PART = re.compile(KEY_PART)
NO_VALUE = "This is not a TOML value: put a text between quotes."
_TRUE_FALSE = {"true", "false"}


def scan_simple(text: str, pos: int, problems: list[RawProblem]) -> RawValue:
    """The string, number, boolean, date or time at `pos`; an invalid value, with a problem, where it is none."""
    first = text[pos : pos + 1]
    if first in ("'", '"') and first:
        if text.startswith(first * 3, pos):
            return scan_text(text, pos, problems)
        return scan_line_string(text, pos, problems)
    match = _RUN.match(text, pos)
    end = match.end() if match else pos
    value = judge_scalar(text[pos:end]) if end > pos else Refused("no value")
    if not isinstance(value, Refused):
        return RawValue(kind_of(value), pos, end, value)
    match = LOOSE_RUN.match(text, pos)
    end = max(end, pos + len(text[pos : match.end() if match else end].rstrip(" \t")))
    problems.append(RawProblem(pos, end, _explain(text[pos:end])))
    return RawValue("invalid", pos, end)


def _explain(run: str) -> str:
    lower = run.lower()
    if not run:
        return 'There is no value here: write one, for example "text".'
    if lower in _TRUE_FALSE:
        return f"TOML writes {lower} in lower case."
    if run[0] in "“”„‟«‘’‚":
        return 'These quotes are not TOML\'s: use straight ones, "like this".'
    if re.fullmatch(r"[+-]?0[0-9_]+", run):
        return "A number may not begin with 0: delete the zeros, or put it between quotes."
    if re.fullmatch(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}.*", run):
        return "This is not a valid date or time: write it like 2026-11-21T02:10:00Z."
    if re.fullmatch(r"[+-]?[0-9][0-9_.eE+-]*", run):
        return "This is not a valid number: correct it, or put it between quotes."
    return NO_VALUE


def split_key(text: str, start: int, end: int) -> tuple[RawKey, ...] | None:
    """The parts of the key in `text[start:end]`; None when a quoted part holds an escape that TOML refuses."""
    parts: list[RawKey] = []
    for match in _KEY_PART.finditer(text, start, end):
        name: Any = match.group()
        if name[0] in "\"'":
            name = judge_scalar(name) if "\\" in name and name[0] == '"' else name[1:-1]
            if isinstance(name, Refused):
                return None
        parts.append(RawKey(name, match.start(), match.end()))
    return tuple(parts)
