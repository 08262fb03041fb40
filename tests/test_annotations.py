"""The helper that reads annotated texts, under every kind of text it may meet."""

import pytest

from orch.text.span import Span
from support.annotations import Expected, assert_findings, parse_fixture


def test_carets_are_stripped_and_give_the_range_of_the_line_above() -> None:
    fixture = parse_fixture("one\n{{ x }}\n   ^ error[undefined-variable]\ntwo\n")
    assert fixture.files == {"main": "one\n{{ x }}\ntwo\n"}
    assert fixture.expected == (Expected("main", Span(7, 8), "error", "undefined-variable"),)


def test_several_lines_of_carets_speak_of_the_same_line() -> None:
    fixture = parse_fixture("ab\n^ error[a]\n ^ hint[b] some words\ncd\n^^ info[c]\n")
    assert fixture.text == "ab\ncd\n"
    assert [(e.span, e.severity, e.rule, e.message) for e in fixture.expected] == [
        (Span(0, 1), "error", "a", ""),
        (Span(1, 2), "hint", "b", "some words"),
        (Span(3, 5), "info", "c", ""),
    ]


def test_columns_count_code_points() -> None:
    fixture = parse_fixture("\U0001f600é {{ x }}\n      ^ error[a]\n")
    assert fixture.expected[0].span.slice(fixture.text) == "x"


def test_crlf_is_kept_and_no_part_of_a_line() -> None:
    fixture = parse_fixture("a\r\nbc\r\n ^ error[a]\r\nd")
    assert fixture.text == "a\r\nbc\r\nd"
    assert fixture.expected[0].span == Span(4, 5)


def test_a_lone_cr_ends_a_line() -> None:
    fixture = parse_fixture("a\rbc\r ^ error[a]\rd")
    assert fixture.text == "a\rbc\rd"
    assert fixture.expected[0].span.slice(fixture.text) == "c"


def test_u2028_ends_no_line() -> None:
    fixture = parse_fixture("a\u2028bc\n  ^ error[a]\n")
    assert fixture.text == "a\u2028bc\n"
    assert fixture.expected[0].span.slice(fixture.text) == "b"


@pytest.mark.parametrize("source", ["", "\n", "no end", "end\n", "\r\n"])
def test_a_text_without_annotations_is_itself(source: str) -> None:
    assert parse_fixture(source).text == source


def test_a_text_ends_as_its_source_does() -> None:
    assert parse_fixture("ab\n^^ error[a]\n").text == "ab\n"
    assert parse_fixture("ab\n^^ error[a]").text == "ab"
    assert parse_fixture("ab\r\n^^ error[a]").text == "ab"


def test_an_empty_range_and_an_empty_file() -> None:
    fixture = parse_fixture("//- a\n| error[a]\n//- b\nxy\n  | error[b]\n")
    assert fixture.files == {"a": "", "b": "xy\n"}
    assert fixture.expected == (
        Expected("a", Span(0, 0), "error", "a"),
        Expected("b", Span(2, 2), "error", "b"),
    )


def test_a_range_over_lines() -> None:
    fixture = parse_fixture("a{% if\n ^> error[x]\nb %}c\n   ^<\n")
    assert fixture.expected[0].span.slice(fixture.text) == "{% if\nb %}"


def test_the_cursor_is_taken_out_and_counts_as_seen() -> None:
    fixture = parse_fixture("a\n{{ fe$0ture }}\n   ^^^^^^^^ error[a]\n")
    assert fixture.text == "a\n{{ feture }}\n"
    assert fixture.cursor == ("main", 7)
    assert fixture.offset == 7
    assert fixture.expected[0].span.slice(fixture.text) == "feture"


def test_the_cursor_may_stand_in_an_empty_file_and_at_the_end() -> None:
    assert parse_fixture("$0").cursor == ("main", 0)
    assert parse_fixture("//- a\nx\n//- b\nxy$0").cursor == ("b", 2)


def test_files_are_split_by_headers() -> None:
    fixture = parse_fixture("//- a/b.j2\none\n//- c.j2\ntwo\n^^^ hint[h]")
    assert fixture.files == {"a/b.j2": "one\n", "c.j2": "two"}
    assert fixture.expected == (Expected("c.j2", Span(0, 3), "hint", "h"),)


@pytest.mark.parametrize(
    "source",
    ["a\n    ^ error[x]\n", "//- a\n//- a\n", "$0$0", "$0\n$0", "a\n^> error[x]\n", "a\n^<\n"],
)
def test_what_makes_no_sense_is_refused(source: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_fixture(source)


def test_the_comparison_goes_both_ways() -> None:
    fixture = parse_fixture("ab\n^ error[x] good\n")
    right = Expected("main", Span(0, 1), "error", "x", "all good here")
    assert_findings(fixture, [right])
    for wrong in (
        [],
        [right, right],
        [Expected("main", Span(0, 2), "error", "x", "good")],
        [Expected("main", Span(0, 1), "hint", "x", "good")],
        [Expected("main", Span(0, 1), "error", "y", "good")],
        [Expected("main", Span(0, 1), "error", "x", "bad")],
    ):
        with pytest.raises(AssertionError, match="main:1"):
            assert_findings(fixture, wrong)
