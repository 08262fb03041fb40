"""Placeholders as the contract defines them: where they are, where they are not, and that filling is literal."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orch.model.session import Phase, Session
from orch.workflow.placeholders import fill_placeholders, find_placeholders, is_analysis_slot, known_values


def keys(body: str) -> list[str]:
    return [placeholder.key for placeholder in find_placeholders(body)]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("Build {{ name }} and {{name}}.", ["name", "name"]),
        ("{{ größe }} {{ _x1 }}", ["größe", "_x1"]),
        ("[PROJECT NAME] [FEATURE-1] [A/B TEST] [USER'S CHOICE] [R&D] [STEP 2: GOAL]",
         ["PROJECT NAME", "FEATURE-1", "A/B TEST", "USER'S CHOICE", "R&D", "STEP 2: GOAL"]),
        ("[ PASTE ANALYSIS RESULTS HERE ]", ["PASTE ANALYSIS RESULTS HERE"]),
        ("[PASTE IT HERE...] [ÜBERSICHT] [ПРОЕКТ]", ["PASTE IT HERE...", "ÜBERSICHT", "ПРОЕКТ"]),
        ("[LIST THE FILES, ONE PER LINE] [PASTE IT HERE.] [FILL IN (OPTIONAL)]",
         ["LIST THE FILES, ONE PER LINE", "PASTE IT HERE.", "FILL IN (OPTIONAL)"]),
        ("<ANALYSIS_RESULTS> and <A_1>", ["ANALYSIS_RESULTS", "A_1"]),
        ("Feature:[FEATURE NAME]", ["FEATURE NAME"]),
        ("x [AB] y", ["AB"]),
    ],
)  # fmt: skip
def test_what_is_a_placeholder(body: str, expected: list[str]) -> None:
    assert keys(body) == expected


@pytest.mark.parametrize(
    "body",
    [
        "{{ a.b }} {{ f() }} {{ 'x' }} {{ a|upper }} {{ }} {{ 1a }}",
        "{{{ raw }}}",
        "[x] [X] [ ] - [X] done",
        "[TODO] [TBD] [WIP] [NOTE] [TODO: ASK] [TODO...] [TODO (SOON)]",
        "[GET, POST] [A, B, C]",
        "1. ```py\n   [IN A LIST]\n   ```\n- ```\n  [IN ANOTHER]\n  ```",
        "[Lower Case] [MIXED Case] [42] [--]",
        "[A-Z] [A-Z0-9]",
        "[SEE DOCS](https://x.y) ![LOGO HERE](logo.png) [SEE DOCS][ref] [SEE DOCS][]",
        "[GUIDE]: https://x.y/z\n\nRead the [GUIDE].",
        "`[IN CODE]` and ``{{ also }} ` <IN_CODE>``",
        "```\n[IN A FENCE] {{ x }}\n```",
        "~~~sh\necho <IN_A_FENCE>\n~~~",
        "  ```\n  [INDENTED FENCE]\n  ```",
        "> ```\n> [QUOTED FENCE]\n> ```",
        "```\n[NEVER CLOSED]",
        "<UPPER> <lower_case> <Mixed_Case> <div>",
        "<RESULT_DATA>\nx\n</RESULT_DATA>",
        "<https://x.y/{{ z }}>",
        "rows[MAX_ROWS] f(x)[KEY]",
        r"\[NOT A PLACE]",
    ],
)
def test_what_is_none(body: str) -> None:
    assert keys(body) == []


def test_a_fence_ends_and_placeholders_begin_again() -> None:
    assert keys("````\n```\n[A B]\n```\n````\n[C D]\n`x\n\n[E F]`") == ["C D", "E F"]


def test_a_label_that_is_no_link_definition_is_a_placeholder() -> None:
    assert keys("[PROJECT NAME]: describe it here") == ["PROJECT NAME"]


def test_spans_cover_the_delimiters() -> None:
    body = "a {{ b }} [C D] <E_F>"
    assert [body[p.span.start : p.span.end] for p in find_placeholders(body)] == ["{{ b }}", "[C D]", "<E_F>"]


def test_filling_is_literal_and_happens_once() -> None:
    values = {"a": "{{ b }} [C D] \\1 \\g<0>", "b": "never", "C D": "seen"}
    body = "{{ a }}|[C D]|{{ unknown }}|`{{ a }}`"
    assert fill_placeholders(body, values) == "{{ b }} [C D] \\1 \\g<0>|seen|{{ unknown }}|`{{ a }}`"


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="ab{}[]<>_`~ \n\\()AB:1", max_size=60), st.text(max_size=10))
def test_filling_changes_only_the_places(body: str, value: str) -> None:
    found = find_placeholders(body)
    assert [p.span for p in found] == sorted(p.span for p in found)
    assert fill_placeholders(body, {}) == body
    filled = fill_placeholders(body, {p.key: value for p in found})
    rest = sum(p.span.end - p.span.start for p in found)
    assert len(filled) == len(body) - rest + len(value) * len(found)


@pytest.mark.parametrize(
    "key",
    [
        "PASTE ANALYSIS RESULTS HERE",
        "ANALYSIS_RESULTS",
        "analysis_result",
        "ANALYSIS",
        "INSERT ANALYSIS OUTPUT FROM PHASE 1",
        "ANALYSIS REPORT",
        "PASTE CODEBASE ANALYSIS HERE",
        "RESULTS OF THE ANALYSIS",
        "PASTE OUTPUT OF THE ANALYSIS PROMPT HERE",
        "ANALYSIS RESULTS WILL BE INSERTED HERE",
        "ANALYSE-ERGEBNIS",
        "RÉSULTATS DE L'ANALYSE",
    ],
)
def test_places_for_the_analysis(key: str) -> None:
    assert is_analysis_slot(key)


@pytest.mark.parametrize(
    "key", ["ANALYSIS DATE", "ANALYSIS TEMPLATE", "ANALYSIS PHASE", "RESULTS HERE", "CODE ANALYSIS", "ANALYST", ""]
)
def test_no_places_for_the_analysis(key: str) -> None:
    assert not is_analysis_slot(key)


def test_what_orch_knows_by_itself() -> None:
    session = Session(
        title="Add log-in",
        project="shop",
        request="Let people log in.",
        feature_type="feature",
        analysis=Phase(result="It has no log-in."),
    )
    body = (
        "[PROJECT NAME] {{ project }} [FEATURE REQUEST] {{ request }} [FEATURE] [FEATURE NAME] {{ title }} "
        "[YOUR PROJECT] [PASTE ANALYSIS RESULTS HERE] {{ analysis_result }} [DEADLINE] <FEATURE_REQUEST>"
    )
    assert known_values(session, body) == {
        "PROJECT NAME": "shop",
        "project": "shop",
        "YOUR PROJECT": "shop",
        "FEATURE REQUEST": "Let people log in.",
        "request": "Let people log in.",
        "FEATURE": "Let people log in.",
        "FEATURE_REQUEST": "Let people log in.",
        "FEATURE NAME": "Add log-in",
        "title": "Add log-in",
        "PASTE ANALYSIS RESULTS HERE": "It has no log-in.",
        "analysis_result": "It has no log-in.",
    }


def test_what_the_session_lacks_stays_open() -> None:
    assert known_values(Session(), "[PROJECT NAME] [ANALYSIS] {{ request }}") == {}
