import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orch.syntax.toml_tree import Path, TomlTree, parse_toml
from support.toml_documents import random_document
from support.toml_texts import PIECES, SEEDS, assert_agrees, assert_whole, mutated, same

SESSION = SEEDS[0]


@pytest.mark.parametrize("text", SEEDS)
def test_a_valid_text_says_what_tomllib_says(text: str) -> None:
    assert assert_agrees(text).valid


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "\n",
            "#",
            "# c",
            "a=1",
            "a = 1 # c",
            "\ta\t=\t1\t",
            "''=1",
            '""=1',
            "1 = 1",
            "a.b=1\na.c=2",
            "[a]\n[a.b]\n",
        ),
        *(
            "a = 1\na = 2",
            "a = 1\na.b = 2",
            "a.b = 1\na = 2",
            "[a]\n[a]",
            "a = 1\n[a]",
            "[a]\n[[a]]",
            "[[a]]\n[a]",
            "a=[]\n[[a]]",
        ),
        *(
            "a = {b=1}\n[a.c]",
            "a = {b=1}\na.c=2",
            "[a.b]\n[a]\nb.c=1",
            "[a.b.c]\n[a]\nb.d=1",
            "a.b=1\n[a]",
            "a.b.c=1\n[a.b]",
        ),
        *(
            "a.b.c=1\n[a.d]",
            "a.b.c=1\n[a.b.d]",
            "[[a]]\nb.c=1\n[a.b]",
            "[[a]]\n[a.b]\n[[a]]\n[a.b]",
            "[[a]]\n[[a.b]]\n[a.b.c]",
        ),
        *(
            "[a]\nb.c=1\n[a.b]",
            "[a]\nb.c=1\n[a.b.d]",
            "a={b={}}\n[a.b.c]",
            "a=[{}]\n[a.b]",
            "a=[{}]\na.b=1",
            "[a.b]\n[[a]]",
        ),
        *(
            "a={b.c=1,b.d=2}",
            "a={b.c=1,b=2}",
            "a={b={},b.c=1}",
            "a={b=1,}",
            "a={,}",
            "a={b=1 c=2}",
            "a={\nb=1}",
            "a={b=1\n}",
            "a={#c\n}",
        ),
        *(
            "a=[1,2,]",
            "a=[,]",
            "a=[1,,2]",
            "a=[1 2]",
            "a=[\n1\n,\n2 # c\n]",
            "a=[1",
            "a=[1,",
            "a=[",
            "a={",
            "a={b",
            "a={b=",
            "a={b=1",
            "a=[}",
        ),
        *(
            "a='",
            "a='''",
            'a="',
            'a="""',
            "a='b\nc'",
            "a='''b''''",
            "a='''b'''''",
            "a='''b''''''",
            'a="""b"""""',
            'a="""b""""""',
            "a=''''''",
        ),
        *(
            'a="\\x"',
            'a="\\u12"',
            'a="\\ud800"',
            'a="\\U00110000"',
            'a="""\\\n  b"""',
            'a="""\\ \n"""',
            'a="""\\ x"""',
            'a="\\',
            'a="""\\',
        ),
        *(
            "a=01",
            "a=1_0",
            "a=1__0",
            "a=+1",
            "a=+0x1",
            "a=0xg",
            "a=1.",
            "a=.1",
            "a=1e",
            "a=1e5",
            "a=-nan",
            "a=inf",
            "a=True",
            "a=truex",
        ),
        *(
            "a=1979-05-27 07:32:00",
            "a=1979-05-27 07",
            "a=1979-05-27T",
            "a=1979-13-01",
            "a=1979-02-30",
            "a=25:00:00",
            "a=07:32",
            "a=07:32:00.123456789",
        ),
        *(
            "a=1\r",
            "a=1\rb=2",
            "\r",
            "\r\n",
            "a='''\r\n'''",
            "a='''\r'''",
            "a=1 # c\r",
            "# \x07",
            "a=1 # \x7f",
            "a='\x00'",
            "a='\t'",
            "\ufeffa=1",
            "a\ufeff=1",
        ),
        *(
            "a",
            "a=",
            "=1",
            "a b=1",
            "a..b=1",
            ".a=1",
            "a.=1",
            "é=1",
            "a='\ud800'",
            "a=1 b=2",
            "a=[] x",
            "[a",
            "[a]]",
            "[[a]",
            "[ [a]]",
            "[]",
            "[[]]",
            "[a.]",
            "[a] x",
        ),
        *(
            "'''a'''=1",
            '"""a"""=1',
            '"a\\x"=1',
            "a=" + "1" * 5000,
            "a=1\x85",
            "a\u2028=1",
            "a='\u2028\x85'\nb=1",
            "a = 1\x0c",
            "[a]\x0b",
            "a=0001-01-01",
        ),
        *(
            "a=" + "[" * 300 + "]" * 300,
            "a=" + "[" * 60 + "]" * 60,
            "a=" + "{a=" * 60 + "1" + "}" * 60,
            "a=" + "{a=[" * 40 + "]}" * 40,
        ),
    ],
)
def test_tomllib_and_the_tree_agree(text: str) -> None:
    assert_agrees(text)


