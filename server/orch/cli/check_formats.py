"""The forms in which programs take the findings of `orch check`."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from orch import __version__
from orch.commands.check import Note, Problem, Region, Report
from orch.commands.check_files import Workspace
from orch.rules.finding import Severity
from orch.rules.pages import page
from orch.rules.project_files import PROJECT_FILE_RULES
from orch.rules.registry import Rule
from orch.rules.session_rules import SESSION_RULES
from orch.rules.template_rules import TEMPLATE_RULES
from orch.storage.rule_pages import rule_page

_SARIF_LEVELS = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.INFO: "note",
    Severity.HINT: "note",
}
_GITHUB_COMMANDS = {**_SARIF_LEVELS, Severity.INFO: "notice", Severity.HINT: "notice"}
_RULES: dict[str, tuple[Rule[Any], str]] = {
    **{name: (rule, "toml") for name, rule in SESSION_RULES.items()},
    **{name: (rule, "jinja") for name, rule in TEMPLATE_RULES.items()},
    **{name: (rule, "toml") for name, rule in PROJECT_FILE_RULES.items()},
}


def json_report(workspace: Workspace, report: Report) -> dict[str, Any]:
    """The contract's form: lines and columns from 1, columns in code points, the end one past the last."""
    return {
        "findings": [
            {
                "path": workspace.shown(problem.path),
                "line": problem.region.line,
                "column": problem.region.column,
                "end_line": problem.region.end_line,
                "end_column": problem.region.end_column,
                "rule": problem.rule,
                "severity": str(problem.severity),
                "message": problem.message,
            }
            for problem in report.problems
        ]
    }


def github_lines(workspace: Workspace, report: Report) -> Iterator[str]:
    """Workflow commands of GitHub Actions, one for each problem and for each file that could not be read.

    Their form: https://docs.github.com/actions/reference/workflow-commands-for-github-actions
    """
    for problem in report.problems:
        at = problem.region
        places = {
            "file": workspace.shown(problem.path),
            "line": at.line,
            "endLine": at.end_line,
            "col": at.column,
            "endColumn": at.end_column,
            "title": f"Orch ({problem.rule})",
        }
        told = ",".join(f"{name}={_property(str(value))}" for name, value in places.items())
        yield f"::{_GITHUB_COMMANDS[problem.severity]} {told}::{_data(problem.message)}"
    for sentence in report.unread:
        yield f"::error title=Orch::{_data(sentence)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def sarif_report(workspace: Workspace, report: Report) -> dict[str, Any]:
    """SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html), with every rule's page."""
    rules = list(_RULES)
    notices = [{"level": "error", "message": {"text": sentence}} for sentence in report.unread]
    run = {
        "tool": {
            "driver": {"name": "Orch", "semanticVersion": __version__, "rules": [_rule(name) for name in rules]}
        },
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": not notices, "toolExecutionNotifications": notices}],
        "results": [_result(workspace, problem, rules.index(problem.rule)) for problem in report.problems],
    }
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def _rule(name: str) -> dict[str, Any]:
    rule, language = _RULES[name]
    found = {
        "id": name,
        "shortDescription": {"text": f"{rule.summary}."},
        "fullDescription": {"text": rule.explanation},
        "help": {"text": rule.explanation, "markdown": page(rule, language)},
        "helpUri": rule_page(name),
        "defaultConfiguration": {"level": _SARIF_LEVELS[rule.severity]},
    }
    return {key: value for key, value in found.items() if value is not None}


def _result(workspace: Workspace, problem: Problem, index: int) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": problem.rule,
        "ruleIndex": index,
        "level": _SARIF_LEVELS[problem.severity],
        "message": {"text": problem.message},
        "locations": [_location(workspace, problem.path, problem.region)],
    }
    if problem.notes:
        result["relatedLocations"] = [_related(workspace, note) for note in problem.notes]
    return result


def _related(workspace: Workspace, note: Note) -> dict[str, Any]:
    return {**_location(workspace, note.path, note.region), "message": {"text": note.message}}


def _location(workspace: Workspace, path: Path, region: Region) -> dict[str, Any]:
    shown = workspace.shown(path)
    absolute = Path(shown).is_absolute()
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": path.as_uri() if absolute else quote(shown)},
            "region": {
                "startLine": region.line,
                "startColumn": region.column,
                "endLine": region.end_line,
                "endColumn": region.end_column,
            },
        }
    }
