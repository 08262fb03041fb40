"""experiment report: what an experiment has shown so far, and no more than that."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from orch.commands.command import Command
from orch.commands.experiment_files import experiment_files, find_experiment
from orch.commands.experiment_json import problems_json, report_json
from orch.commands.outcome import Outcome, Refusal
from orch.commands.project import Project
from orch.commands.session_files import relative, session_paths
from orch.commands.settings import project_library
from orch.library.experiment_report import Participant, participant, report
from orch.library.experiment_words import verdict_sentence
from orch.library.project_problems import experiment_problems
from orch.model.session import SCHEMA_VERSION, Session, session_from_data
from orch.model.toml import toml_data
from orch.storage.git_branches import branch_files
from orch.storage.port import StorageError
from orch.syntax.toml_outline import toml_outline


@dataclass(frozen=True, slots=True)
class ExperimentReportParams:
    """`all_branches` counts the sessions of the other branches too; `html` asks for a page with a plot as well."""

    name: str
    all_branches: bool = False
    html: bool = False


def report_experiment(project: Project, params: ExperimentReportParams) -> Outcome | Refusal:
    """The report, with the sentence that sums it up as `verdict` and, when asked for, the page as `html`.

    With `all_branches`, `branches` is how many were read; of a session that several have, the newest counts.
    """
    file = find_experiment(project, params.name)
    if isinstance(file, Refusal):
        return file
    if file.problems and not file.experiment.arms:
        return Refusal(f"{relative(project, file.path)} cannot be read: {file.problems[0].sentence}")
    more: dict[str, Any] = {}
    if params.all_branches:
        read = _newest_of_branches(project)
        if read is None:
            return Refusal("The branches cannot be read: there is no git repository here, or git does not answer.")
        more["branches"], sessions = read
    else:
        sessions = _newest(_sessions(project, file.experiment.name))
    members = (participant(session, file.experiment.name) for session in sessions)
    found = report(file.experiment, [one for one in members if isinstance(one, Participant)])
    verdict = verdict_sentence(found)
    counted = (f"Counted in {_branches(more['branches'])} and this folder.",) if more else ()
    if params.html:
        from orch.ide.experiment_page import experiment_page

        more["html"] = experiment_page(found, verdict)
    problems = problems_json(file, experiment_problems(project_library(project), file, experiment_files(project)))
    wrong = (f"{relative(project, file.path)}:{one['line']}: {one['message']}" for one in problems)
    return Outcome(
        {**report_json(file.path, found), "problems": problems, "verdict": verdict, **more},
        notices=(verdict, *counted, *found.doubts, *wrong),
    )


COMMAND = Command(
    "orch.experiment.report",
    ExperimentReportParams,
    report_experiment,
    "Report what an experiment has shown",
    changes=False,
)


def _branches(number: int) -> str:
    return "1 branch" if number == 1 else f"{number} branches"


def _sessions(project: Project, naming: str = "") -> Iterator[Session]:
    """The sessions of this folder; of those whose file does not say `naming` anywhere, none."""
    for path in session_paths(project):
        try:
            text = project.storage.read(path) or ""
        except StorageError:
            continue
        session = _session(text) if naming in text else None
        if session is not None:
            yield session


def _newest_of_branches(project: Project) -> tuple[int, list[Session]] | None:
    """The number of branches, and every session in the newest state that this folder or one of them has.

    None where git cannot be asked.
    """
    found = branch_files(project.root, project.sessions.relative_to(project.root).as_posix(), ".orch")
    if found is None:
        return None
    elsewhere = (_session(file.text) for file in found[1])
    return found[0], _newest([*_sessions(project), *(one for one in elsewhere if one is not None)])


def _newest(sessions: Iterable[Session]) -> list[Session]:
    """Each session once, in its newest state; of equally new ones the first. A file that was copied counts once."""
    newest: dict[str, Session] = {}
    for session in sessions:
        if session.id not in newest or _age(session) > _age(newest[session.id]):
            newest[session.id] = session
    return list(newest.values())


def _age(session: Session) -> str:
    return session.updated.isoformat() if session.updated else ""


def _session(text: str) -> Session | None:
    """The session in `text`, without its long texts."""
    outline = toml_outline(text)
    session = session_from_data(toml_data(text) if outline is None else outline)
    return session if session.id and session.schema <= SCHEMA_VERSION else None
