"""Every rule's own examples: the bad one is reported by that rule and no other, the good one by none."""

import pytest

from orch.rules.finding import Finding
from orch.rules.template_rules import TEMPLATE_RULES
from support.templates import findings

AROUND = {
    "lib/base": "{% block body required %}{% endblock %}\n",
    "lib/macros": "{% macro list(items) %}{% for item in items %}- {{ item }}\n{% endfor %}{% endmacro %}\n",
    "lib/one": "one\n",
    "lib/round": '{% include "main" %}\n',
    "base": "{% block task %}{% endblock %}\n",
    "builtin:orchestrator": "{% block task %}{% endblock %}\n",
}
NAMES = {"missing-section-request": "orchestrator"}
ELSEWHERE = ("duplicate-version", "circular-template")
"""Their examples need versions, or other templates that need them: they have tests of their own."""


def _found(rule: str, text: str) -> list[Finding]:
    name = NAMES.get(rule, "main")
    return findings({**AROUND, name: text}, name)


@pytest.mark.parametrize("rule", [name for name in TEMPLATE_RULES if name not in ELSEWHERE])
def test_the_bad_example_is_reported(rule: str) -> None:
    found = _found(rule, TEMPLATE_RULES[rule].bad)
    assert {finding.rule for finding in found} == {rule}, found


@pytest.mark.parametrize("rule", [name for name in TEMPLATE_RULES if name not in ELSEWHERE])
def test_the_good_example_is_not(rule: str) -> None:
    assert _found(rule, TEMPLATE_RULES[rule].good) == []


@pytest.mark.parametrize("rule", TEMPLATE_RULES.values(), ids=lambda rule: rule.name)
def test_a_rule_explains_itself(rule: object) -> None:
    summary, explanation = getattr(rule, "summary", ""), getattr(rule, "explanation", "")
    assert summary
    assert not summary.endswith(".")
    assert explanation.endswith((".", "!"))
