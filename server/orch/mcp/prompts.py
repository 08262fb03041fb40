"""Templates as prompts: which there are, what they ask for, and one rendered. Nothing is recorded."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from orch.commands.choosing import open_sessions
from orch.commands.outcome import Outcome, Refusal
from orch.commands.project import Project
from orch.commands.registry import run
from orch.commands.session_files import find
from orch.commands.settings import project_library
from orch.commands.template_preview import PreviewParams
from orch.library.choice import choose, known_templates
from orch.library.closure import closure_of, declared_inputs, front_matter
from orch.library.layers import Library
from orch.library.resolution import Found, find_working_copy
from orch.mcp.folders import outside
from orch.model.reference import BadReference, Reference, TemplateId
from orch.model.session import ROLES
from orch.model.template import Input

PLANNING = ROLES["planning"]
_PHASES = {role: phase for phase, role in ROLES.items()}
_TITLES = {PLANNING: "Plan a change", "analysis": "Analyse a change", "implementation": "Implement a change"}


@dataclass(frozen=True, slots=True)
class Argument:
    """What a prompt asks for; `choices` are all that it may be, empty where anything may."""

    name: str
    description: str
    required: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PromptCard:
    """A template as a prompt: `orchestrator`, or `orchestrator-bugfix` for the one of a feature type."""

    name: str
    title: str
    description: str
    arguments: tuple[Argument, ...]
    role: str
    feature_type: str | None = None


@dataclass(frozen=True, slots=True)
class Rendered:
    """A prompt that was made, and what there is to say of it."""

    text: str
    about: str


def prompt_cards(project: Project) -> list[PromptCard]:
    """Each template that the three roles resolve to: the general ones first, then those of the feature types."""
    library = project_library(project)
    return [_card(library, role, winner) for role, winner in _winners(library)]


def render_prompt(project: Project, name: str, given: Mapping[str, str]) -> Rendered | Refusal:
    """The prompt called `name`, with the arguments `given`; an empty one counts as none.

    A planning prompt is made for `request`; the others for `session`, else for the newest session that has what
    they are made of.
    """
    cards = prompt_cards(project)
    card = next((one for one in cards if one.name == name), None)
    if card is None:
        return Refusal(f"There is no prompt {name!r}; there are {', '.join(one.name for one in cards)}.")
    given = {key: text for key, text in given.items() if text.strip()}
    wrong = _wrong(card, given)
    if wrong is not None:
        return wrong
    values = {key: text for key, text in given.items() if key not in _OWN}
    kind = card.feature_type or given.get("feature_type")
    if card.role == PLANNING:
        return _made(project, PreviewParams(card.role, request=given["request"], feature_type=kind, values=values))
    return _for_session(project, card, given.get("session"), values)


def completions(project: Project, name: str, argument: str, typed: str) -> list[str]:
    """What may be meant by `typed` in an argument of the prompt `name`."""
    card = next((one for one in prompt_cards(project) if one.name == name), None)
    asked = next((one for one in card.arguments if one.name == argument), None) if card else None
    if asked is None:
        return []
    if argument == "session":
        return session_ids(project, typed)
    return [choice for choice in asked.choices if choice.casefold().startswith(typed.casefold())]


def session_ids(project: Project, typed: str) -> list[str]:
    """The ids of open sessions that begin with `typed`, the newest first."""
    found = [head.session for head in reversed(open_sessions(project))]
    return [one.id for one in found if one.id.lower().startswith(typed.lower())]


_OWN = ("request", "session", "feature_type")
"""The arguments that are no inputs of a template."""


def _winners(library: Library) -> Iterator[tuple[str, TemplateId]]:
    known = known_templates(library)
    for kind in ("", *library.feature_types):
        for role in ROLES.values():
            winner = choose(library, Reference(role), kind, known).winner
            if winner is not None and (winner.feature_type or "") == kind:
                yield role, winner


def _card(library: Library, role: str, winner: TemplateId) -> PromptCard:
    kind = winner.feature_type
    found = find_working_copy(library, winner)
    inputs = _inputs(library, found, kind or "") if found else {}
    about = front_matter(found.text).description if found else ""
    described = about.rstrip(".") or f"The template `{winner}`"
    end = "Nothing is recorded; the tool plan starts a session." if role == PLANNING else "Nothing is recorded."
    return PromptCard(
        name=f"{role}-{kind}" if kind else role,
        title=f"{_TITLES[role]} ({kind})" if kind else _TITLES[role],
        description=f"{described}. {end}",
        arguments=(*_own_arguments(library, role, kind), *map(_argument, inputs.values())),
        role=role,
        feature_type=kind,
    )


def _inputs(library: Library, found: Found, kind: str) -> dict[str, Input]:
    closure = closure_of(library, found, kind or library.feature_types[0], dynamic=False)
    if isinstance(closure, BadReference):
        return {}
    return {name: asked for name, asked in declared_inputs(library, closure).items() if name not in _OWN}


def _own_arguments(library: Library, role: str, kind: str | None) -> Sequence[Argument]:
    if role != PLANNING:
        phase = "an analysis" if role == "analysis" else "an implementation"
        return (
            Argument("session", f"The session: its id or the beginning of it; else the newest that has {phase}"),
        )
    request = Argument("request", "What is wanted, in one or more sentences", required=True)
    if kind:
        return (request,)
    types = tuple(library.feature_types)
    told = f"{', '.join(types)}; without it the words of the request decide"
    return (request, Argument("feature_type", told, choices=types))


def _argument(asked: Input) -> Argument:
    choices = ("true", "false") if isinstance(asked.default, bool) else asked.choices
    parts = [asked.description.rstrip(".") or f"The input {asked.name}"]
    if choices:
        parts.append(f"one of {', '.join(choices)}")
    if asked.default is not None:
        parts.append(f"{_shown(asked.default)} without it")
    return Argument(asked.name, "; ".join(parts), asked.default is None, choices)


def _shown(default: str | bool | int | float) -> str:
    return str(default).lower() if isinstance(default, bool) else str(default)


def _wrong(card: PromptCard, given: Mapping[str, str]) -> Refusal | None:
    names = [asked.name for asked in card.arguments]
    for name in given:
        if name not in names:
            return Refusal(f"The prompt {card.name} does not take {name!r}; it takes {', '.join(names)}.")
    missing = next((asked.name for asked in card.arguments if asked.required and asked.name not in given), None)
    return Refusal(f"The prompt {card.name} needs {missing!r}.") if missing else None


def _for_session(
    project: Project, card: PromptCard, reference: str | None, values: Mapping[str, str]
) -> Rendered | Refusal:
    """The prompt of a session, by the template of the card's feature type, else of the session's own."""
    if reference is None:
        newest = run(project, "orch.template.preview", PreviewParams(card.role, feature_type=card.feature_type))
        if isinstance(newest, Refusal):
            return newest
        if newest.result["session"] is None:
            return Refusal(f"No session has what the prompt {card.name} is made of; the tool plan starts one.")
        reference = str(newest.result["session"]["id"])
    way_out = outside(project.root, reference)
    file = way_out or find(project, reference, to_read=True)
    if isinstance(file, Refusal):
        return file
    phase = _PHASES[card.role]
    if not file.session.phase(phase).body:
        return Refusal(
            f"The session {file.session.short_id} has no {phase} template yet; process its planning answer first."
        )
    kind = card.feature_type or file.session.feature_type
    known = kind if kind in project_library(project).feature_types else None
    return _made(project, PreviewParams(card.role, session=reference, feature_type=known, values=values))


def _made(project: Project, params: PreviewParams) -> Rendered | Refusal:
    done = run(project, "orch.template.preview", params)
    if isinstance(done, Refusal):
        return done
    assert isinstance(done, Outcome)
    result: Mapping[str, Any] = done.result
    if result["problems"]:
        return Refusal(str(result["problems"][0]["sentence"]))
    about = f"Made by {result['template']}."
    if result["missing"]:
        about += f" Open places: {', '.join(result['missing'])}."
    return Rendered(result["text"], about)
