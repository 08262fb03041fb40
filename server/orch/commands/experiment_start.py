"""experiment start: versions of a template are tried side by side, in the sessions that are planned from now on."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import tomli_w

from orch.commands.command import Command
from orch.commands.experiment_files import experiment_files, experiments_folder
from orch.commands.experiment_json import experiment_json
from orch.commands.outcome import FileWrite, Outcome, Refusal
from orch.commands.project import Project
from orch.commands.settings import project_library
from orch.library.closure import closure_of
from orch.library.experiments import running
from orch.library.layers import Library
from orch.library.recording import record
from orch.library.version_files import load_version
from orch.model.experiment import (
    DEFAULT_MINIMUM,
    Arm,
    Experiment,
    experiment_data,
    experiment_name_problem,
    sealed_salt,
    version_problem,
    weight_problem,
)
from orch.model.reference import BadReference, Reference, parse_reference
from orch.model.session import ROLES


@dataclass(frozen=True, slots=True)
class ExperimentStartParams:
    """`template` is `[layer:][type/]role`. `arms` are `{name: "VERSION[:WEIGHT]"}`, or a list of
    `{name, version, weight}` or of `"NAME=VERSION[:WEIGHT]"`; a version is a reference with its number, or the
    number alone."""

    name: str
    template: str
    arms: Any
    feature_type: str | None = None
    min_per_arm: int | None = None


def start_experiment(project: Project, params: ExperimentStartParams) -> Outcome | Refusal:
    """Writes the experiment's file, and copies into the project the versions that other layers hold."""
    library = project_library(project)
    template = _template(library, params)
    if isinstance(template, Refusal):
        return template
    sentence = _refusal(project, params, template)
    if sentence:
        return Refusal(sentence)
    given = _given_arms(params.arms)
    if isinstance(given, Refusal):
        return given
    arms: list[Arm] = []
    writes: dict[FileWrite, None] = {}
    for name, version, weight in given:
        found = _arm(library, template, name, version, weight)
        if isinstance(found, Refusal):
            return found
        arms.append(found[0])
        writes |= dict.fromkeys(found[1])
    experiment = Experiment(
        name=params.name,
        template=template.name,
        feature_type=template.feature_type,
        arms=tuple(arms),
        started=project.clock().replace(microsecond=0),
        min_per_arm=DEFAULT_MINIMUM if params.min_per_arm is None else params.min_per_arm,
    )
    experiment = replace(experiment, salt=sealed_salt(experiment, project.new_id().replace("-", "")))
    path = experiments_folder(project) / f"{params.name}.toml"
    said = (
        f"Started {params.name}. Sessions planned from now on take part; orch experiment report {params.name} says "
        f"more once each arm has {experiment.min_per_arm} outcomes."
    )
    return Outcome(
        experiment_json(path, experiment),
        writes=(*writes, FileWrite(path, _text(experiment))),
        notices=(said,),
    )


COMMAND = Command(
    "orch.experiment.start", ExperimentStartParams, start_experiment, "Start an experiment between versions"
)


def _text(experiment: Experiment) -> str:
    """The text of the file; the arms stand each under a header of its own, as people write them."""
    data = experiment_data(experiment)
    arms = data.pop("arms")
    return "\n".join((tomli_w.dumps(data), *(f"[[arms]]\n{tomli_w.dumps(arm)}" for arm in arms)))


def _template(library: Library, params: ExperimentStartParams) -> Reference | Refusal:
    """What the experiment is about, as a reference without a version."""
    reference = parse_reference(params.template, library.feature_types)
    if isinstance(reference, BadReference):
        return Refusal(reference.sentence)
    roles = ", ".join(ROLES.values())
    if reference.name not in ROLES.values() or reference.version is not None:
        return Refusal(f"An experiment is about one of {roles}, for all types or one of them: bugfix/analysis.")
    if params.feature_type is not None:
        if params.feature_type not in library.feature_types:
            known = ", ".join(library.feature_types)
            return Refusal(f"There is no feature type {params.feature_type!r}; there are {known}.")
        if reference.feature_type not in (None, params.feature_type):
            return Refusal(f"{params.template} is of another feature type than {params.feature_type}.")
        reference = replace(reference, feature_type=params.feature_type)
    return reference


