"""A line index that was edited is the line index of the edited text."""

from hypothesis import given
from hypothesis import strategies as st

from orch.text.lines import LineIndex
from orch.text.span import Span

TEXTS = st.text(st.sampled_from("ab\n\r\u2028é😀"), max_size=30)
EDITS = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 6), TEXTS), max_size=5)


@given(TEXTS, EDITS)
def test_edits_leave_every_position_where_it_belongs(text: str, edits: list[tuple[int, int, str]]) -> None:
    index = LineIndex(text)
    for start, length, new_text in edits:
        start = min(start, len(text))
        text = text[:start] + new_text + text[start + length :]
        index = index.edited(Span(start, start + length), new_text)
        fresh = LineIndex(text)
        assert index.text == text
        assert index.count == fresh.count
        for offset in range(len(text) + 1):
            assert index.position(offset, "utf-8") == fresh.position(offset, "utf-8")


def test_a_letter_taken_away_and_put_back_hides_no_line() -> None:
    index = LineIndex("one\ntwo\nthree").edited(Span(5, 6), "").edited(Span(5, 5), "w")
    assert index.position(8) == (2, 0)
