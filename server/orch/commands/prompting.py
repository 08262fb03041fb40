"""Making a prompt: the template that the project resolves, rendered with the session, and recorded for good."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from orch.commands.experiment_files import experiment_files
from orch.commands.outcome import FileWrite, Refusal
from orch.commands.project import Project
from orch.commands.rendering import Occasion, facts_for, project_facts, render_closure
from orch.commands.settings import project_library
from orch.library.closure import closure_of, declared_inputs
from orch.library.experiments import Assignment, ExperimentFile, assign
from orch.library.layers import Library
from orch.library.recording import record
from orch.library.resolution import Found, resolve_working_copy
from orch.library.upgrades import upgrades
from orch.library.version_files import load_version
from orch.model.reference import BadReference, parse_reference
from orch.model.session import ROLES, Session
from orch.render.port import RenderFailure
from orch.workflow.placeholders import find_placeholders
from orch.workflow.prompt_context import fill_body, unknown_value


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt that was made. `reference` is the full reference to the version that made it.

    `experiment` and `arm` are set when an experiment chose the template. `writes` record the version and its
    parts, where they are not recorded yet; a preview leaves them alone. `missing` are the placeholders of the
    body that have no value; they stand in the text as they were written. `notices` tell of an experiment that could
    not choose, and of built-ins that were upgraded below the template.
    """

    text: str
    reference: str
    experiment: str | None = None
    arm: str | None = None
    writes: tuple[FileWrite, ...] = ()
    missing: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Chosen:
    """The template that a prompt is made with, and the arm of the experiment that chose it, if one did."""

    template: Found
    experiment: str | None = None
    arm: str | None = None
    notices: tuple[str, ...] = ()


def make_prompt(
    project: Project, session: Session, phase: str, *, template: str | None, values: Mapping[str, str]
) -> Prompt | Refusal:
    """The prompt of `phase` for `session`.

    `template` is an explicit reference, such as the one that a session recorded: with it the same version makes
    the prompt again. Without it the template is resolved anew. `values` are the template's inputs and what fills
    the placeholders of the body; an empty one counts as none. Nothing is written.
    """
    library = project_library(project)
    experiments = () if template is not None else experiment_files(project)
    chosen = choose_template(library, session, phase, template, experiments)
    if isinstance(chosen, BadReference):
        return Refusal(chosen.sentence)
    closure = closure_of(library, chosen.template, session.feature_type)
    if isinstance(closure, BadReference):
        return Refusal(closure.sentence)
    unknown = _unknown_value(session, phase, declared_inputs(library, closure), values)
    if unknown:
        return Refusal(unknown)
    facts = facts_for(session, project_facts(project, library))
    made = render_closure(project, library, closure, Occasion(session, phase, facts, values))
    if isinstance(made, RenderFailure):
        return Refusal(made.sentence)
    recorded = record(library, closure, session.feature_type)
    if isinstance(recorded, BadReference):
        return Refusal(recorded.sentence)
    # this prompt is recorded as standing on the new built-ins, so this is when their upgrade is told, once
    upgraded = upgrades(library, closure.entry.id) if recorded.writes and closure.entry.version is None else []
    compare = "To compare: orch template diff {} {} --rendered"
    return Prompt(
        text=made.text,
        reference=str(recorded.reference),
        experiment=chosen.experiment,
        arm=chosen.arm,
        writes=tuple(FileWrite(path, body) for path, body in recorded.writes),
        missing=fill_body(session, phase, values).missing,
        notices=(
            *chosen.notices,
            *(f"{one.sentence} {compare.format(one.recorded, recorded.reference)}" for one in upgraded),
        ),
    )


def choose_template(
    library: Library,
    session: Session,
    phase: str,
    template: str | None,
    experiments: Sequence[ExperimentFile] = (),
) -> Chosen | BadReference:
    """The template for `phase`: the one that `template` names, else the arm of an experiment that counts here, else
    the nearest one with the phase's role.

    An experiment whose version cannot be had stops nobody: the session is planned without it, and a notice says so.
    """
    notices: tuple[str, ...] = ()
    if template is None:
        assignment, notices = assign(experiments, session, phase)
        if assignment is not None:
            found = resolve_reference(library, assignment.arm.version, session.feature_type)
            if not isinstance(found, BadReference):
                return Chosen(found, assignment.experiment, assignment.arm.name)
            notices = (_without(assignment, found.sentence),)
    found = resolve_reference(library, template or ROLES[phase], session.feature_type)
    return found if isinstance(found, BadReference) else Chosen(found, notices=notices)


def _without(assignment: Assignment, why: str) -> str:
    arm = f"arm `{assignment.arm.name}` of the experiment `{assignment.experiment}`"
    return f"The {arm} cannot be used, so this session is not part of it. {why}"


def resolve_reference(library: Library, text: str, feature_type: str) -> Found | BadReference:
    """The template that a reference means: with a version exactly that, else the nearest working copy."""
    reference = parse_reference(text, library.feature_types)
    if isinstance(reference, BadReference):
        return reference
    if reference.version is not None:
        return load_version(library, reference, feature_type)
    return resolve_working_copy(library, text, feature_type)


def _unknown_value(session: Session, phase: str, declared: Iterable[str], values: Mapping[str, str]) -> str | None:
    """The sentence for a new value that nothing asks for. One that the session has may have lost its input."""
    recorded = session.phase(phase).values
    new = [key for key, value in values.items() if recorded.get(key) != value]
    places = find_placeholders(session.phase(phase).body or "")
    return unknown_value(new, (*declared, *(place.key for place in places)))
