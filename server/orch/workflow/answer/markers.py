"""The lines of an answer that name a part: headings, bold lines, banners, labels, list items, named fences."""

import re

from orch.workflow.answer.candidate import Spans
from orch.workflow.answer.chatter import has_correction, names_in_sentence
from orch.workflow.answer.line_looks import look_of
from orch.workflow.answer.markdown import Document, fence_at
from orch.workflow.answer.marker import Marker
from orch.workflow.answer.marker_runs import merged, without_contents
from orch.workflow.answer.note_lines import note_blocks
from orch.workflow.answer.part_names import STRONG, part_named

_LONGEST_LINE = 240
_MOST_MARKERS = 2000
"""A text with more is no answer; the last ones are looked at."""
LIST_KINDS = frozenset({"list item", "numbered line"})


def find_markers(document: Document, hidden: Spans) -> list[Marker]:
    """Every line outside the `hidden` stretches that may name a part, in order, without tables of contents."""
    found: list[Marker] = []
    for line in document.naming_lines:
        if len(document.lines[line]) > _LONGEST_LINE or hidden.covers(document.starts[line]):
            continue
        marker = _marker_at(document, line) or _sentence_at(document, line)
        if marker and found and marker.first < found[-1].body:
            # a line of the border may underline the line above it; the fuller name tells which of the two it is
            if marker.strength <= found[-1].strength:
                continue
            found.pop()
        if marker:
            found.append(marker)
    found = found[-_MOST_MARKERS:]
    return merged(without_contents(_judged_notes(found, document), document), document)


def _judged_notes(markers: list[Marker], document: Document) -> list[Marker]:
    """Under a name of the notes their labels should stand; a word that is not the full name needs them."""
    result: list[Marker] = []
    named = any(marker.part == "notes" and marker.strength == STRONG for marker in markers)
    for at, marker in enumerate(markers):
        if marker.part == "notes" and marker.strength < STRONG and named:
            continue
        if marker.part == "notes":
            end = next((other.first for other in markers[at + 1 :] if other.strength == STRONG), marker.body + 40)
            lines = document.lines[marker.body : min(end, marker.body + 40)]
            likely = any(block.field for block in note_blocks(lines))
            if not likely and marker.strength < STRONG:
                continue
            marker = marker._replace(likely=likely)
        result.append(marker)
    return result


def _sentence_at(document: Document, line: int) -> Marker | None:
    """A sentence counts when it hands the part over: it ends in a colon, before a fence or as a correction."""
    text = document.lines[line].strip().strip("*_ ")
    if not text.endswith((":", "：")):
        return None
    names = names_in_sentence(text)
    following = document.next_filled(line + 1)
    if len(names) != 1 or following == len(document.lines):
        return None
    corrected = has_correction(text)
    if not (corrected or fence_at(document.lines[following], following)):
        return None
    styles = frozenset({("sentence", 0)})
    return Marker(names.pop(), STRONG, line, line + 1, "sentence", styles, corrected=corrected, extra=True)


_NUMBER = re.compile(
    r"\W*(?:\d|[ivx]{1,4}[.)]|(?:part|phase|step|section|teil|partie|parte|часть)\s+\w{1,5}\b)", re.IGNORECASE
)


def _marker_at(document: Document, line: int) -> Marker | None:
    look = look_of(document, line)
    if look is None:
        return None
    name = part_named(look.title)
    if name is None or name.strength < look.least:
        return None
    return Marker(
        name.part,
        name.strength,
        look.first,
        look.body,
        look.kind,
        frozenset({(look.kind, look.level)}),
        numbered=_NUMBER.match(look.title) is not None or look.kind == "numbered line",
        corrected=name.corrected,
        ends=name.ends or look.title.startswith("/"),
        extra=name.extra,
    )


_LABELLED = re.compile(
    r"[ \t]*(?:(?P<mark>\*\*|__)(?P<bold>[^*_]{3,60}?)[:：]?(?P=mark)[ \t]*[:：]?"
    r"|(?P<plain>[^:：*]{3,60}?)[:：])[ \t]+(?=\S)"
)


def with_labels_divided(document: Document, hidden: Spans) -> Document | None:
    """The document with lines such as `**Analysis template:** You are ...` divided behind the name.

    None unless two parts at least are named this way, each once.
    """
    cuts: dict[int, int] = {}
    parts: list[str] = []
    for line in document.naming_lines:
        match = _LABELLED.match(document.lines[line])
        name = part_named(match["bold"] or match["plain"]) if match else None
        if (
            match
            and name
            and name.strength == STRONG
            and not name.extra
            and not hidden.covers(document.starts[line])
        ):
            cuts[line] = match.end()
            parts.append(name.part)
    if len(parts) < 2 or len(set(parts)) < len(parts):
        return None
    lines: list[str] = []
    starts: list[int] = []
    for number, (text, start) in enumerate(zip(document.lines, document.starts, strict=True)):
        cut = cuts.get(number, 0)
        indent = len(text) - len(text.lstrip(" \t")) if cut else 0
        if cut:
            lines.append(text[:cut].rstrip())
            starts.append(start)
        lines.append(text[:indent] + text[cut:])  # as deep as the lines that follow
        starts.append(start + cut - indent)
    return Document(document.text, lines, starts)
