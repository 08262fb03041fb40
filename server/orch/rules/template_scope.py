"""Records of the names in a template: scopes, variables, and what a template asks of others."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from orch.syntax.jinja_names import Bind, BindKind, Read, Uses, Wanted


class ScopeKind(StrEnum):
    """What opens a scope."""

    TEMPLATE = "template"
    FOR = "for"
    FOR_ELSE = "else"
    WITH = "with"
    MACRO = "macro"
    CALL = "call"
    FILTER = "filter"
    SET = "set"
    AUTOESCAPE = "autoescape"
    BLOCK = "block"


IMPLICIT = {
    ScopeKind.FOR: ("loop",),
    ScopeKind.MACRO: ("caller", "varargs", "kwargs"),
    ScopeKind.CALL: ("caller", "varargs", "kwargs"),
    ScopeKind.BLOCK: ("self", "super"),
    ScopeKind.TEMPLATE: ("self",),
}
"""The names that Jinja itself puts into a scope."""


@dataclass(slots=True, eq=False)
class Variable:
    """One name in one scope: all tags that bind it there and all that read it, by (tag, bind) and (tag, read)."""

    name: str
    scope: "Scope"
    binds: list[tuple[int, Bind]] = field(default_factory=list)
    reads: list[tuple[int, Read]] = field(default_factory=list)

    @property
    def kind(self) -> BindKind:
        """How it is bound first."""
        return self.binds[0][1].kind


@dataclass(slots=True, eq=False)
class Scope:
    """Where names live. `tag` opens it (-1: the template itself); `block` is its number among the tree's blocks.

    `now` is what may be set at the place of the walk, `all` what is ever set.
    """

    kind: ScopeKind
    parent: "Scope | None"
    tag: int
    block: int
    implicit: tuple[str, ...]
    now: dict[str, Variable] = field(default_factory=dict)
    all: dict[str, Variable] = field(default_factory=dict)
    trail: list[str] = field(default_factory=list)
    children: "list[Scope]" = field(default_factory=list)
    end: int = 0

    def around(self) -> "Iterable[Scope]":
        """The scope and those around it, nearest first."""
        scope: Scope | None = self
        while scope is not None:
            yield scope
            scope = scope.parent


@dataclass(slots=True, eq=False)
class Free:
    """A name is read that the template does not define there. `scope` is where."""

    tag: int
    read: Read
    scope: Scope


@dataclass(slots=True, eq=False)
class Asking:
    """A tag asks for another template. `certain` when it surely runs whenever the template does."""

    tag: int
    wanted: Wanted
    scope: Scope
    certain: bool
    top: bool


@dataclass(slots=True, eq=False)
class NamedBlock:
    """A `block` tag and its scope; `certain` as in `Asking`."""

    tag: int
    bind: Bind
    scoped: bool
    required: bool
    scope: Scope
    inside: Scope


@dataclass(slots=True, eq=False)
class LostAssignment:
    """A `set` in a loop of a name that is also set outside: the loop's own variable, and the one outside."""

    tag: int
    bind: Bind
    inner: Variable
    outer: Variable
    loop: Scope


@dataclass(slots=True, eq=False)
class Scopes:
    """All that the walk finds. `uncertain` are the words in tags that cannot be read: they may mean anything."""

    root: Scope
    scopes: list[Scope]
    variables: list[Variable]
    free: list[Free]
    asking: list[Asking]
    blocks: list[NamedBlock]
    lost: list[LostAssignment]
    tested: set[str]
    uncertain: set[str]
    used: list[tuple[int, Uses]]

    def named(self, name: str) -> list[Variable]:
        """The template's variables of that name, in all scopes."""
        return [variable for variable in self.variables if variable.name == name]
