"""What a mail, a chat or a terminal puts around an answer: quote marks, a frame, line numbers, the next prompt."""

import re
from bisect import bisect_right
from typing import NamedTuple

from orch.workflow.answer.fences import may_wrap
from orch.workflow.answer.markdown import fence_at
from orch.workflow.answer.part_names import part_named


class CopiedText(NamedTuple):
    """An answer's own text; for each line, where it begins there (`starts`) and in the answer (`origins`)."""

    text: str
    starts: list[int]
    origins: list[int]

    def origin(self, offset: int) -> int:
        """The offset in the answer of what stands at `offset` in its own text."""
        line = max(bisect_right(self.starts, offset) - 1, 0)
        return self.origins[line] + offset - self.starts[line]


def own_text(answer: str) -> CopiedText | None:
    """`answer` without what a copy puts around its lines, or None where there is nothing of the kind.

    Marks count that every line has: what only some of the lines have is the answer's own.
    """
    raw = [line.removesuffix("\r") for line in answer.split("\n")]
    lines, cuts = _without_marks(_without_terminal_end(raw))
    lines = _without_terminal_end(_without_outer_fence(_without_bullets(_without_terminal_end(lines))))
    if lines == raw:
        return None
    origins, starts, at, start = [], [], 0, 0
    for line, cut, whole in zip(lines, cuts, answer.split("\n"), strict=True):
        origins.append(at + cut)
        starts.append(start)
        at += len(whole) + 1
        start += len(line) + 1
    return CopiedText("\n".join(lines), starts, origins)


def _without_marks(lines: list[str]) -> tuple[list[str], list[int]]:
    """The lines without their marks, and how many characters each has lost at its beginning."""
    none = [0] * len(lines)
    if lines[0].startswith("\ufeff"):
        lines, none[0] = [lines[0][1:], *lines[1:]], 1
    filled = [line for line in lines if line and not line.isspace()]
    if len(filled) < 3:
        return lines, none
    if all(line.lstrip().startswith(">") for line in filled):
        mark = _QUOTED
    elif _is_framed(filled):
        boxed = all(_EDGE.match(line) or _RIGHT_BORDER.search(line, 1) for line in filled[:-1])
        lines = [_without_border(line, boxed) for line in lines]
        mark = _LEFT_BORDER
    elif numbered := _numbering(lines):
        mark = numbered
    else:
        return lines, none
    cuts = [_cut(mark, line) for line in lines]
    cut_lines = [line[cut:] for line, cut in zip(lines, cuts, strict=True)]
    return cut_lines, [cut + before for cut, before in zip(cuts, none, strict=True)]


def _without_bullets(lines: list[str]) -> list[str]:
    """The lines without the sign that a terminal puts before each message of the model, as wide as before."""
    first = next((line for line in lines if line and not line.isspace()), "")
    match = _MESSAGE.match(first)
    if match is None or (match["sign"] == "●" and sum(line.startswith(match[0]) for line in lines) > 1):
        return lines
    return [" " * len(match[0]) + line[len(match[0]) :] if line.startswith(match[0]) else line for line in lines]


def _without_outer_fence(lines: list[str]) -> list[str]:
    """The lines with a fence around the whole answer blank, where no other fence could be its end."""
    filled = [number for number, line in enumerate(lines) if line and not line.isspace()]
    if len(filled) < 4:
        return lines
    first, last = filled[0], filled[-1]
    opener, closer = fence_at(lines[first], first), fence_at(lines[last], last)
    if not (opener and closer and may_wrap(opener) and closer.is_bare) or part_named(opener.info):
        return lines
    for number in filled[1:-1]:
        inner = fence_at(lines[number], number) if opener.mark in lines[number] else None
        if inner and inner.mark == opener.mark and inner.length >= opener.length:
            return lines
    if closer.mark != opener.mark or closer.length < opener.length:
        return lines
    return ["" if number in (first, last) else line for number, line in enumerate(lines)]


def _without_terminal_end(lines: list[str]) -> list[str]:
    """The lines without what stands behind an answer: the time it took, a terminal's prompt, a stop token."""
    end = len(lines)
    while end and (not lines[end - 1] or lines[end - 1].isspace() or _TERMINAL_END.match(lines[end - 1])):
        end -= 1
    if end and (token := _STOP_TOKEN.search(lines[end - 1])):
        lines = [*lines[: end - 1], lines[end - 1][: token.start()], *lines[end:]]
    return lines[:end] + ["" if _TERMINAL_END.match(line) else line for line in lines[end:]]


_MESSAGE = re.compile(r"[ \t]*(?P<sign>[⏺●✦])[ \t]+")
_TERMINAL_END = re.compile(
    r"[ \t]*(?:[>❯$%][ \t]*|[✻✽✢✶✳][ \t].{0,40}\d[ \t]?m?s\b.*|[\w.-]+@[\w.-]+[: ][^\n]{0,80}[$%#][ \t]*"
    r"|[\w.-]+@[\w.-]+:[~/][^\s$#%]{0,80}[$%#][ \t][^\n]*)$"
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


def _without_border(line: str, boxed: bool) -> str:
    """The line without the frame's edge or, where the frame has one on the right as well, its border there."""
    if _EDGE.match(line):
        return ""
    border = _RIGHT_BORDER.search(line, 1) if boxed else None
    return line[: border.start()] if border else line


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
