"""experiment list: the experiments of the project, and what is wrong with them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from orch.commands.command import Command
from orch.commands.experiment_files import experiment_files
from orch.commands.experiment_json import experiment_json, problems_json
from orch.commands.outcome import Outcome
from orch.commands.project import Project
from orch.commands.settings import project_library
from orch.library.experiments import ExperimentFile
from orch.library.layers import Library
from orch.library.project_problems import experiment_problems


@dataclass(frozen=True, slots=True)
class ExperimentListParams:
    """Nothing is asked for."""


def list_experiments(project: Project, _: ExperimentListParams) -> Outcome:
    """`{"experiments": [...]}` by name, each with its `problems`: `{line, message}`. What runs comes first."""
    files = experiment_files(project)
    files.sort(key=lambda file: not file.runs)
    library = project_library(project)
    return Outcome({"experiments": [_entry(library, file, files) for file in files]})


COMMAND = Command(
    "orch.experiment.list", ExperimentListParams, list_experiments, "List the experiments", changes=False
)


def _entry(library: Library, file: ExperimentFile, files: Sequence[ExperimentFile]) -> dict[str, Any]:
    problems = problems_json(file, experiment_problems(library, file, files))
    return {**experiment_json(file.path, file.experiment), "problems": problems}
