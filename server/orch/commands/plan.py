"""plan: a new session with its planning prompt, or the prompt of a session in planning anew."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from orch.commands.command import Command
from orch.commands.outcome import Outcome, Refusal
from orch.commands.phase_step import prompt_sets, told
from orch.commands.project import Project
from orch.commands.prompting import make_prompt
from orch.commands.session_files import SessionFile, find
from orch.commands.settings import feature_type_names, project_name
from orch.commands.stepping import Step, new_session_outcome, take
from orch.model.schema import LONG_KEYS, TABLE_ORDER
from orch.model.session import SCHEMA_VERSION, Session
from orch.syntax.toml_edit import new_toml
from orch.text.clean import clean_text
from orch.text.similar import closest
from orch.workflow.naming import file_name, guess_feature_type, title_of
from orch.workflow.steps import refusal


@dataclass(frozen=True, slots=True)
class PlanParams:
    """`request` is what is wanted; without a `session` it makes a new one, with one it replaces its request.

    Without a `feature_type` the words of the request decide. `template` names the template to use instead of
    the one that resolution finds; `values` are the template's inputs.
    """

    request: str | None = None
    session: str | None = None
    feature_type: str | None = None
    project: str | None = None
    template: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)


def plan(project: Project, params: PlanParams) -> Outcome | Refusal:
    """Plans a new session, or an existing one again."""
    wrong = _wrong_type(project, params.feature_type)
    if wrong:
        return Refusal(wrong)
    if params.session is None:
        return _plan_new(project, params)
    file = find(project, params.session)
    if isinstance(file, Refusal):
        return file
    sentence = refusal("plan", file.session)
    return Refusal(sentence) if sentence else _plan_again(project, file, params)


COMMAND = Command(
    "orch.session.plan",
    PlanParams,
    plan,
    "Plan a feature: make a session and its planning prompt",
    brings="request",
    files="orch plan - < {file}",
)

_NO_REQUEST = "There is no request yet; say what you want in one or more sentences."


def _wrong_type(project: Project, asked: str | None) -> str | None:
    """Why there cannot be a session of the feature type `asked`: nobody has defined it."""
    known = feature_type_names(project)
    if asked is None or asked in known:
        return None
    meant = closest(asked, known)
    hint = (
        f"did you mean {meant!r}?" if meant else f"it is one of {', '.join(known)}, or add it to [feature_types]."
    )
    return f"There is no feature type {asked!r}; {hint}"


def _plan_new(project: Project, params: PlanParams) -> Outcome | Refusal:
    request = clean_text(params.request or "")
    if not request.strip():
        return Refusal(_NO_REQUEST)
    now = project.clock().replace(microsecond=0)
    session = _started(project, params, Session(), None, request)
    session = replace(session, created=now)
    prompt = make_prompt(project, session, "planning", template=params.template, values=params.values)
    if isinstance(prompt, Refusal):
        return prompt
    data: dict[str, Any] = {**_root(session), "created": now, "request": {"text": request}}
    data["planning"] = _nested(prompt_sets("planning", prompt, params.values))
    history: dict[str, Any] = {"at": now, "step": "plan"}
    for key, value in (("by", project.user()), ("commit", project.commit())):
        if value:
            history[key] = value
    data["history"] = [history]
    path = project.sessions / file_name(now, session.title, session.id)
    return new_session_outcome(
        path,
        new_toml(data, TABLE_ORDER, long_keys=LONG_KEYS),
        told(prompt),
        prompt.writes,
        (
            *prompt.notices,
            f"Planned {session.short_id}, {session.title}. Give the prompt to a model, then process its answer.",
        ),
    )


def _plan_again(project: Project, file: SessionFile, params: PlanParams) -> Outcome | Refusal:
    """Plans `file` again; a draft that has only a request becomes a whole session by this."""
    request = clean_text(params.request if params.request is not None else file.session.request)
    if not request.strip():
        return Refusal(_NO_REQUEST)
    own_type = file.session.feature_type if "feature_type" in file.data else None
    session = _started(project, params, file.session, own_type, request)
    values = {**session.planning.values, **params.values}
    prompt = make_prompt(project, session, "planning", template=params.template, values=values)
    if isinstance(prompt, Refusal):
        return prompt
    sets: dict[tuple[str, ...], Any] = {(key,): value for key, value in _root(session).items()}
    if "created" not in file.data:
        sets[("created",)] = project.clock().replace(microsecond=0)
    sets[("request", "text")] = request
    sets |= prompt_sets("planning", prompt, params.values)
    planned = "Planned again" if file.session.planning.prompt else f"Planned {session.short_id}, {session.title}"
    step = Step(
        "plan",
        sets,
        result=told(prompt),
        writes=prompt.writes,
        notices=(*prompt.notices, f"{planned}. Give the prompt to a model, then process its answer."),
    )
    return take(project, file, step)


def _started(project: Project, params: PlanParams, session: Session, own_type: str | None, request: str) -> Session:
    """`session` with all that a planned one has; what it has already stays."""
    return replace(
        session,
        schema=SCHEMA_VERSION,
        id=session.id or project.new_id(),
        title=session.title or title_of(request),
        status="planning",
        feature_type=params.feature_type or own_type or guess_feature_type(request),
        project=params.project or session.project or project_name(project),
        request=request,
    )


def _nested(sets: Mapping[tuple[str, ...], Any]) -> dict[str, Any]:
    """The keys below one table that have a value, as data."""
    data: dict[str, Any] = {}
    for (_, *tables, key), value in sets.items():
        if value is not None:
            table = data
            for name in tables:
                table = table.setdefault(name, {})
            table[key] = value
    return data


def _root(session: Session) -> dict[str, Any]:
    return {
        "schema": session.schema,
        "id": session.id,
        "title": session.title,
        "status": session.status,
        "feature_type": session.feature_type,
        "project": session.project,
    }