def _refusal(project: Project, params: ExperimentStartParams, template: Reference) -> str | None:
    """Why there cannot be an experiment of this name, or about this template."""
    wrong = experiment_name_problem(params.name)
    if wrong:
        return f"An experiment cannot be called {params.name!r}: {wrong}."
    if params.min_per_arm is not None and params.min_per_arm < 1:
        return f"The minimum is a number of outcomes from 1 on; {params.min_per_arm} is not."
    files = experiment_files(project)
    # two names that differ only in case are one file on some systems
    same = next((file for file in files if file.experiment.name.casefold() == params.name.casefold()), None)
    if same is not None:
        return f"There is an experiment {same.experiment.name!r} already; choose another name."
    other = running(files, template.name, template.feature_type)
    if other is not None:
        return f"{other.experiment.name!r} runs for {other.experiment.path} already; stop it first."
    return None


_VERSION = re.compile(r"(?P<version>@?\d+(?:-[0-9a-f]{8})?|[^@]*@\d+(?:-[0-9a-f]{8})?)(?::(?P<weight>[^:@]*))?")


def _given_arms(given: Any) -> list[tuple[str, str, float]] | Refusal:
    """(name, version, weight) of every arm, as the caller wrote them."""
    entries: list[Any]
    if isinstance(given, Mapping):
        entries = [{"name": name, "version": version} for name, version in given.items()]
    else:
        entries = given if isinstance(given, list) else []
    arms: list[tuple[str, str, float]] = []
    for written in entries:
        entry = written
        if isinstance(written, str):  # as the command line writes it
            entry = dict(zip(("name", "version"), written.split("=", 1), strict=False))
        name = entry.get("name") if isinstance(entry, Mapping) else None
        version = entry.get("version") if isinstance(entry, Mapping) else None
        version = str(version) if type(version) is int else version
        if not isinstance(name, str) or not isinstance(version, str) or not name.strip():
            return Refusal('An arm wants a name and a version, such as {"name": "a", "version": "orchestrator@3"}.')
        if any(name == known for known, _, _ in arms):
            return Refusal(f"There are two arms called {name!r}; give one of them another name.")
        weight = _weight(name, version, entry.get("weight"))
        if isinstance(weight, Refusal):
            return weight
        match = _VERSION.fullmatch(version.strip())
        arms.append((name.strip(), match["version"] if match else version, weight))
    if len(arms) < 2:
        return Refusal("An experiment wants two arms or more: --arm a=1 --arm b=2.")
    return arms


def _weight(name: str, version: str, given: Any) -> float | Refusal:
    match = _VERSION.fullmatch(version.strip())
    written = match["weight"] if match and match["weight"] is not None else 1.0 if given is None else given
    try:
        weight = float(written)
    except (TypeError, ValueError):
        return Refusal(f"The weight of the arm {name!r} is {written!r}, which is no number.")
    wrong = weight_problem(weight)
    return Refusal(f"The arm {name!r} has the weight {written}. {wrong}") if wrong else weight


def _arm(
    library: Library, template: Reference, name: str, version: str, weight: float
) -> tuple[Arm, list[FileWrite]] | Refusal:
    """The arm with its version in full, and what must be written so that all in the project have that version."""
    text = f"{template}@{version.removeprefix('@')}" if re.fullmatch(r"@?\d+(-[0-9a-f]{8})?", version) else version
    reference = parse_reference(text, library.feature_types)
    if isinstance(reference, BadReference):
        return Refusal(f"The arm {name!r} cannot be used. {reference.sentence}")
    if reference.version is None:
        return Refusal(
            f"The arm {name!r} names no version, and only a version stays as it is: publish {reference} first, and "
            f"write it as {reference}@1."
        )
    feature_type = template.feature_type or ""
    found = load_version(library, reference, feature_type)
    closure = found if isinstance(found, BadReference) else closure_of(library, found, feature_type)
    recorded = closure if isinstance(closure, BadReference) else record(library, closure, feature_type)
    if isinstance(recorded, BadReference):
        return Refusal(f"The arm {name!r} cannot be used. {recorded.sentence}")
    wrong = version_problem(str(recorded.reference), template.name)
    if wrong:
        return Refusal(f"The arm {name!r} cannot be used. {wrong}")
    writes = [FileWrite(path, body) for path, body in recorded.writes]
    return Arm(name, str(recorded.reference), weight), writes
