"""Every rule's own examples: the bad one is reported, the good one is not."""

import pytest

from orch.rules.registry import Rule
from orch.rules.session_context import SessionContext
from orch.rules.session_rules import ALWAYS, FAMILIES, SESSION_RULES
from support.session_checks import Neighbours, findings_of

RULES = list(SESSION_RULES.values())

CONTRACT = [
    "toml-syntax",
    "merge-conflict",
    "missing-key",
    "unknown-key",
    "wrong-type",
    "invalid-value",
    "status-mismatch",
    "unfilled-placeholder",
    "missing-section",
    "doubtful-section",
    "unknown-template",
    "duplicate-id",
    "missing-file",
    "overlapping-session",
]


def test_the_rules_are_those_of_the_contract() -> None:
    assert sorted(SESSION_RULES) == sorted(CONTRACT)
    assert set(ALWAYS) <= set(SESSION_RULES)
    assert len(FAMILIES) == len(set(FAMILIES))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_the_bad_example_is_reported(rule: Rule[SessionContext]) -> None:
    found = [finding for finding in findings_of(rule.bad, Neighbours()) if finding.rule == rule.name]
    assert found
    for finding in found:
        assert 0 <= finding.span.start <= finding.span.end <= len(rule.bad)
        assert finding.message.endswith((".", "?")), finding.message


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_the_good_example_is_not(rule: Rule[SessionContext]) -> None:
    assert rule.name not in {finding.rule for finding in findings_of(rule.good, Neighbours())}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_tells_what_it_is_about(rule: Rule[SessionContext]) -> None:
    assert rule.summary
    assert not rule.summary.endswith(".")
    assert rule.explanation.endswith(".")
    assert len(rule.explanation) > 80
