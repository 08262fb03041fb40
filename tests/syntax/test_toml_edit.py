import random
import tomllib
from datetime import UTC, datetime, time
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orch.syntax.toml_data import plain
from orch.syntax.toml_edit import Append, Change, Edited, EditProblem, Remove, Set, edit_toml, new_toml
from orch.syntax.toml_tree import parse_toml
from orch.text.span import apply_edits
from support.toml_documents import ORDER, applied, random_change, random_document
from support.toml_texts import same


def edited(text: str, *changes: Change, order: tuple[str, ...] = ORDER, **options: Any) -> str:
    """The text after the changes, checked: the edits make it, and it holds what a plain edit of the data gives."""
    result = edit_toml(text, changes, order, **options)
    assert isinstance(result, Edited), result
    assert apply_edits(text, result.edits) == result.text
    wanted: dict[str, Any] | None = tomllib.loads(text)
    for change in changes:
        wanted = applied(wanted, change) if wanted is not None else None
    assert same(tomllib.loads(result.text), plain(wanted))
    return result.text


def refused(text: str, *changes: Change) -> EditProblem:
    result = edit_toml(text, changes)
    assert isinstance(result, EditProblem), result
    assert result.sentence.endswith(".")
    return result


CASES: dict[str, tuple[str, Change, str]] = {
    "a value keeps its comment": (
        "a=1 # c\nb = 2\n",
        Set(("a",), 9),
        "a=9 # c\nb = 2\n",
    ),
    "indentation and CRLF": (
        "[t]\r\n\ta = 'x'\r\n",
        Set(("t", "a"), "y"),
        '[t]\r\n\ta = "y"\r\n',
    ),
    "a text in CRLF": (
        "[t]\r\na = 1\r\n",
        Set(("t", "b"), "x\ny"),
        "[t]\r\na = 1\r\nb = '''\r\nx\r\ny'''\r\n",
    ),
    "a key goes after its table's last key": (
        "[t]\na = 1 # c\n# own\n\n# of u\n[u]\n",
        Set(("t", "b"), 2),
        "[t]\na = 1 # c\nb = 2\n# own\n\n# of u\n[u]\n",
    ),
    "before a sub-table": (
        "[t]\na = 1\n[t.u]\nb = 2\n",
        Set(("t", "c"), 3),
        "[t]\na = 1\nc = 3\n[t.u]\nb = 2\n",
    ),
    "into an empty table": (
        "[t]\n\n[u]\n",
        Set(("t", "a"), 1),
        "[t]\na = 1\n\n[u]\n",
    ),
    "as its sibling is written": (
        "[t]\n  a=1",
        Set(("t", "b"), 1),
        "[t]\n  a=1\n  b=1\n",
    ),
    "first root key": (
        "# top\n\n# of t\n[t]\n",
        Set(("a",), 1),
        "# top\n\na = 1\n\n# of t\n[t]\n",
    ),
    "next root key": (
        "a = 1\n\n[t]\n",
        Set(("b",), 1),
        "a = 1\nb = 1\n\n[t]\n",
    ),
    "an empty file": (
        "",
        Set(("a",), 1),
        "a = 1\n",
    ),
    "a file of one comment": (
        "# c",
        Set(("a",), 1),
        "# c\na = 1\n",
    ),
    "a dotted sibling": (
        't."u v".a = 1 # c\nb = 2\n',
        Set(("t", "u v", "c"), 3),
        't."u v".a = 1 # c\nt."u v".c = 3\nb = 2\n',
    ),
    "dotted tables": (
        "t.a = 1\n",
        Set(("t", "u"), {"b": 1, "c": {"d": 2}}),
        "t.a = 1\nt.u.b = 1\nt.u.c.d = 2\n",
    ),
    "dotted under a header": (
        "[x]\nt.a = 1\n",
        Set(("x", "t", "b"), 2),
        "[x]\nt.a = 1\nt.b = 2\n",
    ),
    "inside an inline table": (
        "t = { a = 1 }\n",
        Set(("t", "b"), 2),
        "t = { a = 1, b = 2 }\n",
    ),
    "inline in inline": (
        "t = {a=1}\n",
        Set(("t", "b", "c"), 2),
        "t = {a=1, b={ c = 2 }}\n",
    ),
    "in an empty inline table": (
        "t = {}\n",
        Set(("t", "b"), 2),
        "t = { b = 2 }\n",
    ),
    "dotted in inline": (
        "t = {a.b=1}\n",
        Set(("t", "a", "c"), 2),
        "t = {a.b=1, a.c=2}\n",
    ),
    "a table that is implied": (
        "[t.u]\na = 1\n",
        Set(("t", "b"), 2),
        "[t]\nb = 2\n[t.u]\na = 1\n",
    ),
    "a header by the order, before the next one's comment": (
        "[request]\na = 1\n\n# why\n[history]\n",
        Set(("notes", "a"), 1),
        "[request]\na = 1\n\n[notes]\na = 1\n\n# why\n[history]\n",
    ),
    "at the end of a file in another order": (
        "[history]\n\n[request]\n",
        Set(("notes", "a"), 1),
        "[history]\n\n[request]\n\n[notes]\na = 1\n",
    ),
    "a header after no last line end": (
        "a = 1",
        Set(("t", "b"), 1),
        "a = 1\n\n[t]\nb = 1\n",
    ),
    "a sub-table right behind its parent's own lines": (
        "[planning]\na = 1\n# own\n\n[x]\n",
        Set(("planning", "values", "A B"), "c"),
        '[planning]\na = 1\n# own\n[planning.values]\n"A B" = "c"\n\n[x]\n',
    ),
    "an element behind all that belongs to the last": (
        "[[history]]\na = 1\n[history.b]\n\n[x]\n",
        Append(("history",), {"a": 2}),
        "[[history]]\na = 1\n[history.b]\n\n[[history]]\na = 2\n\n[x]\n",
    ),
    "an element of a list written as a value": (
        "history = [\n  { a = 1 }, # one\n]\n",
        Append(("history",), {"a": 2}),
        "history = [\n  { a = 1 }, # one\n  { a = 2 },\n]\n",
    ),
    "an element behind a comment": (
        "history = [{a=1} # c\n]\n",
        Append(("history",), {}),
        "history = [{a=1}, # c\n{}\n]\n",
    ),
    "an empty list": (
        "history = []\n",
        Append(("history",), {"a": 2}),
        "history = [{ a = 2 }]\n",
    ),
    "the first element": (
        "[x]\n",
        Append(("history",), {"a": 1, "b": {"c": 2}}),
        "[x]\n\n[[history]]\na = 1\n[history.b]\nc = 2\n",
    ),
    "a list of tables as a whole": (
        "[notes]\n[[notes.risks]]\nrisk = 'a' # one\n\n[[notes.risks]]\nrisk = 'b'\n\n[x]\n",
        Set(("notes", "risks"), [{"risk": "c"}]),
        '[notes]\n[[notes.risks]]\nrisk = "c" # one\n\n[x]\n',
    ),
    "one item a line": (
        "a = [\n  1, # one\n  2\n]\n",
        Set(("a",), ["x", "y"]),
        'a = [\n  "x",\n  "y",\n]\n',
    ),
    "a comment stays": (
        "[t]\na = 1 # c\nb = 2\n",
        Remove(("t", "a")),
        "[t]\n# c\nb = 2\n",
    ),
    "a whole line goes": (
        "[t]\n  a = 1\nb = 2\n",
        Remove(("t", "a")),
        "[t]\nb = 2\n",
    ),
    "a table goes with one blank line": (
        "x = 1\n\n[t]\na = 1\n\n[u]\n",
        Remove(("t",)),
        "x = 1\n\n[u]\n",
    ),
    "the last table": (
        "x = 1\n\n[t]\na = 1\n",
        Remove(("t",)),
        "x = 1\n",
    ),
    "comments in a table stay": (
        "[t]\na = 1\n# keep\nb = 1\n[t.u]\n",
        Remove(("t",)),
        "# keep\n",
    ),
    "a parent that was implied stays, empty": (
        "[t.u]\na = 1\n",
        Remove(("t", "u")),
        "[t]\n",
    ),
    "the first pair": (
        "t = {a = 1, b = 2}\n",
        Remove(("t", "a")),
        "t = {b = 2}\n",
    ),
    "the last pair": (
        "t = {a = 1, b = 2}\n",
        Remove(("t", "b")),
        "t = {a = 1}\n",
    ),
    "the only pair": (
        "t = { a = 1 }\n",
        Remove(("t", "a")),
        "t = {}\n",
    ),
    "an item": (
        "a = [1, 2, 3]\n",
        Remove(("a", 1)),
        "a = [1, 3]\n",
    ),
    "what is not there": (
        "a = 1\n",
        Remove(("b", "c")),
        "a = 1\n",
    ),
    "the same value stays as it is written": (
        "a = 0x1F # c\n",
        Set(("a",), 31),
        "a = 0x1F # c\n",
    ),
    "another type is another value": (
        "a = 1\n",
        Set(("a",), 1.0),
        "a = 1.0\n",
    ),
    "a value becomes a table": (
        "a = 1\n[t]\n",
        Set(("a",), {"b": 1}),
        "a = { b = 1 }\n[t]\n",
    ),
    "a table becomes a value": (
        "[t]\na = 1\n",
        Set(("t",), 5),
        "t = 5\n",
    ),
}


