"""The table of accuracy: which cases are taken, how they are written for other tools, and how they are counted."""

from pathlib import Path

import pytest
from bench.accuracy import Case, cases, for_others, main, page, score
from bench.accuracy_tools import Found, Setup, Tool

from bench import accuracy

DEFECT = Case("a defect", {"main": "{{ x }}\n{% include 'lib/a' %}\n"}, frozenset({("main", 1, 12)}))
VALID = Case("a valid one", {"main": "{{ request }}\n"}, frozenset())


def test_the_cases_are_those_of_the_tests_apart_from_what_only_orch_has() -> None:
    found = {case.name: case for case in cases()}
    assert len(found) == len(cases())
    assert len([case for case in found.values() if case.is_defect]) >= 90
    assert len([case for case in found.values() if not case.is_defect]) >= 130
    assert "an input that nothing reads" not in found
    assert "an attribute of the project" not in found
    assert all(not text.startswith("+++") for case in found.values() for text in case.files.values())
    misspelt = found["a misspelt variable"]
    assert misspelt.expected == {("main", 0, 3)}


def test_other_tools_get_the_names_of_files_and_the_places_that_move_with_them() -> None:
    text = "{% extends 'base' %}{% include ['a', \"b\"] %}{{ 'c' }}{{ wrong }}\n"
    case = Case("x", {"main": text, "base": ""}, frozenset({("main", 0, text.index("wrong"))}))
    taken = for_others(case)
    edited = "{% extends 'base.j2' %}{% include ['a.j2', \"b.j2\"] %}{{ 'c' }}{{ wrong }}\n"
    assert taken.files == {"main.j2": edited, "base.j2": ""}
    assert taken.expected == {("main.j2", 0, edited.index("wrong"))}


@pytest.mark.parametrize(
    ("found", "is_found", "is_exact"),
    [
        ([], False, False),
        ([("main", 1, 12)], True, True),
        ([("main", 1, 0)], True, False),
        ([("main", 1, -1)], True, False),
        ([("main", 0, 12)], False, False),
        ([("other", 1, 12)], False, False),
        ([("main", 0, 3), ("main", 1, 12)], True, True),
    ],
)
def test_a_defect_is_found_on_its_line_and_exact_at_its_column(
    found: Found, is_found: bool, is_exact: bool
) -> None:
    assert DEFECT.is_defect
    assert DEFECT.is_found(found) == is_found
    assert DEFECT.is_exact(found) == is_exact


def test_a_score_counts_what_is_found_and_what_is_wronged() -> None:
    reported: list[Found] = [[("main", 1, 12)], [("main", 0, 0), ("main", 0, 3)]]
    counted = score("tool", [DEFECT, VALID], reported, columns=True)
    assert (counted.found, counted.exact, counted.wronged, counted.false) == (
        {"a defect"}, {"a defect"}, {"a valid one"}, 2,
    )  # fmt: skip
    assert score("tool", [DEFECT, VALID], reported, columns=False).exact is None
    with pytest.raises(ValueError, match="argument"):
        score("tool", [DEFECT, VALID], reported[:1], columns=True)


def test_the_page_has_a_row_for_each_tool_and_each_case_that_matters() -> None:
    scores = [
        score("Orch", [DEFECT, VALID], [[("main", 1, 12)], []], columns=True),
        score("other", [DEFECT, VALID], [[], [("main", 0, 0)]], columns=False),
    ]
    told = page([DEFECT, VALID], scores, {"Orch": "Orch 1", "other": "other 2"})
    assert "| Orch 1 | 1 | 1 | 0 | 0 |" in told
    assert "| other 2 | 0 | - | 1 | 1 |" in told
    assert "| a defect | yes |  |" in told
    assert "| a valid one |  | wrong |" in told
    assert told.endswith("\n")


def _tool(name: str, there: bool) -> Tool:
    def run(setup: Setup) -> list[Found]:
        assert all(("main.j2" in files) != (name == "Orch") for files in setup.cases)
        return [[] for _ in setup.cases]

    return Tool(name, run, "" if there else "not-there", ours=name == "Orch", columns=True)


@pytest.mark.parametrize(("there", "code"), [(True, 0), (False, 1)])
def test_the_page_is_written_only_when_every_tool_was_there(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    there: bool,
    code: int,
) -> None:
    monkeypatch.setattr(accuracy, "TOOLS", (_tool("Orch", True), _tool("other", there)))
    monkeypatch.setattr(accuracy, "versions", lambda _: {"Orch": "Orch", "other": "other"})
    monkeypatch.setattr(accuracy, "cases", lambda: [DEFECT, VALID])
    written = tmp_path / "accuracy.md"
    assert main(["--peers", str(tmp_path), "--write", str(written)]) == code
    assert written.exists() == there
    captured = capsys.readouterr()
    assert "| Orch | 0 | 0 | 0 | 0 |" in captured.out
    assert ("other is not installed" in captured.err) != there
