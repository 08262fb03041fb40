"""All rules for sessions, and the check of one session by them."""

from dataclasses import replace
from itertools import islice
from types import ModuleType

from orch.model.session import ENDED
from orch.rules import (
    session_answer,
    session_keys,
    session_project,
    session_state,
    session_syntax,
    session_values,
)
from orch.rules.finding import Finding
from orch.rules.session_context import SessionContext, session_rule
from orch.rules.session_suppression import unsuppressed

FAMILIES: tuple[ModuleType, ...] = (
    session_syntax,
    session_keys,
    session_values,
    session_state,
    session_answer,
    session_project,
)
"""The modules that register the rules."""

SESSION_RULES = session_rule.rules
"""The rules by name."""

MOST = 300
"""Findings of one rule that are told; who has more needs no more to know that something is wrong."""

ALWAYS = ("toml-syntax", "merge-conflict", "duplicate-id")
"""What an ended session still reports."""


def check_session(context: SessionContext, *, slow: bool) -> list[Finding]:
    """The findings of the quick rules, or with `slow` of the slow ones, in document order, severities filled in.

    Findings that a comment suppresses are left out.
    """
    ended = context.session.status in ENDED
    found = [
        finding if finding.severity is not None else replace(finding, severity=rule.severity)
        for rule in SESSION_RULES.values()
        if rule.slow == slow and (not ended or rule.name in ALWAYS)
        for finding in islice(rule.check(context), MOST)
    ]
    return sorted(unsuppressed(context.tree, found), key=lambda finding: finding.span)