@settings(max_examples=400)
@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
def test_pieces_of_toml_in_any_order(text: str) -> None:
    assert_agrees(text)


@settings(max_examples=150)
@given(st.randoms(use_true_random=False), st.sampled_from(SEEDS))
def test_a_mutated_text_and_its_next_edit(random_: random.Random, seed: str) -> None:
    old = assert_agrees(mutated(random_, seed if random_.random() < 0.5 else random_document(random_)))
    new = parse_toml(mutated(random_, old.text), old)
    assert_same_tree(new, parse_toml(new.text))
    assert_whole(new)


def assert_same_tree(one: TomlTree, other: TomlTree) -> None:
    assert one.valid == other.valid
    assert same(one.data, other.data)
    assert one.problems == other.problems
    assert [(entry.path, entry.span, entry.value.kind, entry.value.content) for entry in one.entries] == [
        (entry.path, entry.span, entry.value.kind, entry.value.content) for entry in other.entries
    ]
    assert [header[:5] for header in one.headers] == [header[:5] for header in other.headers]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("quotes", ["'''", '"""'])
def test_typing_in_a_long_text(newline: str, quotes: str) -> None:
    body = "one two\n" * 40
    text = f"[a]\nb = {quotes}\n{body}{quotes}\n[c]\nd = [1]\n".replace("\n", newline)
    tree = parse_toml(text)
    at = text.index("two", 150)
    for typed in ("x", "\n", "'", "''", "'''", '"', '"""', "\\", "\\n", "\x07", "\r", "\r\n", "😀", ""):
        for place in (at, at + 3, at + 3 + len(newline), text.index(quotes) + 3, text.rindex(quotes)):
            edited = text[:place] + typed + text[place:]
            new = parse_toml(edited, tree)
            assert_same_tree(new, parse_toml(edited))
            assert_same_tree(parse_toml(text, new), tree)
            assert_agrees(edited)
    assert tree.data == parse_toml(text).data


def test_what_hangs_on_text_far_behind_is_read_again() -> None:
    for old, new in (
        ("m '''\r'[t]\r\nn = 1\r\n", "m '''\r'[t]\r\nn =''' 1\r\n"),
        ("a = '''\nb\n'''\nc\n[d]\ne = '''f'''\n", "a = '''\nb\n'''\nc\n[d\x07]\ne = '''f'''\n"),
        ("a = [\nb\n", "a = [\nb\n]\n"),
        ("é = [\n1\n", "é = [\n1\n]\n"),
    ):
        assert_same_tree(parse_toml(new, parse_toml(old)), parse_toml(new))
        assert_same_tree(parse_toml(old, parse_toml(new)), parse_toml(old))


def test_the_data_of_the_old_tree_stay_as_they_were() -> None:
    old = parse_toml("[a]\nb = '''\none two three four'''\n[[c]]\nd = 1\n")
    new = parse_toml(old.text.replace("two", "2"), old)
    parse_toml(new.text.replace("d = 1", "d = 9"), new)
    assert old.data == {"a": {"b": "one two three four"}, "c": [{"d": 1}]}
    assert new.data == {"a": {"b": "one 2 three four"}, "c": [{"d": 1}]}


def test_the_same_text_is_the_same_tree() -> None:
    tree = parse_toml(SESSION)
    assert parse_toml(SESSION, tree) is tree


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


