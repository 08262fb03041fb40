"""The things in a session that lead somewhere: template references, key files, kept texts, placeholders."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from orch.ide.session_view import SessionView
from orch.model.session import PHASES
from orch.rules.session_paths import names_of
from orch.syntax.toml_tree import TomlEntry, TomlValue
from orch.text.span import Span


@dataclass(frozen=True, slots=True)
class Target:
    """Something at `span` with a name: a template's reference, a file from the project's root, `key:digest` of a
    kept text, or a placeholder's key (then `phase` is its phase)."""

    kind: Literal["template", "file", "kept", "placeholder"]
    span: Span
    name: str
    phase: str = ""


def targets(view: SessionView) -> Iterator[Target]:
    """All of them but placeholders, in document order."""
    for entry in view.tree.entries:
        yield from _in_entry(entry)


def target_at(view: SessionView, offset: int) -> Target | None:
    """The one at `offset`, placeholders and the keys of their values included."""
    place = view.tree.place_at(offset)
    if place.entry is None:
        return None
    for target in _in_entry(place.entry):
        if target.span.contains(offset):
            return target
    names = names_of(place.entry.path)
    if len(names) == 3 and names[1] == "values" and names[0] in PHASES[1:]:
        return Target("placeholder", place.entry.key_span, names[2], names[0])
    if len(names) == 2 and names[1] == "body" and names[0] in PHASES[1:]:
        return next((at for at in placeholders(view, names[0]) if at.span.contains(offset)), None)
    return None


def placeholders(view: SessionView, phase: str) -> Iterator[Target]:
    """The placeholders in the body of `phase`, with their places in the file."""
    body = view.tree.find((phase, "body"))
    if body is None or body.kind != "string":
        return
    for place in view.places(phase):
        yield Target("placeholder", _inside(body, place.span), place.key, phase)


def same_placeholder(view: SessionView, target: Target) -> list[Span]:
    """Every place of a placeholder: its value's key first, then where it stands in the body."""
    entry = view.tree.entry((target.phase, "values", target.name))
    found = [entry.key_span] if entry is not None else []
    return [*found, *(at.span for at in placeholders(view, target.phase) if at.name == target.name)]


def _inside(value: TomlValue, span: Span) -> Span:
    return Span(value.offset_of(span.start), value.offset_of(span.end))


def _in_entry(entry: TomlEntry) -> Iterator[Target]:
    names, value = names_of(entry.path), entry.value
    if len(names) == 2 and names[0] in PHASES and names[1] == "template" and value.kind == "string":
        yield Target("template", value.content, value.value)
    elif names == ("notes", "key_files"):
        yield from _texts("file", value)
    elif names == ("history", "kept"):
        yield from _texts("kept", value)


def _texts(kind: Literal["file", "kept"], value: TomlValue) -> Iterator[Target]:
    for item in value.items:
        if item.kind == "string" and item.value.strip():
            yield Target(kind, item.content, item.value.strip())
