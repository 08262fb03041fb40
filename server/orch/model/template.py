"""A template: its text, its front matter with the declared inputs, and its versions. Frozen records."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from orch.model.reading import Problem, Reading
from orch.model.reference import Reference, TemplateId, id_reference
from orch.text.clean import clean_text

FENCE = "+++"
"""The line that opens and closes the front matter."""


@dataclass(frozen=True, slots=True)
class Input:
    """A value that a template asks for. `default` is None where there is none; its type is the value's type."""

    name: str
    description: str = ""
    default: str | bool | int | float | None = None
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Example:
    """A request that the template's tests render it with."""

    name: str
    request: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What a template says of itself."""

    description: str = ""
    inputs: Mapping[str, Input] = field(default_factory=dict)
    examples: tuple[Example, ...] = ()


@dataclass(frozen=True, slots=True)
class TemplateParts:
    """A template's text, divided: `front` is the TOML between the fences, None where there is none.

    `front_start` and `body_start` are offsets in the text. `unclosed` when the text opens a front matter that
    nothing closes; it is all body then.
    """

    front: str | None
    body: str
    front_start: int = 0
    body_start: int = 0
    unclosed: bool = False


@dataclass(frozen=True, slots=True)
class Version:
    """One immutable version of a template, as its file tells it. `number` 0: used, and never published."""

    template: str
    number: int
    body: str
    feature_type: str | None = None
    digest: str = ""
    created: datetime | None = None
    author: str | None = None
    message: str | None = None
    parent: str | None = None
    parts: tuple[str, ...] = ()


def split_template(text: str) -> TemplateParts:
    """Divides a template: front matter is opened by `+++` on line 1 and closed by the next line that is `+++`."""
    lines = text.split("\n")
    if lines[0].rstrip("\r") != FENCE:
        return TemplateParts(None, text)
    start = offset = len(lines[0]) + 1
    for line in lines[1:]:
        if line.rstrip("\r") == FENCE:
            body = min(offset + len(line) + 1, len(text))
            return TemplateParts(text[start:offset], text[body:], start, body)
        offset += len(line) + 1
    return TemplateParts(None, text, unclosed=True)


def jinja_text(text: str) -> str:
    """What Jinja gets of a template: the front matter gives way to a comment of as many lines.

    With `trim_blocks` the comment leaves nothing behind, and every line keeps its number in the file.
    """
    parts = split_template(text)
    if parts.front is None:
        return text
    closing = "#}\n" if text[parts.body_start - 1 : parts.body_start] == "\n" else "#}"
    return "{#\n" + "\n" * parts.front.count("\n") + closing + parts.body


def read_front_matter(data: Mapping[str, Any]) -> tuple[FrontMatter, tuple[Problem, ...]]:
    """The front matter that TOML data describes, and what is wrong with it. Never raises."""
    reading = Reading(data)
    front = FrontMatter(
        description=reading.text("description") or "",
        inputs=read_inputs(reading.table("inputs")),
        examples=tuple(
            Example(
                entry.text("name") or f"example {index}", entry.text("request") or "", entry.texts_by_name("values")
            )
            for index, entry in enumerate(reading.tables("examples"), start=1)
        ),
    )
    reading.refuse_other_keys()
    return front, tuple(reading.problems)


def read_inputs(tables: Reading) -> dict[str, Input]:
    """The inputs that `[inputs.<name>]` tables declare, in their order."""
    found: dict[str, Input] = {}
    for name in tables.data:
        if not name.isidentifier():
            tables.problem(
                name, f"An input is named like a variable, so `{name}` cannot be one; use letters, digits and `_`."
            )
            continue
        table = tables.table(name)
        choices = tuple(table.texts("choices"))
        default = table.scalar("default")
        if choices and default is not None and default not in choices:
            table.problem("default", f"The default of `{name}` is not one of its choices.")
            default = None
        found[name] = Input(name, table.text("description") or "", default, choices)
        table.refuse_other_keys()
    return found


def normal_text(text: str) -> str:
    """A template's text as its digest and its versions have it: no byte order mark, LF, no lone surrogates."""
    return clean_text(text.removeprefix("\ufeff"))


def digest_of(body: str) -> str:
    """The digest of a version's body: sha256 of its UTF-8, 64 hexadecimal digits."""
    return hashlib.sha256(body.encode("utf-8")).hexdigest()


def version_data(version: Version) -> dict[str, Any]:
    """The TOML data of a version's file, in the contract's order; what has no value is left out."""
    data: dict[str, Any] = {
        "schema": 1,
        "template": version.template,
        "feature_type": version.feature_type,
        "version": version.number,
        "digest": version.digest,
        "created": version.created,
        "author": version.author,
        "message": version.message,
        "parent": version.parent,
        "parts": list(version.parts),
        "body": version.body,
    }
    return {key: value for key, value in data.items() if value is not None}


def read_version(data: Mapping[str, Any]) -> tuple[Version, tuple[Problem, ...]]:
    """The version that a file's TOML data describes, and what is wrong with it. Never raises."""
    reading = Reading(data)
    version = Version(
        template=reading.text("template") or "",
        number=reading.integer("version") or 0,
        body=reading.text("body") or "",
        feature_type=reading.text("feature_type"),
        digest=reading.text("digest") or "",
        created=reading.time("created"),
        author=reading.text("author"),
        message=reading.text("message"),
        parent=reading.text("parent"),
        parts=tuple(reading.texts("parts")),
    )
    if not version.template:
        reading.problem("template", "The version does not say which template it is of.")
    if "body" not in data:
        reading.problem("body", "The version has no body.")
    elif version.digest != digest_of(version.body):
        reading.problem(
            "digest", "The text is not the one that was recorded: it was edited by hand; restore the file."
        )
    return version, tuple(reading.problems)


def version_reference(template: TemplateId, number: int, digest8: str) -> Reference:
    """The full reference to a version of `template`."""
    return id_reference(template, number, digest8)
