"""The line `Orch-Session: <id8>`, by which an answer finds its session. Built-in prompts ask the model for it."""

import re

_DECORATION = r"(?:\x1b\[[0-9;]*m|[^\w:=]|_)*"
_ID = r"(?P<id>[0-9a-f]{8})(?:-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12})?(?![0-9a-z])"
_LINE = re.compile(
    rf"{_DECORATION}orch[-_ ]?session(?:[-_ ]?id)?{_DECORATION}[:=]{_DECORATION}{_ID}{_DECORATION}", re.IGNORECASE
)
_LINE_NUMBER = re.compile(r"\s*\d{1,5}(?=[ \t│|→:])")
_JSON_KEY = re.compile(rf"\"orch[-_ ]?session(?:[-_ ]?id)?\"\s{{0,20}}:\s{{0,20}}\"{_ID}", re.IGNORECASE)
_WORD = re.compile("orch[-_ ]?session", re.IGNORECASE)
_LONGEST_LINE = 400


def session_line(answer: str) -> str | None:
    """The eight-character id of the first line `Orch-Session: <id8>` in `answer`, in lower case, or None.

    The line may be bold, quoted, framed, numbered, coloured, indented, inside a fence or in any letter case, and
    may hold the whole UUID.
    A sentence that only mentions such a line does not count. In an answer that is JSON, a key counts.
    """
    done = 0
    for word in _WORD.finditer(answer):
        if word.start() < done:
            continue
        start = answer.rfind("\n", 0, word.start()) + 1
        end = answer.find("\n", word.end(), start + _LONGEST_LINE)
        done = end if end >= 0 else start + _LONGEST_LINE
        line = answer[start:done]
        if match := _LINE.fullmatch(_LINE_NUMBER.sub("", line, count=1)):
            return match["id"].lower()
    key = _JSON_KEY.search(answer)
    return key["id"].lower() if key else None


def is_session_line(line: str) -> bool:
    """Whether `line` (one line, with or without its end) is an `Orch-Session` line and nothing else."""
    if len(line) >= _LONGEST_LINE or "ession" not in line.lower():
        return False
    return _LINE.fullmatch(line) is not None
