"""Finds the three parts of a planning answer: ANALYSIS template, IMPLEMENTATION template and EXECUTION NOTES.

It works on structure alone (headings, banners, tags, fences, keys); see `markers`, `delimited` and `sections` for
what counts as one. A part's text is what stands there, without its heading, a wrapping fence or tag, common indentation,
blank lines and rules around it, and the `Orch-Session` line; line ends are LF, and there is none at the end."""

from collections.abc import Iterable

from orch.model.session import Notes
from orch.workflow.assignments import find_assigned
from orch.workflow.bodies import body_of, text_of
from orch.workflow.candidate import Candidate, Spans
from orch.workflow.doubts import CUT_OFF, MAY_BE_CUT, is_refusal, looks_cut, may_be_cut
from orch.workflow.edges import trimmed
from orch.workflow.extraction_result import Extraction, Part, State
from orch.workflow.json_parts import find_json
from orch.workflow.markdown import Document, is_rule, read_lines
from orch.workflow.markers import find_markers, has_correction, with_labels_divided
from orch.workflow.note_lines import note_blocks
from orch.workflow.notes import read_notes
from orch.workflow.part_names import PARTS, STRONG
from orch.workflow.sections import Reading, read_sections
from orch.workflow.tags import find_tagged
from orch.workflow.thinking import Thinking, find_thinking
from orch.workflow.unclaimed import unclaimed_blocks

NAMES = {"analysis": "ANALYSIS template", "implementation": "IMPLEMENTATION template", "notes": "EXECUTION NOTES"}
"""What the parts are called in messages."""


def extract(answer: str) -> Extraction:
    """The parts of `answer`, each with where it came from (code-point offsets), by which pattern and how sure.

    Never raises. A part is FOUND only where nothing speaks against it; what is unsure is DOUBTFUL and says why;
    what is not there is MISSING. Where a part is given more than once the last one counts.
    """
    if not answer.strip("\ufeff \t\r\n"):
        return _nothing("The answer is empty.")
    thinking = find_thinking(answer)
    document = read_lines(answer, _behind_first_thoughts(answer, thinking))
    hidden = Spans([] if thinking.unclosed else thinking.spans)
    chosen = _choose(document, hidden)
    if not chosen and (divided := with_labels_divided(document, hidden)) is not None:
        document = divided
        chosen = _choose(document, hidden)
    doubt = "The answer ends inside the model's thinking." if thinking.unclosed and chosen else ""
    if not chosen and thinking.spans:
        document = read_lines(answer)
        chosen = _choose(document, Spans([]))
        doubt = "It stands in the model's thinking, not in its answer."
    if not chosen and is_refusal(answer):
        return _nothing("The model seems to have refused.")
    parts = {name: _part(name, chosen.get(name), doubt) for name in PARTS}
    parts = _checked_for_cuts(parts, chosen, document)
    notes = parts["notes"]
    return Extraction(
        analysis=parts["analysis"],
        implementation=parts["implementation"],
        notes=notes,
        fields=read_notes(notes.text) if notes.text else Notes(),
        unclaimed=unclaimed_blocks(document, chosen.values()) if _lacks(parts) else (),
    )


def _behind_first_thoughts(answer: str, thinking: Thinking) -> int:
    """Where the answer begins when the model thought first: what follows may stand on the same line."""
    if thinking.unclosed or not thinking.spans or answer[: thinking.spans[0][0]].strip("\ufeff \t\r\n"):
        return 0
    end = thinking.spans[0][1]
    return end if answer[end:].strip() else 0


def _nothing(why: str) -> Extraction:
    part = Part(State.MISSING, why=why)
    return Extraction(part, part, part, Notes())


def _lacks(parts: dict[str, Part]) -> bool:
    return any(part.state is not State.FOUND for part in parts.values())


