"""All templates that one reaches by constant names, and what can be said of them together."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from orch.rules.template_context import Analysis, Other, TemplateContext, Unresolved
from orch.rules.template_scope import Asking
from orch.syntax.jinja_names import Wanted
from orch.text.span import Span


@dataclass(frozen=True, slots=True, eq=False)
class Link:
    """A name in a template, and where it leads. `by` is the template that asks, None for the one under check."""

    by: Other | None
    asking: Asking
    name: str
    span: Span
    target: Other | Unresolved

    @property
    def wanted(self) -> Wanted:
        """What the tag asks for."""
        return self.asking.wanted


@dataclass(slots=True, eq=False)
class Chain:
    """What a template reaches. `links` has every constant name of every template in it, nearest first.

    `complete` when nothing is missing: every name was found, none is dynamic, and every template can be read.
    """

    links: list[Link] = field(default_factory=list)
    templates: dict[str, Other] = field(default_factory=dict)
    complete: bool = True

    def own(self) -> Iterator[Link]:
        """The links of the template under check itself."""
        return (link for link in self.links if link.by is None)

    def of(self, key: str | None) -> Iterator[Link]:
        """The links of the template with that key, None for the one under check."""
        return (link for link in self.links if (link.by.key if link.by else None) == key)


@dataclass(slots=True, eq=False)
class Parents:
    """The templates that are extended, the nearest first; `known` when they are all known for certain."""

    templates: list[Other]
    known: bool


_MOST = 500


def chain_of(context: TemplateContext) -> Chain:
    """The static chain of the template under check. Without surroundings it has no links and is not complete."""
    found = context.memory.get("chain")
    if not isinstance(found, Chain):
        found = context.memory["chain"] = _walk(context)
    return found


def parents_of(context: TemplateContext) -> Parents:
    """The templates that the one under check extends."""
    found = context.memory.get("parents")
    if not isinstance(found, Parents):
        found = context.memory["parents"] = _parents(context)
    return found


def _walk(context: TemplateContext) -> Chain:
    around = context.around
    chain = Chain(complete=not context.tree.broken)
    if around is None:
        chain.complete = chain.complete and not context.scopes.asking
        return chain
    waiting: list[tuple[Other | None, str, Analysis]] = [(None, around.key, context.analysis)]
    while waiting and len(chain.templates) < _MOST:
        by, key, analysis = waiting.pop(0)
        for asking in analysis.scopes.asking:
            chain.complete = chain.complete and not asking.wanted.dynamic
            for name, span in asking.wanted.names:
                target = around.resolve(name, key)
                chain.links.append(Link(by, asking, name, span, target))
                if isinstance(target, Unresolved):
                    chain.complete = chain.complete and asking.wanted.choice
                elif target.key not in chain.templates and target.key != around.key:
                    chain.templates[target.key] = target
                    chain.complete = chain.complete and not target.analysis.tree.broken
                    waiting.append((target, target.key, target.analysis))
    chain.complete = chain.complete and not waiting
    return chain


def extends(analysis: Analysis) -> list[Asking]:
    """The template's `extends` tags."""
    return [asking for asking in analysis.scopes.asking if asking.wanted.statement == "extends"]


def _parents(context: TemplateContext) -> Parents:
    found = Parents([], True)
    analysis, key = context.analysis, context.around.key if context.around is not None else ""
    while asked := extends(analysis):
        one = asked[0].wanted
        if context.around is None or len(asked) > 1 or one.dynamic or one.choice or not asked[0].certain:
            found.known = False
            return found
        target = context.around.resolve(one.names[0][0], key)
        if isinstance(target, Unresolved) or any(target.key == other.key for other in found.templates):
            found.known = False
            return found
        found.templates.append(target)
        analysis, key = target.analysis, target.key
        if analysis.tree.broken:
            found.known = False
            return found
    return found


def parents_of_dependents(context: TemplateContext) -> Parents:
    """The templates that those which reach this one extend: what a block includes is rendered in that context."""
    found = Parents([], True)
    if context.around is None:
        return found
    seen = {context.around.key}
    waiting = [*context.around.dependents()]
    while waiting:
        by = waiting.pop()
        for asking in extends(by.analysis):
            found.known = found.known and not asking.wanted.dynamic
            for name, _ in asking.wanted.names:
                target = context.around.resolve(name, by.key)
                if isinstance(target, Unresolved):
                    found.known = False
                elif target.key not in seen:
                    seen.add(target.key)
                    found.templates.append(target)
                    waiting.append(target)
    return found
