"""Which of the lines that name a part really begin one. Names and fences are read together, as one depends on the
other: a name inside a closed fence is that prompt's own, and a fence that is open at a real part never closes.

Every reading of the answer has a cost, the sum of what is unusual in it; the cheapest one is taken, and how much
cheaper it is than the next one says how sure it is."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from orch.workflow import fences as fence_rules
from orch.workflow.fences import Stack, pushed
from orch.workflow.markdown import Document, Fence
from orch.workflow.markers import Marker
from orch.workflow.part_names import BARE, FEEBLE, PARTS, STRONG


@dataclass(frozen=True)
class Section:
    """The lines `first <= line < end` that stand under `marker`; `before` is the marker line itself.

    `unsure` says that another reading of the answer was nearly as likely. `closed` says that something more than
    the next part ends it: the fence that it stands in, or a line that names its end.
    """

    marker: Marker
    first: int
    end: int
    unsure: bool = False
    closed: bool = False


@dataclass(frozen=True)
class Reading:
    """The sections in document order, and which fence line closes which (`pairs`, opening line -> closing line)."""

    sections: tuple[Section, ...] = ()
    pairs: dict[int, int] = field(default_factory=dict)
    unclosed: frozenset[int] = frozenset()
    score: float = 0.0


def read_sections(document: Document, markers: list[Marker], walls: list[tuple[int, int]]) -> Reading:
    """The likeliest division of `document` into sections. `walls` are line ranges that belong to something else."""
    style = _main_style(markers, document)
    prices = [_price(marker, markers, style) for marker in markers]
    beam = [_State(0.0, None, 0, -1, 0, None)]
    quiet = _certain_pairs(document.fences, markers)
    for event in _events(document, markers, walls, quiet):
        steps: list[_State] = []
        for state in beam:
            steps.extend(_after(event, state, document, markers, prices))
        beam = _best(steps)
    return _reading(document, markers, beam, quiet)


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
    what: str  # begin | end | pair | unclosed
    line: int
    other: int
    before: "_Step | None"


_WIDTH = 8
_FLUSH = 4.0
_MARGIN = 0.35
_BIT = {part: 1 << number for number, part in enumerate(PARTS)}


def _events(
    document: Document, markers: list[Marker], walls: list[tuple[int, int]], quiet: dict[int, int]
) -> Iterator[Fence | int | _Wall]:
    """Fences, markers (by their index) and walls in document order. Fences that cannot be in doubt are left out."""
    silent = set(quiet) | set(quiet.values())
    entries: list[tuple[int, int, Fence | int | _Wall]] = [(wall[0], 0, _Wall(*wall)) for wall in walls]
    entries += [(marker.first, 1, index) for index, marker in enumerate(markers)]
    entries += [(fence.line, 2, fence) for fence in document.fences if fence.line not in silent]
    entries.sort(key=lambda entry: entry[:2])
    hidden = -1
    for line, _, event in entries:
        if line < hidden:
            continue
        if isinstance(event, _Wall):
            hidden = event.end
        yield event


def _certain_pairs(fences: list[Fence], markers: list[Marker]) -> dict[int, int]:
    """Code fences that name a language and are closed by the very next fence, with no part's name between them."""
    pairs = {}
    named = [marker.first for marker in markers]
    at = 0
    for fence, following in pairwise(fences):
        while at < len(named) and named[at] < fence.line:
            at += 1
        if (
            not fence_rules.may_wrap(fence)
            and following.is_bare
            and (following.mark, following.length, following.indent) == (fence.mark, fence.length, fence.indent)
            and not (at < len(named) and named[at] < following.line)
        ):
            pairs[fence.line] = following.line
    return pairs


def _main_style(markers: list[Marker], document: Document) -> tuple[tuple[str, int], bool] | None:
    """Kind and level that the parts' headings have in common, and whether they are numbered."""
    best: tuple[float, tuple[str, int]] | None = None
    for style in {style for marker in markers for style in marker.styles}:
        group = [marker for marker in markers if style in marker.styles and not marker.ends]
        strengths = {
            part: max((marker.strength for marker in group if marker.part == part), default=0) for part in PARTS
        }
        lengths = [
            following - marker.body
            for marker, following in zip(group, [m.first for m in group[1:]] + [len(document.lines)], strict=True)
        ]
        score = sum(strengths.values()) + min(min(lengths, default=0), 20) / 100 - style[1] / 1000
        if style[0] == "sentence":
            score -= 0.5
        if best is None or score > best[0]:
            best = (score, style)
    if best is None:
        return None
    group = [marker for marker in markers if best[1] in marker.styles]
    numbered = sum(marker.numbered for marker in group) * 2 > len(group)
    return best[1], numbered


