"""Which of the lines that name a part really begin one. Names and fences are read together, as one depends on the
other: a name inside a closed fence is that prompt's own, and a fence that is open at a real part never closes.

Every reading of the answer has a cost, the sum of what is unusual in it; the cheapest one is taken, and how much
cheaper it is than the next one says how sure it is. Only the most promising readings are followed at a time."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from orch.workflow.fences import (
    STRAY,
    UNCLOSED,
    Stack,
    WeighedFence,
    closing_cost,
    may_wrap,
    opening_cost,
    pushed,
    weighed,
)
from orch.workflow.markdown import Document, Fence, fence_at
from orch.workflow.marker_prices import Price, prices_of
from orch.workflow.markers import Marker
from orch.workflow.part_names import PARTS, STRONG


@dataclass(frozen=True)
class Section:
    """The lines `first <= line < end` that stand under `marker`.

    `unsure` says that another reading of the answer was nearly as likely. `closed` says that something else than
    the next part ends it: the fence that it stands in, or a line that names its end.
    """

    marker: Marker
    first: int
    end: int
    unsure: bool = False
    closed: bool = False


@dataclass(frozen=True)
class Reading:
    """The sections in document order, which fence closes which (opening line -> closing line), and which never do."""

    sections: tuple[Section, ...] = ()
    pairs: dict[int, int] = field(default_factory=dict)
    unclosed: frozenset[int] = frozenset()


def read_sections(document: Document, markers: list[Marker], walls: list[tuple[int, int]]) -> Reading:
    """The likeliest division of `document` into sections. `walls` are line ranges that belong to something else."""
    prices = prices_of(markers, document)
    worth = [at for at, price in enumerate(prices) if price.take - price.reward < price.leave or markers[at].ends]
    chosen = [markers[at] for at in worth]
    text = _Text(document, chosen, [prices[at] for at in worth], [_wrapper_under(m, document) for m in chosen])
    quiet = _certain_pairs(document.fences, text.markers)
    beam = [_State(0.0, None, 0, -1, 0, None)]
    hopes = _hopes(text, 0)
    events = _events(text, walls, quiet)
    if len(events) > _MOST_EVENTS:
        return Reading()
    width = next(width for most, width in _WIDTHS if len(events) <= most)
    for event in events:
        steps: list[_State] = []
        for state in beam:
            steps.extend(_after(event, state, text))
        if isinstance(event, int):
            hopes = _hopes(text, event + 1)
        beam = _best(steps, hopes, width)
    return _reading(text, beam, quiet)


class _Text(NamedTuple):
    document: Document
    markers: list[Marker]
    prices: list[Price]
    wrappers: list[tuple[int, float]]  # the fence under each name, and what it costs that another follows it


class _Wall(NamedTuple):
    first: int
    end: int


class _State(NamedTuple):
    cost: float
    stack: Stack | None
    base: int  # how many of the open fences hold the sections rather than belong to one
    current: int  # the marker whose section is open, -1 for none
    seen: int  # the parts that have a section, as bits
    trail: "_Step | None"


class _Step(NamedTuple):
    what: str  # begin | end | pair | unclosed | left (a name that is seen as a part's own line)
    line: int
    other: int
    before: "_Step | None"


_WIDTHS = ((150, 10), (1000, 6), (4000, 3), (10**9, 1))
"""How many readings are followed, by the number of fences and names: an answer has some hundred at most."""
_MOST_EVENTS = 20_000
"""A text with more fences and names is no answer."""
_FAR = 9.0
_MARGIN = 0.35
_FLUSH = 4.0
_DROPPED = 2.0
_BIT = {part: 1 << number for number, part in enumerate(PARTS)}
_Event = WeighedFence | int | _Wall


def _events(text: _Text, walls: list[tuple[int, int]], quiet: dict[int, int]) -> list[_Event]:
    """Fences, markers (by their index) and walls in document order. Fences that cannot be in doubt are left out."""
    silent = set(quiet) | set(quiet.values())
    entries: list[tuple[int, int, _Event]] = [(wall[0], 0, _Wall(*wall)) for wall in walls]
    entries += [(marker.first, 1, index) for index, marker in enumerate(text.markers)]
    fences = [fence for fence in text.document.fences if fence.line not in silent]
    entries += [(fence.fence.line, 2, fence) for fence in weighed(fences, text.document)]
    entries.sort(key=lambda entry: entry[:2])
    events: list[_Event] = []
    hidden = -1
    for line, _, event in entries:
        if line < hidden:
            continue
        if isinstance(event, _Wall):
            hidden = event.end
        events.append(event)
    return events


def _certain_pairs(fences: list[Fence], markers: list[Marker]) -> dict[int, int]:
    """Code fences that name a language and are closed by the very next fence, with no part's name between them."""
    pairs = {}
    named = [marker.first for marker in markers]
    at = 0
    for fence, following in pairwise(fences):
        while at < len(named) and named[at] < fence.line:
            at += 1
        if (
            not may_wrap(fence)
            and following.is_bare
            and (following.mark, following.length, following.indent) == (fence.mark, fence.length, fence.indent)
            and not (at < len(named) and named[at] < following.line)
        ):
            pairs[fence.line] = following.line
    return pairs


