"""template list: every template of every layer, which one is used, and what was upgraded below them."""

from dataclasses import dataclass
from pathlib import Path

from orch.commands.command import Command
from orch.commands.outcome import Outcome, Refusal
from orch.commands.project import Project
from orch.commands.session_files import relative
from orch.commands.settings import project_library
from orch.commands.template_catalogue import catalogue


@dataclass(frozen=True, slots=True)
class ListParams:
    """Nothing to choose."""


def list_templates(project: Project, params: ListParams) -> Outcome | Refusal:  # noqa: ARG001 - it has none
    """`{"templates": [{name, feature_type, layer, path, version, digest, description, hidden_by}], "upgrades"}`.

    The nearest layer comes first. `hidden_by` is the template that is used in place of this one, None for one that
    is used. A file that cannot be read has a `problem` instead of a digest.
    """
    found = catalogue(project, project_library(project))
    return Outcome(
        {
            "templates": found.templates,
            "upgrades": [
                {"template": str(one.template), "recorded": str(one.recorded), "sentence": one.sentence}
                for one in found.upgrades
            ],
        },
        notices=(
            *(one.sentence for one in found.upgrades),
            *(confusing(*pair) for pair in found.alike),
            *(f"{relative(project, Path(path))} is not used: {why}." for path, why in found.misnamed),
        ),
    )


COMMAND = Command("orch.template.list", ListParams, list_templates, "List the templates", changes=False)


def confusing(one: str, other: str) -> str:
    """What is said of two names that differ only in case."""
    return f"`{one}` and `{other}` differ only in case; some systems take the two for one file, so rename one."
