"""What is said of broken TOML, where, and what is still certain."""

from typing import Any

import pytest

from orch.syntax.toml_tree import parse_toml
from support.toml_texts import assert_agrees, assert_whole


def problems(text: str) -> list[tuple[str, str]]:
    tree = assert_agrees(text)
    return [(problem.kind, problem.span.slice(text)) for problem in tree.problems]


def test_every_broken_line_is_a_problem_and_costs_nothing_else() -> None:
    text = "a = 1\nb = yes\nc\nd = 2 3\n[e\nf = 3\n[g h]\ni = 4\n[j]\nk = [1 2]\nl = 'x\nm = 5\nm = 6\n"
    assert problems(text) == [
        ("syntax", "yes"),
        ("syntax", "c"),
        ("syntax", "3"),
        ("syntax", "[e"),
        ("syntax", "[g h]"),
        ("syntax", "2"),
        ("unterminated", "'x"),
        ("duplicate", "m"),
    ]
    data = parse_toml(text).data
    assert data["a"] == 1
    assert data["e"] == {"f": 3}
    assert data["j"] == {"m": 5}


@pytest.mark.parametrize(
    ("text", "expected", "data"),
    [
        pytest.param(
            "[a]\nb = '''\n\n[c]\nd = '''\ntext\n'''\ne = 1\n",
            [("unterminated", "'''")],
            {"a": {}, "c": {"d": "text\n", "e": 1}},
            id="the end is missing and the next text closes it",
        ),
        pytest.param(
            "b = '''\nd = '''\ntext\n'''\ne = 1\n",
            [("unterminated", "'''")],
            {"d": "text\n", "e": 1},
            id="the same with a key right below",
        ),
        pytest.param(
            "[a]\nb = '''\nsome text\n\n[c]\nd = 1\n",
            [("unterminated", "'''")],
            {"a": {}, "c": {"d": 1}},
            id="nothing closes it: it ends before the next header",
        ),
        pytest.param(
            "b = '''\nc = 1\n", [("unterminated", "'''")], {"c": 1}, id="nothing closes it, a key follows"
        ),
        pytest.param(
            "[a]\nb = '''\nuse ''' to quote\nmore\n'''\n[c]\nd = 1\n",
            [("quotes", "'''")],
            {"a": {}, "c": {"d": 1}},
            id="three quotes in prose",
        ),
        pytest.param(
            "[a]\nb = '''\ndef f():\n    '''\n    Doc.\n    '''\n    return 1\n'''\n[c]\nd = 1\n",
            [("quotes", "'''")],
            {"a": {}, "c": {"d": 1}},
            id="a docstring",
        ),
        pytest.param(
            "[a]\nb = '''\nx = '''one''' + '''two'''\n'''\nc = 1\n",
            [("quotes", "'''")],
            {"a": {"c": 1}},
            id="several pairs on a line",
        ),
        pytest.param(
            'b = """\nsay """hi""" now\n"""\nc = 1\n', [("quotes", '"""')], {"c": 1}, id="double quotes as well"
        ),
        pytest.param(
            "b = '''\ngood\n'''\noops here\n[c]\nd = '''\nx\n'''\n",
            [("syntax", "oops here")],
            {"b": "good\n", "c": {"d": "x\n"}},
            id="a broken line after a good text",
        ),
        pytest.param(
            "größe = '''\nnot\ntoml\n'''\nc = 1\n", [("syntax", "größe")], {"c": 1}, id="the text of a broken key"
        ),
        pytest.param(
            "a = [\n  1,\n  2\nb = 1\n", [("unterminated", "[\n  1,\n  2")], {"b": 1}, id="a list that never ends"
        ),
        pytest.param(
            "a = [\n  [1],\n[history]\nb = 1\n",
            [("unterminated", "[\n  [1],")],
            {"history": {"b": 1}},
            id="a list before a header",
        ),
        pytest.param("a = { b = 1\nc = 2\n", [("unterminated", "{ b = 1")], {"c": 2}, id="an open inline table"),
    ],
)
def test_one_helpful_problem(text: str, expected: list[tuple[str, str]], data: dict[str, Any]) -> None:
    assert problems(text) == expected
    assert parse_toml(text).data == data


