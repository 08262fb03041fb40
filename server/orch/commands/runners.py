"""Which runner is meant: only those of the user's own configuration count."""

from pathlib import Path

from orch.commands.outcome import Refusal, wanting
from orch.commands.project import Project
from orch.library.configuration import FILE_NAME, load_configuration, user_configuration
from orch.model.config import Configuration, Runner
from orch.model.toml import toml_data
from orch.runners.port import RunnerJob
from orch.runners.process import no_program
from orch.runners.programs import find_program, known_programs, needs_model
from orch.syntax.toml_place import place_of
from orch.syntax.toml_tree import parse_toml

GUIDE = "docs/guides/runners.md"


def chosen_runner(project: Project, name: str | None) -> Runner | Refusal:
    """The runner called `name`; without a name the configured one, else the only one. Its program is there."""
    configuration = load_configuration(project.storage, project.root, project.user_config)
    wanted = name or default_runner(configuration)
    if wanted is None:
        return _none(project, configuration)
    runner = configuration.runners.get(wanted)
    if runner is None:
        return _unknown(project, configuration, wanted, named=name is not None)
    if not is_there(project, runner):
        return Refusal(no_program(RunnerJob(runner, "", project.root)))
    return runner


def is_there(project: Project, runner: Runner) -> bool:
    """Whether the runner's program is on this machine; of an endpoint that is known only when it is asked."""
    return runner.kind == "endpoint" or find_program(runner.command[0], project.root) is not None


def settings_file(project: Project) -> Path:
    """The user's own configuration file."""
    return project.user_config / FILE_NAME


def settings_problems(project: Project, name: str | None = None) -> tuple[str, ...]:
    """What is wrong with the runners of the user's own configuration, or with that of this name, with its place."""
    path = settings_file(project)
    tree = parse_toml(project.storage.read(path) or "")
    found = [(problem.span.start, problem.message) for problem in tree.problems[:1] if not tree.valid]
    for problem in user_configuration(tree.text)[1]:
        if problem.path[:1] == ("runners",) and name in (None, *problem.path[1:2]):
            found.append((place_of(tree, problem.path).start, problem.sentence))
    return tuple(f"{path}:{tree.text.count(chr(10), 0, at) + 1}: {sentence}" for at, sentence in found)


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


def found_program(project: Project) -> str | None:
    """A program that could be a runner at once; None where there is none, or where a runner is set up."""
    configuration = load_configuration(project.storage, project.root, project.user_config)
    if configuration.runners:
        return None
    return next((name for name in known_programs(project.root) if not needs_model(name)), None)


def _none(project: Project, configuration: Configuration) -> Refusal:
    if configuration.runners:
        names = ", ".join(configuration.runners)
        return wanting(f"There are {len(configuration.runners)} runners: {names}; say which one", "--runner")
    if wrong := settings_problems(project):
        return Refusal(f"No runner can be used. {wrong[0]}")
    found = known_programs(project.root)
    if not found:
        return Refusal(f"No runner is set up; {GUIDE} says how to define one in {settings_file(project)}.")
    return _to_be_added(f"No runner is set up, but {found[0]}", found[0])


def _unknown(project: Project, configuration: Configuration, wanted: str, *, named: bool) -> Refusal:
    if wrong := settings_problems(project, wanted):
        return Refusal(f"The runner {wanted!r} cannot be used. {wrong[0]}")
    own = toml_data(project.storage.read(project.folder / FILE_NAME) or "").get("runners")
    if isinstance(own, dict) and wanted in own:
        why = f"The runner {wanted!r} is defined in the project, which does not count"
    elif named:
        why = f"There is no runner {wanted!r}"
    else:
        why = f"The configuration names the runner {wanted!r}, which is not defined"
    if wanted in known_programs(project.root):
        return _to_be_added(f"{why}; {wanted}", wanted)
    if configuration.runners:
        return Refusal(f"{why}; your own config.toml defines {', '.join(configuration.runners)}.")
    return Refusal(f"{why}; define it in {settings_file(project)} ({GUIDE}).")


def _to_be_added(which: str, name: str) -> Refusal:
    model = " --model MODEL" if needs_model(name) else ""
    how = f"{which} is on this machine; add it to your own settings"
    return Refusal(f"{how} first.", terminal=f"{how} with: orch runner add {name}{model}")
