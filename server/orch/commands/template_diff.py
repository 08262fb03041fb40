"""template diff: two templates or versions side by side, as they are written or as they render."""

from dataclasses import dataclass, replace

from orch.commands.choosing import named_or_open
from orch.commands.command import Command
from orch.commands.outcome import FileWrite, Outcome, Refusal
from orch.commands.project import Project
from orch.commands.rendering import Occasion, facts_for, project_facts, render_closure
from orch.commands.settings import project_library
from orch.commands.templates import look_up, phase_of
from orch.library.closure import closure_of
from orch.library.layers import Library
from orch.library.resolution import Found
from orch.model.reference import BadReference
from orch.model.session import Session
from orch.render.port import RenderFailure
from orch.text.span import Span
from orch.text.unified import changed_lines, unified
from orch.workflow.samples import FULL_PROJECT, sample_session


@dataclass(frozen=True, slots=True)
class DiffParams:
    """`left` and `right` are references: with a version that one, without one the working copy.

    With `rendered` the prompts are compared, made for `session`, else for a sample of the templates' feature type.
    With `open` the differences are written to a file under `.orch/unfiled/`, which an editor opens.
    """

    left: str
    right: str
    feature_type: str | None = None
    rendered: bool = False
    session: str | None = None
    open: bool = False


def diff(project: Project, params: DiffParams) -> Outcome | Refusal:
    """`{left: {reference, path, text}, right: {...}, unified, added, removed}`."""
    library = project_library(project)
    left = look_up(library, params.left, params.feature_type or "")
    right = look_up(library, params.right, params.feature_type or "")
    if isinstance(left, Refusal):
        return left
    if isinstance(right, Refusal):
        return right
    texts = (left.text, right.text)
    if params.rendered or params.session is not None:
        rendered = _rendered(project, library, (left, right), params)
        if isinstance(rendered, Refusal):
            return rendered
        texts = rendered
    names = str(left.reference), str(right.reference)
    changes = unified(*texts, *names)
    removed, added = changed_lines(changes)
    told = Outcome(
        {
            "left": {"reference": names[0], "path": str(left.path), "text": texts[0]},
            "right": {"reference": names[1], "path": str(right.path), "text": texts[1]},
            "unified": changes,
            "added": added,
            "removed": removed,
        },
        notices=() if changes else ("They are the same.",),
    )
    if not params.open or not changes:
        return told
    path = project.folder / "unfiled" / "compared.diff"
    write = FileWrite(path, changes, replaces=project.storage.read(path))
    return replace(told, writes=(write,), show=(path, Span(0, 0)))


COMMAND = Command("orch.template.diff", DiffParams, diff, "Compare two templates", changes=False)


def _rendered(
    project: Project, library: Library, founds: tuple[Found, Found], params: DiffParams
) -> tuple[str, str] | Refusal:
    phase = phase_of(founds[0].id)
    if phase is None or phase_of(founds[1].id) != phase:
        return Refusal("Only two templates of one role (orchestrator, analysis or implementation) make a prompt.")
    session: Session = sample_session(params.feature_type or founds[1].id.feature_type or library.feature_types[0])
    facts = FULL_PROJECT
    if params.session is not None:
        file = named_or_open(project, params.session, to_read=True)
        if isinstance(file, Refusal):
            return file
        session, facts = file.session, facts_for(file.session, project_facts(project, library))
    texts: list[str] = []
    for found in founds:
        closure = closure_of(library, found, session.feature_type)
        if isinstance(closure, BadReference):
            return Refusal(closure.sentence)
        made = render_closure(
            project, library, closure, Occasion(session, phase, facts, session.phase(phase).values)
        )
        if isinstance(made, RenderFailure):
            return Refusal(f"`{found.reference}` makes no prompt: {made.sentence}")
        texts.append(made.text)
    return texts[0], texts[1]
