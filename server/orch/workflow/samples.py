"""Sample sessions and a sample project, by which templates are tested: made up, and the same everywhere."""

from datetime import UTC, datetime

from orch.model.session import Notes, Phase, Risk, Session
from orch.workflow.prompt_context import ProjectFacts

SAMPLE_ANALYSIS = """\
# Analyse the account menu

Find out where the entries of the account menu come from and what signing out has to undo.

1. Follow the menu from the page that shows it to the code that fills it; give each step as `path:line`.
2. Name every place that keeps something for a signed-in user: cookies, caches, open connections.
3. Run the tests of the account pages and say which of them to copy for this change.

Answer with a list of facts, each with its evidence. What is not clear from the code stands under "Open".
"""

SAMPLE_IMPLEMENTATION = """\
# Add the button

What the analysis found:

[PASTE ANALYSIS RESULTS HERE]

1. Write a failing test: a signed-in user sees "Sign out" as the last entry of the account menu.
2. Add the entry, and end the session on the server when it is chosen.
3. Write a test that a page opened afterwards asks to sign in again.

Do not change the sign-in form. Verify with `make test`.
"""

SAMPLE_NOTES = """\
Complexity: low-medium

Time estimate: 3-5 hours

Key files:
- shop/web.py
- tests/test_shop.py

Risks:
- Other open tabs stay signed in
  Mitigation: end the session on the server as well

Assumptions:
- One click is enough; nobody is asked to confirm.
"""

SAMPLE_RESULT = """\
The menu is filled in `shop/web.py:31` by `account_entries()`; two tests cover it (`tests/test_shop.py:12`, `:19`).
The session lives in `shop/store.py:22` and is ended by `Store.forget()`, which nothing calls yet.
"""

FULL_PROJECT = ProjectFacts(
    name="shop",
    root="/projects/shop",
    tree="shop/\n  web.py\n  store.py\ntests/\n  test_shop.py",
    guidelines="--- AGENTS.md ---\nEvery change comes with a test. Run `make test` before you say that it is done.",
    languages=("Python", "HTML"),
    files=(("README.md", "# Shop\n\nA small shop, for samples.\n"),),
)
"""A project of which everything is known."""

EMPTY_PROJECT = ProjectFacts(name="new", root="/projects/new")
"""A project of which nothing is known yet."""

_REQUESTS = {
    "feature": ("Add a logout button", "Add a logout button to the account menu."),
    "bugfix": ("Fix the export", "The export stops after 1000 rows.\n\nSeen with the orders of March."),
    "refactor": ("Split the store", "Split the store into reading and writing; nothing else changes."),
    "performance": ("Speed up the search", "The search takes 3 seconds with 20,000 articles; it should take 0.3."),
    "migration": ("Move to SQLAlchemy 2", "Move from SQLAlchemy 1.4 to 2.0 without a day on which nothing works."),
    "docs": ("Describe the export", "Describe the export for people who have never used it, with one example."),
}


def sample_session(feature_type: str) -> Session:
    """A session of this type that has been through all phases, so that every variable has something to show."""
    title, request = _REQUESTS.get(feature_type, _REQUESTS["feature"])
    return Session(
        id="8f14e45f-ceea-467f-a8d2-6f0c1b7a9e21",
        title=title,
        feature_type=feature_type,
        project=FULL_PROJECT.name,
        created=datetime(2026, 11, 21, 2, 10, tzinfo=UTC),
        request=f"{request}\n",
        notes=Notes(
            text=SAMPLE_NOTES,
            complexity="low-medium",
            time_estimate="3-5 hours",
            key_files=("shop/web.py", "tests/test_shop.py"),
            risks=(Risk("Other open tabs stay signed in", "end the session on the server as well"),),
        ),
        analysis=Phase(body=SAMPLE_ANALYSIS, result=SAMPLE_RESULT),
        implementation=Phase(body=SAMPLE_IMPLEMENTATION),
    )


def bare_session(feature_type: str) -> Session:
    """A session that has only what every session has: no notes, and nothing that was analysed."""
    title, request = _REQUESTS.get(feature_type, _REQUESTS["feature"])
    return Session(
        id="45c48cce-2e2d-4fbd-aa1c-fc51c7c6ad26",
        title=title,
        feature_type=feature_type,
        created=datetime(2026, 11, 21, 2, 10, tzinfo=UTC),
        request=request,
        analysis=Phase(body="# Analyse\n"),
        implementation=Phase(body="# Build\n"),
    )
