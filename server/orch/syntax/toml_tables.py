"""What the statements of a document mean together: which table each one fills, and the data of them all.

The rules are those of tomllib (TOML 1.0, "Table", "Inline Table", "Array of Tables", "Keys"), with a place for each
breach: a statement that breaks one is left out of the data and costs no other.
"""

from collections.abc import Sequence
from copy import copy
from typing import Any, NamedTuple

from orch.syntax.toml_raw import RawKey, Statement

Path = tuple[str | int, ...]


class _Node:
    """What is known of one name below its parent, for the table that it means at this point of the document.

    `closed`: no header may open it again. `frozen`: nothing may be added below. `made_by` is a statement's index.
    """

    __slots__ = ("children", "closed", "frozen", "made_by")

    def __init__(self) -> None:
        self.children: dict[str, _Node] = {}
        self.closed = False
        self.frozen = False
        self.made_by = -1


class TableProblem(NamedTuple):
    """A problem of the key of statement `index`, up to its part `part`, with what statement `other` says.

    `other` is -1 where it is none in particular.
    """

    statement: int
    part: int
    message: str
    other: int


class Tables:
    """The tables of a document.

    `paths` has the full path of each statement that is an entry or a header, `homes` the index of the header that
    each statement stands under (-1: none), `stored` whether its value is in `data`.
    """

    __slots__ = ("by_path", "data", "header_by_path", "homes", "paths", "problems", "stored")

    def __init__(self) -> None:
        self.data: dict[str, Any] = {}
        self.paths: list[Path | None] = []
        self.homes: list[int] = []
        self.stored = bytearray()
        self.problems: list[TableProblem] = []
        self.by_path: dict[Path, int] = {}
        self.header_by_path: dict[Path, int] = {}

    def with_data(self, data: dict[str, Any]) -> "Tables":
        """The same tables with other values in the same places."""
        tables = copy(self)
        tables.data = data
        return tables


class _BreachError(Exception):
    """A rule of TOML is broken by what is being added; `part` is the index of the key's part that shows it."""

    def __init__(self, part: int, message: str, other: int = -1) -> None:
        super().__init__(message)
        self.part = part
        self.message = message
        self.other = other


def build_tables(statements: Sequence[Statement]) -> Tables:
    """The tables that `statements` make, in order."""
    return _Builder().build(statements)


