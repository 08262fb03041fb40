"""How likely each line that names a part is to begin one, seen among the others: in costs, lower is likelier."""

from typing import NamedTuple

from orch.workflow.answer.markdown import Document, fence_at
from orch.workflow.answer.marker import Marker
from orch.workflow.answer.marker_runs import inside_fences
from orch.workflow.answer.part_names import BARE, FEEBLE, PARTS, STRONG


class Price(NamedTuple):
    """What it costs to begin a section at a marker (`take`), and what the first section of a part is worth.

    `leave` is what it costs to see the line as a part's own while no fence is open, `leave_fenced` inside one.
    """

    take: float
    leave: float
    reward: float
    leave_fenced: float = 0.0


class _Style(NamedTuple):
    kind: tuple[str, int]
    numbered: bool


_NEVER = 20.0
_FENCED_WEIGHT = 0.3
_REWARD = {STRONG: 6.0, BARE: 3.5, FEEBLE: 2.0}


def prices_of(markers: list[Marker], document: Document) -> list[Price]:
    """The price of each of `markers`.

    Names that stand in a fence, as far as a plain reading of the fences can tell, are likelier the form of an
    answer that a prompt asks for; so they weigh little as long as others stand outside.
    """
    fenced = {id(marker) for marker in inside_fences(markers, document)}
    if len(fenced) == len(markers):
        fenced = set()
    style = _main_style(markers, fenced, document)
    others = _others([marker for marker in markers if id(marker) not in fenced], style)
    return [_price(marker, others, id(marker) in fenced, document) for marker in markers]


class _Others(NamedTuple):
    """What the names outside fences have in common, part by part."""

    style: "_Style | None"
    strongest: dict[str, int]
    own: dict[str, int]  # the strongest in the main style
    numbering: dict[str, set[bool]]
    likely: set[str]
    together: dict[tuple[str, int], set[str]]  # the parts that each style names


def _others(markers: list[Marker], style: "_Style | None") -> _Others:
    others = _Others(style, {}, {}, {}, set(), {})
    for marker in markers:
        part = marker.part
        others.strongest[part] = max(others.strongest.get(part, 0), marker.strength)
        others.numbering.setdefault(part, set()).add(marker.numbered)
        if style and style.kind in marker.styles:
            others.own[part] = max(others.own.get(part, 0), marker.strength)
        if marker.likely:
            others.likely.add(part)
        for kind in marker.styles:
            others.together.setdefault(kind, set()).add(part)
    return others


def _main_style(markers: list[Marker], fenced: set[int], document: Document) -> _Style | None:
    """Kind and level that the parts' headings have in common, and whether they are numbered."""
    best: tuple[float, tuple[str, int]] | None = None
    for style in sorted({style for marker in markers for style in marker.styles}):
        score = _score(style, markers, fenced, document)
        if best is None or score > best[0]:
            best = (score, style)
    if best is None:
        return None
    named = {
        numbered: {
            m.part for m in markers if best[1] in m.styles and m.numbered == numbered and id(m) not in fenced
        }
        for numbered in (True, False)
    }
    several = len(named[True]) >= 2 and len(named[True]) >= len(named[False])
    return _Style(best[1], several or len(named[True]) > len(named[False]))


def _score(style: tuple[str, int], markers: list[Marker], fenced: set[int], document: Document) -> float:
    group = [marker for marker in markers if style in marker.styles and not marker.ends]
    names = dict.fromkeys(PARTS, 0.0)
    for marker in group:
        weight = _FENCED_WEIGHT if id(marker) in fenced else 1.0
        names[marker.part] = max(names[marker.part], marker.strength * weight)
    following = [marker.first for marker in group[1:]] + [len(document.lines)]
    shortest = min((end - marker.body for marker, end in zip(group, following, strict=False)), default=0)
    unusual = style[1] / 1000 + (0.5 if style[0] == "sentence" else 0.0)
    return sum(names.values()) + min(shortest, 20) / 100 - unusual


def _price(marker: Marker, others: _Others, fenced: bool, document: Document) -> Price:
    price = _price_by_name(marker, others)
    if fenced:
        return price._replace(take=price.take + 1.5)
    if price.leave >= 2.0 and _is_framed(marker, document):
        return price._replace(leave_fenced=2.0)
    return price


def _price_by_name(marker: Marker, others: _Others) -> Price:
    reward = _REWARD[marker.strength]
    style, part = others.style, marker.part
    strongest = others.strongest.get(part, marker.strength)
    fits = style is not None and style.kind in marker.styles
    if style and marker.numbered != style.numbered and style.numbered in others.numbering.get(part, ()):
        return Price(3.0, 0.0, reward)
    if marker.strength < STRONG and _is_lone_word(marker, others, fits):
        return Price(_NEVER, 0.0, reward)
    if not marker.likely and part in others.likely:
        return Price(4.0, 0.0, reward)
    if marker.strength < strongest and not (fits and strongest < STRONG):
        # "## Implementation" in an answer that has an "IMPLEMENTATION TEMPLATE"
        return Price(4.0, 0.0, reward)
    if fits:
        return _price_of_fitting(marker, others)
    if marker.corrected and marker.strength == STRONG:
        return Price(0.2, 2.0, reward)
    if style and others.own.get(part, 0) >= marker.strength:
        return Price(3.0, 0.0 if marker.extra or _is_lower(marker, style) else 0.3, reward)
    return Price(0.5, 1.5 if marker.strength == STRONG else 0.0, reward)


def _is_lower(marker: Marker, style: _Style) -> bool:
    """Whether a line is of lower rank than the parts' headings, so that it can only stand within a part."""
    if style.kind[0] != "heading":
        return False
    return all(kind != "heading" or level > style.kind[1] for kind, level in marker.styles)


def _is_lone_word(marker: Marker, others: _Others, fits: bool) -> bool:
    """A bare word ("Analysis") that nothing else makes a division of the answer."""
    if not fits and STRONG in others.strongest.values():
        return True
    return len(set().union(*(others.together.get(kind, set()) for kind in marker.styles))) < 2


def _price_of_fitting(marker: Marker, others: _Others) -> Price:
    if marker.strength == STRONG:
        return Price(0.0, 4.0, 6.0)
    if marker.strength == FEEBLE:
        return Price(0.0, 0.5, 2.0)
    # among full names a bare word may be a heading of the part before it
    alone = STRONG not in others.strongest.values()
    return Price(0.0, 2.0, 5.0) if alone or marker.numbered else Price(0.0, 0.5, 2.0)


def _is_framed(marker: Marker, document: Document) -> bool:
    """Whether a fence ends right above the name and another begins right below it, as between two wrapped parts."""
    above = document.previous_filled(marker.first - 1)
    below = document.next_filled(marker.body)
    if above < 0 or below >= len(document.lines):
        return False
    closing, opening = fence_at(document.lines[above], above), fence_at(document.lines[below], below)
    return closing is not None and closing.is_bare and opening is not None