@pytest.mark.parametrize(("before", "change", "after"), CASES.values(), ids=CASES)
def test_one_change(before: str, change: Change, after: str) -> None:
    assert edited(before, change) == after


def test_a_table_is_changed_key_by_key() -> None:
    before = '[analysis.values] # v\n# one\n"A B" = "x" # a\nold = 1\nsame = "s" # s\n'
    after = edited(before, Set(("analysis", "values"), {"same": "s", "A B": "y", "NEW KEY": "z"}))
    assert after == '[analysis.values] # v\n# one\n"A B" = "y" # a\nsame = "s" # s\n"NEW KEY" = "z"\n'


def test_several_changes_are_one_edit_that_touches_nothing_else() -> None:
    before = "# top\nstatus = 'a' # s\n\n[planning] # p\nresponse = '''\nold'''\n\n[[history]] # h\nat = 1\n# end\n"
    changes = (
        Set(("status",), "b"),
        Set(("planning", "response"), "new\n"),
        Set(("planning", "values"), {"X": "1"}),
        Set(("notes",), {"complexity": "low", "risks": [{"risk": "r"}]}),
        Append(("history",), {"at": 2}),
    )
    assert edited(before, *changes) == (
        '# top\nstatus = "b" # s\n\n[notes]\ncomplexity = "low"\n[[notes.risks]]\nrisk = "r"\n\n'
        "[planning] # p\nresponse = '''\nnew\n'''\n[planning.values]\nX = \"1\"\n\n"
        "[[history]] # h\nat = 1\n# end\n\n[[history]]\nat = 2\n"
    )


