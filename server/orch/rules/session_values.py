"""Rules on the values of a session file: their type, and what they may be."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from orch.model.schema import Key, Kind, Table, table_at
from orch.model.session import SCHEMA_VERSION
from orch.rules.finding import Finding, Fix, Severity
from orch.rules.session_context import SchemaEntry, SessionContext, session_rule
from orch.rules.session_paths import closest, dotted, names_of, spot
from orch.syntax.toml_format import format_path, format_value
from orch.syntax.toml_tree import TomlHeader, TomlValue
from orch.text.span import Span, TextEdit


@session_rule(
    name="wrong-type",
    severity=Severity.ERROR,
    summary="A value is not of the type that its key wants",
    explanation=(
        "A value of another type is read as if it were not there. Texts stand between quotes; whole numbers, "
        "and dates and times such as `2026-11-21T02:10:00Z`, do not; `key_files` is a list of texts; "
        "`[[history]]` and `[[notes.risks]]` are lists of tables."
    ),
    bad='[outcome]\nrating = "4"\n',
    good="[outcome]\nrating = 4\n",
)
def wrong_type(context: SessionContext) -> Iterator[Finding]:
    """Values against their key's kind, and headers against what the schema has in their place."""
    if context.is_newer:
        return
    for header in context.tree.headers:
        yield from _wrong_header(header)
    for item in context.entries:
        if item.value.kind != "invalid":
            yield from _wrong_value(context, item)


def _wrong_header(header: TomlHeader) -> Iterator[Finding]:
    names = names_of(header.path)
    table = table_at(names)
    if table is None:
        found = spot(header.path)
        if found.key is not None:
            message = (
                f"`{found.key.name}` is {found.key.kind}, not a table: write `{found.key.name} = ...` instead."
            )
            yield Finding("wrong-type", header.span, message)
    elif table.array != header.is_array and not _inside_array(names[:-1], header):
        form = f"[[{format_path(names)}]]" if table.array else f"[{format_path(names)}]"
        several = "a list of tables" if table.array else "one table"
        fix = Fix(f"Change to `{form}`", (TextEdit(header.span, form),), preferred=True)
        yield Finding(
            "wrong-type", header.span, f"`{dotted(names)}` is {several}: write it as {form}.", fixes=(fix,)
        )


def _inside_array(names: tuple[str, ...], header: TomlHeader) -> bool:
    """Whether a header goes on below an element of a list, so that its own form says nothing."""
    return any(isinstance(part, int) for part in header.path[:-1]) and table_at(names) is not None


def _wrong_value(context: SessionContext, item: SchemaEntry) -> Iterator[Finding]:
    entry, found = item.entry, item.spot
    if found.table.path == item.names:
        yield from _wrong_table(item, found.table)
    elif found.table.free and found.table.path != ("imported",):
        yield from _wrong_free_value(item, len(found.table.path))
    elif found.key is not None and item.is_key:
        yield from _wrong_kind(context, item.value, found.key)
    elif found.key is not None and not entry.inline:
        at = entry.path.index(found.key.name)
        if not any(isinstance(part, int) for part in entry.path[at:]):
            yield Finding("wrong-type", entry.key_span, f"`{found.key.name}` is {found.key.kind}, not a table.")


def _wrong_table(entry: SchemaEntry, table: Table) -> Iterator[Finding]:
    value = entry.value
    if table.array:
        fine = value.kind == "array" and all(item.kind in ("inline-table", "invalid") for item in value.items)
        wanted = "a list of tables"
    else:
        fine = value.kind == "inline-table"
        wanted = "a table"
    if not fine:
        yield Finding("wrong-type", value.span, f"`{dotted(table.path)}` is {wanted}, not {_named(value)}.")


def _wrong_free_value(entry: SchemaEntry, depth: int) -> Iterator[Finding]:
    if len(entry.path) == depth + 1 and entry.value.kind in ("array", "inline-table"):
        yield Finding("wrong-type", entry.value.span, f"A value is one text, not {_named(entry.value)}.")


def _wrong_kind(context: SessionContext, value: TomlValue, key: Key) -> Iterator[Finding]:
    if key.kind is Kind.TEXTS and value.kind == "array":
        for item in value.items:
            if item.kind not in ("string", "invalid"):
                message = f"`{key.name}` is {key.kind}, and {_named(item)} stands here."
                yield Finding("wrong-type", item.span, message, fixes=_converted(context, item, Kind.TEXT))
    elif not _is_of(value, key.kind):
        message = f"`{key.name}` is {key.kind}, not {_named(value)}."
        yield Finding("wrong-type", value.span, message, fixes=_converted(context, value, key.kind))


