"""Which of the places that may be parts are the parts."""

from collections.abc import Iterable

from orch.workflow.answer.assignments import find_assigned
from orch.workflow.answer.candidate import TITLES, Candidate, Spans
from orch.workflow.answer.json_parts import find_json
from orch.workflow.answer.line_candidates import line_candidates
from orch.workflow.answer.markdown import Document
from orch.workflow.answer.markers import find_markers
from orch.workflow.answer.part_names import PARTS, STRONG
from orch.workflow.answer.sections import read_sections
from orch.workflow.answer.tags import find_tagged
from orch.workflow.answer.unnamed import with_unnamed
from orch.workflow.answer.versions import last_of_each


def choose(document: Document, hidden: Spans) -> dict[str, Candidate]:
    """One candidate for each part that is there, by part.

    A family is what one way of writing gives: tags, JSON keys, assignments, lines with names. The family that
    names most parts is taken, and what it lacks from the others, where they stand outside of it.
    """
    delimited = _delimited(document, hidden)
    if whole := next((found for found in delimited if _is_whole(found, document)), None):
        return last_of_each(whole, document)
    markers = find_markers(document, hidden)
    by_line = line_candidates(document, read_sections(document, markers, []))
    families = [kept for found in delimited if (kept := _without_examples(found, by_line))]
    chosen = _of_families(families, by_line, document)
    if len(chosen) < len(PARTS):
        if chosen:
            walls = sorted((candidate.first, candidate.last + 1) for candidate in chosen.values())
            outside = [m for m in markers if not any(first <= m.first < end for first, end in walls)]
            by_line = line_candidates(document, read_sections(document, outside, walls))
        chosen = {**last_of_each(by_line, document), **chosen}
    return with_unnamed(document, _doubted_by_lacking(chosen, delimited), hidden)


def _doubted_by_lacking(chosen: dict[str, Candidate], delimited: list[list[Candidate]]) -> dict[str, Candidate]:
    """A part named by a line that holds another one in tags is doubtful where the answer has no other such one."""
    lacking = [c for found in delimited for c in found if c.part not in chosen and c.strength == STRONG and c.text]

    def checked(part: Candidate) -> Candidate:
        inner = next((c for c in lacking if part.first <= c.first and c.last <= part.last), None)
        if inner is None or not part.by_line or part.why:
            return part
        return part.doubted(f"It holds what may be the {TITLES[inner.part]}, which the answer has nowhere else.")

    return {name: checked(part) for name, part in chosen.items()} if lacking else chosen


def _of_families(
    families: list[list[Candidate]], by_line: list[Candidate], document: Document
) -> dict[str, Candidate]:
    """What is taken of the families other than lines: all they have, or only what the lines lack."""
    best = max(families, key=_score, default=[])
    if not best:
        return {}
    if _score(best) < _score(by_line):
        lacking = set(PARTS) - {candidate.part for candidate in by_line}
        strong = [c for family in families for c in family if c.part in lacking and c.strength == STRONG]
        return last_of_each(strong, document)
    chosen = last_of_each(best, document)
    for family in families:
        free = [c for c in family if not any(_overlap(c, other) for other in chosen.values())]
        if family is not best:
            chosen = {**last_of_each(free, document), **chosen}
    return chosen


_MOST_AROUND = 2000


def _is_whole(family: list[Candidate], document: Document) -> bool:
    """Whether a family has each part once by its full name, and nearly all of the answer: then it is the answer."""
    if sorted(c.part for c in family) != sorted(PARTS) or any(c.why or c.strength < STRONG for c in family):
        return False
    inside = sum(document.end(last) - document.starts[first] for first, last in {(c.first, c.last) for c in family})
    return len(document.text) - inside <= min(_MOST_AROUND, inside // 2)


def _delimited(document: Document, hidden: Spans) -> list[list[Candidate]]:
    families = (find_tagged(document, hidden), find_json(document, hidden), find_assigned(document, hidden))
    return [family for family in families if family]


def _score(family: Iterable[Candidate]) -> float:
    strengths: dict[str, float] = {}
    for candidate in family:
        worth = candidate.strength + (0.0 if candidate.by_line else 0.5)
        strengths[candidate.part] = max(strengths.get(candidate.part, 0.0), worth if candidate.text else 0.0)
    return sum(strengths.values())


def _overlap(one: Candidate, other: Candidate) -> bool:
    return one.first <= other.last and other.first <= one.last


def _without_examples(family: list[Candidate], by_line: list[Candidate]) -> list[Candidate]:
    """Leaves out what is an example inside a part of another name, where lines name the parts of the answer."""
    outer = [
        line
        for line in by_line
        if line.strength == STRONG and not any(c.first < line.first <= c.last for c in family)
    ]
    if len({line.part for line in outer}) < 2:
        return family
    examples = {
        (c.first, c.last)
        for c in family
        if any(line.first < c.first and c.last <= line.last and line.part != c.part for line in outer)
    }
    return [c for c in family if (c.first, c.last) not in examples]
