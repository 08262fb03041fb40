"""What the rules for templates look at. Whoever checks a template gathers it; rules read no files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Protocol

from orch.model.session import ROLES
from orch.model.template import FrontMatter, Input, read_front_matter
from orch.rules.finding import Finding, Fix
from orch.rules.registry import Registry
from orch.rules.template_scope import Scopes
from orch.rules.template_scopes import find_scopes
from orch.syntax.jinja_names import Imported
from orch.syntax.jinja_tree import TemplateTree, parse_template
from orch.syntax.jinja_uses import uses_of
from orch.text.similar import closest
from orch.text.span import Span, TextEdit


class Analysis:
    """One template, read: its tree, its names, and what its front matter says."""

    def __init__(self, tree: TemplateTree) -> None:
        self.tree = tree

    @cached_property
    def scopes(self) -> Scopes:
        """The names in the template."""
        return find_scopes(self.tree)

    @cached_property
    def front(self) -> FrontMatter:
        """What the front matter declares; what is wrong in it is left out."""
        tree = self.tree.front_tree
        return read_front_matter(tree.data)[0] if tree is not None else FrontMatter()


@lru_cache(maxsize=512)
def analysis_of(text: str, extensions: tuple[str, ...]) -> Analysis:
    """The analysis of a template's text; the last ones are remembered."""
    return Analysis(parse_template(text, extensions))


@dataclass(frozen=True, slots=True)
class Other:
    """Another template. `key` (`layer:[type/]name`) tells it from all others, `name` is the one below its layer."""

    key: str
    name: str
    text: str
    path: Path | None = None
    extensions: tuple[str, ...] = ()

    @property
    def analysis(self) -> Analysis:
        """The template, read."""
        return analysis_of(self.text, self.extensions)


@dataclass(frozen=True, slots=True)
class Unresolved:
    """Why a name leads to no template: one plain sentence. `meant` is a name that exists and is like it."""

    sentence: str
    meant: str | None = None
    ambiguous: bool = False


class Surroundings(Protocol):
    """What lies around a template: the other templates of all layers, and the configuration."""

    @property
    def key(self) -> str:
        """The key of the template itself."""

    @property
    def inputs(self) -> Mapping[str, Input]:
        """The inputs that the configuration declares for the whole project."""

    def resolve(self, name: str, asking: str) -> Other | Unresolved:
        """The template that `name` means in the template with the key `asking`."""

    def dependents(self) -> Sequence[Other]:
        """The templates that reach this one by constant names, at once or through others, and those that may."""

    def shared_versions(self) -> Sequence[tuple[int, Sequence[str]]]:
        """The version numbers of this template that several versions share, each with their references."""

    def merged_versions(self) -> Sequence[str]:
        """A sentence for each version of this template that two branches recorded and git merged into one file."""


@dataclass(eq=False)
class TemplateContext:
    """One template under check.

    `name` is its name below its layer, None for a text that is no file of a layer. `around` is None where there is
    no project or nobody has looked: rules that need other templates stay silent then.
    """

    analysis: Analysis
    name: str | None = None
    around: Surroundings | None = None
    memory: dict[str, object] = field(default_factory=dict)

    @property
    def tree(self) -> TemplateTree:
        """The template's tree."""
        return self.analysis.tree

    @property
    def scopes(self) -> Scopes:
        """The names in the template."""
        return self.analysis.scopes

    @property
    def text(self) -> str:
        """The whole text."""
        return self.analysis.tree.text

    @property
    def role(self) -> str | None:
        """`orchestrator`, `analysis` or `implementation`; None for any other template."""
        return self.name if self.name in ROLES.values() else None

    def place(self, tag: int, span: Span) -> Span:
        """Where `span`, given in the tag number `tag`, is in the text."""
        return self.analysis.tree.place(tag, span)

    def imported(self, tag: int) -> tuple[Imported, ...]:
        """The names that the `from` tag number `tag` imports."""
        return uses_of(self.analysis.tree.tags[tag]).imported


template_rule: Registry[TemplateContext] = Registry()
"""The rules for templates: `@template_rule(name=..., ...)` above a function of a TemplateContext registers one."""


def unknown_name(rule: str, span: Span, what: str, name: str, known: Sequence[str]) -> Finding:
    """The finding that `what` (a whole clause, "There is no filter `x`") is not known, with what may be meant."""
    meant = closest(name, known)
    if meant is None or meant == name:
        return Finding(rule, span, f"{what}.")
    fix = Fix(f"Change to `{meant}`", (TextEdit(span, meant),), preferred=True)
    return Finding(rule, span, f"{what}; did you mean `{meant}`?", fixes=(fix,))
