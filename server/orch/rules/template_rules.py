"""All rules for templates, and the check of one template by them."""

from dataclasses import replace
from types import ModuleType

from orch.rules import (
    template_calls,
    template_flow,
    template_front,
    template_inheritance,
    template_reach,
    template_structure,
    template_syntax,
    template_undefined,
    template_unused,
)
from orch.rules.finding import Finding
from orch.rules.template_context import TemplateContext, template_rule
from orch.rules.template_suppression import unsuppressed

FAMILIES: tuple[ModuleType, ...] = (
    template_syntax,
    template_structure,
    template_calls,
    template_undefined,
    template_reach,
    template_inheritance,
    template_unused,
    template_flow,
    template_front,
)
"""The modules that register the rules."""

TEMPLATE_RULES = template_rule.rules
"""The rules by name."""

MOST = 1000
"""Findings that are told of one template; a text with more is no template."""


def check_template(context: TemplateContext, *, slow: bool) -> list[Finding]:
    """The findings of the quick rules, or with `slow` of the slow ones, in document order, severities filled in.

    Findings that a comment suppresses are left out.
    """
    found = [
        finding if finding.severity is not None else replace(finding, severity=rule.severity)
        for rule in TEMPLATE_RULES.values()
        if rule.slow == slow
        for finding in rule.check(context)
    ]
    return sorted(unsuppressed(context.tree, found), key=lambda finding: finding.span)[:MOST]
