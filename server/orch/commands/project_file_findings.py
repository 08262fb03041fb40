"""The findings of a project's configuration, experiments and versions, for `orch check` and for the editor."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from orch.commands.experiment_files import experiment_files, experiments_folder
from orch.commands.project import Project
from orch.library.configuration import FILE_NAME
from orch.library.experiments import ExperimentFile, experiment_file
from orch.library.layers import Library
from orch.library.project_problems import (
    configuration_problems,
    duplicate_sentences,
    experiment_problems,
    version_file,
    version_problems,
)
from orch.library.version_files import merged_versions
from orch.library.version_index import VersionIndex, is_fine, version_folders, version_index
from orch.model.reference import BUILTIN, USER
from orch.rules.finding import Finding
from orch.rules.project_files import (
    CONFIGURATION,
    EXPERIMENT,
    USER_CONFIGURATION,
    VERSION,
    ProjectFileContext,
    check_project_file,
)


@dataclass(frozen=True)
class ProjectFiles:
    """What is looked at once for many files of a project."""

    project: Project
    library: Library

    @cached_property
    def experiments(self) -> Sequence[ExperimentFile]:
        """All experiments."""
        return experiment_files(self.project)

    @cached_property
    def versions(self) -> VersionIndex:
        """The names of all versions."""
        return version_index(self.library)


def project_file_paths(project: Project, library: Library) -> Iterator[Path]:
    """The configuration, the experiments, and the versions of the layers in the project."""
    yield from declared_paths(project)
    for folder in own_version_folders(project, library):
        yield from project.storage.list(folder, ".toml", deep=True)


def declared_paths(project: Project) -> Iterator[Path]:
    """The configuration and the experiments, which people write."""
    own = project.folder / FILE_NAME
    if project.storage.stamp(own) is not None:
        yield own
    yield from project.storage.list(experiments_folder(project), ".toml")


def own_version_folders(project: Project, library: Library) -> Iterator[Path]:
    """The folders of versions in the project."""
    for folder, layer in version_folders(library):
        if layer not in (USER, BUILTIN) and folder.is_relative_to(project.root):
            yield folder


def project_file_kind(project: Project, path: Path) -> str | None:
    """What kind of file is at `path`, by its place; None for any that is none of these."""
    if path == project.folder / FILE_NAME:
        return CONFIGURATION
    if path == project.user_config / FILE_NAME:
        return USER_CONFIGURATION
    if path.suffix != ".toml":
        return None
    if path.parent == experiments_folder(project):
        return EXPERIMENT
    return VERSION if "versions" in path.parts and not path.is_relative_to(project.builtins) else None


def project_file_findings(files: ProjectFiles, path: Path, text: str) -> list[Finding]:
    """The findings of the file at `path`, which holds `text`; none for a file that is none of the project's."""
    project, library, kind = files.project, files.library, project_file_kind(files.project, path)
    if kind in (CONFIGURATION, USER_CONFIGURATION):
        folder = project.user_config if kind == USER_CONFIGURATION else None
        more = tuple(configuration_problems(library, text, project.root, folder))
        return check_project_file(ProjectFileContext(str(kind), path.stem, text, more))
    if kind == EXPERIMENT:
        more = tuple(experiment_problems(library, experiment_file(path, text), files.experiments))
        return check_project_file(ProjectFileContext(kind, path.stem, text, more))
    version = version_file(library, path) if kind == VERSION else None
    if version is None or is_fine(library, files.versions, version, text):
        return []
    wrong, hints = version_problems(library, version)
    context = ProjectFileContext(
        VERSION,
        path.stem,
        text,
        tuple(wrong),
        tuple(hints),
        tuple(duplicate_sentences(library, version)),
        merged=bool(merged_versions(library, version)),
    )
    return check_project_file(context)
