"""What is told of the place under the cursor in a session."""

from collections.abc import Callable

from orch.ide.results import Hover
from orch.ide.session_targets import Target, target_at
from orch.ide.session_view import SessionView
from orch.ide.session_words import choice_doc, key_markdown, table_markdown
from orch.model.reference import BadReference, parse_reference
from orch.model.schema import table_at
from orch.model.session import PHASES, ROLES
from orch.rules.session_paths import names_of, spot
from orch.syntax.toml_tree import TomlPlace
from orch.text.span import Span
from orch.workflow.cost_words import cost_words

SHOWN = 600
"""Code points of a value that a hover shows."""


def session_hover(view: SessionView, offset: int, layers: Callable[[str], str] | None = None) -> Hover | None:
    """Keys and tables by the schema; references, placeholders and kept texts by what they stand for.

    `layers` tells of a reference which layer its name means in the project today.
    """
    place = view.tree.place_at(offset)
    target = target_at(view, offset)
    if target is not None and (place.where == "value" or target.kind == "placeholder"):
        markdown = _target(view, target)
        line = layers(target.name) if layers is not None and target.kind == "template" else ""
        markdown += f"\n\n{line}" if line else ""
        return Hover(target.span, markdown) if markdown else None
    if place.where == "header" and place.header is not None:
        return _header(view, place)
    if place.entry is None or place.where not in ("key", "value"):
        return None
    return _key(place)


def _header(view: SessionView, place: TomlPlace) -> Hover | None:
    assert place.header is not None
    path = place.path[: place.part + 1] if place.part >= 0 else place.path
    table = table_at(names_of(path))
    if table is None:
        return None
    took = cost_words(view.session.cost) if table.path == ("executions",) else ""
    total = f"\n\nThis session: {took}." if took else ""
    return Hover(place.header.span, table_markdown(table) + total)


def _key(place: TomlPlace) -> Hover | None:
    entry = place.entry
    assert entry is not None
    known = spot(entry.path)
    names = names_of(entry.path)
    if place.where == "key":
        part = table_at(names_of(place.path[: place.part + 1])) if place.part >= 0 else None
        if part is not None:
            return Hover(entry.key_span, table_markdown(part))
    if known.key is None or names[-1] != known.key.name:
        return None
    if place.where == "key":
        return Hover(entry.key_span, key_markdown(known.table, known.key))
    if known.key.long:
        return None  # a person reads the text; a window over it is in the way
    value = entry.value
    meaning = choice_doc(known.key.name, value.value) if value.kind == "string" else ""
    text = f"`{value.value}`: {meaning}" if meaning else key_markdown(known.table, known.key)
    return Hover(value.span, text)


def _target(view: SessionView, target: Target) -> str:
    match target.kind:
        case "template":
            return _template(view, target)
        case "placeholder":
            return _placeholder(view, target)
        case "kept":
            key, _, digest = target.name.rpartition(":")
            return f"What `{key}` was before this step; kept in `.orch/kept/{digest}.md`."
        case "file":
            return f"A key file of this session: `{target.name}`, from the project's root."


def _template(view: SessionView, target: Target) -> str:
    """Where the prompt came from. The arm of an experiment is told only when the session has ended as completed."""
    phase = next((name for name in PHASES if _is_in(view, name, target.span)), "planning")
    parsed = parse_reference(target.name)
    if isinstance(parsed, BadReference):
        return parsed.sentence
    lines = [f"The template that made the {phase} prompt.", ""]
    lines.append(f"- name: `{parsed.name}`" + (f", for `{parsed.feature_type}`" if parsed.feature_type else ""))
    if parsed.layer is not None:
        lines.append(f"- layer: `{parsed.layer}`")
    if parsed.version is not None:
        published = "never published" if parsed.version == 0 else f"{parsed.version}"
        digest = f" (`{parsed.digest}`)" if parsed.digest else ""
        lines.append(f"- version: {published}{digest}")
    if parsed.name != ROLES[phase]:
        lines.append(f"- in the role of `{ROLES[phase]}`")
    now = view.session.phase(phase)
    if view.session.status == "completed" and now.experiment:
        lines.append(f"- experiment: `{now.experiment}`, arm `{now.arm or '?'}`")
    return "\n".join(lines)


def _is_in(view: SessionView, phase: str, span: Span) -> bool:
    value = view.tree.find((phase, "template"))
    return value is not None and value.content == span


def _placeholder(view: SessionView, target: Target) -> str:
    from orch.workflow.placeholders import is_analysis_slot, known_values

    session = view.session
    given = session.phase(target.phase).values.get(target.name)
    if given:
        return f"`{target.name}` is\n\n{_quoted(given)}"
    known = known_values(session, session.phase(target.phase).body or "").get(target.name)
    if known:
        return f"`{target.name}` is filled in by Orch:\n\n{_quoted(known)}"
    if is_analysis_slot(target.name):
        return f"`{target.name}` takes the analysis result, once it is saved."
    return f"`{target.name}` has no value yet; give it one in `[{target.phase}.values]`."


def _quoted(text: str) -> str:
    shown = text if len(text) <= SHOWN else f"{text[:SHOWN]}..."
    return "\n".join(f"> {line}" for line in shown.splitlines())