def test_setting_and_removing_a_table_again_and_again_adds_no_blank_lines() -> None:
    text = "[request]\na = 1\n\n[history]\n"
    for _ in range(3):
        there = edited(text, Set(("outcome", "result"), "success"))
        assert there == '[request]\na = 1\n\n[outcome]\nresult = "success"\n\n[history]\n'
        assert edited(there, Remove(("outcome",))) == text


def test_keys_that_are_long_texts() -> None:
    text = edited("", Set(("a", "text"), "x"), Set(("a", "b"), "x"), long_keys={("a", "text")})
    assert text == "[a]\ntext = '''\nx'''\nb = \"x\"\n"


def test_a_new_file() -> None:
    data = {
        "history": [{"at": 1}, {"at": 2}],
        "id": "x",
        "planning": {"values": {"A": "b"}, "prompt": "p"},
        "other": {},
    }
    text = new_toml(data, ORDER, long_keys={("planning", "prompt")})
    assert text == (
        "id = \"x\"\n\n[planning]\nprompt = '''\np'''\n[planning.values]\nA = \"b\"\n\n"
        "[[history]]\nat = 1\n\n[[history]]\nat = 2\n\n[other]\n"
    )
    assert tomllib.loads(text) == data
    with pytest.raises(ValueError, match="NoneType"):
        new_toml({"a": None})


class Colour(StrEnum):
    RED = "red"


def test_values_are_made_plain() -> None:
    result = edit_toml(
        "", [Set(("a",), Colour.RED), Set(("b",), ("x\r\ny", "\ud800")), Set(("c",), {"d\ud800": True})]
    )
    assert isinstance(result, Edited)
    assert tomllib.loads(result.text) == {"a": "red", "b": ["x\ny", "\ufffd"], "c": {"d\ufffd": True}}


