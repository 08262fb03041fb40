import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orch.syntax.toml_tree import TomlTree, parse_toml
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
