"""What a project makes of its rules: `[diagnostics]` of the configuration."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from orch.rules.finding import Finding, Severity

OFF = "off"


def settled(findings: Iterable[Finding], wanted: Mapping[str, str]) -> list[Finding]:
    """`findings` as `wanted` (rule to severity) has them: severities changed, those that are "off" left out."""
    return [
        replace(finding, severity=Severity(wanted[finding.rule])) if finding.rule in wanted else finding
        for finding in findings
        if wanted.get(finding.rule) != OFF
    ]
