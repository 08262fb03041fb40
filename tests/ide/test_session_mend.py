"""A pasted text becomes a valid string, and every byte of it is inside."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from orch.ide.session_mend import mend_pasted_text
from orch.syntax.toml_tree import parse_toml
from orch.text.span import apply_edits
from support.session_checks import head

BEFORE = head() + "[planning]\ntemplate = 't'\nresponse = "
AFTER = "\n[analysis]\nbody = '''\nkeep me\n'''\n\n[[history]]\nat = 2026-11-21T02:10:00Z\nstep = 'plan'\n"
ANSWER = 'Orch-Session: 8f14e45f\n\n# ANALYSIS TEMPLATE\n\nIt\'s "here": [x] = {y}\n\n```toml\na = 1\n```\n\nend.\n'


def mended(text: str) -> str:
    """`text` with its pasted text mended; it must be valid then."""
    tree = parse_toml(text)
    found = mend_pasted_text(tree)
    assert found is not None
    after = apply_edits(text, [found.edit])
    assert parse_toml(after).valid, parse_toml(after).problems
    return after


def response(text: str) -> str:
    return str(parse_toml(text).data["planning"]["response"])


def test_raw_text_behind_the_equals_sign() -> None:
    after = mended(BEFORE + ANSWER + AFTER)
    assert response(after) == ANSWER + "\n"
    assert after.startswith(BEFORE + "'''\nOrch-Session")
    assert after.endswith(AFTER.lstrip("\n"))


def test_spaces_that_the_text_begins_with_are_its_own() -> None:
    assert response(mended(BEFORE + "  indented\n  text\n")) == "  indented\n  text\n"
    assert response(mended(BEFORE + "\n\nbelow\n" + AFTER)) == "\n\nbelow\n\n"


def test_raw_text_at_the_end_of_the_file() -> None:
    assert response(mended(BEFORE + ANSWER)) == ANSWER
    assert response(mended(BEFORE + ANSWER.rstrip("\n"))) == ANSWER.rstrip("\n")


def test_a_text_that_holds_its_own_quotes() -> None:
    inner = "Use\n'''\ncode\n'''\nhere.\n"
    after = mended(BEFORE + f"'''\n{inner}'''\n" + AFTER)
    assert response(after) == inner
    assert '"""\n' in after


def test_a_text_whose_closing_quotes_are_gone() -> None:
    after = mended(BEFORE + f"'''\n{ANSWER}" + AFTER)
    assert ANSWER in response(after)
    assert parse_toml(after).data["analysis"]["body"] == "keep me\n"


def test_a_text_pasted_between_single_quotes() -> None:
    after = mended(BEFORE + '"first line\nsecond line"\n' + AFTER)
    assert response(after) == "first line\nsecond line"


def test_a_comment_behind_the_closing_quotes_stays() -> None:
    after = mended(BEFORE + "'''\na\n'''b'''\nc\n''' # orch: ignore[doubtful-section]\n" + AFTER)
    assert response(after) == "a\n'''b'''\nc\n"
    assert '""" # orch: ignore[doubtful-section]\n' in after


def test_the_next_key_of_the_table_is_found() -> None:
    after = mended(BEFORE + "plain words\nmore of them\nprompt = '''\nPlan it\n'''\n" + AFTER)
    assert response(after) == "plain words\nmore of them\n"
    assert parse_toml(after).data["planning"]["prompt"] == "Plan it\n"


def test_lines_that_only_look_like_the_file() -> None:
    pasted = "[planning]\nis a word, and\n[analysis]\nbody = too\n"
    after = mended(BEFORE + pasted + AFTER)
    assert response(after).startswith(pasted)
    assert parse_toml(after).data["analysis"]["body"] == "keep me\n"


def test_crlf_files_keep_their_line_ends() -> None:
    text = (BEFORE + ANSWER + AFTER).replace("\n", "\r\n")
    after = mended(text)
    assert "\n" not in after.replace("\r\n", "")
    assert response(after).replace("\r\n", "\n") == ANSWER + "\n"


@pytest.mark.parametrize("text", ["", head(), head() + "title = 'again'\n", "status = planning\n", "[broken\n"])
def test_other_trouble_is_left_alone(text: str) -> None:
    assert mend_pasted_text(parse_toml(text)) is None


_PIECES = st.sampled_from(
    [
        "'",
        '"',
        "'''",
        '"""',
        "\n",
        "\n\n",
        "#",
        "[x]",
        "= ",
        "a",
        "key = 1\n",
        "\\",
        "é",
        "\u2028",
        "{{ x }}",
        " ",
        "```\n",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(_PIECES, min_size=1, max_size=30).map("".join))
@example("'''")
@example("a\\")
@example("text that ends in '")
def test_every_byte_of_a_raw_paste_is_inside(pasted: str) -> None:
    text = f"{BEFORE}x {pasted}\n{AFTER}"
    tree = parse_toml(text)
    if tree.valid:
        return
    found = mend_pasted_text(tree)
    if found is None:
        return  # the paste is fine and something behind it is not, or it cannot be told where it ends
    after = parse_toml(apply_edits(text, [found.edit]))
    assert len(after.problems) < len(tree.problems)
    value = after.find(found.path)
    assert value is not None
    assert value.value == found.text
    if after.valid and found.path == ("planning", "response"):
        assert f"x {pasted}".rstrip("\n") in value.value
