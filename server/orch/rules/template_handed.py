"""Values that are only handed on, to a name that may be undefined: being undefined themselves stops nothing."""

from collections.abc import Iterator

from jinja2 import nodes

from orch.rules.template_chain import chain_of
from orch.rules.template_context import Analysis, TemplateContext
from orch.rules.template_macros import Macro, MacroCall, imported_calls, local_calls
from orch.rules.template_scope import ScopeKind, Variable
from orch.syntax.jinja_names import Argument, BindKind
from orch.syntax.jinja_tag import Tag
from orch.text.span import Span


def handed_on(context: TemplateContext) -> frozenset[tuple[int, Span]]:
    """The reads, as (tag, place in the tag), whose value goes as it is to a name that is only read with care.

    That is `{% set x = tone %}` where the template asks whether `x` is defined, and an argument of a macro that
    asks so of its parameter.
    """
    found = context.memory.get("handed on")
    if not isinstance(found, frozenset):
        found = context.memory["handed on"] = frozenset((*_renamed(context), *_arguments(context)))
    return found


def _renamed(context: TemplateContext) -> Iterator[tuple[int, Span]]:
    for variable in context.scopes.variables:
        # what nobody reads here may be read by another template
        is_read = bool(variable.reads) and variable.kind in (BindKind.SET, BindKind.WITH)
        if is_read and _is_careful(context.analysis, variable):
            for tag, bind in variable.binds:
                if bind.source is not None:
                    yield from _name(context.tree.tags[tag], tag, bind.source)


def _arguments(context: TemplateContext) -> Iterator[tuple[int, Span]]:
    calls = [*local_calls(context.analysis)]
    if context.around is not None:
        calls += imported_calls(context.analysis, chain_of(context))
    for made in calls:
        careful = set(careful_parameters(made.macro))
        for argument, name in _given(made):
            if argument.value is not None and name in careful:
                yield from _name(context.tree.tags[made.tag], made.tag, argument.value)


def _given(made: MacroCall) -> Iterator[tuple[Argument, str]]:
    """The arguments of a call, each with the parameter that it is for."""
    placed = iter(made.macro.signature.parameters)
    for argument in made.call.arguments:
        if argument.star:
            return
        if argument.keyword is not None:
            yield argument, argument.keyword
        elif (parameter := next(placed, None)) is not None:
            yield argument, parameter.name


def _name(tag: Tag, index: int, node: nodes.Node) -> Iterator[tuple[int, Span]]:
    if isinstance(node, nodes.Name):
        yield index, tag.tokens.spans[node.lineno]


def careful_parameters(macro: Macro) -> Iterator[str]:
    """The parameters of a macro that may be given what is undefined."""
    scopes = macro.analysis.scopes.scopes
    inside = next(scope for scope in scopes if scope.tag == macro.tag and scope.kind is ScopeKind.MACRO)
    for parameter in macro.signature.parameters:
        variable = inside.all.get(parameter.name)
        if variable is not None and _is_careful(macro.analysis, variable):
            yield parameter.name


def _is_careful(analysis: Analysis, variable: Variable) -> bool:
    """Whether a variable is read only where it may be undefined."""
    return variable.name in analysis.scopes.tested or all(read.guarded for _, read in variable.reads)