class _Price(NamedTuple):
    take: float  # what it costs to begin a section here
    leave: float  # what it costs to see it as a part's own line, outside fences
    reward: float  # for the first section of that part


def _price(marker: Marker, markers: list[Marker], style: tuple[tuple[str, int], bool] | None) -> _Price:
    same = [other for other in markers if other.part == marker.part and style and style[0] in other.styles]
    strongest = max((other.strength for other in markers if other.part == marker.part), default=0)
    fits = style is not None and style[0] in marker.styles
    has_own = any(other.strength >= marker.strength for other in same)
    reward = {STRONG: 6.0, BARE: 3.5, FEEBLE: 2.0}[marker.strength]
    if fits and style and marker.numbered != style[1] and any(other.numbered == style[1] for other in same):
        return _Price(3.0, 0.0, reward)
    if marker.strength < STRONG and len({other.part for other in markers if marker.styles & other.styles}) < 2:
        # one bare word ("Analysis") makes no division of the answer
        return _Price(20.0, 0.0, reward)
    if marker.strength < STRONG and not fits and max(other.strength for other in markers) == STRONG:
        return _Price(20.0, 0.0, reward)
    if marker.strength < strongest and not (fits and strongest < STRONG):
        # "## Implementation" in an answer that has an "IMPLEMENTATION TEMPLATE"
        return _Price(4.0, 0.0, reward)
    if fits:
        leave = {STRONG: 4.0, BARE: 2.0, FEEBLE: 0.5}[marker.strength]
        if marker.strength == BARE:
            # a word that fits among full names may still be a heading of the part before it
            alone = all(other.strength < STRONG for other in markers)
            leave, reward = (2.0, 5.0) if alone or marker.numbered else (0.5, 2.0)
        return _Price(0.0, leave, reward)
    if marker.corrected and marker.strength == STRONG:
        return _Price(0.2, 2.0, reward)
    if has_own:
        return _Price(3.0, 0.0 if marker.extra else 0.3, reward)
    return _Price(0.5, 1.5 if marker.strength == STRONG else 0.0, reward)


def _after(
    event: Fence | int | _Wall, state: _State, document: Document, markers: list[Marker], prices: list[_Price]
) -> Iterator[_State]:
    if isinstance(event, int):
        yield from _after_marker(event, state, document, markers, prices[event])
    elif isinstance(event, _Wall):
        depth = state.stack.depth if state.stack else 0
        trail = _unclosed(state.stack, 0, _Step("end", event.first, 0, state.trail))
        yield _State(state.cost + _FLUSH * (depth - state.base), None, 0, -1, state.seen, trail)
    else:
        yield from _after_fence(event, state, document)


def _after_fence(fence: Fence, state: _State, document: Document) -> Iterator[_State]:
    cost, stack, base, current, seen, trail = state
    opening = fence_rules.opening_cost(fence, document, stack)
    yield _State(cost + opening, pushed(fence, stack), base, current, seen, trail)
    if not fence.is_bare:
        return
    yield state._replace(cost=cost + fence_rules.STRAY)
    dropped = 0
    while stack is not None and dropped < 4:
        closing = fence_rules.closing_cost(fence, document, stack)
        if closing is not None and (dropped == 0 or stack.fence.length == fence.length):
            step = _Step("pair", stack.fence.line, fence.line, trail)
            if stack.depth <= base:
                step = _Step("end", fence.line, 0, step)
            yield _State(
                cost + closing + 1.2 * dropped,
                stack.below,
                min(base, stack.depth - 1),
                -1 if stack.depth <= base else current,
                seen,
                step,
            )
        trail = _Step("unclosed", stack.fence.line, 0, trail)
        stack = stack.below
        dropped += 1


