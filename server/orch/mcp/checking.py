"""The tool `check`: the findings of the project's sessions and templates."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from orch.commands.check import check
from orch.commands.check_files import Workspace
from orch.commands.outcome import Refusal
from orch.commands.project import Project
from orch.mcp.folders import is_inside

MOST = 200
"""Findings that one reply holds at most."""


def checked(project: Project, given: Mapping[str, Any], at: Callable[[Path], Project]) -> dict[str, Any] | Refusal:
    """`{findings, files, unread, more}`: the findings as in `orch check --format json`. Raises StorageError."""
    paths = given.get("paths") or []
    if not isinstance(paths, list) or not all(isinstance(path, str) for path in paths):
        return Refusal("check wants a list of texts for 'paths'.")
    whole = [Path(os.path.normpath(project.root / path)) for path in paths]
    out = next(
        (path for path, given_path in zip(paths, whole, strict=True) if not is_inside(project.root, given_path)),
        None,
    )
    if out is not None:
        return Refusal(f"{out} lies outside the project.")
    workspace = Workspace(project.root, at, project.storage)
    report = check(workspace, whole)
    if isinstance(report, Refusal):
        return report
    findings = [
        {
            "path": workspace.shown(problem.path),
            "line": problem.region.line,
            "column": problem.region.column,
            "end_line": problem.region.end_line,
            "end_column": problem.region.end_column,
            "rule": problem.rule,
            "severity": str(problem.severity),
            "message": " ".join(problem.message.split()),
        }
        for problem in report.problems
    ]
    return {
        "findings": findings[:MOST],
        "files": report.files,
        "unread": list(report.unread),
        "more": len(findings) > MOST,
    }
