"""What may stand at the cursor in a session: keys, tables, values; in an empty file, a draft."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from orch.ide.results import Completion
from orch.ide.session_view import SessionView
from orch.ide.session_words import choice_doc, key_markdown, table_markdown
from orch.model.schema import SESSION_TABLES, Key, Kind, Table, table_at
from orch.model.session import FEATURE_TYPES, PHASES
from orch.rules.session_paths import names_of
from orch.syntax.toml_format import format_key
from orch.syntax.toml_tree import Path
from orch.text.span import Span, TextEdit


def _nothing() -> Sequence[tuple[str, str]]:
    return ()


@dataclass(frozen=True, slots=True)
class Names:
    """What the project knows, asked for only where it may stand: (name, description) pairs."""

    templates: Callable[[], Sequence[tuple[str, str]]] = field(default=_nothing)
    feature_types: Callable[[], Sequence[tuple[str, str]]] = field(default=_nothing)


def session_completion(view: SessionView, offset: int, names: Names) -> list[Completion]:
    """The completions at `offset`; none inside a text."""
    at = _Cursor.find(view, offset)
    if at is None:
        return []
    if match := _HEADER.fullmatch(at.before):
        return list(_tables(view, Span(at.start + len(match["indent"]), at.header_end())))
    if match := _VALUE.fullmatch(at.before):
        return list(_values(at, match, names))
    if match := _KEY.fullmatch(at.before):
        return list(_keys(view, at, at.start + len(match["indent"])))
    return []


DRAFT = "feature_type = \"${{1|{types}|}}\"\n\n[request]\ntext = '''\n$0\n'''\n"
"""A file that a person begins by hand: what is wanted, and of which type."""

_HEADER = re.compile(r"(?P<indent>[ \t]*)\[{1,2}[\w. \t\"'-]*")
_VALUE = re.compile(
    r"(?P<key>[ \t]*(?:[\w.-]|\"[^\"]*\"|'[^']*'|[ \t])+?)[ \t]*=[ \t]*(?P<typed>\[?[ \t]*[\"']?[^\"'#]*)"
)
_KEY = re.compile(r"(?P<indent>[ \t]*)(?P<typed>[\w.\"' -]*)")


@dataclass(frozen=True, slots=True)
class _Cursor:
    """The cursor's line: where it starts and ends, what stands before the cursor and after it."""

    offset: int
    start: int
    before: str
    after: str
    table: Path

    @classmethod
    def find(cls, view: SessionView, offset: int) -> "_Cursor | None":
        place = view.tree.place_at(offset)
        if place.where == "comment":
            return None
        value = place.value
        if value is not None and value.is_multiline and value.span.start < offset < value.span.end:
            return None
        start = max(view.text.rfind("\n", 0, offset), view.text.rfind("\r", 0, offset)) + 1
        after = re.split(r"[\r\n]", view.text[offset : offset + 2000], maxsplit=1)[0]
        table: Path = place.header.path if place.header is not None and place.header.span.end <= start else ()
        return cls(offset, start, view.text[start:offset], after, table)

    def header_end(self) -> int:
        """Where the header on this line ends."""
        match = re.match(r"[\w. \t\"'-]*\]{0,2}", self.after)
        return self.offset + (match.end() if match else 0)


def _tables(view: SessionView, span: Span) -> Iterator[Completion]:
    """The headers that can still come: a table once, a list of tables again and again."""
    there = {names_of(header.path) for header in view.tree.headers if not span.contains(header.span.start)}
    for number, table in enumerate(SESSION_TABLES):
        if not table.path or (table.path in there and not table.array):
            continue
        name = ".".join(table.path)
        text = f"[[{name}]]" if table.array else f"[{name}]"
        yield Completion(
            label=text,
            kind="module",
            edit=TextEdit(span, text),
            detail="table",
            documentation=table_markdown(table),
            sort=f"2{number:03d}",
        )


