"""The experiments of a project: their files, and which one chooses the template of a session."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from orch.library.assignment import assigned_arm
from orch.model.experiment import RUNNING, STOPPED, Arm, Experiment, read_experiment
from orch.model.reading import Problem
from orch.model.session import ROLES, Phase, Session
from orch.model.toml import exact_toml_data
from orch.syntax.toml_place import place_of
from orch.syntax.toml_tree import parse_toml

FOLDER = "experiments"


@dataclass(frozen=True, slots=True)
class ExperimentFile:
    """An experiment's file: what it holds, and what is wrong with it."""

    path: Path
    text: str
    experiment: Experiment
    problems: tuple[Problem, ...] = ()

    @property
    def runs(self) -> bool:
        """Whether it is running, or would be if nothing were wrong."""
        return self.experiment.status != STOPPED


@dataclass(frozen=True, slots=True)
class Assignment:
    """The experiment, by name, and the arm that choose the template of a session."""

    experiment: str
    arm: Arm


def experiment_file(path: Path, text: str) -> ExperimentFile:
    """The experiment that the text of the file at `path` describes."""
    data = exact_toml_data(text)
    if not data:
        return broken_file(path, _why_not_toml(text), text)
    experiment, problems = read_experiment(data, path.stem)
    return ExperimentFile(path, text, experiment, problems)


def broken_file(path: Path, why: str, text: str = "") -> ExperimentFile:
    """The file at `path`, of which nothing can be told but `why`."""
    return ExperimentFile(path, text, Experiment(path.stem, "", (), status=""), (Problem((), why),))


def assign(
    files: Sequence[ExperimentFile], session: Session, phase: str
) -> tuple[Assignment | None, tuple[str, ...]]:
    """What chooses the template of `phase` in `session`, and what has to be said of it.

    An arm that the session has been given stays, with the version that it recorded, also when the experiment has
    been stopped since. An experiment that cannot be relied on assigns nobody, and a sentence says so: a part of its
    arms would be a biased split.
    """
    kept = session.phase(phase)
    if kept.experiment is not None:
        return _kept(files, kept, session, phase)
    role = ROLES[phase]
    for feature_type in dict.fromkeys((session.feature_type or None, None)):
        meant = [file for file in files if file.runs and _is_about(file.experiment, role, feature_type)]
        if meant:
            return _chosen(meant, session)
    unreadable = [file for file in files if file.runs and file.problems and not file.experiment.template]
    return None, tuple(f"{_told(file)} Until then it assigns no session." for file in unreadable)


def problem_line(file: ExperimentFile, problem: Problem) -> int:
    """The line (from 1) of the file that `problem` is about."""
    return file.text.count("\n", 0, place_of(parse_toml(file.text), problem.path).start) + 1


def running(files: Sequence[ExperimentFile], template: str, feature_type: str | None) -> ExperimentFile | None:
    """The experiment that runs for this template and type."""
    return next(
        (
            file
            for file in files
            if file.experiment.status == RUNNING and _is_about(file.experiment, template, feature_type)
        ),
        None,
    )


def _kept(
    files: Sequence[ExperimentFile], kept: Phase, session: Session, phase: str
) -> tuple[Assignment | None, tuple[str, ...]]:
    """The arm that the session has: the version that it recorded, whatever became of the experiment since."""
    assert kept.experiment is not None
    file = next((file for file in files if file.experiment.name == kept.experiment), None)
    arm = file.experiment.arm(kept.arm) if file is not None else None
    version = kept.template or (arm.version if arm is not None else None)
    if not kept.arm or version is None:
        return None, (f"The experiment `{kept.experiment}` is not here any more, so this session leaves it.",)
    if file is not None and file.experiment.template and not _serves(file.experiment, session, phase):
        about = file.experiment.path
        return None, (f"The experiment `{kept.experiment}` is about {about}, so this session leaves it.",)
    return Assignment(kept.experiment, Arm(kept.arm, version)), ()


def _serves(experiment: Experiment, session: Session, phase: str) -> bool:
    return experiment.template == ROLES[phase] and experiment.feature_type in (None, session.feature_type)


def _chosen(meant: Sequence[ExperimentFile], session: Session) -> tuple[Assignment | None, tuple[str, ...]]:
    about = meant[0].experiment.path
    if len(meant) > 1:
        names = " and ".join(f"`{file.experiment.name}`" for file in meant)
        return None, (f"{names} both run for {about}, so neither assigns this session; stop one of them.",)
    file = meant[0]
    if file.problems:
        return None, (f"{_told(file)} Until then it assigns no session.",)
    return Assignment(file.experiment.name, assigned_arm(file.experiment, session.id)), ()


def _is_about(experiment: Experiment, role: str, feature_type: str | None) -> bool:
    return experiment.template == role and experiment.feature_type == feature_type


def _told(file: ExperimentFile) -> str:
    return f"The experiment `{file.experiment.name}` cannot be used: {file.problems[0].sentence}"


def _why_not_toml(text: str) -> str:
    tree = parse_toml(text)
    return tree.problems[0].message if tree.problems else "The file is empty."
