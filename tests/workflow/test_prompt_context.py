"""The variables of a prompt, the inputs' values, and the body with its placeholders filled in."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from orch.model.session import Notes, Phase, Risk, Session
from orch.model.template import Input
from orch.workflow.prompt_context import (
    FilledBody,
    ProjectFacts,
    fill_body,
    input_values,
    open_keys,
    prompt_variables,
    unknown_value,
)

SESSION = Session(
    id="8f14e45f-ceea-467f-a8d2-6f0c1b7a9e21",
    title="Add login",
    feature_type="feature",
    project="shop",
    created=datetime(2026, 11, 21, 3, 10, tzinfo=timezone(timedelta(hours=1))),
    request="Add a login.\n",
    notes=Notes(
        text="Complexity: low\n\nRollback plan:\n- turn it off\n",
        complexity="low",
        key_files=("src/auth.py",),
        risks=(Risk("Lockout", "Keep a way in"), Risk("Cost")),
    ),
    analysis=Phase(body="Look at [PROJECT NAME] and {{ module }}.", result="It is in auth.py."),
    implementation=Phase(body="Build.\n\n[PASTE ANALYSIS RESULTS HERE]\n"),
)
FACTS = ProjectFacts("shop", "/shop", "src/\n", "Be kind.", ("Python",), (("README.md", "Shop"),))
TODAY = date(2026, 11, 22)


def variables(phase: str, session: Session = SESSION) -> dict[str, object]:
    return prompt_variables(session, phase, FACTS, TODAY, fill_body(session, phase, {}), {"depth": "deep"})


def test_planning_has_the_request_the_session_the_project_and_the_inputs() -> None:
    assert variables("planning") == {
        "request": "Add a login.\n",
        "title": "Add login",
        "feature_type": "feature",
        "today": "2026-11-22",
        "session": {
            "id": "8f14e45f-ceea-467f-a8d2-6f0c1b7a9e21",
            "status": "planning",
            "created": "2026-11-21T02:10:00Z",
        },
        "project": {
            "name": "shop",
            "root": "/shop",
            "tree": "src/\n",
            "guidelines": "Be kind.",
            "languages": ["Python"],
            "files": [{"path": "README.md", "text": "Shop"}],
        },
        "depth": "deep",
    }


def test_analysis_has_the_body_and_the_notes_as_well() -> None:
    made = variables("analysis")
    assert made["body"] == "Look at shop and {{ module }}."
    assert made["notes"] == {
        "text": "Complexity: low\n\nRollback plan:\n- turn it off\n",
        "complexity": "low",
        "time_estimate": "",
        "key_files": ["src/auth.py"],
        "risks": [{"risk": "Lockout", "mitigation": "Keep a way in"}, {"risk": "Cost", "mitigation": ""}],
        "sections": {"Rollback plan": "- turn it off"},
    }
    assert "analysis_result" not in made


def test_the_analysis_result_comes_once() -> None:
    made = variables("implementation")
    assert made["body"] == "Build.\n\nIt is in auth.py.\n"
    assert made["analysis_result"] == ""
    without = replace(SESSION, implementation=Phase(body="Build."))
    made = variables("implementation", without)
    assert (made["body"], made["analysis_result"]) == ("Build.", "It is in auth.py.")


def test_a_session_with_nothing_in_it_has_empty_texts_and_never_none() -> None:
    made = prompt_variables(Session(), "implementation", ProjectFacts("p", "/p"), TODAY, FilledBody(""), {})

    def check(value: object) -> None:
        assert value is not None
        for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            check(inner)

    check(made)
    assert made["notes"]["sections"] == {}


def test_an_input_cannot_take_the_place_of_what_every_prompt_has() -> None:
    made = prompt_variables(SESSION, "planning", FACTS, TODAY, FilledBody(""), {"request": "x", "project": "y"})
    assert made["request"] == SESSION.request
    assert made["project"]["name"] == "shop"


def test_given_values_go_before_known_ones_and_empty_ones_do_not_count() -> None:
    assert fill_body(SESSION, "analysis", {"PROJECT NAME": "Store", "module": ""}) == FilledBody(
        "Look at Store and {{ module }}.", ("module",)
    )
    assert fill_body(SESSION, "analysis", {"module": "auth"}) == FilledBody("Look at shop and auth.")


def test_a_value_is_never_looked_at_again() -> None:
    values = {"module": "[PROJECT NAME] {{ module }} {% include 'x' %} \\1"}
    assert fill_body(SESSION, "analysis", values).text == f"Look at shop and {values['module']}."


def test_a_place_for_the_analysis_without_a_result_is_missing() -> None:
    early = replace(SESSION, analysis=Phase())
    assert fill_body(early, "implementation", {}) == FilledBody(
        "Build.\n\n[PASTE ANALYSIS RESULTS HERE]\n", ("PASTE ANALYSIS RESULTS HERE",), has_analysis=True
    )


@pytest.mark.parametrize(
    ("status", "open_places"),
    [("planning", []), ("analysis", []), ("implementation", ["PASTE ANALYSIS RESULTS HERE"])],
)
def test_a_place_for_the_analysis_is_nobodys_to_fill_until_it_is_too_late(
    status: str, open_places: list[str]
) -> None:
    early = replace(SESSION, status=status, analysis=Phase())
    assert open_keys(early, "implementation") == open_places


DECLARED = {
    "depth": Input("depth", "How deep", "normal", ("quick", "normal")),
    "on": Input("on", "", False),
    "number": Input("number", "", 3),
    "ratio": Input("ratio", "", 0.5),
    "audience": Input("audience", "Who reads it"),
}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, {"depth": "normal", "on": False, "number": 3, "ratio": 0.5}),
        ({"depth": "quick", "audience": "users"}, {"depth": "quick", "audience": "users"}),
        ({"depth": "", "audience": ""}, {"depth": "normal"}),
        ({"on": "TRUE", "number": "12", "ratio": "1"}, {"on": True, "number": 12, "ratio": 1.0}),
        ({"PROJECT NAME": "x"}, {"depth": "normal"}),
    ],
)
def test_inputs_take_the_type_of_their_default(given: dict[str, str], expected: dict[str, object]) -> None:
    made = input_values(DECLARED, given)
    assert isinstance(made, dict)
    assert {name: made[name] for name in expected} == expected
    assert ("audience" in made) == bool(given.get("audience"))


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"depth": "deep"}, "`depth` is 'deep', but must be one of quick, normal."),
        ({"on": "yes"}, "`on` is 'yes', but must be true or false."),
        ({"number": "1.5"}, "`number` is '1.5', but must be a whole number."),
        ({"ratio": "half"}, "`ratio` is 'half', but must be a number."),
    ],
)
def test_a_wrong_value_is_one_plain_sentence(given: dict[str, str], sentence: str) -> None:
    assert input_values(DECLARED, given) == sentence


def test_a_misspelt_name_is_told_with_the_nearest_one() -> None:
    assert unknown_value(["depth"], ["depth"]) is None
    assert unknown_value(["dept"], ["depth"]) == "The prompt asks for no value `dept`; did you mean `depth`?"
    assert unknown_value(["x"], ["depth", "on"]) == "The prompt asks for no value `x`; it asks for depth, on."
    assert unknown_value(["x"], []) == "The prompt asks for no value `x`; it asks for nothing."


def test_times_are_told_in_utc() -> None:
    session = replace(SESSION, created=datetime(2026, 1, 1, tzinfo=UTC))
    made = variables("planning", session)
    assert made["session"]["created"] == "2026-01-01T00:00:00Z"
