"""Two texts compared line by line, in the unified form of diff."""

from collections.abc import Iterator
from difflib import unified_diff

_NO_END = "\\ No newline at end of file\n"


def unified(left: str, right: str, left_name: str, right_name: str) -> str:
    """What has to change in `left` to make it `right`; empty when they are the same.

    A line ends with LF alone: a CR before it belongs to the line.
    """
    lines = unified_diff(_lines(left), _lines(right), left_name, right_name)
    return "".join(line if line.endswith("\n") else f"{line}\n{_NO_END}" for line in lines)


def changed_lines(diff: str) -> tuple[int, int]:
    """How many lines a unified diff takes away, and how many it adds."""
    body = [line for line in diff.split("\n")[2:] if line]
    return sum(line[0] == "-" for line in body), sum(line[0] == "+" for line in body)


def _lines(text: str) -> list[str]:
    return list(_split(text))


def _split(text: str) -> Iterator[str]:
    start = 0
    while (end := text.find("\n", start)) >= 0:
        yield text[start : end + 1]
        start = end + 1
    if start < len(text):
        yield text[start:]
