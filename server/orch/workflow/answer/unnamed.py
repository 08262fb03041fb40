"""Parts that nothing names, where the rest of the answer leaves little doubt what they are."""

from dataclasses import replace

from orch.workflow.answer.bodies import text_of
from orch.workflow.answer.candidate import Candidate, Spans
from orch.workflow.answer.edges import trimmed, without_last_words
from orch.workflow.answer.markdown import Document, common_margin
from orch.workflow.answer.note_lines import note_blocks
from orch.workflow.answer.part_names import STRONG
from orch.workflow.notes import read_notes


def with_unnamed(document: Document, chosen: dict[str, Candidate], hidden: Spans) -> dict[str, Candidate]:
    """`chosen` with the notes at the answer's end, or the template before the notes, that it lacks for a name."""
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
        first = document.line_at(last.start) if last.by_line else last.last + 1
    elif hidden.spans:
        first = document.line_at(hidden.last_end)
    begin = _field_lines(document, first)
    if begin is None:
        return None
    start_line, end_line = without_last_words(document, *trimmed(document, begin, len(document.lines)))
    text, start, end = text_of(document, start_line, end_line)
    fields = read_notes(text)
    if fields.complexity is None or not (fields.time_estimate or fields.risks or fields.key_files):
        return None
    whole = not chosen and start_line == document.next_filled(0)
    why = "" if whole else "Nothing names it; it was taken from where its fields begin to the end."
    return Candidate("notes", STRONG, "notes fields", text, start, end, start_line, end_line - 1, why)


def _field_lines(document: Document, first: int) -> int | None:
    """The line where a label of the notes, or the feature's name directly above it, begins a run to the end."""
    margin = len(common_margin(document.lines)) or document.indent
    blocks = note_blocks([line[margin:] if line[:margin].isspace() else line for line in document.lines[first:]])
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
    if not (candidate.first < notes.first <= candidate.last) or not candidate.by_line:
        return candidate
    first, end = trimmed(document, document.line_at(candidate.start), notes.first)
    text, start, stop = text_of(document, first, end)
    why = "Notes without a name of their own follow it, so where it ends is not sure."
    return replace(candidate, text=text, start=start, end=stop, last=notes.first - 1).doubted(why)


def _template_before(document: Document, notes: Candidate, hidden: Spans) -> Candidate | None:
    """What stands before notes that call themselves part 3, if it reads like a prompt whose name was lost."""
    heading = document.lines[notes.first]
    first = document.line_at(hidden.last_end) + 1 if hidden.spans else 0
    first, end = trimmed(document, first, notes.first)
    filled = sum(not document.is_blank(line) for line in range(first, end))
    if "3" not in heading or not notes.by_line or filled < 8:
        return None
    opening = " ".join(document.lines[first : first + 4]).lower()
    if not any(word in opening for word in ("# role", "you are", "role:", "act as", "<role>")):
        return None
    text, start, stop = text_of(document, first, end)
    why = "Nothing names it; it is what stands before the EXECUTION NOTES."
    return Candidate("implementation", STRONG, "position", text, start, stop, first, end - 1, why)
