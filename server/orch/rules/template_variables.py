"""The variables that a template is rendered with (the contract's "Rendering"): what they hold and mean."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from orch.model.session import ROLES
from orch.model.template import Input


@dataclass(frozen=True, slots=True)
class Shape:
    """What a value is like. A record has `fields` and nothing else; a list has `item`s; `any` is not known."""

    kind: str
    fields: Mapping[str, "Known"] = field(default_factory=dict)
    item: "Shape | None" = None

    @property
    def words(self) -> str:
        """The shape in words: "text", "list of texts"."""
        if self.kind == "list" and self.item is not None:
            return f"list of {self.item.kind}s"
        return self.kind


@dataclass(frozen=True, slots=True)
class Known:
    """A variable or a field: what it means, what it is like, and an example of its value."""

    doc: str
    shape: Shape
    sample: str = ""


TEXT = Shape("text")
ANY = Shape("any")


def _list(item: Shape) -> Shape:
    return Shape("list", item=item)


def _record(**fields: Known) -> Shape:
    return Shape("record", fields)


_SESSION = _record(
    id=Known("The session's id, a UUID.", TEXT, "8f14e45f-ceea-467f-a8d2-6f0c1b7a9e21"),
    status=Known("How far the session has come.", TEXT, "planning"),
    created=Known("When the session was planned (UTC).", TEXT, "2026-11-21T02:10:00Z"),
)
_FILE = _record(
    path=Known("The file's path, relative to the project's root.", TEXT, "src/auth.py"),
    text=Known("The file's text.", TEXT),
)
_PROJECT = _record(
    name=Known("The project's name.", TEXT, "shop"),
    root=Known("The folder that holds the project.", TEXT),
    tree=Known("The project's files as an indented tree.", TEXT, "src/\n  auth.py"),
    guidelines=Known("What the project's guidelines say (AGENTS.md, CONTRIBUTING.md ...).", TEXT),
    languages=Known("The programming languages, the most used first.", _list(TEXT), "Python, TypeScript"),
    files=Known("The project's files within the limits of the configuration.", _list(_FILE)),
)
_RISK = _record(
    risk=Known("What may go wrong.", TEXT),
    mitigation=Known("What is planned against it.", TEXT),
)
_NOTES = _record(
    text=Known("The execution notes, whole.", TEXT),
    complexity=Known("How hard the model expects it to be.", TEXT, "medium"),
    time_estimate=Known("How long the model expects it to take.", TEXT, "16-20 hours"),
    key_files=Known("The files that matter most.", _list(TEXT), "src/auth.py"),
    risks=Known("What may go wrong, and what is planned against it.", _list(_RISK)),
    sections=Known("The notes' sections by their headings.", ANY),
)
_ALWAYS = {
    "request": Known("The feature request, in the words of the person who wants it.", TEXT, "Add a logout button"),
    "title": Known("The session's title.", TEXT, "Add a logout button"),
    "feature_type": Known("What kind of change this is.", TEXT, "feature"),
    "today": Known("Today's date.", TEXT, "2026-11-21"),
    "session": Known("The session.", _SESSION),
    "project": Known("The project.", _PROJECT),
}
_LATER = {
    "body": Known("The part of the planning answer for this phase, its placeholders filled in.", TEXT),
    "notes": Known("The execution notes of the planning answer.", _NOTES),
}
_LAST = {
    "analysis_result": Known("What the model answered to the analysis prompt.", TEXT),
}
EVERY: Mapping[str, Known] = {**_ALWAYS, **_LATER, **_LAST}
"""The variables of all phases."""

RESERVED = frozenset(EVERY)
"""The names that no template should give another meaning."""

SINCE = {**dict.fromkeys(_LATER, "analysis"), **dict.fromkeys(_LAST, "implementation")}
"""The first phase's template that has a variable, for those that not all have."""


def variables_of(role: str | None) -> Mapping[str, Known]:
    """The variables that the template of `role` gets; a template without a role may get them all."""
    if role == ROLES["planning"]:
        return _ALWAYS
    if role == ROLES["analysis"]:
        return {**_ALWAYS, **_LATER}
    return EVERY


def known_input(declared: Input) -> Known:
    """An input as a variable."""
    kinds = {bool: "truth value", int: "number", float: "number"}
    shape = Shape(kinds.get(type(declared.default), "text"))
    sample = "" if declared.default is None else str(declared.default)
    return Known(declared.description or "An input of the template.", shape, sample or ", ".join(declared.choices))