class _Builder:
    def __init__(self) -> None:
        self.tables = Tables()
        self.root = _Node()
        self.pending: list[_Node] = []
        # the table that entries go into now
        self.node = self.root
        self.container: dict[str, Any] | None = self.tables.data
        self.path: Path = ()

    def build(self, statements: Sequence[Statement]) -> Tables:
        tables = self.tables
        home = -1
        tables.stored = bytearray(len(statements))
        for index, statement in enumerate(statements):
            path: Path | None = None
            if statement.kind == "header":
                home = index
                path = self._header(index, statement)
                tables.header_by_path.setdefault(path, index)
            elif statement.kind == "entry":
                path = (*self.path, *(key.name for key in statement.keys))
                if statement.value is not None and self._entry(index, statement):
                    tables.stored[index] = 1
                    tables.by_path[path] = index
                else:
                    tables.by_path.setdefault(path, index)
            tables.paths.append(path)
            tables.homes.append(home)
        return tables

    def _report(self, index: int, breach: _BreachError) -> None:
        self.tables.problems.append(TableProblem(index, breach.part, breach.message, breach.other))

    def _header(self, index: int, statement: Statement) -> Path:
        for node in self.pending:
            node.closed = True
        self.pending.clear()
        names = [key.name for key in statement.keys]
        self.path = tuple(names)
        try:
            if statement.is_array:
                self._open_element(index, names)
            else:
                self._open_table(index, names)
        except _BreachError as breach:
            if not statement.problems:
                self._report(index, breach)
            self._detach(names)
        return self.path

    def _detach(self, names: list[str]) -> None:
        """Where entries go below a header that cannot be: into the table that has its name already, or nowhere."""
        at: Any = self.tables.data
        node = self.root
        path: list[str | int] = []
        for name in names:
            path.append(name)
            at = at.get(name) if isinstance(at, dict) else None
            node = node.children.get(name) or _Node()
            if isinstance(at, list) and at and not node.frozen:
                path.append(len(at) - 1)
                at = at[-1]
        if isinstance(at, dict) and not node.frozen:
            self.node, self.container, self.path = node, at, tuple(path)
        else:
            self.node, self.container, self.path = _Node(), None, tuple(names)

    def _open_table(self, index: int, names: list[str]) -> None:
        node = self._descend(names)
        if node.closed:
            raise _BreachError(len(names) - 1, self._again(names), node.made_by)
        node.closed = True
        node.made_by = index
        self.container, self.path = self._nest(names)
        self.node = node

    def _again(self, names: list[str]) -> str:
        """What to say of a header whose table is there already."""
        parent, _ = self._nest(names[:-1])
        if isinstance(parent.get(names[-1]), list):
            return f"{_shown(names)} is a list of tables: write [{_shown(names)}] to add one."
        return f"The table {_shown(names)} stands here again: join the two."

    def _open_element(self, index: int, names: list[str]) -> None:
        node = self._descend(names)
        parent, path = self._nest(names[:-1])
        there = parent.setdefault(names[-1], [])
        if not isinstance(there, list):
            what = "a table" if isinstance(there, dict) else "a value"
            raise _BreachError(
                len(names) - 1,
                f"{_shown(names)} is {what} already: it cannot be a list of tables too.",
                node.made_by,
            )
        # each element begins with an empty table of its own
        node.children = {}
        node.closed, node.frozen, node.made_by = True, False, index
        there.append({})
        self.container, self.path, self.node = there[-1], (*path, names[-1], len(there) - 1), node

    def _descend(self, names: list[str]) -> _Node:
        node = self.root
        for part, name in enumerate(names):
            child = node.children.get(name)
            if child is None:
                child = node.children[name] = _Node()
            if child.frozen:
                raise _BreachError(
                    part,
                    f"{_shown(names[: part + 1])} is written between brackets or braces: add to it there.",
                    child.made_by,
                )
            node = child
        return node

    def _nest(self, names: list[str]) -> tuple[dict[str, Any], Path]:
        """The table that the header `names` means, made where it is missing, and its path."""
        at: Any = self.tables.data
        path: list[str | int] = []
        for part, name in enumerate(names):
            at = at.setdefault(name, {})
            path.append(name)
            if isinstance(at, list):
                path.append(len(at) - 1)
                at = at[-1]
            if not isinstance(at, dict):
                raise _BreachError(
                    part, f"{_shown(names[: part + 1])} is a value already: it cannot be a table too."
                )
        return at, tuple(path)

    def _entry(self, index: int, statement: Statement) -> bool:
        """Stores the entry's value; False when that cannot be."""
        if self.container is None:
            return False
        value = statement.value
        try:
            return self._store(index, statement, value is not None and value.kind != "invalid")
        except _BreachError as breach:
            self._report(index, breach)
            return False

    def _store(self, index: int, statement: Statement, certain: bool) -> bool:
        keys = statement.keys
        value = statement.value
        node = self.node
        at: Any = self.container
        for part, key in enumerate(keys[:-1]):
            child = node.children.get(key.name)
            if child is None:
                child = node.children[key.name] = _Node()
                child.made_by = index
            if child.closed or child.frozen:
                message = f"{_dotted(keys[: part + 1])} is a table of its own already: add the key there."
                raise _BreachError(part, message, child.made_by)
            self.pending.append(child)
            at = at.setdefault(key.name, {})
            if not isinstance(at, dict):
                raise _BreachError(
                    part,
                    f"{_dotted(keys[: part + 1])} is a value already: it cannot be a table too.",
                    child.made_by,
                )
            node = child
        name = keys[-1].name
        child = node.children.get(name)
        if name in at or (child is not None and child.made_by >= 0 and not certain):
            other = child.made_by if child is not None else -1
            raise _BreachError(
                len(keys) - 1, f"The key {_dotted(keys)} stands here a second time: delete one of the two.", other
            )
        if child is None:
            child = node.children[name] = _Node()
        child.made_by = index
        if not certain or value is None:
            return False
        if value.kind in ("array", "inline-table"):
            child.frozen = True
        at[name] = value.value
        return True


def _shown(names: Sequence[str]) -> str:
    return f"[{_short('.'.join(names))}]"


def _dotted(keys: Sequence[RawKey]) -> str:
    return _short(".".join(key.name for key in keys))


def _short(name: str) -> str:
    return name if len(name) <= 80 else f"{name[:77]}..."