def _keys(view: SessionView, at: _Cursor, start: int) -> Iterator[Completion]:
    if view.is_draft and "request" not in view.tree.data and not view.text.strip():
        yield _draft(at, start)
    table = table_at(names_of(at.table))
    if table is None:
        return
    rest = re.match(r"[\w.\"'-]*", at.after)
    span = Span(start, at.offset + (rest.end() if rest else 0))
    has_value = "=" in at.after
    data = _data(view, at.table)
    typed = view.text[span.start : span.end]
    for number, key in enumerate(table.keys):
        if key.name not in data or key.name == typed.strip():
            text = key.name if has_value else f"{key.name} = {_value_snippet(key)}"
            yield Completion(
                label=key.name,
                kind="property",
                edit=TextEdit(span, text),
                detail=str(key.kind),
                documentation=key_markdown(table, key),
                snippet=not has_value,
                sort=f"1{number:03d}",
            )
    yield from _open_values(view, at, table, span, data, has_value)
    if not has_value:
        yield from _tables(view, span)


def _draft(at: _Cursor, start: int) -> Completion:
    return Completion(
        label="draft",
        kind="snippet",
        edit=TextEdit(Span(start, at.offset), DRAFT.format(types=",".join(FEATURE_TYPES))),
        detail="Write what you want; then Plan, above line 1",
        documentation="A new session: what you want, and the kind of change. The lens **Plan** makes its prompt.",
        snippet=True,
        sort="0",
        filter=at.before.strip() or "draft",
    )


def _value_snippet(key: Key) -> str:
    if key.long:
        return "'''\n$0\n'''"
    match key.kind:
        case Kind.TEXT if key.choices:
            return f'"${{1|{",".join(key.choices)}|}}"'
        case Kind.TEXT:
            return '"$1"'
        case Kind.TEXTS:
            return '["$1"]'
        case _:
            return "$1"


def _open_values(
    view: SessionView, at: _Cursor, table: Table, span: Span, data: Any, has_value: bool
) -> Iterator[Completion]:
    """In `[analysis.values]`: the placeholders that have no value yet."""
    if not table.free or len(table.path) != 2 or table.path[0] not in PHASES[1:]:
        return
    del at
    for number, name in enumerate(view.missing(table.path[0])):
        if name not in data:
            text = format_key(name) if has_value else f'{_escaped(format_key(name))} = "$1"'
            yield Completion(
                label=name,
                kind="variable",
                edit=TextEdit(span, text),
                detail=f"a placeholder of {table.path[0]}.body",
                snippet=not has_value,
                sort=f"1{number:03d}",
                filter=format_key(name),
            )


def _escaped(text: str) -> str:
    return re.sub(r"[\\$}]", r"\\\g<0>", text)


def _data(view: SessionView, path: Path) -> Any:
    data: Any = view.tree.data
    for part in path:
        try:
            data = data[part]
        except (KeyError, IndexError, TypeError):
            return {}
    return data if isinstance(data, dict) else {}


def _values(at: _Cursor, match: re.Match[str], names: Names) -> Iterator[Completion]:
    path = (*names_of(at.table), *(part.strip(" \t\"'") for part in match["key"].split(".")))
    table = table_at(path[:-1])
    key = table.key(path[-1]) if table is not None else None
    if key is None:
        return
    start = at.start + match.start("typed")
    rest = re.match(r"[^\"'#\r\n]*[\"']?", at.after)
    span = Span(start, at.offset + (rest.end() if rest and at.after.strip() else 0))
    if key.name == "feature_type":
        known = names.feature_types() or [(name, "") for name in key.suggestions]
        offered = [(name, doc or choice_doc(key.name, name), "enum_member") for name, doc in known]
    elif key.name == "template":
        offered = [(name, doc, "reference") for name, doc in names.templates()]
    else:
        offered = [(name, choice_doc(key.name, name), "enum_member") for name in key.choices]
    for number, (name, doc, kind) in enumerate(offered):
        text = f'"{name}"'
        yield Completion(
            label=name,
            kind=kind,
            edit=TextEdit(span, text),
            documentation=doc,
            sort=f"{number:03d}",
            # editors filter by what the edit replaces, and that begins with the quote where one was typed
            filter=text if match["typed"].strip()[:1] in ('"', "'") else name,
        )