def _is_of(value: TomlValue, kind: Kind) -> bool:
    match kind:
        case Kind.TEXT:
            return value.kind == "string"
        case Kind.INTEGER:
            return value.kind == "integer"
        case Kind.NUMBER:
            return value.kind in ("integer", "float")
        case Kind.TIME:
            return isinstance(value.value, datetime)
        case Kind.TEXTS:
            return value.kind == "array"


_NAMES = {
    "string": "a text",
    "integer": "a whole number",
    "float": "a number",
    "boolean": "true or false",
    "array": "a list",
    "inline-table": "a table",
    "datetime": "a date or time",
}


def _named(value: TomlValue) -> str:
    if value.kind == "datetime" and isinstance(value.value, datetime):
        return "a date and time"
    return _NAMES.get(value.kind, "this")


def _converted(context: SessionContext, value: TomlValue, kind: Kind) -> tuple[Fix, ...]:
    """The same in the type that is wanted, where that is certain."""
    new: Any = None
    if value.kind == "string":
        new = _from_text(value.value, kind)
    elif kind is Kind.TEXT and value.kind in ("integer", "float", "boolean", "datetime"):
        new = format_value(value.span.slice(context.text))
    if new is None:
        return ()
    return (Fix(f"Change to `{new}`", (TextEdit(value.span, new),), preferred=True),)


def _from_text(text: str, kind: Kind) -> str | None:
    if kind is Kind.TEXTS and "\n" not in text:
        return f"[{format_value(text)}]"
    text = text.strip()
    if kind is Kind.INTEGER and re.fullmatch(r"[+-]?(?:0|[1-9][0-9]*)", text):
        return text
    if kind is Kind.NUMBER and re.fullmatch(r"[+-]?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?", text):
        return text
    if kind is Kind.TIME and re.fullmatch(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?", text):
        try:
            datetime.fromisoformat(text)
        except ValueError:
            return None
        return text
    return None


@session_rule(
    name="invalid-value",
    severity=Severity.WARNING,
    summary="A value is none of those that its key can have",
    explanation=(
        "`status`, `complexity`, `result` and the steps of executions are one of a few words; a rating goes "
        "from 1 to 5; an id has at least eight letters or digits. A `schema` that is newer than this "
        "program's was written by a newer Orch: the file is shown and nothing is written to it."
    ),
    bad='[notes]\ncomplexity = "meduim"\n',
    good='[notes]\ncomplexity = "medium"\n',
)
def invalid_value(context: SessionContext) -> Iterator[Finding]:
    """Choices, ranges and forms."""
    if context.is_newer:
        value = context.tree.find(("schema",))
        if value is not None:
            message = (
                f"A newer Orch wrote this file (schema {context.session.schema}, this one knows {SCHEMA_VERSION}): "
                "it is read only; update Orch to change it."
            )
            yield Finding("invalid-value", value.span, message, Severity.ERROR)
        return
    for item in context.entries:
        if item.spot.key is not None and item.is_key:
            yield from _invalid(item, item.spot.key)


_ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{7,}")


def _invalid(item: SchemaEntry, key: Key) -> Iterator[Finding]:
    value, names = item.value, item.names
    if key.choices and value.kind == "string" and value.value not in key.choices:
        severity = Severity.ERROR if names == ("status",) else None
        yield _not_a_choice(value.span, value.value, key, severity)
    elif names == ("outcome", "rating") and value.kind == "integer" and not 1 <= value.value <= 5:
        yield Finding(
            "invalid-value", value.span, f"A rating goes from 1 (poor) to 5 (excellent), not {value.value}."
        )
    elif names == ("schema",) and value.kind == "integer" and value.value < 1:
        fix = Fix(f"Change to `{SCHEMA_VERSION}`", (TextEdit(value.span, str(SCHEMA_VERSION)),), preferred=True)
        message = f"There is no schema {value.value}; this Orch writes {SCHEMA_VERSION}."
        yield Finding("invalid-value", value.span, message, fixes=(fix,))
    elif names == ("id",) and value.kind == "string" and not _ID.fullmatch(value.value):
        message = "The id needs at least eight letters or digits: prompts and answers name the session by them."
        yield Finding("invalid-value", value.span, message, Severity.ERROR)


def _not_a_choice(span: Span, text: str, key: Key, severity: Severity | None) -> Finding:
    meant = closest(text, key.choices)
    if meant is None:
        message = f"`{key.name}` is one of {', '.join(key.choices)}, not {text!r}."
        return Finding("invalid-value", span, message, severity)
    fix = Fix(f"Change to `{meant}`", (TextEdit(span, format_value(meant)),), preferred=True)
    return Finding(
        "invalid-value", span, f"`{key.name}` cannot be {text!r}; did you mean {meant!r}?", severity, fixes=(fix,)
    )