@pytest.mark.parametrize(
    ("text", "change"),
    [
        ("a = 1\n", Set(("a", "b"), 1)),
        ("a = [1]\n", Set(("a", 1), 1)),
        ("[[a]]\n", Set(("a", 3, "b"), 1)),
        ("[[a]]\n", Set(("a", "b"), 1)),
        ("[a]\n", Set(("a", 0), 1)),
        ("a = 1\n", Append(("a",), {})),
        ("[a]\n", Append(("a",), {})),
        ("", Set((), {})),
        ("", Set(("a",), None)),
        ("", Set(("a",), time(1, tzinfo=UTC))),
        ("", Set(("a",), [[{"b": object()}]])),
        ("a" + ".a" * 10_000 + " = 1\n", Set(("b",), 1)),
    ],
)
def test_what_cannot_be_is_refused(text: str, change: Change) -> None:
    refused(text, change)


def test_a_value_nested_without_end_is_refused() -> None:
    value: list[Any] = []
    value.append(value)
    refused("", Set(("a",), value))


def test_a_broken_file_is_refused_with_the_place() -> None:
    problem = refused("a = 1\nb = \n", Set(("a",), 2))
    assert problem.span == (10, 10)
    assert "line 2" in problem.sentence


def test_a_text_of_a_megabyte_goes_in_and_out() -> None:
    body = "it's ''' and \\ and \"\"\"\n" * 45_000
    text = edited("[a]\nb = 1\n", Set(("a", "c"), body))
    assert edited(text, Remove(("a", "c"))) == "[a]\nb = 1\n"


@settings(max_examples=200)
@given(st.randoms(use_true_random=False))
def test_a_changed_document_holds_the_data_and_keeps_all_else(random_: random.Random) -> None:
    text = random_document(random_)
    wanted: dict[str, Any] | None = tomllib.loads(text)
    changes: list[Change] = []
    for _ in range(random_.choice((1, 1, 2, 3))):
        changes.append(random_change(random_, wanted or {}))
        wanted = applied(wanted, changes[-1]) if wanted is not None else None
    result = edit_toml(text, changes, ORDER if random_.random() < 0.7 else ())
    if wanted is None:
        assert isinstance(result, EditProblem)
        return
    assert isinstance(result, Edited), (text, changes, result)
    assert same(tomllib.loads(result.text), plain(wanted))
    assert apply_edits(text, result.edits) == result.text
    for one, other in zip(result.edits, result.edits[1:], strict=False):
        assert one.span.end < other.span.start
    if "\r\n" in text:
        assert "\n" not in result.text.replace("\r\n", "")
    assert_rest_is_there(text, changes, result.text)


def assert_rest_is_there(before: str, changes: list[Change], after: str) -> None:
    """Checks that every comment is still there, and every line that no change is about, in the same order."""
    for comment in ("# note", "# [indented]", "# why", "# head"):
        assert after.count(comment) >= before.count(comment), (before, changes, after)
    if any(isinstance(change, Set) and isinstance(change.path[-1], int) for change in changes):
        return  # an element that stops being a table takes its list into one value
    tree = parse_toml(before)
    at = 0
    for index, path in enumerate(tree.tables.paths):
        if path is None or any(_related(path, change.path) for change in changes):
            continue
        line = tree.lines_of(index).slice(before).rstrip("\r\n")
        at = after.find(line, at)
        assert at >= 0, (line, before, changes, after)
        at += len(line)


def _related(one: tuple[str | int, ...], other: tuple[str | int, ...]) -> bool:
    # numbers of elements are left out: a removal moves those behind it
    names, others = ([part for part in path if isinstance(part, str)] for path in (one, other))
    length = min(len(names), len(others))
    return names[:length] == others[:length]


def test_the_datetime_of_a_step_is_written_as_the_contract_has_it() -> None:
    text = edited("", Append(("history",), {"at": datetime(2026, 11, 21, 2, 11, tzinfo=UTC), "step": "process"}))
    assert text == '[[history]]\nat = 2026-11-21T02:11:00Z\nstep = "process"\n'
