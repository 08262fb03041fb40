"""Rules on the keys of a session file: those that are missing, and those that nobody knows."""

from collections.abc import Iterator, Mapping
from typing import Any

from orch.model.schema import SESSION_TABLES, Key, Table
from orch.model.session import SCHEMA_VERSION
from orch.rules.finding import Finding, Fix, Severity
from orch.rules.session_context import SessionContext, session_rule
from orch.rules.session_paths import children, closest, dotted, names_of, spot
from orch.syntax.toml_format import format_key, format_value
from orch.syntax.toml_tree import Path, TomlEntry, TomlHeader
from orch.text.span import Span, TextEdit


@session_rule(
    name="missing-key",
    severity=Severity.ERROR,
    summary="A key that every session has is missing",
    explanation=(
        "A session needs `schema`, `id`, `title`, `status` and the text of its request; each risk needs its "
        "`risk`, each line of the history its `at` and `step`. A file that holds only what you want and has "
        "not been planned is a draft and needs none of them."
    ),
    bad='schema = 1\nid = "8f14e45f-ceea-467f-a8d2-6f0c1b7a9e21"\ntitle = "Login"\n[request]\ntext = "Add it"\n',
    good=(
        'schema = 1\nid = "8f14e45f-ceea-467f-a8d2-6f0c1b7a9e21"\ntitle = "Login"\nstatus = "planning"\n'
        '[request]\ntext = "Add it"\n'
    ),
)
def missing_key(context: SessionContext) -> Iterator[Finding]:
    """Silent in a broken file, where the key may stand in what cannot be read."""
    if context.is_draft or context.is_newer or not context.tree.valid:
        return
    for table in SESSION_TABLES:
        required = [key for key in table.keys if key.required]
        for path, data in _instances(context.tree.data, table):
            for key in required:
                if key.name not in data:
                    yield _missing(context, path, key)


_STOPPING = ("id", "status")
"""Without these no step can be taken."""


def _missing(context: SessionContext, path: Path, key: Key) -> Finding:
    severity = Severity.ERROR if not path and key.name in _STOPPING else Severity.WARNING
    where = f"[{dotted(names_of(path))}]" if path else "The file"
    message = f"{where} has no `{key.name}`: {key.doc[0].lower()}{key.doc[1:]}"
    return Finding("missing-key", _place(context, path), message, severity, fixes=_filled(context, path, key))


def _instances(data: Mapping[str, Any], table: Table) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """The tables that are there, by path; the request is wanted even where it is not."""
    value: Any = data
    for part in table.path:
        value = value.get(part) if isinstance(value, Mapping) else None
    if table.path == ("request",) and value is None:
        value = {}
    if isinstance(value, Mapping) and not table.array:
        yield table.path, value
    elif isinstance(value, list) and table.array:
        for index, entry in enumerate(value):
            if isinstance(entry, Mapping):
                yield (*table.path, index), entry


def _place(context: SessionContext, path: Path) -> Span:
    """The header or key of the table at `path`; for the root, and a table that is not there, the first line."""
    header = context.tree.header(path) if path else None
    if header is not None:
        return header.span
    value = context.tree.find(path) if path else None
    if value is not None:
        return value.span
    end = context.text.find("\n")
    return Span(0, len(context.text[: end if end >= 0 else None].rstrip("\r")))


def _filled(context: SessionContext, path: Path, key: Key) -> tuple[Fix, ...]:
    """The key with the one value that it can have, where there is one."""
    if path:
        return ()
    if key.name == "schema":
        return (_inserted(f"Add `schema = {SCHEMA_VERSION}`", Span(0, 0), f"schema = {SCHEMA_VERSION}\n"),)
    if key.name == "status":
        line = f"status = {format_value(_reached(context))}"
        before = next((entry for name in ("title", "id") if (entry := context.tree.entry((name,)))), None)
        if before is None:
            return (_inserted(f"Add `{line}`", Span(0, 0), f"{line}\n"),)
        at = before.span.end
        return (_inserted(f"Add `{line}`", Span(at, at), f"\n{line}"),)
    return ()


def _inserted(title: str, span: Span, text: str) -> Fix:
    return Fix(title, (TextEdit(span, text),), preferred=True)


def _reached(context: SessionContext) -> str:
    """The last phase that has a prompt."""
    session = context.session
    if session.outcome is not None and session.outcome.result:
        return "completed"
    if session.implementation.prompt or session.implementation.result:
        return "implementation"
    return "analysis" if session.analysis.prompt or session.analysis.result else "planning"


@session_rule(
    name="unknown-key",
    severity=Severity.WARNING,
    summary="A key or table that no session has",
    explanation=(
        "Orch keeps keys that it does not know and never reads them, so a misspelt key means nothing. The "
        "keys of `[planning.values]`, `[analysis.values]`, `[implementation.values]` and `[imported]` are "
        "yours to name."
    ),
    bad='titel = "Login"\n',
    good='title = "Login"\n',
)
def unknown_key(context: SessionContext) -> Iterator[Finding]:
    """Each unknown name once: a header, not the keys below it."""
    if context.is_newer:
        return
    reported: set[tuple[str, ...]] = set()
    for item in _suspects(context):
        found = spot(item.path)
        names = names_of(item.path[: found.unknown + 1])
        if names in reported or any(names[:length] in reported for length in range(1, len(names))):
            continue
        reported.add(names)
        yield _unknown(context, item, found.table, found.unknown)


def _suspects(context: SessionContext) -> list[TomlEntry | TomlHeader]:
    """The headers and keys that the schema does not know, in document order."""
    headers = [header for header in context.tree.headers if spot(header.path).unknown >= 0]
    entries = [item.entry for item in context.entries if item.spot.unknown >= 0]
    return sorted([*headers, *entries], key=lambda item: item.span.start)


def _unknown(context: SessionContext, item: TomlEntry | TomlHeader, table: Table, index: int) -> Finding:
    name = str(item.path[index])
    span = _part(item, index)
    if span is None:
        span = item.span
    known = children(table)
    meant = closest(name, known)
    where = f"[{dotted(table.path)}]" if table.path else "A session"
    if meant is None:
        return Finding("unknown-key", span, f"{where} has no `{name}`; it has {', '.join(known)}.")
    there: Any = context.tree.data
    for part in item.path[:index]:
        there = _inner(there, part)
    taken = isinstance(there, dict) and meant in there
    fixes = () if taken else (Fix(f"Change to `{meant}`", (TextEdit(span, format_key(meant)),), preferred=True),)
    return Finding("unknown-key", span, f"{where} has no `{name}`; did you mean `{meant}`?", fixes=fixes)


def _inner(data: Any, part: str | int) -> Any:
    if isinstance(data, dict):
        return data.get(part)
    return data[part] if isinstance(data, list) and isinstance(part, int) and part < len(data) else None


def _part(item: TomlEntry | TomlHeader, index: int) -> Span | None:
    """The span of part `index` of the item's path, where it is written in the item's own key."""
    names = [at for at, part in enumerate(item.path) if isinstance(part, str)][-len(item.key_spans) :]
    return item.key_spans[names.index(index)] if index in names else None
