"""What a mail, a chat or a terminal puts around an answer: quote marks, a frame, line numbers, the next prompt."""

import re

ESCAPE = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
"""A terminal's escape sequence, for colours and the like."""


def without_line_marks(lines: list[str], starts: list[int]) -> tuple[list[str], list[int]]:
    """The lines without the marks that every one of them has, each with the offset at which it then begins.

    What only some of the lines have is the answer's own.
    """
    filled = [line for line in lines if line and not line.isspace()]
    if len(filled) < 3:
        return lines, starts
    if all(line.lstrip().startswith(">") for line in filled):
        cuts = [_cut(_QUOTED, line) for line in lines]
    elif _is_framed(filled):
        lines = [_without_right_border(line) for line in lines]
        cuts = [_cut(_LEFT_BORDER, line) for line in lines]
    elif numbered := _numbering(lines):
        cuts = [_cut(numbered, line) for line in lines]
    else:
        return lines, starts
    return (
        [line[cut:] for line, cut in zip(lines, cuts, strict=True)],
        [start + cut for start, cut in zip(starts, cuts, strict=True)],
    )


def without_terminal_end(lines: list[str]) -> list[str]:
    """The lines without what stands behind an answer: the time it took, a terminal's prompt, a stop token."""
    end = len(lines)
    while end and (not lines[end - 1] or lines[end - 1].isspace() or _TERMINAL_END.match(lines[end - 1])):
        end -= 1
    if end and (token := _STOP_TOKEN.search(lines[end - 1])):
        lines = [*lines[: end - 1], lines[end - 1][: token.start()], *lines[end:]]
    return lines[:end] + [""] * (len(lines) - end)


_TERMINAL_END = re.compile(
    r"[ \t]*(?:[>❯][ \t]*|[✻✽✢✶✳][ \t].{0,40}\d[ \t]?m?s\b.*|[\w.-]+@[\w.-]+[: ][^\n]{0,80}[$%#][ \t]*)$"
)
_STOP_TOKEN = re.compile(r"(?:<\|[a-z_]{2,20}\|>|</s>|<(?:eos|end_of_turn)>|<｜[^｜<>]{2,30}｜>)+[ \t]*$")
_QUOTED = re.compile(r"[ \t]*>[ \t]?")
_LEFT_BORDER = re.compile(r"[ \t]*[│┃║▌▎▏][ \t]?")
_RIGHT_BORDER = re.compile(r"[ \t]*[│┃║▐][ \t]*$")
_EDGE = re.compile(r"[ \t]*[╭┌╔┏╰└╚┗][─═━╌].*[╮┐╗┓╯┘╝┛─═━╌][ \t]*$")
_NUMBERINGS = tuple(
    re.compile(rf"[ \t]*(?P<number>\d{{1,5}})(?:{behind}|[ \t]*$)")
    for behind in (r"\t", "→", "[ ]?│(?:[ ]|$)", "[ ]?[|](?:[ ]|$)", "[ ]?:(?:[ ]|$)", "[ ]{2}", "[ ]")
)
_FEWEST_NUMBERED = 5


def _cut(mark: re.Pattern[str], line: str) -> int:
    match = mark.match(line)
    return match.end() if match else 0


def _is_framed(filled: list[str]) -> bool:
    """Whether a border stands before every line but the frame's upper and lower edge."""
    inner = [line for line in filled if not _EDGE.match(line)]
    return len(inner) > 2 and len(filled) - len(inner) <= 2 and all(_LEFT_BORDER.match(line) for line in inner)


def _without_right_border(line: str) -> str:
    if _EDGE.match(line):
        return ""
    border = _RIGHT_BORDER.search(line)
    return line[: border.start()] if border and border.start() > 0 else line


def _numbering(lines: list[str]) -> re.Pattern[str] | None:
    """What the number before a line looks like where every line, also a blank one, begins with its own.

    The items of a list have a mark behind the number, and do not stand so close.
    """
    end = len(lines)
    while end and (not lines[end - 1] or lines[end - 1].isspace()):
        end -= 1
    if end < _FEWEST_NUMBERED:
        return None
    return next((numbering for numbering in _NUMBERINGS if _counts(numbering, lines[:end])), None)


def _counts(numbering: re.Pattern[str], lines: list[str]) -> bool:
    before: int | None = None
    for line in lines:
        match = numbering.match(line)
        if match is None or (before is not None and int(match["number"]) != before + 1):
            return False
        before = int(match["number"])
    return True
