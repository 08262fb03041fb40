"""The outline of a TOML text: either what tomllib says, without the multi-line strings, or nothing at all."""

import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orch.syntax.toml_edit import new_toml
from orch.syntax.toml_outline import SKIPPED, toml_outline

SESSION = """\
schema = 1
id = "8f14e45f-ceea-467f-a8d2-6f0c1b7a9e21"
title = "Quoted \\"here\\" \\u00e9"
status = 'planning'              # waits for "the answer"
created = 2026-11-21T02:10:00Z

[request]
# what a person wrote
text = '''
[outcome]
result = "success"
'''

[notes]
key_files = ["src/auth.py", "b"]
[[notes.risks]]
risk = "Breaks"

[planning.values]
"PROJECT NAME" = "shop"
[planning]
response = \"\"\"
it's '''quoted''' and \\\"\\\"\\\" too\"\"\"\"
prompt = ''''''

[[executions]]
seconds = 41.2
[[history]]
at = 2026-11-21T02:11:00Z
step = "plan"
[[history]]
at = 2026-11-21T02:12:00+01:00
step = "process"
"""


def test_a_session_in_outline() -> None:
    found = toml_outline(SESSION)
    whole = tomllib.loads(SESSION)
    assert found is not None
    assert found["request"]["text"] == SKIPPED
    assert found["planning"].pop("response") == SKIPPED
    assert found["planning"].pop("prompt") == ""
    del found["request"], whole["request"], whole["planning"]["response"], whole["planning"]["prompt"]
    assert found == whole


@pytest.mark.parametrize(
    "text",
    [
        "a = 1\na = 2\n",
        "[a]\n[a]\n",
        "a = 1\n[a]\n",
        "[[a]]\n[a.b]\n",
        "a = [1, 2]\n",
        "a = {b = 1}\n",
        "a.b = 1\n",
        "a = 01\n",
        "a = -1\n",
        "a = true\n",
        "a = 2026-13-01T00:00:00Z\n",
        "a = '''\nnever ends\n",
        'a = """\nnever ends \\"""\n',
        "a = \"it's\" 'b'\n",
        "a =\n",
        "a\n",
        "<<<<<<< ours\n",
        'a = "\\q"\n',
        "a = 1\r\n",
        'a = ["b" "c"]\n',
        "[a]]\n",
        "[a..b]\n",
        "a = 1\n[b]\n[[b]]\n",
        "x = [ '''a''' ]\n",
    ],
)
def test_what_is_not_plain_is_left_to_others(text: str) -> None:
    assert toml_outline(text) is None


def test_an_empty_text_is_an_empty_table() -> None:
    assert toml_outline("") == {}
    assert toml_outline("# nothing\n\n") == {}


TEXTS = st.text(alphabet=st.sampled_from("ab'\"\\\n =[]#é…"), max_size=40)
NAMES = st.text(alphabet=st.sampled_from("ab C-_."), min_size=1, max_size=4)
DATA = st.dictionaries(
    NAMES,
    TEXTS | st.integers(0, 99) | st.lists(TEXTS, max_size=2) | st.dictionaries(NAMES, TEXTS, max_size=3),
    max_size=5,
)


@given(DATA)
def test_it_says_what_tomllib_says_or_nothing(data: dict[str, Any]) -> None:
    _check(new_toml(data))


@given(st.lists(st.sampled_from(SESSION.splitlines()), max_size=14).map("\n".join))
def test_on_lines_in_any_order_it_says_what_tomllib_says_or_nothing(text: str) -> None:
    _check(text)


@given(st.text(alphabet=st.sampled_from("ab'\"\\\n =[]#.1-{}"), max_size=30))
def test_it_never_raises(text: str) -> None:
    _check(text)


def _check(text: str) -> None:
    found = toml_outline(text)
    if found is not None:
        _agree(found, tomllib.loads(text))


def _agree(found: Any, whole: Any) -> None:
    """Every value is that of tomllib, or stands for a text that is there, or for a blank one."""
    if isinstance(whole, dict):
        assert found.keys() == whole.keys()
        for key in whole:
            _agree(found[key], whole[key])
    elif isinstance(whole, list):
        assert len(found) == len(whole)
        for one, other in zip(found, whole, strict=True):
            _agree(one, other)
    elif found in ("", SKIPPED):
        assert (whole.strip() == "") == (found == "")
    else:
        assert found == whole
