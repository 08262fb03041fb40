"""template list: every template of every layer, which one is used, and what was upgraded below them."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orch.commands.command import Command
from orch.commands.outcome import Outcome, Refusal
from orch.commands.project import Project
from orch.commands.settings import project_library
from orch.commands.templates import id_json, template_json
from orch.library.choice import known_templates, standing
from orch.library.customizing import same_but_for_case
from orch.library.layers import Library
from orch.library.resolution import Found
from orch.library.upgrades import upgrades
from orch.model.reference import TemplateId
from orch.model.template import normal_text
from orch.storage.port import StorageError


@dataclass(frozen=True, slots=True)
class ListParams:
    """Nothing to choose."""


def list_templates(project: Project, params: ListParams) -> Outcome | Refusal:  # noqa: ARG001 - it has none
    """`{"templates": [{name, feature_type, layer, path, version, digest, description, hidden_by}], "upgrades"}`.

    The nearest layer comes first. `hidden_by` is the template that is used in place of this one, None for one that
    is used. A file that cannot be read has a `problem` instead of a digest.
    """
    library = project_library(project)
    known = known_templates(library)
    templates: list[dict[str, Any]] = []
    for template, path in known.items():
        hidden_by = standing(library, template, known).hidden_by
        entry = _entry(library, template, path)
        templates.append({**entry, "hidden_by": str(hidden_by) if hidden_by else None})
    told = upgrades(library)
    return Outcome(
        {
            "templates": templates,
            "upgrades": [
                {"template": str(one.template), "recorded": str(one.recorded), "sentence": one.sentence}
                for one in told
            ],
        },
        notices=(*(one.sentence for one in told), *_confusing(library)),
    )


COMMAND = Command("orch.template.list", ListParams, list_templates, "List the templates", changes=False)


def _entry(library: Library, template: TemplateId, path: Path) -> dict[str, Any]:
    try:
        text = library.files.read(path)
    except StorageError as error:
        empty = {"version": 0, "digest": "", "description": ""}
        return {**id_json(template), "path": str(path), **empty, "problem": str(error)}
    return template_json(library, Found(template, normal_text(text or ""), path))


def _confusing(library: Library) -> Iterator[str]:
    for one, other in same_but_for_case(library):
        yield f"`{one}` and `{other}` differ only in case; some systems take the two for one file, so rename one."
