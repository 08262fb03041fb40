"""experiment list: the experiments of the project, and what is wrong with them."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from orch.commands.command import Command
from orch.commands.experiment_files import experiment_files
from orch.commands.experiment_json import experiment_json, problems_json
from orch.commands.outcome import Outcome
from orch.commands.project import Project
from orch.library.experiments import ExperimentFile


@dataclass(frozen=True, slots=True)
class ExperimentListParams:
    """Nothing is asked for."""


def list_experiments(project: Project, _: ExperimentListParams) -> Outcome:
    """`{"experiments": [...]}` by name, each with its `problems`: `{line, message}`. What runs comes first."""
    files = experiment_files(project)
    files.sort(key=lambda file: not file.runs)
    clashes = _clashes(files)
    return Outcome({"experiments": [_entry(file, clashes) for file in files]})


COMMAND = Command(
    "orch.experiment.list", ExperimentListParams, list_experiments, "List the experiments", changes=False
)


def _entry(file: ExperimentFile, clashes: dict[str, str]) -> dict[str, Any]:
    problems = problems_json(file)
    if file.experiment.name in clashes:
        problems.append({"line": 1, "message": clashes[file.experiment.name]})
    return {**experiment_json(file.path, file.experiment), "problems": problems}


def _clashes(files: list[ExperimentFile]) -> dict[str, str]:
    """A sentence for each experiment that runs beside another one for the same template and type."""
    running: dict[str, list[str]] = defaultdict(list)
    for file in files:
        if file.runs and file.experiment.template:
            running[file.experiment.path].append(file.experiment.name)
    return {name: _both(names, path) for path, names in running.items() if len(names) > 1 for name in names}


def _both(names: list[str], path: str) -> str:
    runs = " and ".join(f"`{name}`" for name in names)
    return f"{runs} both run for {path}, so neither assigns a session; stop one of them."
