"""Parts that an answer gives more than once: the last one counts, and only a correction leaves no doubt."""

from orch.workflow.answer.candidate import TITLES, Candidate
from orch.workflow.answer.chatter import has_correction
from orch.workflow.answer.markdown import Document, is_rule
from orch.workflow.answer.part_names import STRONG


def last_of_each(family: list[Candidate], document: Document) -> dict[str, Candidate]:
    """The last candidate of each part that holds something; doubtful when it differs without being a correction."""
    chosen: dict[str, Candidate] = {}
    whole_again = _is_given_twice(family)
    for candidate in family:
        earlier = chosen.get(candidate.part)
        if earlier is None or not earlier.text.strip():
            chosen[candidate.part] = candidate
        elif candidate.text.strip():
            sure = candidate.text == earlier.text or whole_again or _corrects(candidate, earlier, document)
            why = f"The answer has more than one {TITLES[candidate.part]}; this is the last one."
            chosen[candidate.part] = candidate if sure else candidate.doubted(why)
    return chosen


def doubt_repeated(found: list[Candidate], document: Document) -> list[Candidate]:
    """Where a part is named twice, the part before either name may go on behind it."""
    result = list(found)
    if _is_given_twice(found):
        return result
    for at, here in enumerate(found):
        others = [other for other in found if other.part == here.part and other is not here and other.text.strip()]
        if at == 0 or not here.text.strip() or all(_same(here, other, document) for other in others):
            continue
        first = here.first < others[0].first
        consecutive = at + 1 < len(found) and found[at + 1].part == here.part
        before = result[at - 1]
        if (consecutive or not first) and before.part != here.part and not before.held:
            why = f"The {TITLES[here.part]} next to it is named twice, so where this part ends is not sure."
            result[at - 1] = before.doubted(why)
    return result


def _same(one: Candidate, other: Candidate, document: Document) -> bool:
    earlier, later = (one, other) if one.first < other.first else (other, one)
    return one.text == other.text or _corrects(later, earlier, document)


def _is_given_twice(found: list[Candidate]) -> bool:
    """Whether the answer comes again: several parts one after the other, and then the same ones, none twice."""
    given = [candidate for candidate in found if candidate.text.strip()]
    names = [candidate.part for candidate in given]
    count = len(names) - len(set(names))
    first, again = names[:count], names[count:]
    if set(first) != set(again) and any(c.strength < STRONG and c.part != "notes" for c in given):
        return False  # a prompt may well have the headings "Analysis" and "Implementation" of its own
    return count > 1 and len(set(again)) == len(again) and len(set(first)) == count and set(first) <= set(again)


def _corrects(later: Candidate, earlier: Candidate, document: Document) -> bool:
    """Whether the answer says that `later` is given instead of `earlier`."""
    if later.corrected:
        return True
    said = 0
    for line in range(later.first - 1, earlier.first, -1):
        text = document.lines[line].strip()
        if not text or is_rule(text):
            continue
        said += 1
        if said > 2 or not text[0].isalpha():
            break
        if has_correction(text):
            return True
    return False
