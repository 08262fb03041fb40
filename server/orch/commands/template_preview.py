"""template preview: the prompt that a template would make, with real values; nothing is recorded."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orch.commands.command import Command
from orch.commands.outcome import Outcome, Refusal
from orch.commands.project import Project
from orch.commands.rendering import Occasion, facts_for, project_facts, render_closure
from orch.commands.session_files import SessionFile, find, load, session_paths
from orch.commands.settings import project_library, project_name
from orch.commands.templates import find_template, given_values, named, phase_of, with_text
from orch.library.closure import Closure, closure_of, declared_inputs
from orch.library.layers import Library
from orch.library.resolution import Found
from orch.model.reference import PROJECT, BadReference, TemplateId
from orch.model.session import PHASES, Session
from orch.model.template import normal_text
from orch.render.port import RenderFailure
from orch.text.clean import clean_text
from orch.workflow.naming import guess_feature_type, title_of
from orch.workflow.prompt_context import fill_body
from orch.workflow.samples import FULL_PROJECT, sample_session

SAMPLE = "sample"
"""The `session` that is no session of the project but a made-up one."""

_LOOKED_AT = 50
"""Session files that are looked at to find one that fits."""


@dataclass(frozen=True, slots=True)
class PreviewParams:
    """The template is a `name`, the `uri` of its file, or a `text`, which stands for the file where both are given.

    `session` is a session, or `sample` for a made-up one; without it the newest that fits is taken. A `request`
    stands for the session that would be planned with it. `values` go before those that the session has. `phase` is
    for a partial, which has none of its own.
    """

    name: str | None = None
    uri: str | None = None
    text: str | None = None
    session: str | None = None
    values: Mapping[str, str] | None = None
    feature_type: str | None = None
    phase: str | None = None
    request: str | None = None


def preview(project: Project, params: PreviewParams) -> Outcome | Refusal:
    """`{text, missing, problems, session, phase, template}`.

    `missing` are the inputs and placeholders without a value. Where no prompt comes out, `text` is empty and
    `problems` has `{sentence, template, line}`. `session` is None for a sample and for a request.
    """
    library = project_library(project)
    asked = _asked(library, params)
    if isinstance(asked, Refusal):
        return asked
    library, found, feature_type = asked
    chosen = _session(project, params, found, feature_type)
    if isinstance(chosen, Refusal):
        return chosen
    file, session = chosen if isinstance(chosen, tuple) else (None, chosen)
    phase = phase_of(found.id) or params.phase or (session.status if session.status in PHASES else PHASES[-1])
    if phase not in PHASES:
        return Refusal(f"There is no phase {phase!r}; it is one of {', '.join(PHASES)}.")
    ours = file is not None or params.request is not None
    facts = facts_for(session, project_facts(project, library)) if ours else FULL_PROJECT
    values = {**session.phase(phase).values, **given_values(params.values)}
    about = {
        "session": {"id": session.id, "title": session.title} if file is not None else None,
        "phase": phase,
        "template": str(found.reference),
    }
    return Outcome({**_rendered(project, library, found, Occasion(session, phase, facts, values)), **about})


COMMAND = Command("orch.template.preview", PreviewParams, preview, "Preview a prompt", changes=False)


def _asked(library: Library, params: PreviewParams) -> tuple[Library, Found, str] | Refusal:
    """The library with the text that is meant in it, the template, and the feature type to render it for."""
    where = params.uri or params.name
    kind = params.feature_type or ""
    if kind and kind not in library.feature_types:
        return Refusal(f"There is no feature type {kind!r}; it is one of {', '.join(library.feature_types)}.")
    if where is None:
        if params.text is None:
            return Refusal("Say which template to preview: its name, its file or its text.")
        nowhere = TemplateId(PROJECT, "preview")
        return library, Found(nowhere, normal_text(params.text), Path("preview")), kind
    reference = named(library, where)
    if isinstance(reference, Refusal):
        return reference
    if params.request is not None and not kind:
        kind = reference.feature_type or guess_feature_type(params.request)
    found = find_template(library, reference, kind)
    if isinstance(found, Refusal):
        return found
    if params.text is not None and found.version is None:
        text = normal_text(params.text)
        library, found = with_text(library, found.path, text), Found(found.id, text, found.path)
    return library, found, kind or found.id.feature_type or ""


def _session(
    project: Project, params: PreviewParams, found: Found, feature_type: str
) -> tuple[SessionFile, Session] | Session | Refusal:
    """A session with its file, or one that has none."""
    if params.request is not None:
        return _planned(project, params.request, feature_type)
    if params.session is not None and params.session != SAMPLE:
        file = find(project, params.session, to_read=True)
        return file if isinstance(file, Refusal) else (file, file.session)
    if params.session is None:
        phase = phase_of(found.id)
        for newest in _newest(project):
            if _fits(newest.session, phase, feature_type):
                return newest, newest.session
    return sample_session(feature_type or "feature")


def _planned(project: Project, request: str, feature_type: str) -> Session | Refusal:
    """A session as `plan` would begin it, without the id that only a real one has."""
    request = clean_text(request)
    if not request.strip():
        return Refusal("There is no request yet; say what you want in one or more sentences.")
    return Session(
        title=title_of(request),
        status=PHASES[0],
        feature_type=feature_type or guess_feature_type(request),
        project=project_name(project),
        created=project.clock().replace(microsecond=0),
        request=request,
    )


def _newest(project: Project) -> Iterator[SessionFile]:
    """The sessions that can be read, the newest file first."""
    for path in list(reversed(session_paths(project)))[:_LOOKED_AT]:
        file = load(project, path)
        if isinstance(file, SessionFile) and file.session.id:
            yield file


def _fits(session: Session, phase: str | None, feature_type: str) -> bool:
    """Whether the session has what a prompt of `phase` is made of."""
    if feature_type and session.feature_type != feature_type:
        return False
    if not session.request.strip():
        return False
    return phase in (None, "planning") or bool(session.phase(phase or "").body)


def _rendered(project: Project, library: Library, found: Found, occasion: Occasion) -> dict[str, Any]:
    closure = closure_of(library, found, occasion.session.feature_type)
    if isinstance(closure, BadReference):
        return {"text": "", "missing": [], "problems": [_problem(closure.sentence)]}
    missing = _missing(library, closure, occasion)
    made = render_closure(project, library, closure, occasion)
    if isinstance(made, RenderFailure):
        return {"text": "", "missing": missing, "problems": [_problem(made.sentence, made.template, made.line)]}
    return {"text": made.text, "missing": missing, "problems": []}


def _missing(library: Library, closure: Closure, occasion: Occasion) -> list[str]:
    given = given_values(occasion.values)
    inputs = [
        name
        for name, asked in declared_inputs(library, closure).items()
        if asked.default is None and name not in given
    ]
    return [*inputs, *fill_body(occasion.session, occasion.phase, given).missing]


def _problem(sentence: str, template: str | None = None, line: int | None = None) -> dict[str, Any]:
    return {"sentence": sentence, "template": template, "line": line}
