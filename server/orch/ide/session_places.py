"""Links, definitions, references and highlights in a session."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from orch.ide.results import Link, Place
from orch.ide.session_targets import Target, same_placeholder, target_at, targets
from orch.ide.session_view import SessionView
from orch.text.span import Span


class Files(Protocol):
    """Where the things that a session names are. None for what is not there."""

    def template_file(self, reference: str) -> Path | None:
        """The file of a template or version."""

    def key_file(self, name: str) -> Path | None:
        """A file of the project, from its root."""

    def kept_file(self, digest: str) -> Path | None:
        """A text that a step replaced."""

    def mentions(self, text: str) -> Sequence[tuple[Path, Span]]:
        """Where other sessions of the project have exactly this text between quotes."""


def session_links(view: SessionView, files: Files) -> list[Link]:
    """What opens a file on a click."""
    found = ((target, file_of(target, files)) for target in targets(view))
    return [Link(target.span, path, _TOOLTIPS[target.kind]) for target, path in found if path is not None]


_TOOLTIPS = {"template": "Open the template", "file": "Open the file", "kept": "Open the text that was replaced"}


def session_definition(view: SessionView, offset: int, files: Files) -> list[Place]:
    """The file behind what stands at `offset`; of a placeholder, its value."""
    target = target_at(view, offset)
    if target is None:
        return []
    if target.kind == "placeholder":
        entry = view.tree.entry((target.phase, "values", target.name))
        return [Place(None, entry.key_span)] if entry is not None else []
    path = file_of(target, files)
    return [Place(path)] if path is not None else []


def session_references(view: SessionView, offset: int, files: Files | None) -> list[Place]:
    """Every place of a placeholder; of a template or a file, where this and other sessions name it."""
    target = target_at(view, offset)
    if target is None:
        return []
    if target.kind == "placeholder":
        return [Place(None, span) for span in same_placeholder(view, target)]
    here = [
        Place(None, other.span) for other in targets(view) if (other.kind, other.name) == (target.kind, target.name)
    ]
    if files is None or target.kind == "kept":
        return here
    return [*here, *(Place(path, span) for path, span in files.mentions(target.name))]


def session_highlights(view: SessionView, offset: int) -> list[Span]:
    """The other places of the thing at `offset` in this file."""
    return [place.span for place in session_references(view, offset, None) if place.span is not None]


def file_of(target: Target, files: Files) -> Path | None:
    """The file that a target leads to."""
    match target.kind:
        case "template":
            return files.template_file(target.name)
        case "file":
            return files.key_file(target.name)
        case "kept":
            digest = target.name.rpartition(":")[2]
            return files.kept_file(digest) if re.fullmatch(r"[0-9a-f]{8,64}", digest) else None
        case _:
            return None
