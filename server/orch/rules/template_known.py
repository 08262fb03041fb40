"""Which names come to a template from outside: variables of Orch, inputs, and what other templates set."""

from collections.abc import Iterator, Mapping
from functools import lru_cache

from orch.model.session import ROLES
from orch.model.template import Input
from orch.rules.template_builtins import functions
from orch.rules.template_chain import chain_of, extends, parents_of, parents_of_dependents
from orch.rules.template_context import Other, TemplateContext
from orch.rules.template_scope import Scope, ScopeKind
from orch.rules.template_variables import variables_of
from orch.syntax.jinja_names import Wanted


def visible_inputs(context: TemplateContext) -> Mapping[str, Input]:
    """The inputs that the template may read; the nearest declaration counts.

    Its own, those of templates that it reaches or that reach it, and the configuration's.
    """
    kept = context.memory.get("inputs")
    if isinstance(kept, dict):
        return kept
    found: dict[str, Input] = dict(context.analysis.front.inputs)
    if context.around is not None:
        others = [*chain_of(context).templates.values(), *context.around.dependents()]
        for other in others:
            for name, declared in other.analysis.front.inputs.items():
                found.setdefault(name, declared)
        for name, declared in context.around.inputs.items():
            found.setdefault(name, declared)
    # only when it is whole: threads may share the context
    context.memory["inputs"] = found
    return found


def known_names(context: TemplateContext) -> frozenset[str] | None:
    """The names that come from outside the template; None where what is around it is not known well enough."""
    around = context.around
    names = {*variables_of(context.role), *functions(), *visible_inputs(context)}
    if around is None:
        # without a project nobody knows what the templates that it asks for declare
        return None if context.scopes.asking else frozenset(names)
    if sees_no_context(context):
        return frozenset(functions())
    for other in around.dependents():
        names.update(_bound_names(other))
        if other.name in ROLES.values():
            names.update(variables_of(other.name))
    above = parents_of_dependents(context)
    for other in above.templates:
        names.update(_bound_names(other))
    return frozenset(names) if above.known else None


def sees_no_context(context: TemplateContext) -> bool:
    """Whether the template is one of the project's own that others import or include without context, all of them.

    Then it sees nothing but what it makes itself: no variable of Orch and no input either.
    """
    around = context.around
    if around is None or context.role is not None or not around.key.startswith("project:"):
        return False
    kept = context.memory.get("no context")
    if not isinstance(kept, bool):
        users = [*_users(context)]
        kept = bool(users) and all(wanted is not None and not wanted.with_context for wanted in users)
        context.memory["no context"] = kept
    return kept


def _users(context: TemplateContext) -> Iterator[Wanted | None]:
    """How others ask for the template; None for what extends it, or cannot be told."""
    around = context.around
    assert around is not None
    for other in around.dependents():
        if other.analysis.tree.broken:
            yield None
        for asking in other.analysis.scopes.asking:
            if asking.wanted.dynamic:
                yield None
            for name, _ in asking.wanted.names:
                target = around.resolve(name, other.key)
                if isinstance(target, Other) and target.key == around.key:
                    yield asking.wanted if asking.wanted.statement != "extends" else None


@lru_cache(maxsize=512)
def _bound_names(other: Other) -> frozenset[str]:
    """All names that a template sets in any scope, asks about, or that only it may know of.

    A template that asks `x is defined` may show the other one only then.
    """
    scopes = other.analysis.scopes
    names = {variable.name for variable in scopes.variables}
    return frozenset(names | scopes.uncertain | scopes.tested | {"loop"})


def runs_later(scope: Scope) -> bool:
    """Whether what a scope holds may run after the templates above have: it is of a block or a macro."""
    return any(around.kind in (ScopeKind.BLOCK, ScopeKind.MACRO, ScopeKind.CALL) for around in scope.around())


def names_of_parents(context: TemplateContext, scope: Scope) -> frozenset[str]:
    """What a block or macro may read that the templates above set: they share a context and may call it."""
    if not extends(context.analysis) or not runs_later(scope):
        return frozenset()
    found = context.memory.get("parents' names")
    if not isinstance(found, frozenset):
        names = [_bound_names(other) for other in parents_of(context).templates]
        found = context.memory["parents' names"] = frozenset().union(*names)
    return found