def _part(name: str, candidate: Candidate | None, doubt: str) -> Part:
    if candidate is None:
        return Part(State.MISSING, why=f"The answer has no {NAMES[name]}.")
    why = candidate.why or doubt
    if not candidate.text.strip():
        why = f"Nothing stands under the name of the {NAMES[name]}."
        return Part(State.MISSING, "", candidate.by, candidate.start, candidate.start, why)
    return Part(
        State.DOUBTFUL if why else State.FOUND, candidate.text, candidate.by, candidate.start, candidate.end, why
    )


def _checked_for_cuts(parts: dict[str, Part], chosen: dict[str, Candidate], document: Document) -> dict[str, Part]:
    """The part that ends with the answer is looked at for signs that the model was stopped."""
    last = max(chosen.values(), key=lambda candidate: candidate.end, default=None)
    if last is None or parts[last.part].state is not State.FOUND:
        return parts
    at_end = document.next_filled(document.line_at(last.end) + 1) == len(document.lines)
    if not at_end or (last.last < len(document.lines) - 1 and not last.open_end and last.by not in _BY_LINE):
        return parts
    why = ""
    if last.open_end or (last.by in _BY_LINE and looks_cut(last.text)):
        why = CUT_OFF
    elif last.part != "notes" and last.by in _BY_LINE and may_be_cut(last.text, len(chosen) == len(PARTS)):
        why = MAY_BE_CUT
    if not why:
        return parts
    part = parts[last.part]
    return {**parts, last.part: Part(State.DOUBTFUL, part.text, part.by, part.start, part.end, why)}


_BY_LINE = frozenset(
    [
        "heading",
        "bold line",
        "banner",
        "label",
        "list item",
        "numbered line",
        "comment",
        "bracket",
        "html",
        "sentence",
    ]
)


def _choose(document: Document, hidden: Spans) -> dict[str, Candidate]:
    """One candidate for each part that is there: from the family that names most parts, the rest from the others."""
    delimited = _delimited(document, hidden)
    if whole := next((found for found in delimited if _is_whole(found, document)), None):
        return _last_of_each(whole, document)
    markers = find_markers(document, hidden)
    by_line = _line_candidates(document, read_sections(document, markers, []))
    families = [kept for found in delimited if (kept := _without_examples(found, by_line))]
    best = max(families, key=_score, default=[])
    if best and _score(best) >= _score(by_line):
        chosen = _last_of_each(best, document)
    else:
        chosen = {}
        lacking = set(PARTS) - {candidate.part for candidate in by_line}
        for family in families:
            strong = [c for c in family if c.part in lacking and c.strength == STRONG]
            chosen.update(_last_of_each(strong, document))
    for family in families:
        free = [c for c in family if not any(_overlap(c, other) for other in chosen.values())]
        if chosen and best is not family and _score(best) >= _score(by_line):
            chosen = {**_last_of_each(free, document), **chosen}
    if len(chosen) < len(PARTS):
        if chosen:
            walls = sorted((candidate.first, candidate.last + 1) for candidate in chosen.values())
            outside = [m for m in markers if not any(first <= m.first < end for first, end in walls)]
            reading = read_sections(document, outside, walls)
            by_line = _line_candidates(document, reading)
        chosen = {**_last_of_each(by_line, document), **chosen}
    return _with_unnamed(document, chosen, hidden)


_MOST_AROUND = 2000


def _is_whole(family: list[Candidate], document: Document) -> bool:
    """Whether a family has each part once by its full name, and nearly all of the answer: no need to look further."""
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
        worth = candidate.strength + (0.0 if candidate.by in _BY_LINE else 0.5)
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


def _line_candidates(document: Document, reading: Reading) -> list[Candidate]:
    found: list[Candidate] = []
    sections = reading.sections
    for at, section in enumerate(sections):
        following = sections[at + 1] if at + 1 < len(sections) and not section.closed else None
        body = body_of(document, reading, section, following)
        marker = section.marker
        why = body.why
        if section.unsure and not why:
            why = "Its end is not sure: fences and headings in it can be read in two ways."
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
                why,
                marker.corrected,
                body.open_end and following is None,
                body.held or section.closed,
            )
        )
    return _doubt_repeated(_doubt_after_empty(_doubt_empty_notes(_doubt_bare(found, reading))), document)