def _after_marker(
    index: int, state: _State, document: Document, markers: list[Marker], price: _Price
) -> Iterator[_State]:
    marker = markers[index]
    cost, stack, base, current, seen, trail = state
    depth = stack.depth if stack else 0
    inner = depth - base
    if marker.ends:
        yield state._replace(cost=cost + 0.6)
        if current >= 0 and markers[current].part == marker.part:
            trail = _unclosed(stack, base, _Step("end", marker.first, 0, trail))
            yield _State(cost + _FLUSH * inner, _cut(stack, base), base, -1, seen, trail)
        return
    yield state._replace(cost=cost + (price.leave if inner == 0 else 0.0))
    bit = _BIT[marker.part]
    take = price.take - (0.0 if seen & bit else price.reward)
    if seen & bit and not marker.corrected:
        take += 1.0
    begin = _Step("begin", marker.first, index, _unclosed(stack, base, trail))
    yield _State(cost + take + _FLUSH * inner, _cut(stack, base), base, index, seen | bit, begin)
    if base == 0 and depth == 1 and stack is not None:
        held = _price_of_holding(stack.fence, marker, state, document)
        if held is not None:
            begin = _Step("begin", marker.first, index, trail)
            yield _State(cost + take + held, stack, 1, index, seen | bit, begin)


def _price_of_holding(fence: Fence, marker: Marker, state: _State, document: Document) -> float | None:
    """What it costs to see `fence` as the wrapping of the part (or of the whole answer) that begins in it."""
    if document.next_filled(fence.line + 1) == marker.first:
        return 0.2
    return 0.5 if state.seen == 0 and fence_rules.may_wrap(fence) else None


def _cut(stack: Stack | None, depth: int) -> Stack | None:
    while stack is not None and stack.depth > depth:
        stack = stack.below
    return stack


def _unclosed(stack: Stack | None, depth: int, trail: _Step | None) -> _Step | None:
    while stack is not None and stack.depth > depth:
        trail = _Step("unclosed", stack.fence.line, 0, trail)
        stack = stack.below
    return trail


def _best(states: list[_State]) -> list[_State]:
    """The cheapest states, one for each situation."""
    states.sort(key=lambda state: state.cost)
    kept: dict[tuple[int, int, int, int, int], _State] = {}
    for state in states:
        stack = state.stack
        key = (
            stack.fence.line if stack else -1,
            stack.below.fence.line if stack and stack.below else -1,
            state.base,
            state.current,
            state.seen,
        )
        if key not in kept:
            kept[key] = state
            if len(kept) == _WIDTH:
                break
    return list(kept.values())


def _final_cost(state: _State) -> float:
    depth = state.stack.depth if state.stack else 0
    return state.cost + fence_rules.UNCLOSED * (depth - state.base) + 0.5 * state.base


def _reading(
    document: Document,
    markers: list[Marker],
    beam: list[_State],
    quiet: dict[int, int],
) -> Reading:
    beam = sorted(beam, key=_final_cost)
    best = beam[0]
    sections, pairs, unclosed = _trace(best, document, markers)
    doubtful: set[int] = set()
    ends = _ends(document, sections, pairs)
    for other in beam[1:]:
        if _final_cost(other) - _final_cost(best) < _MARGIN:
            others = _ends(document, *_trace(other, document, markers)[:2])
            doubtful |= {first for first, end in ends.items() if others.get(first) != end}
    return Reading(
        tuple(Section(s.marker, s.first, s.end, s.marker.first in doubtful, s.closed) for s in sections),
        {**quiet, **pairs},
        frozenset(unclosed),
        sum(max((s.marker.strength for s in sections if s.marker.part == part), default=0) for part in PARTS),
    )


def _ends(document: Document, sections: list[Section], pairs: dict[int, int]) -> dict[int, tuple[int, int]]:
    """Where each section ends, and the fence that it begins with, by the section's first line."""
    ends = {}
    for section in sections:
        opener = document.next_filled(section.first, section.end)
        ends[section.marker.first] = (section.end, pairs.get(opener, -1))
    return ends


def _trace(
    state: _State, document: Document, markers: list[Marker]
) -> tuple[list[Section], dict[int, int], set[int]]:
    """The sections and the pairs of fences of one reading, from its last step back to its first."""
    sections: list[Section] = []
    pairs: dict[int, int] = {}
    unclosed: set[int] = set()
    stack = state.stack
    while stack is not None:
        unclosed.add(stack.fence.line)
        stack = stack.below
    end, closed = len(document.lines), False
    step = state.trail
    while step is not None:
        if step.what == "begin":
            marker = markers[step.other]
            sections.append(Section(marker, marker.body, max(end, marker.body), False, closed))
            end, closed = marker.first, False
        elif step.what == "end":
            end, closed = step.line, True
        elif step.what == "pair":
            pairs[step.line] = step.other
        else:
            unclosed.add(step.line)
        step = step.before
    sections.reverse()
    return sections, pairs, unclosed
