"""The readings of an answer, line by line: what a fence or a name may mean, and what each meaning costs."""

from collections.abc import Iterator
from typing import NamedTuple

from orch.workflow.answer.fences import (
    STRAY,
    UNCLOSED,
    Stack,
    WeighedFence,
    closing_cost,
    may_wrap,
    opening_cost,
    pushed,
)
from orch.workflow.answer.markdown import Document, fence_at
from orch.workflow.answer.marker import Marker
from orch.workflow.answer.marker_prices import Price
from orch.workflow.answer.part_names import PARTS, STRONG


class Text(NamedTuple):
    document: Document
    markers: list[Marker]
    prices: list[Price]
    wrappers: list[tuple[int, float]]  # the fence under each name, and what it costs that another follows it


class Wall(NamedTuple):
    first: int
    end: int


class State(NamedTuple):
    cost: float
    stack: Stack | None
    base: int  # how many of the open fences hold the sections rather than belong to one
    current: int  # the marker whose section is open, -1 for none
    seen: int  # the parts that have a section, as bits
    trail: "Step | None"


class Step(NamedTuple):
    what: str  # begin | end | pair | unclosed | left (a name that is seen as a part's own line)
    line: int
    other: int
    before: "Step | None"


_FLUSH = 4.0
_DROPPED = 2.0
BIT = {part: 1 << number for number, part in enumerate(PARTS)}
Event = WeighedFence | int | Wall
"""A fence, a marker by its index, or a stretch that belongs to something else."""


def after(event: Event, state: State, text: Text) -> Iterator[State]:
    """The states that `event` may lead to."""
    if isinstance(event, int):
        yield from _after_marker(event, state, text)
    elif isinstance(event, Wall):
        trail = _unclosed(state.stack, 0, Step("end", event.first, 0, state.trail))
        yield State(state.cost + _flush_cost(state.stack, state.base), None, 0, -1, state.seen, trail)
    else:
        yield from _after_fence(event, state, text)


def _after_fence(fence: WeighedFence, state: State, text: Text) -> Iterator[State]:
    cost, stack, base, current, seen, trail = state
    opening = opening_cost(fence, stack)
    if current >= 0 and (stack.depth if stack else 0) == base:
        line, worth = text.wrappers[current]
        opening += worth if line < fence.fence.line else 0.0  # the fence under the name is rarely one of several
    yield State(cost + opening, pushed(fence, stack), base, current, seen, trail)
    if fence.fence.info:
        return
    yield State(cost + STRAY, stack, base, current, seen, trail)
    dropped = 0
    while stack is not None and dropped < 4:
        closing = closing_cost(fence, stack)
        if closing is not None and (dropped == 0 or stack.top.fence.length == fence.fence.length):
            step = Step("pair", stack.top.fence.line, fence.fence.line, trail)
            held = stack.depth <= base
            yield State(
                cost + closing + _DROPPED * dropped,
                stack.below,
                min(base, stack.depth - 1),
                -1 if held else current,
                seen,
                Step("end", fence.fence.line, 0, step) if held else step,
            )
        trail = Step("unclosed", stack.top.fence.line, 0, trail)
        stack = stack.below
        dropped += 1


def _after_marker(index: int, state: State, text: Text) -> Iterator[State]:
    marker, price = text.markers[index], text.prices[index]
    cost, stack, base, current, seen, trail = state
    depth = stack.depth if stack else 0
    flush = _flush_cost(stack, base)
    if marker.ends:
        yield state._replace(cost=cost + 0.6)
        if current >= 0 and text.markers[current].part == marker.part:
            trail = _unclosed(stack, base, Step("end", marker.first, 0, trail))
            yield State(cost + flush, _cut(stack, base), base, -1, seen, trail)
        return
    if stack is None or depth == base:
        left = Step("left", marker.first, index, trail) if price.leave > 0 and marker.strength == STRONG else trail
        yield state._replace(cost=cost + price.leave, trail=left)
    else:
        # what a fence that never closes holds is not its own: the cost of leaving it waits for the fence's end
        waiting = stack._replace(left=stack.left + price.leave)
        yield state._replace(cost=cost + price.leave_fenced, stack=waiting)
    bit = BIT[marker.part]
    take = price.take - (0.0 if seen & bit else price.reward)
    if seen & bit and not marker.corrected:
        take += 1.0
    begin = Step("begin", marker.first, index, _unclosed(stack, base, trail))
    yield State(cost + take + flush, _cut(stack, base), base, index, seen | bit, begin)
    if base == 0 and depth == 1 and stack is not None:
        held = _price_of_holding(stack.top, marker, state, text)
        if held is not None:
            begin = Step("begin", marker.first, index, trail)
            yield State(cost + take + held, stack, 1, index, seen | bit, begin)


def wrapper_under(marker: Marker, document: Document) -> tuple[int, float]:
    """The first fence below a name, at most four lines on, and how much it looks like one around the whole part."""
    line = document.next_filled(marker.body)
    for lead in range(5):
        if line >= len(document.lines):
            break
        fence = fence_at(document.lines[line], line)
        if fence is not None:
            worth = (1.0 if fence.info else 0.6) if may_wrap(fence) else 0.0
            return line, worth / 2 if lead else worth
        line = document.next_filled(line + 1)
    return -1, 0.0


def _price_of_holding(fence: WeighedFence, marker: Marker, state: State, text: Text) -> float | None:
    """What it costs to see `fence` as the wrapping of the part (or of the whole answer) that begins in it.

    A fence directly under another name is that part's.
    """
    document = text.document
    if state.current >= 0 and document.next_filled(text.markers[state.current].body) == fence.fence.line:
        return None
    if document.next_filled(fence.fence.line + 1) == marker.first:
        return 0.2
    return 0.5 if state.seen == 0 and fence.wraps else None


def _flush_cost(stack: Stack | None, depth: int) -> float:
    """What it costs that the fences above `depth` never close."""
    cost = 0.0
    while stack is not None and stack.depth > depth:
        cost += stack.left + (_FLUSH if cost == 0.0 else _FLUSH / 2)
        stack = stack.below
    return cost


def _cut(stack: Stack | None, depth: int) -> Stack | None:
    while stack is not None and stack.depth > depth:
        stack = stack.below
    return stack


def _unclosed(stack: Stack | None, depth: int, trail: Step | None) -> Step | None:
    while stack is not None and stack.depth > depth:
        trail = Step("unclosed", stack.top.fence.line, 0, trail)
        stack = stack.below
    return trail


def final_cost(state: State) -> float:
    cost = state.cost + 0.5 * state.base
    stack = state.stack
    while stack is not None and stack.depth > state.base:
        cost += UNCLOSED + stack.left
        stack = stack.below
    return cost