def _doubt_after_empty(found: list[Candidate]) -> list[Candidate]:
    """A name with nothing under it, then another part's name: that may be the first part's own heading."""
    result = list(found)
    for at in range(1, len(found)):
        before, here = found[at - 1], found[at]
        again = any(later.part == before.part and later.text for later in found[at:])
        if not before.text and not again and before.part != here.part and not here.why:
            why = f"Nothing stands under the name of the {NAMES[before.part]} before it; the two may be one."
            result[at] = _with_why(here, why)
    return result


def _doubt_empty_notes(found: list[Candidate]) -> list[Candidate]:
    """ "Execution notes" without any field of theirs may be a heading of the part before them."""
    result = list(found)
    for at, candidate in enumerate(found):
        if candidate.part == "notes" and candidate.text and not _has_fields(read_notes(candidate.text)):
            result[at] = _with_why(
                candidate, candidate.why or "It has none of the fields that execution notes have."
            )
            if at and not found[at - 1].why:
                why = "Where it ends is not sure: the EXECUTION NOTES after it do not look like notes."
                result[at - 1] = _with_why(found[at - 1], why)
    return result


def _has_fields(notes: Notes) -> bool:
    return bool(notes.complexity or notes.time_estimate or notes.risks or notes.key_files)


def _doubt_bare(found: list[Candidate], reading: Reading) -> list[Candidate]:
    """Among full names a bare word ("Implementation") may be a heading of the part before it."""
    result = list(found)
    if not any(candidate.strength == STRONG for candidate in found):
        return result
    numbered = all(section.marker.numbered for section in reading.sections)
    for at, candidate in enumerate(found):
        if candidate.strength < STRONG and not numbered and candidate.part != "notes":
            heading = f"Only one word names the {NAMES[candidate.part]}; it may be a heading of the part before it."
            result[at] = _with_why(candidate, candidate.why or heading)
            if at:
                why = f"The {NAMES[candidate.part]} after it is named by one word only, so its end is not sure."
                result[at - 1] = _with_why(result[at - 1], result[at - 1].why or why)
    return result


def _doubt_repeated(found: list[Candidate], document: Document) -> list[Candidate]:
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
        if (consecutive or not first) and before.part != here.part and not before.why and not before.held:
            why = f"The {NAMES[here.part]} next to it is named twice, so where this part ends is not sure."
            result[at - 1] = _with_why(before, why)
    return result


def _same(one: Candidate, other: Candidate, document: Document) -> bool:
    earlier, later = (one, other) if one.first < other.first else (other, one)
    return one.text == other.text or _corrects(later, earlier, document)


def _is_given_twice(found: list[Candidate]) -> bool:
    """Whether the answer comes again: several parts one after the other, and then the same ones and no other twice."""
    names = [candidate.part for candidate in found if candidate.text.strip()]
    count = len(names) - len(set(names))
    first, again = names[:count], names[count:]
    return count > 1 and len(set(again)) == len(again) and len(set(first)) == count and set(first) <= set(again)


def _with_why(candidate: Candidate, why: str) -> Candidate:
    return Candidate(
        candidate.part, candidate.strength, candidate.by, candidate.text, candidate.start, candidate.end,
        candidate.first, candidate.last, why, candidate.corrected, candidate.open_end, candidate.held,
    )  # fmt: skip


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


def _last_of_each(family: list[Candidate], document: Document) -> dict[str, Candidate]:
    """The last candidate of each part that holds something; doubtful when it differs without being a correction."""
    chosen: dict[str, Candidate] = {}
    whole_again = _is_given_twice(family)
    for candidate in family:
        earlier = chosen.get(candidate.part)
        if earlier is None or not earlier.text.strip():
            chosen[candidate.part] = candidate
        elif candidate.text.strip():
            sure = candidate.text == earlier.text or whole_again or _corrects(candidate, earlier, document)
            if sure or candidate.why:
                chosen[candidate.part] = candidate
            else:
                why = f"The answer has more than one {NAMES[candidate.part]}; this is the last one."
                chosen[candidate.part] = _with_why(candidate, why)
    return chosen


