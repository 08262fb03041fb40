"""Entries, headers and offsets: what stands where in a TOML text."""

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orch.syntax.toml_tree import Path, parse_toml
from support.toml_texts import SEEDS, mutated


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
