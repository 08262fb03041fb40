"""check: the findings of sessions and templates as the editor shows them, for terminals and CI.

A file is read, looked at by the same functions as an open document, and its findings are given lines and columns.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from orch.commands.check_files import Place, Workspace, chosen_files, project_files
from orch.commands.outcome import Refusal
from orch.commands.project_file_findings import project_file_findings
from orch.commands.session_surroundings import ProjectSurroundings
from orch.commands.template_surroundings import surroundings_of
from orch.ide import session_findings, template_findings
from orch.ide.session_view import SessionView
from orch.ide.template_view import TemplateView, desk_of
from orch.rules.finding import Finding, Related, Severity
from orch.rules.severities import settled
from orch.storage.port import StorageError
from orch.text.lines import LineIndex
from orch.text.span import Span

SEVERITIES = tuple(Severity)
"""From the worst to the least."""


@dataclass(frozen=True, slots=True, order=True)
class Region:
    """A range in a file: lines and columns from 1, columns in code points, the end one past the last."""

    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True)
class Note:
    """Another place that explains a problem."""

    path: Path
    region: Region
    message: str


@dataclass(frozen=True, slots=True)
class Problem:
    """A finding in the file at `path`."""

    path: Path
    region: Region
    rule: str
    severity: Severity
    message: str
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """What a check gave. `unread` has a plain sentence for each file that could not be read; `files` were read."""

    problems: tuple[Problem, ...]
    files: int
    unread: tuple[str, ...] = ()

    @property
    def worst(self) -> Severity:
        """The severity of the worst problem. Raises ValueError where there is none."""
        return min((problem.severity for problem in self.problems), key=SEVERITIES.index)

    def fails(self, least: Severity) -> bool:
        """Whether something is as bad as `least` or worse, or could not be looked at."""
        counted = SEVERITIES[: SEVERITIES.index(least) + 1]
        return bool(self.unread) or any(problem.severity in counted for problem in self.problems)


def check(
    workspace: Workspace, paths: Sequence[Path], told: Callable[[int, int], None] = lambda _done, _all: None
) -> Report | Refusal:
    """Checks the files and folders at `paths`; without any, all that Orch keeps of the project here.

    `told` is called before each file with how many are done, of how many. Raises StorageError when a project's
    configuration cannot be read.
    """
    chosen = chosen_files(workspace, paths) if paths else project_files(workspace)
    if isinstance(chosen, Refusal):
        return chosen
    problems: list[Problem] = []
    unread = list(chosen.unread)
    files = 0
    for done, place in enumerate(chosen.places):
        told(done, len(chosen.places))
        try:
            text = workspace.read(place)
        except StorageError as error:
            unread.append(str(error))
            continue
        looked = _Look(place, text)
        found = looked.findings()
        unread += looked.unread
        wanted = place.around.library.configuration.diagnostics if place.around is not None else {}
        problems += _Located(workspace, place, text).problems(settled(found, wanted))
        files += 1
    return Report(tuple(problems), files, tuple(dict.fromkeys(unread)))


class _Look:
    """One file under check. Where files around it cannot be read it is checked without them, as in the editor."""

    def __init__(self, place: Place, text: str) -> None:
        self.unread: list[str] = []
        self._place = place
        self._text = text

    def findings(self) -> list[Finding]:
        """All findings, quick and slow, in document order."""
        looks = {"session": self._session, "template": self._template, "project file": self._project_file}
        found = looks[self._place.kind]()
        return sorted(found, key=lambda finding: finding.span)

    def _session(self) -> list[Finding]:
        around = self._place.around
        view = SessionView(self._text, self._place.path)
        found = session_findings.quick_findings(view)
        if around is not None:
            known = ProjectSurroundings(around.project, around.sessions, view.path, view.session.feature_type)
            try:
                return found + session_findings.slow_findings(view, known)
            except StorageError as error:
                self.unread.append(str(error))
        return found + session_findings.slow_findings(view, None)

    def _template(self) -> list[Finding]:
        around = self._place.around
        view = TemplateView(self._text, self._place.path, around.first_view if around is not None else None)
        found = template_findings.quick_findings(view)
        if around is not None:
            try:
                desk = desk_of(view, surroundings_of(around.library, around.templates, view.path))
                return found + template_findings.slow_findings(view, desk)
            except StorageError as error:
                self.unread.append(str(error))
        return found + template_findings.slow_findings(view, desk_of(view, None))

    def _project_file(self) -> list[Finding]:
        around = self._place.around
        assert around is not None
        try:
            return project_file_findings(around.files, self._place.path, self._text)
        except StorageError as error:
            self.unread.append(str(error))
            return []


class _Located:
    """From offsets to lines and columns."""

    def __init__(self, workspace: Workspace, place: Place, text: str) -> None:
        self._workspace = workspace
        self._place = place
        self._text = text

    @cached_property
    def _lines(self) -> LineIndex:
        return LineIndex(self._text)

    def problems(self, findings: Sequence[Finding]) -> list[Problem]:
        """The findings of the file, each at its place."""
        return [
            Problem(
                self._place.path,
                _region(self._lines, finding.span),
                finding.rule,
                finding.severity or Severity.ERROR,
                finding.message,
                tuple(note for entry in finding.related if (note := self._note(entry)) is not None),
            )
            for finding in findings
        ]

    def _note(self, entry: Related) -> Note | None:
        if entry.path is None:
            return Note(self._place.path, _region(self._lines, entry.span), entry.message)
        try:
            text = self._workspace.read(replace(self._place, path=entry.path))
        except StorageError:
            return None  # where it is told of anyway, it is not told of twice
        return Note(entry.path, _region(LineIndex(text), entry.span), entry.message)


def _region(lines: LineIndex, span: Span) -> Region:
    line, column = lines.position(span.start, "utf-32")
    end_line, end_column = lines.position(span.end, "utf-32")
    return Region(line + 1, column + 1, end_line + 1, end_column + 1)
