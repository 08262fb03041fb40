"""The configuration: `.orch/config.toml` and the user's own `config.toml`, as the contract's "Configuration"."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlsplit

from orch.model.reading import Problem, Reading
from orch.model.reference import OWN_LAYERS, is_layer_name
from orch.model.template import Input, read_inputs

JINJA_EXTENSIONS = ("do", "loopcontrols")
SEVERITIES = ("error", "warning", "info", "hint", "off")


@dataclass(frozen=True, slots=True)
class SharedLayer:
    """A layer that a configuration adds. `path` is as written: relative to the project's root in the project's
    configuration, to the configuration's folder in the user's. `from_user` when the user's named it."""

    name: str
    path: str
    from_user: bool = False


@dataclass(frozen=True, slots=True)
class Runner:
    """What prompts may be sent to: a program with its argument list or, with a `base_url`, an endpoint.

    `timeout` is how long it may take in seconds. `model` is the model's name: an endpoint is asked for it, and of a
    program it is recorded. `key_env` names the environment variable that holds the endpoint's key.
    """

    name: str
    command: tuple[str, ...] = ()
    timeout: float | None = None
    model: str = ""
    base_url: str = ""
    key_env: str = ""

    @property
    def kind(self) -> Literal["command", "endpoint"]:
        """What it is."""
        return "endpoint" if self.base_url else "command"


@dataclass(frozen=True, slots=True)
class ContextOptions:
    """Which of the project's files go into a prompt. Patterns as in .gitignore; None leaves the choice to Orch."""

    include: tuple[str, ...] | None = None
    exclude: tuple[str, ...] = ()
    tree_depth: int | None = None
    max_chars: int | None = None


@dataclass(frozen=True, slots=True)
class Configuration:
    """What the configuration says, that of the project before that of the user."""

    project: str | None = None
    layers: tuple[SharedLayer, ...] = ()
    feature_types: Mapping[str, str] = field(default_factory=dict)
    inputs: Mapping[str, Input] = field(default_factory=dict)
    extensions: tuple[str, ...] = ()
    context: ContextOptions = ContextOptions()
    diagnostics: Mapping[str, str] = field(default_factory=dict)
    runner: str | None = None
    runners: Mapping[str, Runner] = field(default_factory=dict)


def read_configuration(data: Mapping[str, Any], *, user: bool) -> tuple[Configuration, tuple[Problem, ...]]:
    """The configuration that TOML data describes, and what is wrong with it. Never raises.

    `user` says whose it is: runners count only in the user's own.
    """
    reading = Reading(data)
    jinja, run = reading.table("jinja"), reading.table("run")
    configuration = Configuration(
        project=reading.text("project"),
        layers=_layers(reading, user),
        feature_types=_feature_types(reading.table("feature_types")),
        inputs=read_inputs(reading.table("inputs")),
        extensions=_chosen(jinja, "extensions", JINJA_EXTENSIONS),
        context=_context(reading.table("context")),
        diagnostics=_severities(reading.table("diagnostics")),
        runner=run.text("runner"),
        runners=_runners(reading.table("runners"), user),
    )
    for table in (reading, jinja, run):
        table.refuse_other_keys()
    return configuration, tuple(reading.problems)


def merged(project: Configuration, user: Configuration) -> Configuration:
    """Both as one: what the project says goes before what the user says, key by key and name by name."""
    ours, theirs = project.context, user.context
    names = {layer.name for layer in project.layers}
    return Configuration(
        project=project.project or user.project,
        layers=(
            *project.layers,
            *(layer for layer in user.layers if layer.name not in names),
        ),
        feature_types={**user.feature_types, **project.feature_types},
        inputs={**user.inputs, **project.inputs},
        extensions=tuple(dict.fromkeys((*project.extensions, *user.extensions))),
        context=ContextOptions(
            include=theirs.include if ours.include is None else ours.include,
            # a person who keeps a file out of prompts means it, whoever else includes it
            exclude=(*ours.exclude, *theirs.exclude),
            tree_depth=theirs.tree_depth if ours.tree_depth is None else ours.tree_depth,
            max_chars=theirs.max_chars if ours.max_chars is None else ours.max_chars,
        ),
        diagnostics={**user.diagnostics, **project.diagnostics},
        runner=project.runner or user.runner,
        runners=user.runners,
    )


