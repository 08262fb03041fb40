"""template publish: the working copy as the next version; or numbers of their own for versions that share one."""

from dataclasses import dataclass

from orch.commands.command import Command
from orch.commands.experiment_files import running_notice
from orch.commands.outcome import FileWrite, Outcome, Refusal
from orch.commands.project import Project
from orch.commands.session_files import relative
from orch.commands.settings import project_library
from orch.commands.templates import (
    Changed,
    built_in,
    changed,
    find_template,
    id_json,
    named,
    template_with_versions,
    with_text,
)
from orch.library.choice import standing
from orch.library.layers import Library
from orch.library.publishing import publish
from orch.library.resolution import Found
from orch.library.version_history import Renumbered, renumber, shared_sentences
from orch.model.reference import BadReference, Reference
from orch.model.template import digest_of, normal_text
from orch.syntax.jinja_tree import parse_template


@dataclass(frozen=True, slots=True)
class PublishParams:
    """`message` says in one line what changed. `text`, where it is given, becomes the working copy first.

    With `renumber` nothing is published: of versions that share a number all but the oldest get one of their own.
    """

    name: str
    message: str | None = None
    feature_type: str | None = None
    text: str | None = None
    renumber: bool = False


def publish_template(project: Project, params: PublishParams) -> Outcome | Refusal:
    """The working copy's text as a version with the next number, with what it is made of pinned."""
    library = project_library(project)
    reference = named(library, params.name, params.feature_type)
    if isinstance(reference, Refusal):
        return reference
    if params.renumber:
        return _renumber(library, reference)
    message = " ".join((params.message or "").split())
    if not message:
        return Refusal("Say in one line what changed: publish wants a message.")
    found = find_template(library, reference.unversioned)
    if isinstance(found, Refusal):
        return found
    refused = built_in(found.id, "published")
    if refused is not None:
        return refused
    change = Changed(())
    if params.text is not None:
        text = normal_text(params.text)
        change = changed(project, library, found, text)
        library, found = with_text(library, found.path, text), Found(found.id, text, found.path)
    problem = _problem(project, library, found)
    return Refusal(problem) if problem else _publish(project, library, found, message, change)


COMMAND = Command(
    "orch.template.publish",
    PublishParams,
    publish_template,
    "Publish a template",
    brings="text",
    files="orch template update {template} --message {message} --file {file}",
)


def _publish(project: Project, library: Library, found: Found, message: str, change: Changed) -> Outcome | Refusal:
    made = publish(library, found, message=message, author=project.user(), created=project.clock())
    if isinstance(made, BadReference):
        return Refusal(made.sentence)
    number = made.reference.version
    notices = [
        f"Published {made.reference}: {message}"
        if made.writes
        else f"This text is version {number} already, so nothing was published."
    ]
    hidden_by = standing(library, found.id).hidden_by
    if hidden_by is not None:
        notices.append(f"No session uses it: `{hidden_by}` goes before it.")
    elif (runs := running_notice(project, found.id)) is not None:
        notices.append(runs)
    notices += shared_sentences(library, found.id)
    return Outcome(
        {
            **id_json(found.id),
            "version": number,
            "digest": digest_of(found.text),
            "reference": str(made.reference),
            "path": str(made.writes[-1][0]) if made.writes else None,
            "message": message,
            "published": bool(made.writes),
        },
        edits=change.edits,
        writes=(*change.writes, *(FileWrite(path, text) for path, text in made.writes)),
        notices=tuple(notices),
    )


def _problem(project: Project, library: Library, found: Found) -> str | None:
    """Why this text cannot be a version: Jinja could not read it, or its front matter is broken."""
    name = relative(project, found.path)
    if not found.text.strip():
        return f"{name} is empty, so there is nothing to publish."
    tree = parse_template(found.text, library.configuration.extensions)
    wrong = [(problem.span.start, problem.message) for problem in tree.problems if not problem.accepted]
    if tree.front is not None and tree.front_tree is not None:
        start = tree.front.body.start
        wrong += ((start + problem.span.start, problem.message) for problem in tree.front_tree.problems)
    if not wrong:
        return None
    start, message = min(wrong)
    line = found.text.count("\n", 0, start) + 1
    return f"{name} cannot be published; line {line}: {message}"


def _renumber(library: Library, reference: Reference) -> Outcome | Refusal:
    template = template_with_versions(library, reference)
    if isinstance(template, Refusal):
        return template
    made = renumber(library, template)
    if isinstance(made, BadReference):
        return Refusal(made.sentence)
    told = [{"from": str(one.old), "to": str(one.new), "path": str(one.path)} for one in made]
    return Outcome(
        {**id_json(template), "renumbered": told},
        writes=tuple(FileWrite(one.path, one.text, one.replaces) for one in made),
        notices=tuple(_mended(one) for one in made) or (f"No two versions of `{template}` share a number.",),
    )


def _mended(one: Renumbered) -> str:
    if one.replaces is not None:
        return f"{one.old}, which two branches had published, is one version again."
    return f"{one.old} is now {one.new}; the old name still finds it."
