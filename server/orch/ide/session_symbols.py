"""The outline of a session, and sessions by name."""

from orch.ide.results import Symbol
from orch.ide.session_view import SessionView
from orch.model.schema import Kind
from orch.rules.session_paths import spot
from orch.syntax.toml_tree import TomlEntry, TomlHeader
from orch.text.span import Span

_KINDS = {
    "string": "string",
    "integer": "number",
    "float": "number",
    "boolean": "boolean",
    "datetime": "event",
    "array": "array",
    "inline-table": "object",
    "invalid": "null",
}


def session_symbols(view: SessionView) -> list[Symbol]:
    """The keys of the root, then each table with its keys, in document order."""
    tree = view.tree
    headers = list(tree.headers)
    found: list[Symbol] = []
    inside: dict[int, list[Symbol]] = {header.span.start: [] for header in headers}
    at = -1
    for entry in tree.entries:
        if entry.inline:
            continue
        while at + 1 < len(headers) and headers[at + 1].span.start < entry.span.start:
            at += 1
        home = found if at < 0 else inside[headers[at].span.start]
        home.append(_key(view, entry))
    return [*found, *(_table(view, header, inside[header.span.start]) for header in headers)]


def _key(view: SessionView, entry: TomlEntry) -> Symbol:
    value = entry.value
    detail = ""
    if value.is_multiline:
        detail = f"{view.text.count(chr(10), *value.content) + 1} lines"
    elif value.kind in ("string", "integer", "float", "datetime", "boolean"):
        detail = _short(str(value.value) if value.kind == "string" else value.span.slice(view.text))
    kind = _KINDS[value.kind]
    known = spot(entry.path).key
    if known is not None and known.kind is Kind.TEXT and known.choices:
        kind = "enum_member"
    return Symbol(entry.key_span.slice(view.text), kind, entry.span, entry.key_span, detail)


def _table(view: SessionView, header: TomlHeader, children: list[Symbol]) -> Symbol:
    name = Span(header.key_spans[0].start, header.key_spans[-1].end) if header.key_spans else header.span
    end = max([header.span.end, *(child.span.end for child in children)])
    said = next((child.detail for child in children if child.name in ("step", "risk", "template")), "")
    title = name.slice(view.text)
    if header.is_array and isinstance(header.path[-1], int):
        title = f"{title} {header.path[-1] + 1}"
    return Symbol(title, "object", Span(header.span.start, end), name, said, tuple(children))


def _short(text: str) -> str:
    line = text.partition("\n")[0]
    return f"{line[:57]}..." if len(line) > 60 else line