def _after(event: _Event, state: _State, text: _Text) -> Iterator[_State]:
    """The states that `event` may lead to."""
    if isinstance(event, int):
        yield from _after_marker(event, state, text)
    elif isinstance(event, _Wall):
        trail = _unclosed(state.stack, 0, _Step("end", event.first, 0, state.trail))
        yield _State(state.cost + _flush_cost(state.stack, state.base), None, 0, -1, state.seen, trail)
    else:
        yield from _after_fence(event, state, text)


def _after_fence(fence: WeighedFence, state: _State, text: _Text) -> Iterator[_State]:
    cost, stack, base, current, seen, trail = state
    opening = opening_cost(fence, stack)
    if current >= 0 and (stack.depth if stack else 0) == base:
        line, worth = text.wrappers[current]
        opening += worth if line < fence.fence.line else 0.0  # the fence under the name is rarely one of several
    yield _State(cost + opening, pushed(fence, stack), base, current, seen, trail)
    if fence.fence.info:
        return
    yield _State(cost + STRAY, stack, base, current, seen, trail)
    dropped = 0
    while stack is not None and dropped < 4:
        closing = closing_cost(fence, stack)
        if closing is not None and (dropped == 0 or stack.top.fence.length == fence.fence.length):
            step = _Step("pair", stack.top.fence.line, fence.fence.line, trail)
            held = stack.depth <= base
            yield _State(
                cost + closing + _DROPPED * dropped,
                stack.below,
                min(base, stack.depth - 1),
                -1 if held else current,
                seen,
                _Step("end", fence.fence.line, 0, step) if held else step,
            )
        trail = _Step("unclosed", stack.top.fence.line, 0, trail)
        stack = stack.below
        dropped += 1


def _after_marker(index: int, state: _State, text: _Text) -> Iterator[_State]:
    marker, price = text.markers[index], text.prices[index]
    cost, stack, base, current, seen, trail = state
    depth = stack.depth if stack else 0
    flush = _flush_cost(stack, base)
    if marker.ends:
        yield state._replace(cost=cost + 0.6)
        if current >= 0 and text.markers[current].part == marker.part:
            trail = _unclosed(stack, base, _Step("end", marker.first, 0, trail))
            yield _State(cost + flush, _cut(stack, base), base, -1, seen, trail)
        return
    if stack is None or depth == base:
        left = _Step("left", marker.first, index, trail) if price.leave > 0 and marker.strength == STRONG else trail
        yield state._replace(cost=cost + price.leave, trail=left)
    else:
        # what a fence that never closes holds is not its own: the cost of leaving it waits for the fence's end
        waiting = stack._replace(left=stack.left + price.leave)
        yield state._replace(cost=cost + price.leave_fenced, stack=waiting)
    bit = _BIT[marker.part]
    take = price.take - (0.0 if seen & bit else price.reward)
    if seen & bit and not marker.corrected:
        take += 1.0
    begin = _Step("begin", marker.first, index, _unclosed(stack, base, trail))
    yield _State(cost + take + flush, _cut(stack, base), base, index, seen | bit, begin)
    if base == 0 and depth == 1 and stack is not None:
        held = _price_of_holding(stack.top, marker, state, text)
        if held is not None:
            begin = _Step("begin", marker.first, index, trail)
            yield _State(cost + take + held, stack, 1, index, seen | bit, begin)


def _wrapper_under(marker: Marker, document: Document) -> tuple[int, float]:
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


