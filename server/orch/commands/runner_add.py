"""runner add: a runner into the user's own configuration, by span. Nothing else in it is touched."""

from dataclasses import dataclass
from typing import Any

from orch.commands.command import Command
from orch.commands.outcome import FileEdit, Outcome, Refusal, wanting
from orch.commands.project import Project
from orch.commands.runner_list import runner_json
from orch.commands.runners import GUIDE, default_runner, settings_file
from orch.library.configuration import load_configuration
from orch.model.config import is_web_address, merged, read_configuration
from orch.model.reference import is_layer_name
from orch.model.toml import toml_data
from orch.runners.programs import KNOWN, find_program, known_command, needs_model
from orch.syntax.toml_edit import EditProblem, Set, edit_toml


@dataclass(frozen=True, slots=True)
class RunnerAddParams:
    """A known program by its `name`, for `model` where that is said; or an endpoint, which is called `name`.

    An endpoint has a `base_url` and a `model`; `key_env` is the environment variable that holds its key.
    """

    name: str
    model: str | None = None
    base_url: str | None = None
    key_env: str | None = None


def add_runner(project: Project, params: RunnerAddParams) -> Outcome | Refusal:
    """The user's configuration with the new runner, and that runner as `runner list` shows it."""
    path = settings_file(project)
    text = project.storage.read(path)
    there = toml_data(text or "").get("runners")
    if isinstance(there, dict) and params.name in there:
        return Refusal(f"There is a runner {params.name!r} already; change it in {path}.")
    table = _endpoint(params) if params.base_url is not None else _program(project, params)
    if isinstance(table, Refusal):
        return table
    edited = edit_toml(text or "", [Set(("runners", params.name), table)])
    if isinstance(edited, EditProblem):
        return Refusal(f"{path} cannot be changed: {edited.sentence}")
    own, _ = read_configuration(toml_data(edited.text), user=True)
    before = load_configuration(project.storage, project.root, project.user_config)
    configuration = merged(before, own)
    default = default_runner(configuration)
    notices = [f"{params.name} is a runner now; it stands in {path}."]
    if default is None:
        names = ", ".join(configuration.runners)
        notices.append(f'There are several ({names}); `runner = "NAME"` under [run] says which one is meant.')
    return Outcome(
        {**runner_json(project, configuration, configuration.runners[params.name]), "path": str(path)},
        edits=(FileEdit(path, text, edited.text, edited.edits if text is not None else ()),),
        notices=tuple(notices),
    )


COMMAND = Command("orch.runner.add", RunnerAddParams, add_runner, "Add a runner to your own settings")


def _program(project: Project, params: RunnerAddParams) -> dict[str, Any] | Refusal:
    name = params.name
    if name not in KNOWN:
        known = ", ".join(KNOWN)
        return Refusal(
            f"Orch does not know how {name!r} takes a prompt, it knows {known}; define it in "
            f"{settings_file(project)} ({GUIDE}), or give the address of an endpoint."
        )
    if params.key_env is not None:
        return Refusal("A key is for an endpoint; a program has its own.")
    if find_program(KNOWN[name][0], project.root) is None:
        return Refusal(f"There is no program {name!r} on the PATH outside the project; install it first.")
    if needs_model(name) and not params.model:
        wants, seen = f"{name} wants the name of a model", f"; {name} list shows those on this machine."
        return Refusal(f"{wants}{seen}", terminal=f"{wants} (--model){seen}")
    table: dict[str, Any] = {"command": list(known_command(name, params.model))}
    return {**table, "model": params.model} if params.model else table


def _endpoint(params: RunnerAddParams) -> dict[str, Any] | Refusal:
    if not is_layer_name(params.name):
        return Refusal(f"{params.name!r} cannot be a runner's name; use letters, digits, `.`, `_` and `-`.")
    if not is_web_address(params.base_url or ""):
        return Refusal("The address of an endpoint begins with http:// or https://, and mostly ends with /v1.")
    if not params.model:
        return wanting("An endpoint wants the name of a model", "--model")
    table: dict[str, Any] = {"base_url": params.base_url, "model": params.model}
    return {**table, "key_env": params.key_env} if params.key_env else table
