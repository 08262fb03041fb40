"""Older sessions: what becomes of each key, and that nothing in one is ever an exception or lost."""

import json
import math
import tomllib
import uuid
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orch.model.schema import LONG_KEYS, TABLE_ORDER
from orch.model.session import STATUSES, session_from_data
from orch.syntax.toml_edit import new_toml
from orch.workflow.older_session import Older, read_older

NOW = datetime(2026, 11, 21, 2, 10, tzinfo=UTC)
OLD: dict[str, Any] = {
    "session_id": "8F14E45F-ceea-467f-a8d2-6f0c1b7a9e21",
    "feature_request": "Fix the login\r\n\r\nIt fails at night.",
    "status": "analysis",
    "orchestrator_template": "# Role\n\nYou plan.\n",
    "analysis_template": "# Analyse\n",
    "implementation_template": "# Build '''it'''\n",
    "execution_notes": "Complexity: High\n\nTime estimate: 3 days\n\nRisks:\n- Risk: Breaks\n  Mitigation: Test\n",
    "analysis_results": "It is the clock.\n",
    "complexity": "Medium-High",
    "time_estimate": "16-20 hours",
    "created_at": "2024-05-01T08:00:00",
    "updated_at": "2024-05-02T08:00:00.123456+02:00",
    "project": "shop",
}


def older(**changes: Any) -> Older:
    found = read_older({**OLD, **changes}, NOW, "here", "Ada")
    assert isinstance(found, Older), found
    return found


def refused(entry: Any) -> str:
    found = read_older(entry, NOW, "here", None)
    assert isinstance(found, str)
    assert "\n" not in found
    return found


def written(found: Older) -> dict[str, Any]:
    """The data as they come back from a file."""
    return tomllib.loads(new_toml(found.data, TABLE_ORDER, long_keys=LONG_KEYS))


def test_every_key_has_its_place() -> None:
    found = older()
    assert found.aside == ()
    assert written(found) == {
        "schema": 1,
        "id": "8f14e45f-ceea-467f-a8d2-6f0c1b7a9e21",
        "title": "Fix the login",
        "status": "analysis",
        "feature_type": "bugfix",
        "project": "shop",
        "created": datetime(2024, 5, 1, 8, tzinfo=UTC),
        "request": {"text": "Fix the login\n\nIt fails at night."},
        "notes": {
            "complexity": "medium-high",
            "time_estimate": "16-20 hours",
            "text": OLD["execution_notes"],
            "risks": [{"risk": "Breaks", "mitigation": "Test"}],
        },
        "planning": {"prompt": "# Role\n\nYou plan.\n"},
        "analysis": {"body": "# Analyse\n", "result": "It is the clock.\n"},
        "implementation": {"body": "# Build '''it'''\n"},
        "history": [{"at": datetime(2024, 5, 2, 6, tzinfo=UTC), "step": "import", "by": "Ada"}],
    }


def test_the_notes_tell_what_the_keys_do_not() -> None:
    found = older(complexity=None, time_estimate=None)
    assert list(found.data["notes"]) == ["complexity", "time_estimate", "text", "risks"], "the file's order"
    assert found.data["notes"]["complexity"] == "high"
    assert found.data["notes"]["time_estimate"] == "3 days"


def test_what_orch_does_not_know_is_kept() -> None:
    found = older(tags=["a", "b"], meta={"n": 1, "deep": {"null": None}}, nothing=None, model="gpt")
    assert written(found)["imported"] == {
        "tags": ["a", "b"],
        "meta": {"n": 1, "deep": {"null": "null"}},
        "model": "gpt",
    }
    assert len(found.aside) == 3
    assert "`tags` has no place in a session; it is kept under [imported]." in found.aside


@pytest.mark.parametrize(
    ("old", "status"),
    [
        ("planning", "planning"), ("Created", "planning"), ("ready for analysis", "analysis"),
        ("IMPLEMENTATION", "implementation"), ("in-progress", "implementation"), ("completed", "completed"),
        ("done", "completed"), ("cancelled", "abandoned"),
    ],
)  # fmt: skip
def test_statuses(old: str, status: str) -> None:
    found = older(status=old)
    assert found.data["status"] == status
    assert found.data.get("imported", {}).get("status", old) == old


def test_a_status_that_says_how_it_went() -> None:
    assert older(status="failed").data["outcome"] == {"result": "failure"}
    assert older(status="success").data["outcome"] == {"result": "success"}
    assert "outcome" not in older(status="completed").data


