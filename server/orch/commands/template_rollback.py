"""template rollback: the working copy becomes the text of an earlier version again."""

import re
from dataclasses import dataclass, replace

from orch.commands.command import Command
from orch.commands.experiment_files import running_notice
from orch.commands.outcome import Outcome, Refusal
from orch.commands.project import Project
from orch.commands.settings import project_library
from orch.commands.templates import built_in, changed, named, template_json, template_with_versions, with_text
from orch.library.closure import closures_by_type, parts_of
from orch.library.layers import Library
from orch.library.resolution import Found, find_working_copy
from orch.library.version_files import list_versions, load_parts, load_version
from orch.model.reference import (
    EXTENSIONS,
    BadReference,
    TemplateId,
    id_reference,
    parse_reference,
)

_VERSION = re.compile(r"@?(\d{1,9}(?:-[0-9a-f]{8})?)")


@dataclass(frozen=True, slots=True)
class RollbackParams:
    """`version` is a number, a number with its digits (`3-5d41402a`), or a whole reference."""

    name: str
    version: str | int
    feature_type: str | None = None


def rollback(project: Project, params: RollbackParams) -> Outcome | Refusal:
    """One edit of the working copy, which may be open. A text that no version has is kept under `.orch/kept/`."""
    library = project_library(project)
    reference = named(library, params.name, params.feature_type)
    template = reference if isinstance(reference, Refusal) else template_with_versions(library, reference)
    if isinstance(template, Refusal):
        return template
    refused = built_in(template, "rolled back")
    version = refused or _version(library, template, str(params.version))
    if isinstance(version, Refusal):
        return version
    now = find_working_copy(library, template)
    place = now or _place(library, template)
    change = changed(project, library, place, version.text)
    after = Found(template, version.text, place.path)
    told = f"{template.path} is the text of {version.reference} again."
    if not change.edits:
        told = f"{template.path} is the text of {version.reference} already; nothing was changed."
    runs = running_notice(project, template)
    others = _other_parts(with_text(library, place.path, version.text), after, version) if change.edits else []
    if others:
        told += f" That version was made with another {' and '.join(others)}, so its prompts may differ now."
    return Outcome(
        {
            **template_json(with_text(library, place.path, version.text), after),
            "reference": str(version.reference),
            "changed": bool(change.edits),
        },
        edits=change.edits,
        writes=change.writes,
        notices=(told, *([runs] if change.edits and runs else [])),
    )


COMMAND = Command("orch.template.rollback", RollbackParams, rollback, "Roll a template back")


def _version(library: Library, template: TemplateId, text: str) -> Found | Refusal:
    bare = _VERSION.fullmatch(text.strip())
    reference = parse_reference(f"{template}@{bare[1]}" if bare else text, library.feature_types)
    if isinstance(reference, BadReference):
        return Refusal(reference.sentence)
    if reference.version is None:
        return Refusal(f"{text!r} names no version; write a number, or a number with its digits.")
    asked = id_reference(template, reference.version, reference.digest)
    if reference.layer is None and reference.feature_type is None:
        reference = replace(reference, layer=template.layer, feature_type=template.feature_type)
    if reference != asked:
        return Refusal(f"`{reference}` is not a version of `{template}`.")
    found = load_version(library, asked, template.feature_type or "")
    if isinstance(found, Found):
        return found
    there = any(file.number == asked.version for file in list_versions(library, template))
    hint = "" if there else f" To see which there are: orch template versions {template}"
    return Refusal(found.sentence, terminal=f"{found.sentence}{hint}")


def _place(library: Library, template: TemplateId) -> Found:
    """The working copy that is not there."""
    layer = library.layer(template.layer)
    assert layer is not None
    return Found(template, "", layer.templates / f"{template.path}{EXTENSIONS[0]}")


def _other_parts(library: Library, now: Found, version: Found) -> list[str]:
    """The parts that `version` was made of and that have another text today."""
    assert version.version is not None
    recorded = load_parts(library, version.version)
    if isinstance(recorded, BadReference):
        return []
    live = {part.id: part.text for part in parts_of(closures_by_type(library, now).values()).values()}
    return [f"`{part.id}`" for part in recorded if live.get(part.id, part.text) != part.text]
