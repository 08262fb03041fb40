"""An error-tolerant tree of a TOML text: every header, key and value with its place, every problem with its own.

tomllib is the judge of what values are; the tree agrees with it on which texts are TOML and what they say. Where a
text is not TOML, a broken line costs nothing but itself. An edited text is parsed by reading only what the edit
touched: `parse_toml(new, old_tree)`.
"""

from bisect import bisect_right
from functools import cached_property
from typing import Any

from orch.syntax.toml_document import Document, scan_document
from orch.syntax.toml_places import own_lines, part_at, place_in_entry
from orch.syntax.toml_raw import ProblemKind, RawProblem
from orch.syntax.toml_tables import Path, Tables, build_tables
from orch.syntax.toml_update import updated
from orch.syntax.toml_views import TomlEntry, TomlHeader, TomlPlace, TomlProblem, TomlValue, entries_of
from orch.text.span import Span

__all__ = [
    "Path",
    "ProblemKind",
    "TomlEntry",
    "TomlHeader",
    "TomlPlace",
    "TomlProblem",
    "TomlTree",
    "TomlValue",
    "parse_toml",
]


def parse_toml(text: str, previous: "TomlTree | None" = None) -> "TomlTree":
    """The tree of `text`. Never raises, whatever the text is.

    `previous`, the tree of an earlier text, makes it quicker and nothing else.
    """
    if previous is None:
        document = scan_document(text)
        return TomlTree(text, document, build_tables(document.statements))
    if previous.text == text:
        return previous
    return TomlTree(text, *updated(previous.text, previous.document, previous.tables, text))


