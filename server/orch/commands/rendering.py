"""Rendering a template for a session: the variables gathered, the renderer asked, its failure put into words."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from orch.commands.project import Project
from orch.library.closure import Closure, declared_inputs, extensions_of
from orch.library.layers import Library
from orch.model.session import Session
from orch.model.template import Input
from orch.render.port import Rendered, RenderFailure, RenderJob
from orch.storage.project_files import ContextLimits, read_project
from orch.workflow.prompt_context import ProjectFacts, fill_body, input_values, prompt_variables


@dataclass(frozen=True, slots=True)
class Occasion:
    """What a prompt is rendered for: the phase of a session, and `values` for its inputs and placeholders."""

    session: Session
    phase: str
    facts: ProjectFacts
    values: Mapping[str, str] = field(default_factory=dict)


def render_closure(
    project: Project, library: Library, closure: Closure, occasion: Occasion
) -> Rendered | RenderFailure:
    """The prompt that the closure's template makes. Nothing is recorded."""
    declared = declared_inputs(library, closure)
    inputs = input_values(declared, occasion.values)
    if isinstance(inputs, str):
        return RenderFailure(inputs)
    session, phase = occasion.session, occasion.phase
    body = fill_body(session, phase, occasion.values)
    made = project.renderer.render(
        RenderJob(
            entry=closure.entry.key,
            templates=closure.texts(),
            routes=closure.all_routes(),
            variables=prompt_variables(session, phase, occasion.facts, project.clock().date(), body, inputs),
            extensions=extensions_of(library, closure.entry),
            names=closure.names,
        )
    )
    return replace(made, sentence=_why(made, declared)) if isinstance(made, RenderFailure) else made


def project_facts(project: Project, library: Library) -> ProjectFacts:
    """What prompts may tell of the project. Looks at all its files, so it is asked for once."""
    options = library.configuration.context
    usual = ContextLimits()
    files = read_project(
        project.root,
        ContextLimits(
            include=options.include,
            exclude=options.exclude,
            tree_depth=usual.tree_depth if options.tree_depth is None else options.tree_depth,
            max_chars=usual.max_chars if options.max_chars is None else options.max_chars,
        ),
    )
    return ProjectFacts(
        name=library.configuration.project or project.root.name,
        root=str(project.root),
        tree=files.tree,
        guidelines=files.guidelines,
        languages=files.languages,
        files=tuple((file.path, file.text) for file in files.files),
    )


def facts_for(session: Session, facts: ProjectFacts) -> ProjectFacts:
    """`facts` under the name that the session has for the project."""
    return replace(facts, name=session.project) if session.project else facts


def _why(failure: RenderFailure, declared: Mapping[str, Input]) -> str:
    """Why there is no prompt. An input without a value is asked for; anything else is as the renderer says."""
    asked = declared.get(failure.undefined or "")
    if asked is None:
        return failure.sentence
    about = f" ({asked.description.rstrip('.')})" if asked.description else ""
    return f"{failure.template} needs a value for its input `{asked.name}`{about}; give it one and try again."
