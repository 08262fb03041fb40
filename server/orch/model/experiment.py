"""An experiment: which versions of a template are tried side by side, as the contract's "Experiment"."""

import hashlib
import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from orch.model.reading import Problem, Reading
from orch.model.reference import BadReference, name_problem, parse_reference
from orch.model.session import ROLES

SCHEMA_VERSION = 1
RUNNING, STOPPED = "running", "stopped"
STATUSES = (RUNNING, STOPPED)
DEFAULT_MINIMUM = 20
"""Outcomes that each arm must have before anything is said of which is better, where nobody declared a number."""

SMALLEST_WEIGHT, LARGEST_WEIGHT = 1e-9, 1e9
"""Between which a weight lies: further apart no session would ever get the smaller arm."""

_NAME = re.compile(r"[\w-][\w.-]{0,59}")
_OWN_SALT = re.compile(r"(?P<random>[0-9a-f]{32})\.(?P<seal>[0-9a-f]{16})")


@dataclass(frozen=True, slots=True)
class Arm:
    """One of the versions that are tried: its name, the full reference, and its share of the sessions."""

    name: str
    version: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Experiment:
    """An experiment as its file tells it. `feature_type` None: sessions of every type take part."""

    name: str
    template: str
    arms: tuple[Arm, ...]
    feature_type: str | None = None
    status: str = RUNNING
    salt: str = ""
    started: datetime | None = None
    ended: datetime | None = None
    min_per_arm: int = DEFAULT_MINIMUM

    def arm(self, name: str | None) -> Arm | None:
        """The arm of that name."""
        return next((arm for arm in self.arms if arm.name == name), None)

    @property
    def path(self) -> str:
        """What it is about, as a template is named: `[type/]name`."""
        return f"{self.feature_type}/{self.template}" if self.feature_type else self.template


def read_experiment(data: Mapping[str, Any], name: str) -> tuple[Experiment, tuple[Problem, ...]]:
    """The experiment that the TOML data of the file `name` describes, and what is wrong with it. Never raises.

    An experiment with a problem must choose no template: a part of the arms would be a biased split.
    """
    reading = Reading(data)
    schema = reading.integer("schema")
    if schema is not None and schema > SCHEMA_VERSION:
        reading.problem("schema", f"It was written by a newer Orch (schema {schema}); update Orch.")
    experiment = Experiment(
        name=name,
        template=_template(reading),
        arms=_arms(reading),
        feature_type=reading.text("feature_type") or None,
        status=_status(reading),
        salt=reading.text("salt") or "",
        started=reading.time("started"),
        ended=reading.time("ended"),
        min_per_arm=_minimum(reading),
    )
    named = reading.text("name")
    if named is not None and named != name:
        reading.problem("name", f"The file is called {name}.toml, so the name must be `{name}`.")
    if not experiment.salt and "salt" not in {problem.path[0] for problem in reading.problems if problem.path}:
        reading.problem("salt", "An experiment wants a salt, a text that no other one has.")
    if not reading.problems and not seal_holds(experiment):
        reading.problem(
            "arms",
            "What was promised at the start was changed since; restore the file, or stop it and start another.",
        )
    return experiment, tuple(reading.problems)


def experiment_data(experiment: Experiment) -> dict[str, Any]:
    """The TOML data of an experiment's file, in the contract's order; what has no value is left out."""
    data: dict[str, Any] = {
        "schema": SCHEMA_VERSION,
        "name": experiment.name,
        "template": experiment.template,
        "feature_type": experiment.feature_type,
        "status": experiment.status,
        "salt": experiment.salt,
        "started": experiment.started,
        "ended": experiment.ended,
        "min_per_arm": experiment.min_per_arm,
        "arms": [
            {"name": arm.name, "version": arm.version, "weight": _plain(arm.weight)} for arm in experiment.arms
        ],
    }
    return {key: value for key, value in data.items() if value is not None}


