"""The pages of `docs/rules/`, made from the rules' records."""

from collections.abc import Iterable, Mapping
from typing import Any

from orch.rules.project_files import PROJECT_FILE_RULES
from orch.rules.registry import Rule
from orch.rules.session_rules import SESSION_RULES
from orch.rules.template_rules import TEMPLATE_RULES
from orch.rules.template_suppression import NEVER

_SUPPRESSIONS = {
    "toml": "`# orch: ignore[{name}]` after the value, or alone on the line above its key.",
    "jinja": "`{{# orch: ignore[{name}] #}}` on the line, or alone on the line before.",
}


def pages() -> dict[str, str]:
    """Every page by file name, `README.md` with the list among them."""
    kinds: Mapping[str, tuple[str, Iterable[Rule[Any]]]] = {
        "Sessions": ("toml", SESSION_RULES.values()),
        "Templates": ("jinja", TEMPLATE_RULES.values()),
        "Configuration, experiments, versions": ("toml", PROJECT_FILE_RULES.values()),
    }
    made = {f"{rule.name}.md": page(rule, language) for language, rules in kinds.values() for rule in rules}
    return {"README.md": _list(kinds), **made}


def page(rule: Rule[Any], language: str) -> str:
    """The page of one rule. `language` is the one of its examples: `toml` for sessions, `jinja` for templates."""
    suppression = _SUPPRESSIONS[language].format(name=rule.name)
    how = "" if rule.name in ("toml-syntax", *NEVER) else f"\n## To keep it quiet\n\n{suppression}\n"
    return (
        f"# {rule.name}\n\n{rule.summary}. Severity: {rule.severity}.\n\n{rule.explanation}\n\n"
        f"## Reported\n\n{_code(rule.bad, language)}\n\n## Not reported\n\n{_code(rule.good, language)}\n{how}"
    )


def _code(text: str, language: str) -> str:
    fence = "````" if "```" in text else "```"
    return f"{fence}{language}\n{text.rstrip(chr(10))}\n{fence}"


def _list(kinds: Mapping[str, tuple[str, Iterable[Rule[Any]]]]) -> str:
    lines = ["# Rules", "", "Made from the rules' records by `python docs/make_rules.py`; do not edit.", ""]
    lines += ["`[diagnostics]` in `.orch/config.toml` sets a rule to `error`, `warning`, `info`, `hint` or `off`."]
    for title, (_, rules) in kinds.items():
        lines += ["", f"## {title}", "", "| rule | severity | what it finds |", "| --- | --- | --- |"]
        lines += [f"| [{rule.name}]({rule.name}.md) | {rule.severity} | {rule.summary} |" for rule in rules]
    return "\n".join(lines) + "\n"
