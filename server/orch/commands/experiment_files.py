"""The experiments of a project, read from their files. Nothing here writes."""

from pathlib import Path

from orch.commands.outcome import Refusal
from orch.commands.project import Project
from orch.library.experiments import FOLDER, ExperimentFile, broken_file, experiment_file, running
from orch.model.reference import TemplateId
from orch.model.session import ROLES
from orch.storage.port import StorageError


def experiment_files(project: Project) -> list[ExperimentFile]:
    """The experiments of the project, by name. One that cannot be read is there too, with what is wrong with it."""
    try:
        paths = project.storage.list(experiments_folder(project), ".toml")
    except StorageError as error:
        return [broken_file(experiments_folder(project), str(error))]
    found = (_read(project, path) for path in paths)
    return [file for file in found if file is not None]


def experiments_folder(project: Project) -> Path:
    """Where the experiments are."""
    return project.folder / FOLDER


def find_experiment(project: Project, name: str) -> ExperimentFile | Refusal:
    """The experiment called `name`."""
    files = experiment_files(project)
    found = next((file for file in files if file.experiment.name == name), None)
    if found is not None:
        return found
    if not files:
        none = "There is no experiment in this project; start one"
        return Refusal(f"{none} first.", terminal=f"{none} with: orch experiment start")
    return Refusal(f"There is no experiment {name!r}; there are {', '.join(f.experiment.name for f in files)}.")


def running_notice(project: Project, template: TemplateId) -> str | None:
    """What is to be said of a working copy that an experiment keeps from being used; None where none does."""
    if template.name not in ROLES.values():
        return None
    files = experiment_files(project)
    kinds = dict.fromkeys((template.feature_type, None))
    found = next((file for kind in kinds if (file := running(files, template.name, kind)) is not None), None)
    if found is None:
        return None
    name = found.experiment.name
    return f"The experiment `{name}` runs, so new sessions get its arms; to end it: orch experiment stop {name}"


def _read(project: Project, path: Path) -> ExperimentFile | None:
    try:
        text = project.storage.read(path)
    except StorageError as error:
        return broken_file(path, str(error))
    return None if text is None else experiment_file(path, text)
