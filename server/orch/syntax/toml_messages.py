"""What to say of a line that is not TOML: where the mistake is and what to do about it."""

import re

from orch.syntax.toml_raw import KEY, RawProblem, Statement


def bad_comment(text: str, start: int, end: int) -> list[RawProblem]:
    """A problem for each control character in the comment `text[start:end]`, the first few only."""
    return [
        RawProblem(
            at,
            at + 1,
            f"A comment may not hold the control character U+{ord(text[at]):04X}: delete it.",
            "control",
        )
        for at in range(start, end)
        if (text[at] < " " and text[at] != "\t") or text[at] == "\x7f"
    ][:3]


def key_problem(key: "re.Match[str]") -> RawProblem:
    """What is wrong with a key; its group 1 is all that stands before the =."""
    start, end = key.span(1)
    name = key.group(1).rstrip(" \t")
    if not name:
        return RawProblem(key.start(), key.end(), "A key is missing before the =: write one.")
    end = start + len(name)
    if name.startswith(("'''", '"""')):
        return RawProblem(start, end, "A key may not stand between three quotes: use one on each side.")
    return RawProblem(
        start,
        end,
        "A key without quotes has only letters A to Z, digits, - and _: put this one between quotes.",
    )


def explain_line(line: str) -> str:
    """What is wrong with a line that is neither a key with a value, nor a header, nor a comment."""
    if line[0] in "[":
        return "This header is not complete: write it like [name]."
    if line.startswith(("'''", '"""')):
        return f"These quotes open no text: delete them, or write a key and = before {line[:3]}."
    if re.match(rf"{KEY}[ \t]*+:", line):
        return "TOML wants = after a key: write it instead of the colon."
    if re.fullmatch(KEY, line):
        return "Write = and a value after this key."
    return 'This line is no key with a value: write it like name = "value", or put # before a comment.'


def left_over(text: str, pos: int, start: int, statement: Statement) -> str:
    """What to say of the rest of a line from `start` on, where the header or value ended at `pos`."""
    if statement.kind == "header":
        return "Only a comment may stand behind a header: delete the rest, or move it down."
    quote = text[pos - 1]
    if start == pos and quote in ("'", '"') and statement.value is not None and statement.value.quote == quote:
        other = "double" if quote == "'" else "single"
        return f"The {quote} before this ends the text: put a text that holds it between {other} quotes."
    return "Only a comment may stand behind a value: delete the rest, or move it down."