def test_an_unknown_status_goes_by_the_texts() -> None:
    found = older(status="frobnicated")
    assert found.data["status"] == "analysis"
    assert found.data["imported"] == {"status": "frobnicated"}
    assert "the texts say analysis" in found.aside[0]
    assert older(status=None, analysis_results=None).data["status"] == "planning"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("8f14e45fceea467fa8d26f0c1b7a9e21", "8f14e45f-ceea-467f-a8d2-6f0c1b7a9e21"),
        ("{8F14E45F-CEEA-467F-A8D2-6F0C1B7A9E21}", "8f14e45f-ceea-467f-a8d2-6f0c1b7a9e21"),
    ],
)
def test_uuids_in_other_forms(old: str, new: str) -> None:
    found = older(session_id=old)
    assert found.id == new
    assert found.aside == ()


@pytest.mark.parametrize("old", ["session_20240501_abc", "42", 42, "../../x", "é\ud800"])
def test_ids_that_are_no_uuids_always_become_the_same_one(old: Any) -> None:
    found = older(session_id=old)
    assert found.id == older(session_id=old).id
    assert str(uuid.UUID(found.id)) == found.id
    assert written(found)["imported"]["session_id"] == (old if old != "é\ud800" else "é\ufffd")
    assert "not a UUID" in found.aside[0]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("2024-05-01", datetime(2024, 5, 1, tzinfo=UTC)),
        ("2024-05-01 08:00:00Z", datetime(2024, 5, 1, 8, tzinfo=UTC)),
        (1714550400, datetime(2024, 5, 1, 8, tzinfo=UTC)),
        (1714550400.5, datetime(2024, 5, 1, 8, tzinfo=UTC)),
    ],
)
def test_times(old: Any, new: datetime) -> None:
    assert older(created_at=old).data["created"] == new


@pytest.mark.parametrize(
    "old", ["yesterday", "", [], {}, True, 1e300, math.nan, "0001-01-01T00:00:00+14:00", -1e20]
)
def test_times_that_are_none(old: Any) -> None:
    found = older(created_at=old, updated_at=None)
    assert found.data["created"] == NOW
    assert found.newest is None
    assert ("created_at" in found.data.get("imported", {})) == (old != "")


def test_two_names_of_the_project() -> None:
    assert older(project=None, project_name="store").data["project"] == "store"
    both = older(project_name="store")
    assert both.data["project"] == "shop"
    assert both.data["imported"] == {"project_name": "store"}
    assert "imported" not in older(project_name="shop").data
    assert older(project=None).data["project"] == "here"


@pytest.mark.parametrize("key", [*OLD])
@pytest.mark.parametrize("value", [None, 5, True, [], ["a", None], {"a": None}, 1.5, ""])
def test_a_null_or_a_wrong_type_in_every_field(key: str, value: Any) -> None:
    if key == "session_id" and value != 5:
        assert "session_id" in refused({**OLD, key: value})
        return
    found = older(**{key: value})
    data = written(found)
    session = session_from_data(data)
    assert session.status in STATUSES
    if value not in (None, "", 5, 1.5) or (
        value in (5, 1.5) and key not in ("session_id", "created_at", "updated_at")
    ):
        assert key in data["imported"]
        assert any(f"`{key}`" in sentence for sentence in found.aside)


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        (None, "null"),
        ("text", "a text"),
        ([], "a list"),
        (5, "a number"),
        ({}, "session_id"),
        ({"session_id": "x"}, "neither a `feature_request` nor any other text"),
        ({"session_id": "x", "feature_request": "  \n"}, "neither"),
        ({"session_id": "x", "complexity": "high"}, "neither"),
    ],
)
def test_what_is_no_session(entry: Any, words: str) -> None:
    assert words in refused(entry)


def test_texts_without_a_request() -> None:
    found = read_older({"session_id": "x", "analysis_template": "Look"}, NOW, "here", None)
    assert isinstance(found, Older)
    assert found.data["title"] == "Untitled"
    assert "request" not in found.data


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from([*OLD, "", "other", "é ö"]), VALUES))
def test_whatever_stands_in_one_is_taken_or_refused_and_nothing_is_lost(changes: dict[str, Any]) -> None:
    entry = {**OLD, **changes}
    found = read_older(entry, NOW, "here", None)
    if isinstance(found, str):
        return
    data = written(found)
    assert repr(data) == repr(dict(tomllib.loads(new_toml(data, TABLE_ORDER, long_keys=LONG_KEYS))))
    for key, value in entry.items():
        if key not in OLD and value not in (None, ""):
            assert key in data["imported"]


def test_a_very_deep_value_is_kept_as_json() -> None:
    deep: Any = "end"
    for _ in range(40):
        deep = {"a": [deep]}
    imported = written(older(deep=deep))["imported"]["deep"]
    text = imported
    while not isinstance(text, str):
        text = text["a"] if isinstance(text, dict) else text[0]
    assert "end" in text
    assert json.loads(text)
