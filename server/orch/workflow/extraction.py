"""Finds the three parts of a planning answer: ANALYSIS template, IMPLEMENTATION template and EXECUTION NOTES.

It works on structure alone: `line_marks` takes off what a copy put around every line; `tags`, `json_parts`,
`assignments` and `markers` find what may name a part, `sections` reads names and fences together, `choosing` takes
one candidate for each part, `bodies` gives its text. That is what stands there, without its heading, a wrapping
fence or tag, common indentation, blank lines and rules around it, and the `Orch-Session` line; line ends are LF,
and there is none at the end."""

from dataclasses import replace

from orch.model.session import Notes
from orch.workflow.answer.candidate import TITLES, Candidate, Spans
from orch.workflow.answer.choosing import choose
from orch.workflow.answer.doubts import CUT_OFF, MAY_BE_CUT, asks_back, is_refusal, is_remark, looks_cut, may_be_cut
from orch.workflow.answer.line_marks import CopiedText, own_text
from orch.workflow.answer.markdown import Document, read_lines
from orch.workflow.answer.markers import with_labels_divided
from orch.workflow.answer.part_names import PARTS
from orch.workflow.answer.tags import without_outer_tag
from orch.workflow.answer.thinking import Thinking, find_thinking
from orch.workflow.answer.unclaimed import unclaimed_blocks
from orch.workflow.extraction_result import Block, Extraction, Part, State
from orch.workflow.notes import read_notes

_TEMPLATES = {"analysis", "implementation"}


def extract(answer: str) -> Extraction:
    """The parts of `answer`, each with where it came from (code-point offsets), by which pattern and how sure.

    Never raises. A part is FOUND only where nothing speaks against it; what is unsure is DOUBTFUL and says why;
    what is not there is MISSING. Where a part is given more than once the last one counts.
    """
    if not answer.strip("\ufeff \t\r\n"):
        return _nothing("The answer is empty.")
    copied = own_text(answer)
    return _extracted(answer) if copied is None else _in_answer(_extracted(copied.text), copied)


def _in_answer(found: Extraction, copied: CopiedText) -> Extraction:
    """The same with offsets in the answer as it was copied."""

    analysis, implementation, notes = (
        replace(part, start=copied.origin(part.start), end=copied.origin(part.end))
        for part in (found.analysis, found.implementation, found.notes)
    )
    blocks = (Block(block.title, copied.origin(block.start), copied.origin(block.end)) for block in found.unclaimed)
    return Extraction(analysis, implementation, notes, found.fields, tuple(blocks))


def _extracted(answer: str) -> Extraction:
    document = read_lines(answer)
    thinking = find_thinking(document)
    if start := _behind_first_thoughts(answer, thinking):
        document = read_lines(answer, start)
    document = without_outer_tag(document)
    hidden = Spans([] if thinking.unclosed else thinking.spans)
    chosen = choose(document, hidden)
    if not _TEMPLATES & chosen.keys() and (divided := with_labels_divided(document, hidden)) is not None:
        document = divided
        chosen = choose(document, hidden)
    doubt = "The answer ends inside the model's thinking." if thinking.unclosed and chosen else ""
    if not chosen and thinking.spans:
        document = read_lines(answer)
        chosen = choose(document, Spans([]))
        doubt = "It stands in the model's thinking, not in its answer."
    if not chosen and is_refusal(answer):
        return _nothing("The model seems to have refused.")
    if asks_back(candidate.text for candidate in chosen.values()):
        doubt = doubt or "It holds nothing but questions."
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
        return Part(State.MISSING, why=f"The answer has no {TITLES[name]}.")
    why = candidate.why or doubt or ("It holds nothing but a remark." if is_remark(candidate.text) else "")
    if not candidate.text.strip():
        why = f"Nothing stands under the name of the {TITLES[name]}."
        return Part(State.MISSING, "", candidate.by, candidate.start, candidate.start, why)
    state = State.DOUBTFUL if why else State.FOUND
    return Part(state, candidate.text, candidate.by, candidate.start, candidate.end, why)


def _checked_for_cuts(parts: dict[str, Part], chosen: dict[str, Candidate], document: Document) -> dict[str, Part]:
    """The part that ends with the answer is looked at for signs that the model was stopped."""
    last = max(chosen.values(), key=lambda candidate: candidate.end, default=None)
    if last is None or parts[last.part].state is not State.FOUND:
        return parts
    ends_with_lines = last.by_line or last.by == "yaml key"
    at_end = document.next_filled(document.line_at(last.end) + 1) == len(document.lines)
    if not at_end or (last.last < len(document.lines) - 1 and not last.open_end and not ends_with_lines):
        return parts
    why = ""
    if last.open_end or (ends_with_lines and looks_cut(last.text)):
        why = CUT_OFF
    elif last.part != "notes" and ends_with_lines and may_be_cut(last.text, len(chosen) == len(PARTS)):
        why = MAY_BE_CUT
    if not why:
        return parts
    part = parts[last.part]
    return {**parts, last.part: Part(State.DOUBTFUL, part.text, part.by, part.start, part.end, why)}
