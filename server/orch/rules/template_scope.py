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
    """One name in one scope: all tags that bind it there and all that read it, by (tag, bind) and (tag, read).

    `shares` when some of the reads may mean another variable of that name.
    """

    name: str
    scope: "Scope"
    binds: list[tuple[int, Bind]] = field(default_factory=list)
    reads: list[tuple[int, Read]] = field(default_factory=list)
    shares: bool = False

    @property
    def kind(self) -> BindKind:
        """How it is bound first."""
        return self.binds[0][1].kind

    @property
    def is_one_thing(self) -> bool:
        """Whether all its reads see the same: it is bound once, and none of them may mean another variable."""
        return len(self.binds) == 1 and not self.shares


@dataclass(slots=True, eq=False)
class Scope:
    """Where names live. `tag` opens it (-1: the template itself); `block` is its number among the tree's blocks.

    `now` is what may be set at the place of the walk, `sure` what surely is, `all` what is ever set.
    """

    kind: ScopeKind
    parent: "Scope | None"
    tag: int
    block: int
    implicit: tuple[str, ...]
    now: dict[str, Variable] = field(default_factory=dict)
    sure: set[str] = field(default_factory=set)
    all: dict[str, Variable] = field(default_factory=dict)
    trail: list[str] = field(default_factory=list)
    sure_trail: list[str] = field(default_factory=list)
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
class Unsure:
    """A read of a name that only some branches set.

    It means the first of `variables`, which has it among its reads, or one of the others, or where it is `free`
    perhaps what comes from outside the template.
    """

    tag: int
    read: Read
    variables: list[Variable]
    free: bool = False


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
    unsure: list[Unsure]
    asking: list[Asking]
    blocks: list[NamedBlock]
    lost: list[LostAssignment]
    tested: set[str]
    uncertain: set[str]
    used: list[tuple[int, Uses]]

    def named(self, name: str) -> list[Variable]:
        """The template's variables of that name, in all scopes."""
        return [variable for variable in self.variables if variable.name == name]

    def together(self, *variables: Variable) -> list[Variable]:
        """The variables, and those that a read may mean instead of one of them: they have one name for all."""
        found = dict.fromkeys(variables)
        waiting = list(found)
        while waiting:
            variable = waiting.pop()
            for entry in self.unsure:
                if variable in entry.variables:
                    new = [other for other in entry.variables if other not in found]
                    found.update(dict.fromkeys(new))
                    waiting += new
        return list(found)

    def instead_of(self, name: str) -> list[Variable]:
        """The variables that some branches set to take the place of a name from outside the template."""
        return self.together(*(v for e in self.unsure if e.free and e.read.name == name for v in e.variables))