def _price_of_holding(fence: WeighedFence, marker: Marker, state: _State, text: _Text) -> float | None:
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


def _unclosed(stack: Stack | None, depth: int, trail: _Step | None) -> _Step | None:
    while stack is not None and stack.depth > depth:
        trail = _Step("unclosed", stack.top.fence.line, 0, trail)
        stack = stack.below
    return trail


def _hopes(text: _Text, first: int) -> list[float]:
    """What a state can still win for the parts that it lacks, by the bits of the parts that it has."""
    best = dict.fromkeys(PARTS, 0.0)
    for marker, price in zip(text.markers[first:], text.prices[first:], strict=True):
        best[marker.part] = max(best[marker.part], price.reward - price.take)
    return [sum(best[part] for part in PARTS if not seen & _BIT[part]) for seen in range(8)]


def _best(states: list[_State], hopes: list[float], width: int) -> list[_State]:
    """The most promising states, one for each situation."""
    states.sort(key=lambda state: state.cost - hopes[state.seen])
    worst = states[0].cost - hopes[states[0].seen] + _FAR
    kept: dict[tuple[int, int, int, int, int], _State] = {}
    for state in states:
        if state.cost - hopes[state.seen] > worst:
            break
        stack = state.stack
        key = (
            stack.top.fence.line if stack else -1,
            stack.below.top.fence.line if stack and stack.below else -1,
            state.base,
            state.current,
            state.seen,
        )
        if key not in kept:
            kept[key] = state
            if len(kept) == width:
                break
    return list(kept.values())


def _final_cost(state: _State) -> float:
    cost = state.cost + 0.5 * state.base
    stack = state.stack
    while stack is not None and stack.depth > state.base:
        cost += UNCLOSED + stack.left
        stack = stack.below
    return cost


def _reading(text: _Text, beam: list[_State], quiet: dict[int, int]) -> Reading:
    costs = {id(state): _final_cost(state) for state in beam}
    beam = sorted(beam, key=lambda state: costs[id(state)])
    best = beam[0]
    sections, pairs, unclosed = _trace(best, text)
    ends = _ends(text.document, sections, pairs)
    doubtful = _with_left_names(best, sections, text)
    for other in beam[1:]:
        if costs[id(other)] - costs[id(best)] < _MARGIN:
            others = _ends(text.document, *_trace(other, text)[:2])
            doubtful |= {first for first, end in ends.items() if others.get(first) != end}
    return Reading(
        tuple(Section(s.marker, s.first, s.end, s.marker.first in doubtful, s.closed) for s in sections),
        {**quiet, **pairs},
        frozenset(unclosed),
    )


def _with_left_names(state: _State, sections: list[Section], text: _Text) -> set[int]:
    """The first lines of sections that hold, outside fences, the full name of a part that may begin there."""
    found: set[int] = set()
    step = state.trail
    while step is not None:
        if step.what == "left":
            part = text.markers[step.other].part
            for section in sections:
                if section.first <= step.line < section.end or section.marker.part == part:
                    found.add(section.marker.first)
        step = step.before
    return found


def _ends(document: Document, sections: list[Section], pairs: dict[int, int]) -> dict[int, tuple[int, int]]:
    """Where each section ends, and the fence that it begins with, by the section's first line."""
    ends = {}
    for section in sections:
        opener = document.next_filled(section.first, section.end)
        ends[section.marker.first] = (section.end, pairs.get(opener, -1))
    return ends


def _trace(state: _State, text: _Text) -> tuple[list[Section], dict[int, int], set[int]]:
    """The sections and the pairs of fences of one reading, from its last step back to its first."""
    sections: list[Section] = []
    pairs: dict[int, int] = {}
    unclosed: set[int] = set()
    stack = state.stack
    while stack is not None:
        unclosed.add(stack.top.fence.line)
        stack = stack.below
    end, closed = len(text.document.lines), False
    step = state.trail
    while step is not None:
        if step.what == "begin":
            marker = text.markers[step.other]
            sections.append(Section(marker, marker.body, max(end, marker.body), False, closed))
            end, closed = marker.first, False
        elif step.what == "end":
            end, closed = step.line, True
        elif step.what == "pair":
            pairs[step.line] = step.other
        elif step.what == "unclosed":
            unclosed.add(step.line)
        step = step.before
    sections.reverse()
    return sections, pairs, unclosed