def test_entries_come_in_document_order_with_full_paths() -> None:
    tree = parse_toml("a.b = 1\nc = {d = [{e = 2}], f.g = 3}\n[[h]]\ni = 4\n[[h]]\n[h.j]\nk = 5\n")
    assert [(entry.path, entry.inline) for entry in tree.entries] == [
        (("a", "b"), False),
        (("c",), False),
        (("c", "d"), True),
        (("c", "d", 0, "e"), True),
        (("c", "f", "g"), True),
        (("h", 0, "i"), False),
        (("h", 1, "j", "k"), False),
    ]
    assert [(header.path, header.is_array) for header in tree.headers] == [
        (("h", 0), True),
        (("h", 1), True),
        (("h", 1, "j"), False),
    ]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("a", "b"), 1),
        (("c",), {"d": [{"e": 2}], "f": {"g": 3}}),
        (("c", "d", 0, "e"), 2),
        (("c", "f", "g"), 3),
        (("c", "f"), None),
        (("c", "d", 1), None),
        (("h", 0, "i"), 4),
        (("h",), None),
        (("x", "y"), None),
        ((), None),
    ],
)
def test_find(path: Path, value: Any) -> None:
    tree = parse_toml("a.b = 1\nc = {d = [{e = 2}], f.g = 3}\n[[h]]\ni = 4\n")
    found = tree.find(path)
    assert (found.value if found else None) == value
    entry = tree.entry(path)
    if entry:
        assert entry.path == path
        assert entry.value.value == value


def test_a_body_is_what_belongs_to_the_header() -> None:
    text = "[a]\nb = 1\n# own\n\n# of c\n# too\n[c]\n\n[d]\n# last\n\n"
    tree = parse_toml(text)
    assert [header.body.slice(text) for header in tree.headers] == ["b = 1\n# own\n", "", "# last\n"]


PLACES = '# c\na.bb = "x" # d\n\n[t."u v"]\nw = [1, {y = 22}]\n\n'


@pytest.mark.parametrize(
    ("before", "path", "where", "part"),
    [
        ("# ", (), "comment", -1),
        ("a", ("a", "bb"), "key", 0),
        ("a.b", ("a", "bb"), "key", 1),
        ('a.bb = "', ("a", "bb"), "value", -1),
        ('a.bb = "x"', ("a", "bb"), "value", -1),
        ('a.bb = "x" ', (), "blank", -1),
        ('a.bb = "x" # ', (), "comment", -1),
        ("# d\n", (), "blank", -1),
        ("[t", ("t", "u v"), "header", 0),
        ('[t."u', ("t", "u v"), "header", 1),
        ("w", ("t", "u v", "w"), "key", 2),
        ("w = [1", ("t", "u v", "w", 0), "value", -1),
        ("w = [1, {y", ("t", "u v", "w", 1, "y"), "key", 4),
        ("w = [1, {y = 2", ("t", "u v", "w", 1, "y"), "value", -1),
        ("w = [1,", ("t", "u v", "w"), "value", -1),
        ("22}]\n", ("t", "u v"), "blank", -1),
        ("22}]\n\n", ("t", "u v"), "blank", -1),
    ],
)
def test_place_at(before: str, path: Path, where: str, part: int) -> None:
    tree = parse_toml(PLACES)
    place = tree.place_at(PLACES.index(before) + len(before))
    assert (place.path, place.where, place.part) == (path, where, part)


@settings(max_examples=100)
@given(st.randoms(use_true_random=False))
def test_every_offset_has_a_place(random_: random.Random) -> None:
    text = mutated(random_, random.Random(random_.random()).choice(SEEDS))
    tree = parse_toml(text)
    for offset in range(len(text) + 1):
        place = tree.place_at(offset)
        if place.where in ("key", "value"):
            assert place.entry is not None
            assert place.entry.span.contains(offset)


@pytest.mark.parametrize(
    "written",
    [
        "'''\nab\ncd'''",
        "'''ab'''''",
        "'''\r\nab\r\n\r\ncd'''",
        '"a\\tb\\u00e9\\U0001F600c"',
        '"""\na \\\n   b\\\\c\\"d""""',
        '"""\r\na\r\n \\  \r\n  \r\n b"""',
        "'a\\b'",
        '""',
        "''''''",
    ],
)
def test_each_character_of_a_text_has_its_place(written: str) -> None:
    text = f"# c\na = {written}\n"
    value = parse_toml(text).find(("a",))
    assert value is not None
    decoded = value.value
    offsets = [value.offset_of(index) for index in range(len(decoded) + 1)]
    assert offsets == sorted(set(offsets))
    assert offsets[-1] == value.content.end
    for index, character in enumerate(decoded):
        raw = text[offsets[index] :]
        assert raw.startswith((character, "\\", "\r\n"))
        assert value.index_of(offsets[index]) == index
    assert value.index_of(value.content.end) == len(decoded)