def _with_unnamed(document: Document, chosen: dict[str, Candidate], hidden: Spans) -> dict[str, Candidate]:
    """Notes and templates that no line names, where the rest of the answer leaves little doubt what they are."""
    if "notes" not in chosen and (found := _notes_by_fields(document, chosen, hidden)) is not None:
        chosen = {**chosen, "notes": found}
        chosen = {part: _cut_before(document, c, found) if part != "notes" else c for part, c in chosen.items()}
    elif set(chosen) == {"notes"} and (before := _template_before(document, chosen["notes"], hidden)):
        chosen = {**chosen, "implementation": before}
    return chosen


def _notes_by_fields(document: Document, chosen: dict[str, Candidate], hidden: Spans) -> Candidate | None:
    """An answer, or its end, that has the notes' labels with values but no name over them."""
    first = 0
    if chosen:
        last = max(chosen.values(), key=lambda candidate: candidate.last)
        if last.by not in _BY_LINE:
            first = last.last + 1
        else:
            first = document.line_at(last.start)
    elif hidden.spans:
        first = document.line_at(hidden.last_end)
    begin = _field_lines(document, first)
    if begin is None:
        return None
    start_line, end_line = trimmed(document, begin, len(document.lines))
    text, start, end = text_of(document, start_line, end_line)
    fields = read_notes(text)
    if fields.complexity is None or not (fields.time_estimate or fields.risks or fields.key_files):
        return None
    whole = not chosen and start_line == document.next_filled(0)
    why = "" if whole else "Nothing names it; it was taken from where its fields begin to the end."
    return Candidate("notes", STRONG, "notes fields", text, start, end, start_line, end_line - 1, why)


def _field_lines(document: Document, first: int) -> int | None:
    """The line where a label of the notes, or the feature's name directly above it, begins a run to the end."""
    blocks = note_blocks(
        [line[document.indent :] if line[: document.indent].isspace() else line for line in document.lines[first:]]
    )
    outer = [block for block in blocks if block.indent == 0 and (block.rank < 9 or block.field)]
    for at, block in enumerate(outer):
        if block.field == "complexity" and (block.value or block.lines):
            line = block.line
            if at and outer[at - 1].line == line - 1 and outer[at - 1].value:
                line -= 1
            if at and outer[at - 1].field == "time_estimate":
                line = outer[at - 1].line
            return first + line
    return None


def _cut_before(document: Document, candidate: Candidate, notes: Candidate) -> Candidate:
    if not (candidate.first < notes.first <= candidate.last) or candidate.by not in _BY_LINE:
        return candidate
    first, end = trimmed(document, document.line_at(candidate.start), notes.first)
    text, start, stop = text_of(document, first, end)
    why = "Notes without a name of their own follow it, so where it ends is not sure."
    return Candidate(
        candidate.part, candidate.strength, candidate.by, text, start, stop, candidate.first, notes.first - 1, why
    )


def _template_before(document: Document, notes: Candidate, hidden: Spans) -> Candidate | None:
    """What stands before notes that call themselves the third part, if it reads like a prompt: its name was lost."""
    heading = document.lines[notes.first]
    first = document.line_at(hidden.last_end) + 1 if hidden.spans else 0
    first, end = trimmed(document, first, notes.first)
    filled = sum(not document.is_blank(line) for line in range(first, end))
    if "3" not in heading or notes.by not in _BY_LINE or filled < 8:
        return None
    opening = " ".join(document.lines[first : first + 4]).lower()
    if not any(word in opening for word in ("# role", "you are", "role:", "act as", "<role>")):
        return None
    text, start, stop = text_of(document, first, end)
    why = "Nothing names it; it is what stands before the EXECUTION NOTES."
    return Candidate("implementation", STRONG, "position", text, start, stop, first, end - 1, why)
