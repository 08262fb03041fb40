"""check: what is wrong in sessions and templates, for a person, a program or CI."""

import os
from collections import Counter
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from orch.cli import terminal
from orch.cli.check_formats import github_lines, json_report, sarif_report
from orch.cli.options import JsonOption, choice
from orch.cli.work import refuse
from orch.commands.check import SEVERITIES, Problem, Report, check
from orch.commands.check_files import Workspace
from orch.commands.open_project import open_project
from orch.commands.outcome import Refusal
from orch.commands.project import Project
from orch.render.port import Rendered, RenderFailure, RenderJob
from orch.rules.finding import Severity
from orch.storage.disk import DiskStorage
from orch.storage.given import working_folder
from orch.storage.locate import user_config

PANEL = "Templates"
_FORMATS = ("text", "json", "sarif", "github")
_STYLES = {
    Severity.ERROR: "bold red",
    Severity.WARNING: "yellow",
    Severity.INFO: "cyan",
    Severity.HINT: "dim",
}


def register(app: typer.Typer) -> None:
    """Adds the commands of this file to `app`."""
    app.command("check", rich_help_panel=PANEL)(check_files)


def check_files(
    paths: Annotated[
        list[str] | None,
        typer.Argument(metavar="[PATH]...", help="Files or folders; else all that Orch keeps of the project."),
    ] = None,
    form: Annotated[
        str, typer.Option("--format", metavar="F", parser=choice(*_FORMATS), help="|".join(_FORMATS))
    ] = "text",
    fail_on: Annotated[
        str,
        typer.Option(
            "--fail-on",
            metavar="S",
            parser=choice(*SEVERITIES),
            help=f"The least that makes the exit code 1: {'|'.join(SEVERITIES)}",
        ),
    ] = "error",
    json: JsonOption = False,
) -> None:
    """Check sessions and templates: the findings that the editor shows.

    The exit code is 1 when there is a finding of the severity --fail-on or worse.

    Example: orch check --format github --fail-on warning
    """
    here = working_folder()
    workspace = Workspace(here, _project_at, DiskStorage(here))
    given = [Path(os.path.normpath(here / Path(path).expanduser())) for path in paths or ()]
    with terminal.counting("Checking") as told:
        report = check(workspace, given, told)
    form = "json" if json else form
    if isinstance(report, Refusal):
        refuse(report, as_json=form == "json")
    _WRITERS[form](workspace, report)
    for sentence in report.unread:
        terminal.say(sentence, "red")
    if form != "json" or terminal.is_terminal("err"):
        _say_summary(report)
    raise typer.Exit(1 if report.fails(Severity(fail_on)) else 0)


def _write_text(workspace: Workspace, report: Report) -> None:
    terminal.write_styled(map(partial(_line, workspace), report.problems))


def _line(workspace: Workspace, problem: Problem) -> Sequence[tuple[str, str]]:
    at = problem.region
    return (
        (workspace.shown(problem.path), "bold"),
        (f":{at.line}:{at.column}: ", "dim"),
        (problem.severity, _STYLES[problem.severity]),
        (f" {problem.rule} ", "bold"),
        (" ".join(problem.message.split()), ""),
    )


def _write_json(workspace: Workspace, report: Report) -> None:
    terminal.write_json(json_report(workspace, report))


def _write_sarif(workspace: Workspace, report: Report) -> None:
    terminal.write_json(sarif_report(workspace, report))


def _write_github(workspace: Workspace, report: Report) -> None:
    terminal.write_styled([(line, "")] for line in github_lines(workspace, report))


_WRITERS = {"text": _write_text, "json": _write_json, "sarif": _write_sarif, "github": _write_github}


def _say_summary(report: Report) -> None:
    """How many of each severity, then of each rule, the most frequent first."""
    files = _counted(report.files, "file")
    if not report.files:
        if not report.unread:
            terminal.say("There is nothing to check: no sessions, and no templates in a layer.")
        return
    if not report.problems:
        terminal.say(f"No problems in {files}.", "green")
        return
    by_severity = Counter(problem.severity for problem in report.problems)
    what = [_counted(by_severity[severity], _NOUNS[severity]) for severity in SEVERITIES if by_severity[severity]]
    told = what[0] if len(what) == 1 else f"{', '.join(what[:-1])} and {what[-1]}"
    concerned = len({problem.path for problem in report.problems})
    terminal.say(f"Found {told} in {concerned} of {files}.", _STYLES[report.worst])
    by_rule = Counter(problem.rule for problem in report.problems)
    width = len(str(max(by_rule.values())))
    for rule, count in sorted(by_rule.items(), key=lambda entry: (-entry[1], entry[0])):
        terminal.say(f"  {count:>{width}} {rule}", "dim")


_NOUNS = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.INFO: "note",
    Severity.HINT: "hint",
}


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _project_at(root: Path) -> Project:
    return open_project(root, DiskStorage(root, user_config()), _NoRenderer())


class _NoRenderer:
    """A check renders nothing."""

    def render(self, job: RenderJob) -> Rendered | RenderFailure:
        """See the port."""
        raise AssertionError(f"a check was to render {job}")

    def close(self) -> None:
        """See the port."""
