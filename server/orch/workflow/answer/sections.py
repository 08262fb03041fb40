"""Which of the lines that name a part really begin one. Names and fences are read together, as one depends on the
other: a name inside a closed fence is that prompt's own, and a fence that is open at a real part never closes.

Every reading of the answer has a cost, the sum of what is unusual in it; the cheapest one is taken, and how much
cheaper it is than the next one says how sure it is. Only the most promising readings are followed at a time."""

from dataclasses import dataclass, field
from itertools import pairwise

from orch.workflow.answer.fences import may_wrap, weighed
from orch.workflow.answer.markdown import Document, Fence
from orch.workflow.answer.marker import Marker
from orch.workflow.answer.marker_prices import prices_of
from orch.workflow.answer.part_names import PARTS
from orch.workflow.answer.reading_steps import BIT, Event, State, Text, Wall, after, final_cost, wrapper_under


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
    """The sections in document order, which fence closes which (by opening line), and which ones never close."""

    sections: tuple[Section, ...] = ()
    pairs: dict[int, int] = field(default_factory=dict)
    unclosed: frozenset[int] = frozenset()


def read_sections(document: Document, markers: list[Marker], walls: list[tuple[int, int]]) -> Reading:
    """The likeliest division of `document` into sections. `walls` are line ranges that belong to something else."""
    prices = prices_of(markers, document)
    worth = [at for at, price in enumerate(prices) if price.take - price.reward < price.leave or markers[at].ends]
    chosen = [markers[at] for at in worth]
    text = Text(document, chosen, [prices[at] for at in worth], [wrapper_under(m, document) for m in chosen])
    quiet = _certain_pairs(document.fences, text.markers)
    beam = [State(0.0, None, 0, -1, 0, None)]
    hopes = _hopes(text, 0)
    events = _events(text, walls, quiet)
    if len(events) > _MOST_EVENTS:
        return Reading()
    width = next(width for most, width in _WIDTHS if len(events) <= most)
    for event in events:
        steps: list[State] = []
        for state in beam:
            steps.extend(after(event, state, text))
        if isinstance(event, int):
            hopes = _hopes(text, event + 1)
        beam = _best(steps, hopes, width)
    return _reading(text, beam, quiet)


_WIDTHS = ((150, 10), (600, 6), (4000, 3), (10**9, 1))
"""How many readings are followed, by the number of fences and names: an answer has some hundred at most."""
_MOST_EVENTS = 20_000
"""A text with more fences and names is no answer."""
_FAR = 9.0
_MARGIN = 0.35


def _events(text: Text, walls: list[tuple[int, int]], quiet: dict[int, int]) -> list[Event]:
    """Fences, markers (by their index) and walls in document order. Fences that cannot be in doubt are left out."""
    silent = set(quiet) | set(quiet.values())
    entries: list[tuple[int, int, Event]] = [(wall[0], 0, Wall(*wall)) for wall in walls]
    entries += [(marker.first, 1, index) for index, marker in enumerate(text.markers)]
    fences = [fence for fence in text.document.fences if fence.line not in silent]
    entries += [(fence.fence.line, 2, fence) for fence in weighed(fences, text.document)]
    entries.sort(key=lambda entry: entry[:2])
    events: list[Event] = []
    hidden = -1
    for line, _, event in entries:
        if line < hidden:
            continue
        if isinstance(event, Wall):
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


def _hopes(text: Text, first: int) -> list[float]:
    """What a state can still win for the parts that it lacks, by the bits of the parts that it has."""
    best = dict.fromkeys(PARTS, 0.0)
    for marker, price in zip(text.markers[first:], text.prices[first:], strict=True):
        best[marker.part] = max(best[marker.part], price.reward - price.take)
    return [sum(best[part] for part in PARTS if not seen & BIT[part]) for seen in range(8)]


def _best(states: list[State], hopes: list[float], width: int) -> list[State]:
    """The most promising states, one for each situation."""
    states.sort(key=lambda state: state.cost - hopes[state.seen])
    worst = states[0].cost - hopes[states[0].seen] + _FAR
    kept: dict[tuple[int, int, int, int, int], State] = {}
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


def _reading(text: Text, beam: list[State], quiet: dict[int, int]) -> Reading:
    costs = {id(state): final_cost(state) for state in beam}
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


def _with_left_names(state: State, sections: list[Section], text: Text) -> set[int]:
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


def _trace(state: State, text: Text) -> tuple[list[Section], dict[int, int], set[int]]:
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
