import tomllib
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orch.syntax.toml_format import UnwritableError, format_key, format_string, format_value
from orch.text.clean import clean_text
from support.toml_texts import same

TEXTS = st.text(st.sampled_from("ab \"'\\\n\t\r\x00\x07\x1f\x7f\x85\u2028é😀[]=#"), max_size=40) | st.text()


@given(TEXTS, st.booleans(), st.sampled_from(["\n", "\r\n"]))
def test_every_text_comes_back(text: str, long: bool, newline: str) -> None:
    clean = clean_text(text)
    written = format_string(clean, long=long, newline=newline)
    assert tomllib.loads(f"a = {written}{newline}b = 1") == {"a": clean, "b": 1}


@pytest.mark.parametrize(
    ("text", "long", "written"),
    [
        ("short", False, '"short"'),
        ('say "x" \\ y\t', False, '"say \\"x\\" \\\\ y\t"'),
        ("a\x07b\x7f", False, '"a\\u0007b\\u007F"'),
        ("short", True, "'''\nshort'''"),
        ("", True, "'''\n'''"),
        ("\nfirst", False, "'''\n\nfirst'''"),
        ('a\\d\n"""\t\'x\'\n', False, "'''\na\\d\n\"\"\"\t'x'\n'''"),
        ("x" * 121, False, f"'''\n{'x' * 121}'''"),
        ("a\n'''\n", False, '"""\na\n\'\'\'\n"""'),
        ("a\nb'", False, '"""\na\nb\'"""'),
        ("a\n\"\"\"'''\n\\", False, '"""\na\n""\\"\'\'\'\n\\\\"""'),
        ("a\r\nb", True, '"""\na\\r\nb"""'),
        ("it's'", True, "\"it's'\""),
        ("a\x00", True, '"a\\u0000"'),
        ("ends in \"\n'''\"", False, '"""\nends in "\n\'\'\'\\""""'),
    ],
)
def test_the_form_of_a_text(text: str, long: bool, written: str) -> None:
    assert format_string(text, long=long) == written
    assert tomllib.loads(f"a = {written}")["a"] == text


def test_a_body_of_a_megabyte() -> None:
    for unit in ("word ", "it's '''", '"""\\', "\n\n", "\r"):
        text = unit * (1_000_000 // len(unit))
        assert tomllib.loads(f"a = {format_string(text, long=True)}")["a"] == text


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (True, "true"),
        (0, "0"),
        (-0.0, "-0.0"),
        (1e22, "1e+22"),
        (float("inf"), "inf"),
        (float("-inf"), "-inf"),
        (float("nan"), "nan"),
        (datetime(2026, 11, 21, 2, 10, tzinfo=UTC), "2026-11-21T02:10:00Z"),
        (
            datetime(2026, 11, 21, 2, 10, 0, 5, tzinfo=timezone(timedelta(hours=-3))),
            "2026-11-21T02:10:00.000005-03:00",
        ),
        (datetime(5, 1, 1), "0005-01-01T00:00:00"),
        (date(2026, 1, 2), "2026-01-02"),
        (time(1, 2, 3), "01:02:03"),
        ([], "[]"),
        (["a", ["b"], {}], '["a", ["b"], {}]'),
        ({"a": 1, "b c": {"d": [True]}}, '{ a = 1, "b c" = { d = [true] } }'),
    ],
)
def test_the_form_of_other_values(value: Any, written: str) -> None:
    assert format_value(value) == written
    assert same(tomllib.loads(f"a = {written}")["a"], value)


@given(st.text())
def test_every_key_comes_back(name: str) -> None:
    name = clean_text(name)
    assert tomllib.loads(f"{format_key(name)} = 1") == {name: 1}


VALUES: list[Any] = [None, object(), b"x", {1: 2}, [None], {"a": {"b": set()}}, 10**5000]


@pytest.mark.parametrize("value", VALUES, ids=range(len(VALUES)))
def test_what_toml_has_no_form_for(value: Any) -> None:
    with pytest.raises(UnwritableError, match=r"^[A-Z].*\.$"):
        format_value(value)
