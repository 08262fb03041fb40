"""Which runner is meant: only those of the user's own configuration count."""

from orch.commands.outcome import Refusal
from orch.commands.project import Project
from orch.library.configuration import FILE_NAME, load_configuration
from orch.model.config import Configuration, Runner
from orch.model.toml import toml_data
from orch.runners.port import RunnerJob
from orch.runners.process import no_program
from orch.runners.programs import KNOWN, find_program, known_programs

GUIDE = "docs/guides/runners.md"


def chosen_runner(project: Project, name: str | None) -> Runner | Refusal:
    """The runner called `name`; without a name the configured one, else the only one. Its program is there."""
    configuration = load_configuration(project.storage, project.root, project.user_config)
    wanted = name or default_runner(configuration)
    if wanted is None:
        return Refusal(_none(project, configuration))
    runner = configuration.runners.get(wanted)
    if runner is None:
        return Refusal(_unknown(project, configuration, wanted, named=name is not None))
    if runner.kind == "command" and find_program(runner.command[0], project.root) is None:
        return Refusal(no_program(RunnerJob(runner, "", project.root)))
    return runner


def default_runner(configuration: Configuration) -> str | None:
    """The name of the runner that is meant when none is named: the one of `[run]`, else the only one."""
    if configuration.runner is not None or len(configuration.runners) != 1:
        return configuration.runner
    return next(iter(configuration.runners))


def ready_runner(project: Project) -> str | None:
    """The name of the runner that a run would take without being told; None where it would be refused."""
    configuration = load_configuration(project.storage, project.root, project.user_config)
    name = default_runner(configuration)
    return name if name in configuration.runners else None


def _none(project: Project, configuration: Configuration) -> str:
    if configuration.runners:
        names = ", ".join(configuration.runners)
        return f"There are {len(configuration.runners)} runners: {names}; say which one (--runner)."
    found = known_programs(project.root)
    if not found:
        return f"No runner is set up; {GUIDE} says how to define one in {project.user_config / FILE_NAME}."
    return f"No runner is set up. {found[0]} is on this machine; to use it, {_recipe(project, found[0])}"


def _unknown(project: Project, configuration: Configuration, wanted: str, *, named: bool) -> str:
    own = toml_data(project.storage.read(project.folder / FILE_NAME) or "").get("runners")
    if isinstance(own, dict) and wanted in own:
        why = f"The runner {wanted!r} is defined in the project, which does not count"
    elif named:
        why = f"There is no runner {wanted!r}"
    else:
        why = f"The configuration names the runner {wanted!r}, which is not defined"
    if configuration.runners:
        return f"{why}; your own config.toml defines {', '.join(configuration.runners)}."
    if wanted in known_programs(project.root):
        return f"{why}; to use it, {_recipe(project, wanted)}"
    return f"{why}; define it in {project.user_config / FILE_NAME} ({GUIDE})."


def _recipe(project: Project, name: str) -> str:
    words = ", ".join(f'"{word}"' for word in KNOWN[name])
    return f"put this into {project.user_config / FILE_NAME}:\n[runners.{name}]\ncommand = [{words}]"
