"""Texts compared line by line."""

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orch.text.unified import changed_lines, unified

texts = st.lists(st.sampled_from(["a\n", "b\n", "\n", "-\n", "x\r\n", "\u2028\n"]), max_size=12).map("".join)


def test_equal_texts_have_no_difference() -> None:
    assert unified("a\n", "a\n", "l", "r") == ""
    assert changed_lines("") == (0, 0)


def test_a_last_line_without_an_end_is_told() -> None:
    assert unified("a\nb", "a\nb\n", "l", "r") == (
        "--- l\n+++ r\n@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+b\n"
    )


def test_lines_are_counted() -> None:
    diff = unified("a\n--\nc\n", "a\nb\nc\nd\n", "l", "r")
    assert changed_lines(diff) == (1, 2)


def test_a_line_separator_ends_no_line() -> None:
    assert "-a\u2028b\n+a\u2028c\n" in unified("a\u2028b\n", "a\u2028c\n", "l", "r")


@pytest.fixture(scope="module")
def patch() -> str:
    found = shutil.which("git")
    assert found
    return found


@settings(max_examples=25)
@given(st.tuples(texts, st.sampled_from(["", "end"])), st.tuples(texts, st.sampled_from(["", "end"])))
def test_applying_it_gives_the_other_text(
    patch: str, tmp_path_factory: pytest.TempPathFactory, left: tuple[str, str], right: tuple[str, str]
) -> None:
    before, after = "".join(left), "".join(right)
    diff = unified(before, after, "a/file", "b/file")
    if not before or not after or not diff:
        return  # git wants another form for a file that comes or goes
    folder: Path = tmp_path_factory.mktemp("patch")
    (folder / "file").write_bytes(before.encode())
    command = [patch, "apply", "--whitespace=nowarn", "--unidiff-zero", "-"]
    subprocess.run(command, cwd=folder, input=diff.encode(), check=True)
    assert (folder / "file").read_bytes().decode() == after
