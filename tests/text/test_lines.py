import pytest
from hypothesis import given
from hypothesis import strategies as st

from orch.text.difference import difference
from orch.text.lines import Encoding, LineIndex
from orch.text.span import Span

ENCODINGS: tuple[Encoding, ...] = ("utf-8", "utf-16", "utf-32")
TEXTS = st.text(st.sampled_from("ab\n\r\t\u2028\u0085é€😀\ud800\udc00\x00"), max_size=30)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_an_empty_text_has_one_line(encoding: Encoding) -> None:
    lines = LineIndex("")
    assert lines.count == 1
    assert lines.position(0, encoding) == (0, 0)
    assert lines.position(7, encoding) == (0, 0)
    assert lines.offset(3, 4, encoding) == 0
    assert lines.line_span(0) == Span(0, 0)


def test_only_lf_crlf_and_cr_end_lines() -> None:
    text = "a\nb\r\nc\rd\u2028e\u0085f\x0bg\x0ch"
    lines = LineIndex(text)
    assert [lines.line_span(line).slice(text) for line in range(lines.count)] == [
        "a",
        "b",
        "c",
        "d\u2028e\u0085f\x0bg\x0ch",
    ]


def test_characters_are_counted_in_the_encoding() -> None:
    lines = LineIndex("é😀x")
    assert [lines.position(2, each) for each in ENCODINGS] == [(0, 6), (0, 3), (0, 2)]
    assert [lines.offset(0, character, "utf-16") for character in range(6)] == [0, 1, 1, 2, 3, 3]
    assert [lines.offset(0, character, "utf-8") for character in range(9)] == [0, 0, 1, 1, 1, 1, 2, 3, 3]


@pytest.mark.parametrize(
    ("line", "character", "offset"),
    [(-1, 5, 0), (0, -1, 0), (0, 99, 2), (1, 0, 4), (1, 99, 5), (2, 0, 5), (99, 99, 5)],
)
def test_a_place_outside_is_brought_back(line: int, character: int, offset: int) -> None:
    for encoding in ENCODINGS:
        assert LineIndex("ab\r\nc").offset(line, character, encoding) == offset


def test_between_cr_and_lf_is_the_end_of_the_line() -> None:
    assert LineIndex("ab\r\nc").position(3) == (0, 2)


@given(TEXTS, st.sampled_from(ENCODINGS))
def test_every_offset_comes_back(text: str, encoding: Encoding) -> None:
    lines = LineIndex(text)
    for offset in range(len(text) + 1):
        line, character = lines.position(offset, encoding)
        inside_line_end = text[offset - 1 : offset + 1] == "\r\n" and offset > 0
        assert lines.offset(line, character, encoding) == offset - inside_line_end


@given(TEXTS, st.sampled_from(ENCODINGS), st.integers(-2, 40), st.integers(-2, 70))
def test_every_place_gives_an_offset_that_is_stable(
    text: str, encoding: Encoding, line: int, character: int
) -> None:
    lines = LineIndex(text)
    offset = lines.offset(line, character, encoding)
    assert 0 <= offset <= len(text)
    assert lines.offset(*lines.position(offset, encoding), encoding) == offset


@given(TEXTS, st.lists(st.tuples(st.integers(0, 40), st.integers(0, 6), TEXTS), max_size=6))
def test_an_edited_index_is_that_of_the_new_text(text: str, edits: list[tuple[int, int, str]]) -> None:
    lines = LineIndex(text)
    for start, length, new in edits:
        lines = lines.edited(Span(start, start + length), new)
        text = text[:start] + new + text[start + length :] if start < len(text) else text + new
        fresh = LineIndex(text)
        assert lines.text == text
        assert [lines.line_span(line) for line in range(lines.count)] == [
            fresh.line_span(line) for line in range(fresh.count)
        ]
        assert [lines.line(offset) for offset in range(len(text) + 1)] == [
            fresh.line(offset) for offset in range(len(text) + 1)
        ]


@given(TEXTS, TEXTS)
def test_the_difference_makes_the_new_text_from_the_old(old: str, new: str) -> None:
    start, old_end, new_end = difference(old, new)
    assert old[:start] + new[start:new_end] + old[old_end:] == new
    assert start <= old_end
    assert start <= new_end
