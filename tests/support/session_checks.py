"""Checks sessions in tests: the text carries its expectations (see `annotations.py`)."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from orch.ide.session_findings import quick_findings, slow_findings
from orch.ide.session_view import SessionView
from orch.rules.finding import Finding
from orch.rules.session_context import Overlap
from orch.text.span import apply_edits
from support.annotations import Expected, Fixture, assert_findings, parse_fixture


@dataclass(frozen=True)
class Neighbours:
    """Surroundings made up for a test: the files that are there, ids, templates and key files of others."""

    files: tuple[str, ...] = ("src/auth.py",)
    ids: tuple[str, ...] = ("8f14e45f-ceea-467f-a8d2-6f0c1b7a9e21",)
    templates: tuple[str, ...] = ("builtin:orchestrator", "builtin:orchestrator@1-5d41402a")
    shared: tuple[str, ...] = ("src/shared.py",)

    def missing_files(self, names: Sequence[str]) -> list[str]:
        return [name for name in names if name not in (*self.files, *self.shared)]

    def same_id(self, session_id: str) -> list[Path]:
        return [Path("/shop/.orch/sessions/other.orch")] if session_id in self.ids else []

    def overlapping(self, key_files: Sequence[str]) -> list[Overlap]:
        files = tuple(name for name in key_files if name in self.shared)
        return [Overlap(Path("/shop/.orch/sessions/other.orch"), "Another", files)] if files else []

    def template_problem(self, reference: str) -> str | None:
        return None if reference in self.templates else f"There is no template `{reference}`."


ALONE = Neighbours(ids=(), shared=())


def findings_of(text: str, around: Neighbours | None = ALONE) -> list[Finding]:
    """All findings of a session text, quick ones first."""
    view = SessionView(text, None)
    return [*quick_findings(view), *slow_findings(view, around)]


def check(source: str, around: Neighbours | None = ALONE) -> list[Finding]:
    """Compares the findings of the text in `source` with its annotations, both ways; gives them."""
    fixture = parse_fixture(source)
    found = findings_of(fixture.text, around)
    assert_findings(fixture, [_as_expected(fixture, finding) for finding in found])
    return found


def _as_expected(fixture: Fixture, finding: Finding) -> Expected:
    assert finding.severity is not None
    return Expected(next(iter(fixture.files)), finding.span, finding.severity.value, finding.rule, finding.message)


def mended(source: str, title: str, around: Neighbours | None = ALONE) -> str:
    """The text in `source`, annotations aside, after the fix of that title."""
    text = parse_fixture(source).text
    fixes = [fix for finding in findings_of(text, around) for fix in finding.fixes if fix.title == title]
    assert len(fixes) == 1, [fix.title for finding in findings_of(text, around) for fix in finding.fixes]
    return apply_edits(text, fixes[0].edits)


HEAD = """\
schema = 1
id = "1b7a9e21-ceea-467f-a8d2-6f0c8f14e45f"
title = "Login"
status = "{status}"
request.text = "Add a login"
"""


def head(status: str = "planning") -> str:
    """The root keys of a session without findings."""
    return HEAD.format(status=status)