def sealed_salt(experiment: Experiment, random: str) -> str:
    """A salt for `experiment` that also seals what it promises, so that a change by hand shows.

    `random` are 32 hexadecimal digits. Salts of any other form, as people write them, seal nothing.
    """
    return f"{random}.{_seal(experiment, random)}"


def seal_holds(experiment: Experiment) -> bool:
    """Whether arms, template and minimum are those of the start, as far as the salt can tell."""
    own = _OWN_SALT.fullmatch(experiment.salt)
    return own is None or own["seal"] == _seal(experiment, own["random"])


def experiment_name_problem(name: str) -> str | None:
    """Why an experiment cannot be called `name`, in words that go on after a colon; None for a good name."""
    if "/" in name or not _NAME.fullmatch(name):
        return "a name holds letters, digits, `.`, `_` and `-` only, at most 60 of them"
    return name_problem(name)


def weight_problem(weight: float) -> str | None:
    """Why an arm cannot have this weight, as one sentence."""
    if SMALLEST_WEIGHT <= weight <= LARGEST_WEIGHT:
        return None
    if math.isfinite(weight) and weight > 0:
        return f"A weight is a number from {SMALLEST_WEIGHT:g} to {LARGEST_WEIGHT:g}; only their ratio counts."
    return "A weight is a number above zero; to leave an arm out, stop the experiment and start one without it."


def version_problem(version: str, template: str) -> str | None:
    """Why an arm cannot have this version, as one sentence."""
    reference = parse_reference(version)
    if isinstance(reference, BadReference):
        return reference.sentence
    if reference.layer is None or reference.version is None or reference.digest is None:
        return f"`{version}` is no full reference; write it as layer:name@number-digits."
    if reference.name in ROLES.values() and reference.name != template:
        return f"`{version}` is a version of `{reference.name}`, and the experiment is about `{template}`."
    return None


def _seal(experiment: Experiment, random: str) -> str:
    promised = [
        experiment.name,
        experiment.template,
        experiment.feature_type,
        experiment.min_per_arm,
        [[arm.name, arm.version, float(arm.weight)] for arm in experiment.arms],
    ]
    return hashlib.sha256(f"{random}:{json.dumps(promised)}".encode()).hexdigest()[:16]


def _plain(weight: float) -> float | int:
    return int(weight) if weight == int(weight) else weight


def _template(reading: Reading) -> str:
    template = reading.text("template") or ""
    if template not in ROLES.values():
        reading.problem("template", f"An experiment is about one of {', '.join(ROLES.values())}.")
    return template


def _status(reading: Reading) -> str:
    status = reading.text("status")
    if status not in STATUSES:
        reading.problem("status", f"`status` is one of {', '.join(STATUSES)}.")
    return status or ""


def _minimum(reading: Reading) -> int:
    minimum = reading.integer("min_per_arm")
    if minimum is None:
        return DEFAULT_MINIMUM
    if minimum < 1:
        reading.problem("min_per_arm", "`min_per_arm` is a number from 1 on.")
    return max(1, minimum)


def _arms(reading: Reading) -> tuple[Arm, ...]:
    found: dict[str, Arm] = {}
    entries = list(reading.tables("arms"))
    for entry in entries:
        name, version = entry.text("name"), entry.text("version")
        weight = entry.number("weight") if "weight" in entry.data else 1.0
        if not name or not version:
            entry.problem(None, "An arm wants a name and a version.")
        elif name in found:
            entry.problem("name", f"There is an arm `{name}` already; give this one another name.")
        elif weight is not None:
            template = reading.data.get("template")
            wrong = version_problem(version, template if isinstance(template, str) else "")
            if wrong:
                entry.problem("version", wrong)
            if wrong_weight := weight_problem(weight):
                entry.problem("weight", wrong_weight)
                weight = 1.0  # what cannot be a share is left out of the report's arithmetic
            found[name] = Arm(name, version, weight)
    if len(entries) < 2:
        reading.problem("arms", "An experiment wants two arms or more.")
    return tuple(found.values())
