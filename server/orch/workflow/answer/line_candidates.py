"""The parts that lines name, with what is doubtful about where they begin and end."""

from orch.model.session import Notes
from orch.workflow.answer.bodies import body_of
from orch.workflow.answer.candidate import TITLES, Candidate
from orch.workflow.answer.chatter import part_changed_by
from orch.workflow.answer.markdown import Document, fence_at
from orch.workflow.answer.part_names import PARTS, STRONG
from orch.workflow.answer.sections import Reading
from orch.workflow.answer.versions import doubt_repeated
from orch.workflow.notes import read_notes


def line_candidates(document: Document, reading: Reading) -> list[Candidate]:
    """A candidate for each section of `reading`, in order."""
    found: list[Candidate] = []
    sections = reading.sections
    for at, section in enumerate(sections):
        following = sections[at + 1] if at + 1 < len(sections) and not section.closed else None
        body = body_of(document, reading, section, following)
        marker = section.marker
        unsure = "Its end is not sure: fences and headings in it can be read in two ways." if section.unsure else ""
        last = max(section.end - 1, marker.first)
        found.append(
            Candidate(
                marker.part,
                marker.strength,
                marker.kind,
                body.text,
                body.start,
                body.end,
                marker.first,
                last,
                body.why or unsure,
                marker.corrected,
                body.open_end and following is None,
                body.held or section.closed,
            )
        )
    found = _doubt_bare(found, reading, document)
    for doubt in (_doubt_empty_notes, _doubt_after_empty):
        found = doubt(found, reading)
    return doubt_repeated(_doubt_changed(found, document), document)


def _doubt_after_empty(found: list[Candidate], _: Reading) -> list[Candidate]:
    """A name with nothing under it, then another part's name: that may be the first part's own heading."""
    result = list(found)
    for at in range(1, len(found)):
        before, here = found[at - 1], found[at]
        again = any(later.part == before.part and later.text for later in found[at:])
        if not before.text and not again and before.part != here.part:
            why = f"Nothing stands under the name of the {TITLES[before.part]} before it; the two may be one."
            result[at] = here.doubted(why)
    return result


def _doubt_empty_notes(found: list[Candidate], _: Reading) -> list[Candidate]:
    """A section "Execution notes" without any field of theirs may be a heading of the part before them."""
    result = list(found)
    for at, candidate in enumerate(found):
        if candidate.part == "notes" and candidate.text and not _has_fields(read_notes(candidate.text)):
            result[at] = candidate.doubted("It has none of the fields that execution notes have.")
            if at:
                why = "Where it ends is not sure: the EXECUTION NOTES after it do not look like notes."
                result[at - 1] = result[at - 1].doubted(why)
    return result


def _doubt_changed(found: list[Candidate], document: Document) -> list[Candidate]:
    """Behind the last part a change to an earlier one may follow, with a fenced block to put there."""
    last = found[-1] if found else None
    if last is None:
        return found
    for line in document.naming_lines:
        following = document.next_filled(line + 1)
        if not last.first < line <= last.last or following == len(document.lines):
            continue
        part = part_changed_by(document.lines[line])
        if part and part != last.part and fence_at(document.lines[following], following):
            changed, ends = "The answer goes on to change it.", f"It ends with a change to the {TITLES[part]}."
            return [c.doubted(ends if c is last else changed) if c is last or c.part == part else c for c in found]
    return found


def _has_fields(notes: Notes) -> bool:
    return bool(notes.complexity or notes.time_estimate or notes.risks or notes.key_files)


def _are_alike(reading: Reading) -> bool:
    """Whether the parts stand once each, in lines that look the same, and neither prompt has a fuller name."""
    markers = [section.marker for section in reading.sections]
    if [marker.part for marker in markers] != list(PARTS) or markers[0].strength != markers[1].strength:
        return False
    return bool(frozenset.intersection(*(marker.styles for marker in markers)))


_FEW = 8


def _is_late(first: Candidate, document: Document) -> bool:
    """Whether more stands before the first part than in it, and more than an introduction has."""
    before, inside = (
        sum(not document.is_blank(line) for line in lines)
        for lines in (range(first.first), range(first.first + 1, first.last + 1))
    )
    return before > max(inside, _FEW)


def _doubt_bare(found: list[Candidate], reading: Reading, document: Document) -> list[Candidate]:
    """Among full names a bare word ("Implementation") may be a heading of the part before it.

    Bare words alone are also the headings of a report on work done, which has no execution notes.
    """
    result = list(found)
    if not any(candidate.strength == STRONG for candidate in found):
        if any(candidate.part == "notes" for candidate in found):
            return result
        return [c.doubted("Only one word names it, and the answer has no execution notes.") for c in result]
    if _are_alike(reading) and not _is_late(found[0], document):
        return result
    numbered = all(section.marker.numbered for section in reading.sections)
    for at, candidate in enumerate(found):
        if candidate.strength < STRONG and not numbered and candidate.part != "notes":
            heading = (
                f"Only one word names the {TITLES[candidate.part]}; it may be a heading of the part before it."
            )
            result[at] = result[at].doubted(heading)
            if at:
                why = f"The {TITLES[candidate.part]} after it is named by one word only, so its end is not sure."
                result[at - 1] = result[at - 1].doubted(why)
    return result
