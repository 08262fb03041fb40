"""The blocks of an answer that no part claimed: what a person may choose for a part that is missing."""

from collections.abc import Iterable

from orch.workflow.delimited import Candidate
from orch.workflow.edges import trimmed
from orch.workflow.extraction_result import Block
from orch.workflow.markdown import Document, heading_at

_MOST = 20
_LONGEST_TITLE = 60


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
    found: list[Block] = []
    fences = [fence for fence in document.fences if first <= fence.line < end]
    line = first
    title, opened = "", first
    while line < end:
        fence = next((fence for fence in fences if fence.line >= line), None)
        stop = fence.line if fence else end
        for number in range(line, stop):
            if heading := heading_at(document.lines[number]):
                _add(found, document, title, opened, number)
                title, opened = heading[1], number + 1
        if fence is None:
            break
        close = next((f.line for f in fences if f.line > fence.line and f.is_bare and f.mark == fence.mark), end)
        fences = [other for other in fences if other.line > close]
        inner_first, inner_end = trimmed(document, fence.line + 1, close)
        if inner_end - inner_first >= 2:
            label = title or document.lines[inner_first].strip()
            found.append(_block(document, label, inner_first, inner_end))
            opened = close + 1
        line = close + 1
    _add(found, document, title, opened, end)
    return found


def _add(found: list[Block], document: Document, title: str, first: int, end: int) -> None:
    first, end = trimmed(document, first, end)
    if end - first >= 2:
        found.append(_block(document, title or document.lines[first].strip(), first, end))


def _block(document: Document, title: str, first: int, end: int) -> Block:
    short = title.strip(" #*_`:").strip()
    if len(short) > _LONGEST_TITLE:
        short = short[: _LONGEST_TITLE - 1].rstrip() + "…"
    return Block(short or "Block", document.starts[first], document.end(end - 1))
