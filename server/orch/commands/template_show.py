"""template show: one template or version, where it comes from, what it hides, and what it is made of."""

from dataclasses import dataclass
from typing import Any

from orch.commands.command import Command
from orch.commands.outcome import Outcome, Refusal
from orch.commands.project import Project
from orch.commands.session_json import as_json
from orch.commands.settings import project_library
from orch.commands.templates import id_json, look_up, template_json
from orch.library.blocks import blocks_of
from orch.library.choice import Choice, choice_sentence, choose, standing, standing_sentence
from orch.library.closure import closure_of, declared_inputs, front_matter
from orch.library.layers import Library
from orch.library.resolution import Found
from orch.library.upgrades import upgrades
from orch.model.reference import BadReference, Reference, parse_reference


@dataclass(frozen=True, slots=True)
class ShowParams:
    """`name` is a reference, or a template's file; `feature_type` is that of a session that would ask for it."""

    name: str
    feature_type: str | None = None


def show(project: Project, params: ShowParams) -> Outcome | Refusal:
    """The template with its `text`, and `candidates`: what the name may mean, the first one that is there wins."""
    library = project_library(project)
    asked = params.feature_type or ""
    if asked and asked not in library.feature_types:
        return Refusal(f"There is no feature type {asked!r}; it is one of {', '.join(library.feature_types)}.")
    found = look_up(library, params.name, asked)
    if isinstance(found, Refusal):
        return found
    choice = choose(library, Reference(found.id.name), asked or found.id.feature_type or "")
    told = choice_sentence(choice) if choice.winner == found.id else standing_sentence(standing(library, found.id))
    explanation = told if found.version is None else _recorded(library, found)
    return Outcome(
        {
            **(template_json(library, found) if found.version is None else _version_json(found)),
            "text": found.text,
            **_made_of(library, found, asked or found.id.feature_type or library.feature_types[0]),
            "candidates": _candidates(choice),
            "explanation": explanation,
        },
        notices=(explanation, *(one.sentence for one in upgrades(library, found.id))),
    )


COMMAND = Command("orch.template.show", ShowParams, show, "Show a template", changes=False)


def _version_json(found: Found) -> dict[str, Any]:
    version = found.version
    assert version is not None
    return {
        **id_json(found.id),
        "path": str(found.path),
        "version": version.number,
        "digest": version.digest,
        "description": front_matter(found.text).description,
        "reference": str(found.reference),
        "created": as_json(version.created),
        "author": version.author,
        "message": version.message,
        "parent": version.parent,
    }


def _made_of(library: Library, found: Found, feature_type: str) -> dict[str, Any]:
    """Inputs, blocks and parts of the template in a session of `feature_type`."""
    closure = closure_of(library, found, feature_type, dynamic=False)
    if isinstance(closure, BadReference):
        return {"inputs": [], "blocks": [], "made_of": [], "problem": closure.sentence}
    return {
        "inputs": [
            {
                "name": asked.name,
                "description": asked.description,
                "default": asked.default,
                "choices": list(asked.choices),
            }
            for asked in declared_inputs(library, closure).values()
        ],
        "blocks": [{"name": name, "template": str(owner)} for name, owner in blocks_of(library, closure).items()],
        "made_of": list(closure.templates)[1:],
    }


def _candidates(choice: Choice) -> list[dict[str, Any]]:
    return [
        {**id_json(one.id), "path": str(one.path) if one.path else None, "used": one.id == choice.winner}
        for one in choice.candidates
    ]


def _recorded(library: Library, found: Found) -> str:
    version = found.version
    assert version is not None
    if version.number == 0:
        return f"`{found.reference}` was used and never published."
    by = f" by {version.author}" if version.author else ""
    parent = parse_reference(version.parent, library.feature_types) if version.parent else None
    after = f", after version {parent.version}" if isinstance(parent, Reference) else ""
    message = f": {version.message}" if version.message else "."
    return f"`{found.reference}` was published{by}{after}{message}"