def _layers(reading: Reading, user: bool) -> tuple[SharedLayer, ...]:
    found: dict[str, SharedLayer] = {}
    for entry in reading.tables("layers"):
        name, path = entry.text("name"), entry.text("path")
        entry.refuse_other_keys()
        if not name or not path:
            entry.problem(None, "A layer wants a name and a path.")
        elif not is_layer_name(name):
            entry.problem("name", f"`{name}` cannot be a layer's name; use letters, digits, `.`, `_` and `-`.")
        elif name in OWN_LAYERS or name in found:
            entry.problem("name", f"There is a layer called `{name}` already; give this one another name.")
        else:
            found[name] = SharedLayer(name, path, user)
    return tuple(found.values())


def _feature_types(table: Reading) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in table.data:
        if not is_layer_name(name):
            table.problem(name, f"`{name}` cannot be a feature type; use letters, digits, `.`, `_` and `-`.")
        elif isinstance(table.data[name], Mapping):
            entry = table.table(name)
            found[name] = entry.text("description") or ""
            entry.refuse_other_keys()
        else:
            found[name] = table.text(name) or ""
    return found


def _context(table: Reading) -> ContextOptions:
    included = tuple(table.texts("include"))
    options = ContextOptions(
        include=included if "include" in table.data else None,
        exclude=tuple(table.texts("exclude")),
        tree_depth=_positive(table, "tree_depth"),
        max_chars=_positive(table, "max_chars"),
    )
    table.refuse_other_keys()
    return options


def _positive(table: Reading, key: str) -> int | None:
    number = table.integer(key)
    if number is not None and number < 0:
        table.problem(key, f"`{key}` cannot be negative.")
        return None
    return number


def _chosen(table: Reading, key: str, choices: tuple[str, ...]) -> tuple[str, ...]:
    given = table.texts(key)
    for name in given:
        if name not in choices:
            table.problem(key, f"There is no `{name}` among {key}; there are {', '.join(choices)}.")
    return tuple(dict.fromkeys(name for name in given if name in choices))


def _severities(table: Reading) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in table.data:
        value = table.text(name)
        if value in SEVERITIES:
            found[name] = value
        elif value is not None:
            table.problem(name, f"`{name}` is one of {', '.join(SEVERITIES)}.")
    return found


def _runners(table: Reading, user: bool) -> dict[str, Runner]:
    found: dict[str, Runner] = {}
    for name in table.data:
        if not user:
            table.problem(
                name,
                "A project cannot define a runner; define it in your own config.toml and name it here under [run].",
            )
            continue
        found_runner = _runner(table.table(name), name)
        if found_runner is not None:
            found[name] = found_runner
    return found


def _runner(entry: Reading, name: str) -> Runner | None:
    command, timeout, model = tuple(entry.texts("command")), entry.number("timeout"), entry.text("model") or ""
    base_url, key_env = entry.text("base_url"), entry.text("key_env") or ""
    entry.refuse_other_keys()
    if timeout is not None and not timeout > 0:
        entry.problem("timeout", f"The timeout of the runner `{name}` is a number of seconds above 0.")
        timeout = None
    if base_url is None:
        if not command or not command[0]:
            entry.problem("command", f"The runner `{name}` wants a command, as a list of texts, or a base_url.")
            return None
        if key_env:
            entry.problem("key_env", f"The runner `{name}` is a program, which is given no key.")
        return Runner(name, command, timeout, model)
    if "command" in entry.data:
        entry.problem("command", f"The runner `{name}` has a command and a base_url; it is one or the other.")
    elif not is_web_address(base_url):
        entry.problem("base_url", f"The base_url of the runner `{name}` begins with http:// or https://.")
    elif not model:
        entry.problem("model", f"The runner `{name}` is an endpoint, so it wants the name of a model.")
    else:
        return Runner(name, (), timeout, model, base_url, key_env)
    return None


def is_web_address(text: str) -> bool:
    """Whether `text` is an address that an endpoint may have."""
    try:
        address = urlsplit(text)
        return address.scheme in ("http", "https") and bool(address.hostname) and address.port != 0
    except ValueError:
        return False
