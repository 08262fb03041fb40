"""Records of what a tag reads, binds, calls and asks for, each with its place in the tag's text."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

from jinja2 import nodes

from orch.text.span import Span


class Read(NamedTuple):
    """A variable is read. `guarded` when it may be undefined there: `x is defined`, `x | default(...)`."""

    name: str
    span: Span
    guarded: bool = False


class BindKind(StrEnum):
    """How a name comes to be."""

    SET = "set"
    FOR = "for"
    WITH = "with"
    PARAMETER = "parameter"
    MACRO = "macro"
    IMPORT = "import"
    FROM = "from"
    BLOCK = "block"


class Bind(NamedTuple):
    """A name is bound. `source` is the expression it comes from, where one alone makes it."""

    name: str
    span: Span
    kind: BindKind
    source: nodes.Node | None = None


class Step(NamedTuple):
    """One attribute in a path: `.name` or `["name"]`; `name` None for a subscript that is not a constant string."""

    name: str | None
    span: Span
    subscript: bool = False


class Path(NamedTuple):
    """Attributes, one after the other, read from the variable `root` (None: from some other expression).

    `called` when the whole path is called; `guarded` when its last step may be missing.
    """

    root: str | None
    root_span: Span
    steps: tuple[Step, ...]
    guarded: bool = False
    called: bool = False
    stored: bool = False


class Argument(NamedTuple):
    """An argument in a call, a filter or a test. `star` is `*` or `**` for one that is unpacked."""

    span: Span
    keyword: str | None = None
    keyword_span: Span | None = None
    star: str = ""
    value: nodes.Expr | None = None


class Call(NamedTuple):
    """Something is called with arguments: a filter or test by its `name`, a call by the `path` to what is called.

    `brackets` is the place of the arguments with their brackets; empty, behind the name, where there are none.
    """

    name: str
    span: Span
    brackets: Span
    arguments: tuple[Argument, ...]
    path: tuple[str, ...] | None = None


class Wanted(NamedTuple):
    """A template is asked for by `extends`, `include`, `import` or `from`.

    `names` are the constant names with their places (of the text between the quotes): several when a list is given,
    of which the first that exists is taken. `dynamic` when not all of them are known.
    """

    statement: str
    names: tuple[tuple[str, Span], ...]
    span: Span
    dynamic: bool
    choice: bool
    ignore_missing: bool = False
    with_context: bool = True


class Imported(NamedTuple):
    """`name as alias` in a `from` tag."""

    name: str
    span: Span
    alias: str
    alias_span: Span


@dataclass(slots=True, eq=False)
class Uses:
    """What one tag does. `reads` happen where the tag stands, `inner_reads` in the scope that it opens.

    `tested` are the names that are asked whether they are defined, `known` likewise paths as (name, attributes).
    `checked` is kept by whoever checks tags by themselves.
    """

    reads: list[Read] = field(default_factory=list)
    inner_reads: list[Read] = field(default_factory=list)
    binds: list[Bind] = field(default_factory=list)
    paths: list[Path] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    filters: list[Call] = field(default_factory=list)
    tests: list[Call] = field(default_factory=list)
    wanted: Wanted | None = None
    imported: tuple[Imported, ...] = ()
    tested: frozenset[str] = frozenset()
    known: frozenset[tuple[str, str]] = frozenset()
    bad_slices: tuple[Span, ...] = ()
    checked: Any = None


NOTHING = Uses()
"""Of a tag that could not be parsed."""
