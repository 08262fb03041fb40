"""runner list: the runners of the user's own configuration, and programs on this machine that could be some."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from orch.commands.command import Command
from orch.commands.outcome import Outcome
from orch.commands.project import Project
from orch.commands.runners import default_runner, is_there, settings_file, settings_problems
from orch.library.configuration import load_configuration
from orch.model.config import Configuration, Runner
from orch.runners.programs import KNOWN, known_programs, needs_model


@dataclass(frozen=True, slots=True)
class RunnerListParams:
    """Nothing is to be said."""


def list_runners(project: Project, _: RunnerListParams) -> Outcome:
    """`{"runners", "found", "path", "problems"}`: what is set up, and what is on the PATH and is not.

    `default` says which one is meant where none is named, `there` whether its program is on this machine.
    `problems` are sentences: what in the settings at `path` does not count, and why.
    """
    configuration = load_configuration(project.storage, project.root, project.user_config)
    return Outcome(
        {
            "runners": [runner_json(project, configuration, one) for one in configuration.runners.values()],
            "found": [
                {"name": name, "command": list(KNOWN[name]), "needs_model": needs_model(name)}
                for name in known_programs(project.root)
                if name not in configuration.runners
            ],
            "path": str(settings_file(project)),
            "problems": list(settings_problems(project)),
        }
    )


COMMAND = Command("orch.runner.list", RunnerListParams, list_runners, "List the runners", changes=False)


def runner_json(project: Project, configuration: Configuration, runner: Runner) -> Mapping[str, Any]:
    """A runner, without what has no value."""
    found = {
        "name": runner.name,
        "kind": runner.kind,
        "default": default_runner(configuration) == runner.name,
        "there": is_there(project, runner),
        "command": list(runner.command),
        "base_url": runner.base_url,
        "model": runner.model,
    }
    return {key: value for key, value in found.items() if value not in ("", [])}
