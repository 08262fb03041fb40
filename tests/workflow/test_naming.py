"""Titles, file names and the feature type that a request points to."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orch.workflow.naming import file_name, guess_feature_type, slug, title_of


@pytest.mark.parametrize(
    ("request_text", "title"),
    [
        ("Add user authentication", "Add user authentication"),
        ("Add a logout button.", "Add a logout button"),
        ("\n\n# Dark mode\n\nWith a switch.", "Dark mode"),
        ("- **Dark** mode with `tokens`", "Dark mode with tokens"),
        ("x" * 100, "x" * 71 + "…"),
        ("word " * 30, " ".join(["word"] * 14) + "…"),
        ("\x07\t ", "Untitled"),
    ],
)
def test_a_title_is_the_first_line_that_says_something(request_text: str, title: str) -> None:
    assert title_of(request_text) == title


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Add user authentication", "add-user-authentication"),
        ("Größe & Straße: Ünïcode!", "große-straße-unicode"),
        ("ログイン画面", "ログイン画面"),
        ("../../etc/passwd", "etc-passwd"),
        ("🎉🎉", "session"),
        ("con: a\\b/c*?", "con-a-b-c"),
    ],
)
def test_a_slug_is_fit_for_a_file_name(title: str, name: str) -> None:
    assert slug(title) == name


@given(st.text())
def test_a_slug_never_leaves_its_folder(title: str) -> None:
    found = slug(title)
    assert found
    assert len(found) <= 40
    assert not set(found) & set('/\\.:*?"<>|\0 ')


def test_the_file_is_named_after_date_title_and_id() -> None:
    created = datetime(2026, 11, 21, 2, 10, tzinfo=UTC)
    assert file_name(created, "Add login", "8f14e45f-ceea") == "2026-11-21-add-login-8f14e45f.orch"


@pytest.mark.parametrize(
    ("request_text", "kind"),
    [
        ("Add user authentication", "feature"),
        ("Fix the crash when the cart is empty", "bugfix"),
        ("Login fails on Safari", "bugfix"),
        ("Make the product list load faster", "performance"),
        ("Migrate from MySQL to PostgreSQL", "migration"),
        ("Refactor the payment module", "refactor"),
        ("Write documentation for the public API", "docs"),
        ("Add a page that lists failing jobs", "feature"),
        ("Dark mode\n\nThere was a bug here once.", "feature"),
        ("", "feature"),
    ],
)
def test_the_words_of_a_request_point_to_a_type(request_text: str, kind: str) -> None:
    assert guess_feature_type(request_text) == kind
