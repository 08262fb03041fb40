"""template customize: a working copy of the project's own that overrides one block of a template, or copies it."""

from dataclasses import dataclass

from orch.commands.command import Command
from orch.commands.outcome import FileEdit, Outcome, Refusal
from orch.commands.project import Project
from orch.commands.settings import project_library
from orch.commands.templates import built_in, look_up, named, template_json, with_text
from orch.library.blocks import blocks_of
from orch.library.closure import closure_of
from orch.library.customizing import copied_text, extending_text, free_place
from orch.library.layers import Library
from orch.library.resolution import Found, find_working_copy, no_such_template, resolve_name
from orch.model.reference import PROJECT, BadReference, Reference, TemplateId
from orch.text.similar import closest
from orch.text.span import Span

STARTER = '+++\ndescription = ""\n+++\n'
"""What a template of an entirely new name begins with."""


@dataclass(frozen=True, slots=True)
class CustomizeParams:
    """The template `name` of the project, or of the layer that `name` gives.

    `block` is the block to override; `copy` takes the whole text instead. `source` is a template or version to
    copy, where it is not the one below. With none of them the template extends the one below and names its blocks.
    """

    name: str
    feature_type: str | None = None
    block: str | None = None
    copy: bool = False
    source: str | None = None


def customize(project: Project, params: CustomizeParams) -> Outcome | Refusal:
    """Makes the working copy; never over an existing file."""
    library = project_library(project)
    reference = named(library, params.name, params.feature_type)
    if isinstance(reference, Refusal):
        return reference
    if params.block is not None and (params.copy or params.source):
        return Refusal("Either a block is overridden or the whole is copied; say which.")
    template = TemplateId(reference.layer or PROJECT, reference.name, reference.feature_type)
    path = built_in(template, "changed") or free_place(library, template)
    if isinstance(path, Refusal | BadReference):
        return Refusal(path.sentence)
    made = _text(library, template, params)
    if isinstance(made, Refusal):
        return made
    text, at, below = made
    found = Found(template, text, path)
    made_of = f" from `{below.reference}`" if below is not None else ""
    return Outcome(
        {
            **template_json(with_text(library, path, text), found),
            "text": text,
            "below": str(below.reference) if below is not None else None,
        },
        edits=(FileEdit(path, None, text),),
        notices=(f"Made the template {template.path} of the layer {template.layer}{made_of}.",),
        show=(path, Span(at, at)),
    )


COMMAND = Command("orch.template.customize", CustomizeParams, customize, "Customize a template")


def _text(
    library: Library, template: TemplateId, params: CustomizeParams
) -> tuple[str, int, Found | None] | Refusal:
    """The new text, where a person goes on to write, and what it is made from."""
    feature_type = template.feature_type or ""
    if params.source is not None:
        original = look_up(library, params.source, feature_type)
        if isinstance(original, Refusal):
            return original
        return _copy(library, original, template)
    name = Reference(template.name)
    below = resolve_name(library, name, feature_type, lambda one: find_working_copy(library, one), template)
    if below is None:
        if params.copy or params.block is not None:
            return Refusal(no_such_template(library, name).sentence)
        return STARTER, STARTER.index('""') + 1, None
    closure = closure_of(library, below, feature_type or library.feature_types[0], dynamic=False)
    if isinstance(closure, BadReference):
        return Refusal(closure.sentence)
    blocks = list(blocks_of(library, closure))
    if params.block is not None and params.block not in blocks:
        return _no_block(below, params.block, blocks)
    if params.copy or not blocks:
        return _copy(library, below, template)
    text, at = extending_text(template.name, params.block, blocks)
    return text, at, below


def _copy(library: Library, original: Found, template: TemplateId) -> tuple[str, int, Found] | Refusal:
    text = copied_text(library, original, template)
    return Refusal(text.sentence) if isinstance(text, BadReference) else (text, 0, original)


def _no_block(below: Found, block: str, blocks: list[str]) -> Refusal:
    meant = closest(block, blocks)
    hint = f"did you mean `{meant}`?" if meant else f"it has {', '.join(blocks)}." if blocks else "it has none."
    return Refusal(f"`{below.id}` has no block `{block}`; {hint}")
