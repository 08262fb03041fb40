"""Spans and edits. A position is a code-point offset into the exact text, everywhere but in `lsp/convert.py`."""

from collections.abc import Iterable
from typing import NamedTuple


class Span(NamedTuple):
    """A half-open range of code-point offsets: `start <= offset < end`."""

    start: int
    end: int

    def slice(self, text: str) -> str:
        """The part of `text` that the span covers."""
        return text[self.start : self.end]

    def contains(self, offset: int) -> bool:
        """Whether a cursor at `offset` touches the span; both ends count, as a cursor stands between characters."""
        return self.start <= offset <= self.end

    def shifted(self, by: int) -> "Span":
        """The same range, `by` code points further on."""
        return Span(self.start + by, self.end + by)


class TextEdit(NamedTuple):
    """Replace what `span` covers by `text`. An empty span inserts; an empty text deletes."""

    span: Span
    text: str


def apply_edits(text: str, edits: Iterable[TextEdit]) -> str:
    """`text` with all edits made at once, each given in offsets of the original.

    Edits at the same place are made in the order given. Raises ValueError when two edits overlap.
    """
    pieces: list[str] = []
    done = 0
    for edit in sorted(edits, key=lambda edit: (edit.span.start, edit.span.end)):
        if edit.span.start < done or edit.span.end > len(text):
            raise ValueError(f"edit {edit.span} overlaps another or lies outside the text")
        pieces += (text[done : edit.span.start], edit.text)
        done = edit.span.end
    pieces.append(text[done:])
    return "".join(pieces)