def test_a_text_with_its_own_quotes_keeps_its_whole_content() -> None:
    tree = parse_toml("[a]\nb = '''\nuse ''' to quote\nmore\n'''\n[c]\n")
    value = tree.find(("a", "b"))
    assert value is not None
    assert value.kind == "invalid"
    assert value.content.slice(tree.text) == "use ''' to quote\nmore\n"


def test_merge_conflicts_are_their_own_kind() -> None:
    text = "a = 1\n<<<<<<< HEAD\nb = 2\n||||||| base\nb = 0\n=======\nb = 3\n>>>>>>> other\nc = 4\n"
    assert problems(text) == [
        ("conflict", "<<<<<<< HEAD"),
        ("conflict", "||||||| base"),
        ("conflict", "======="),
        ("conflict", ">>>>>>> other"),
    ]
    assert parse_toml(text).data == {"a": 1, "b": 2, "c": 4}


def test_a_conflict_where_a_text_opens_is_nothing_but_a_conflict() -> None:
    text = "a = 1\n<<<<<<< HEAD\nb = '''\nx\n=======\nb = '''\ny\n>>>>>>> other\nz\n'''\nc = 4\n"
    assert problems(text) == [("conflict", "<<<<<<< HEAD"), ("conflict", "======="), ("conflict", ">>>>>>> other")]
    assert parse_toml(text).data == {"a": 1, "c": 4}


def test_a_lone_marker_is_a_conflict_too() -> None:
    assert problems("a = 1\n=======\nb = 2\n") == [("conflict", "=======")]
    assert problems("<<<<<<< x\nb = 2\n") == [("conflict", "<<<<<<< x")]


def test_markers_in_a_text_are_text() -> None:
    assert problems("a = '''\n<<<<<<< HEAD\n=======\n>>>>>>> x\n'''\n") == []


def test_a_duplicate_points_at_the_first() -> None:
    tree = parse_toml("a = 1\nb = 2\na = 3\n")
    (problem,) = tree.problems
    assert problem.related is not None
    assert problem.related.slice(tree.text) == "a = 1"
    value = tree.find(("a",))
    assert value is not None
    assert value.value == 1


def test_a_byte_order_mark_is_a_located_problem() -> None:
    tree = assert_agrees("\ufeffa = 1\n[b]\nc = 2\n")
    assert [tuple(problem.span) for problem in tree.problems] == [(0, 1)]
    assert tree.data == {"a": 1, "b": {"c": 2}}


@pytest.mark.parametrize(
    "text",
    [
        *(
            "a = " + "[" * 10_000,
            "a = " + "[" * 10_000 + "]" * 10_000,
            "a = " + "{a=" * 10_000 + "1" + "}" * 10_000,
        ),
        *(
            "a" + ".a" * 10_000 + " = 1",
            "[a" + ".a" * 10_000 + "]",
            "a = [\n" * 10_000,
            "\0" * 100_000,
            "x\n" * 10_000,
        ),
        *(
            "'" * 100_000,
            '"' * 100_000,
            "=" * 100_000,
            "a = '''x\n" * 2000,
            'a = """\\"""\n' * 2000,
            "<<<<<<< \n" * 5000,
        ),
        *("a = " + "1" * 100_000, "\r" * 100_000, "a = [" + "#\n" * 10_000, 'a = """' + "\\q" * 10_000 + '"""'),
    ],
    ids=range(18),
)
def test_nothing_is_too_strange(text: str) -> None:
    tree = parse_toml(text)
    assert_whole(tree)
    assert tree.valid or tree.problems
    assert len(tree.problems) < 1100
    assert parse_toml(text + "\n", tree).valid == parse_toml(text + "\n").valid