class TomlTree:
    """The tree of one text. Immutable; nothing that it hands out is to be changed.

    `data` has all that is certain, as plain Python values. `document` and `tables` are for `syntax` itself.
    """

    def __init__(self, text: str, document: Document, tables: Tables) -> None:
        self.text = text
        self.document = document
        self.tables = tables

    @property
    def data(self) -> dict[str, Any]:
        """What the text says, as far as it is certain; all of it where the text is valid."""
        return self.tables.data

    @property
    def valid(self) -> bool:
        """Whether the text is TOML, as tomllib sees it."""
        return not self.document.problems and not self.tables.problems

    @cached_property
    def problems(self) -> tuple[TomlProblem, ...]:
        """What is wrong, in document order; empty for a valid text."""
        if self.valid:
            return ()
        found = [
            self._problem(index, problem, None)
            for index, statement in enumerate(self.document.statements)
            for problem in statement.problems
        ]
        for index, part, message, other in self.tables.problems:
            keys = self.document.statements[index].keys
            problem = RawProblem(keys[0].start, keys[part].end, message, "duplicate")
            found.append(self._problem(index, problem, self.core_of(other) if other >= 0 else None))
        return tuple(sorted(found, key=lambda problem: problem.span))

    @cached_property
    def entries(self) -> tuple[TomlEntry, ...]:
        """Every key with its value in document order; those of inline tables follow the entry that they are in."""
        entries: list[TomlEntry] = []
        for index, path in enumerate(self.tables.paths):
            statement = self.document.statements[index]
            value = statement.value
            if path is None or value is None:
                continue
            if not value.items and not value.pairs:
                entries.append(
                    TomlEntry(self.text, path, statement.keys, value, self._shift(index), index, inline=False)
                )
            else:
                entries += entries_of(self.text, statement, path, self._shift(index), index)
        return tuple(entries)

    @cached_property
    def headers(self) -> tuple[TomlHeader, ...]:
        """Every header in document order."""
        return tuple(
            self._header(index)
            for index, statement in enumerate(self.document.statements)
            if statement.kind == "header"
        )

    def find(self, path: Path) -> TomlValue | None:
        """The value at `path`, also inside lists and inline tables; None for tables with lines of their own."""
        for length in range(len(path), 0, -1):
            index = self.tables.by_path.get(path[:length])
            if index is not None:
                raw = self.document.statements[index].value
                return TomlValue(self.text, raw, self._shift(index)).at(path[length:]) if raw is not None else None
        return None

    def value_around(self, path: Path) -> tuple[int, TomlValue] | None:
        """The innermost list or inline table that `path` leads into, and how many parts of `path` lead to it."""
        for length in range(len(path) - 1, 0, -1):
            value = self.find(path[:length])
            if value is not None:
                return length, value
        return None

    def entry(self, path: Path) -> TomlEntry | None:
        """The entry at `path`, also in an inline table. Of several it is the one whose value is in `data`."""
        for length in range(len(path), 0, -1):
            index = self.tables.by_path.get(path[:length])
            if index is not None:
                start = self.tables.paths[index] or ()
                inside = entries_of(self.text, self.document.statements[index], start, self._shift(index), index)
                return next((entry for entry in inside if entry.path == path), None)
        return None

    def header(self, path: Path) -> TomlHeader | None:
        """The header of the table at `path`; None where the table has none of its own."""
        index = self.tables.header_by_path.get(path)
        return self._header(index) if index is not None else None

    def path_at(self, offset: int) -> Path:
        """The path of the key, value or table at `offset`; `()` is the root."""
        return self.place_at(offset).path

    def place_at(self, offset: int) -> TomlPlace:
        """What stands at `offset`. A cursor between two things belongs to the one before it."""
        index = self.statement_at(offset)
        if index < 0:
            return TomlPlace((), "blank", None, None, None, -1)
        statement = self.document.statements[index]
        home = self.tables.homes[index]
        header = self._header(home) if home >= 0 else None
        table: Path = header.path if header else ()
        path = self.tables.paths[index]
        core = self.core_of(index)
        if path is not None and core.contains(offset):
            if statement.kind == "header" and header is not None:
                return TomlPlace(path, "header", None, header, None, part_at(header.key_spans, offset, path))
            inside = tuple(entries_of(self.text, statement, path, self._shift(index), index))
            return place_in_entry(inside, header, offset)
        before = self.text[self.document.starts[index] if path is None else core.end : offset]
        in_comment = "#" in before[before.rfind("\n") + 1 :]
        return TomlPlace(table, "comment" if in_comment else "blank", None, header, None, -1)

    def statement_at(self, offset: int) -> int:
        """The index of the statement whose lines hold `offset`; -1 for an empty text."""
        return bisect_right(self.document.starts, offset) - 1

    def lines_of(self, index: int) -> Span:
        """The whole lines of statement `index`, the last line end included."""
        statement = self.document.statements[index]
        start = self.document.starts[index]
        return Span(start, start + statement.end - statement.start)

    def _shift(self, index: int) -> int:
        return self.document.starts[index] - self.document.statements[index].start

    def core_of(self, index: int) -> Span:
        """The header, or the key with its value, that statement `index` is; for comments nothing."""
        start, end = self.document.statements[index].core
        return Span(start, end).shifted(self._shift(index))

    def _problem(self, index: int, problem: RawProblem, related: Span | None) -> TomlProblem:
        span = Span(problem.start, problem.end).shifted(self._shift(index))
        return TomlProblem(span, problem.message, problem.kind, related)

    def _header(self, index: int) -> TomlHeader:
        statement = self.document.statements[index]
        shift = self._shift(index)
        spans = tuple(Span(key.start + shift, key.end + shift) for key in statement.keys)
        path = self.tables.paths[index] or ()
        return TomlHeader(path, self.core_of(index), spans, statement.is_array, self._body(index), index)

    def _body(self, index: int) -> Span:
        statements = self.document.statements
        after = index + 1
        while after < len(statements) and statements[after].kind != "header":
            after += 1
        start = self.lines_of(index).end
        last = after - 1
        if last == index:
            return Span(start, start)
        end = self.lines_of(last).end
        if statements[last].kind == "trivia":
            lines = self.lines_of(last)
            end = lines.start + own_lines(lines.slice(self.text), followed=after < len(statements))
        return Span(start, end)
