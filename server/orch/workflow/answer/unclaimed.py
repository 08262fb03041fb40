"""The blocks of an answer that no part claimed: what a person may choose for a part that is missing."""

from collections.abc import Iterable

from orch.workflow.answer.candidate import Candidate
from orch.workflow.answer.edges import trimmed
from orch.workflow.answer.markdown import Document, heading_at
from orch.workflow.extraction_result import Block

_MOST = 20
_LONGEST_TITLE = 60
_SENTENCE = 5
"""Words that one line has to have to be a block."""


def unclaimed_blocks(document: Document, claimed: Iterable[Candidate]) -> tuple[Block, ...]:
    """Fenced blocks and headed sections outside `claimed`, in order, at most twenty.

    A block's span is that of its lines without the fence, a section's that of the lines under its heading.
    """
    taken = sorted((candidate.first, candidate.last + 1) for candidate in claimed)
    found: list[Block] = []
    for first, end in _free(taken, len(document.lines)):
        found.extend(_blocks(document, first, end))
    return tuple(found[:_MOST])


def _free(taken: list[tuple[int, int]], count: int) -> list[tuple[int, int]]:
    free = []
    at = 0
    for first, end in taken:
        if first > at:
            free.append((at, first))
        at = max(at, end)
    if at < count:
        free.append((at, count))
    return free


def _blocks(document: Document, first: int, end: int) -> list[Block]:
    """The fenced blocks and the headed sections of a range; a bare fence closes whatever fence is open."""
    found: list[Block] = []
    fences = {fence.line: fence for fence in document.fences if first <= fence.line < end}
    title, opened, fence_line = "", first, -1
    for line in range(first, end):
        if len(found) >= _MOST:
            return found
        fence = fences.get(line)
        if fence_line >= 0:
            if fence and fence.is_bare and fence.mark == fences[fence_line].mark:
                _add(found, document, title, fence_line + 1, line, fenced=True)
                opened, fence_line = line + 1, -1
        elif fence:
            _add(found, document, title, opened, line)
            fence_line = line
        elif heading := heading_at(document.lines[line]):
            _add(found, document, title, opened, line)
            title, opened = heading[1], line + 1
    _add(found, document, title, opened if fence_line < 0 else fence_line + 1, end, fenced=fence_line >= 0)
    return found


def _add(found: list[Block], document: Document, title: str, first: int, end: int, *, fenced: bool = False) -> None:
    first, end = trimmed(document, first, end)
    # one line may be a command, or what the model says before it begins; a sentence that is set apart is a prompt
    alone = end - first == 1 and bool(title or fenced) and len(document.lines[first].split()) >= _SENTENCE
    if end - first >= 2 or alone:
        found.append(_block(document, title or document.lines[first].strip(), first, end))


def _block(document: Document, title: str, first: int, end: int) -> Block:
    short = title.strip(" #*_`:").strip()
    if len(short) > _LONGEST_TITLE:
        short = short[: _LONGEST_TITLE - 1].rstrip() + "…"
    return Block(short or "Block", document.starts[first], document.end(end - 1))
