"""Names that are spoken of in several ways: parameters, attributes of a namespace, what other templates see."""

from collections.abc import Iterator

from orch.ide.template_view import Desk
from orch.rules.template_builtins import functions
from orch.rules.template_chain import Link, chain_of, parents_of
from orch.rules.template_context import Other
from orch.rules.template_known import visible_inputs
from orch.rules.template_macros import Macro, MacroCall, imported_calls, local_calls
from orch.rules.template_scope import ScopeKind, Variable
from orch.rules.template_shapes import namespace_attributes
from orch.rules.template_variables import variables_of
from orch.syntax.jinja_names import BindKind, Call
from orch.syntax.jinja_uses import uses_of
from orch.text.span import Span
from orch.text.words import speaks_of


def called_macro(desk: Desk, tag: int, call: Call) -> Macro | None:
    """The macro that `call`, in the tag number `tag`, calls."""
    return next((made.macro for made in _calls(desk) if made.tag == tag and made.call == call), None)


def parameter_of(macro: Macro, name: str) -> Variable | None:
    """A macro's parameter, as its body has it."""
    scopes = macro.analysis.scopes.scopes
    inside = next(scope for scope in scopes if scope.tag == macro.tag and scope.kind is ScopeKind.MACRO)
    variable = inside.all.get(name)
    return variable if variable is not None and variable.kind is BindKind.PARAMETER else None


def keywords(desk: Desk, home: Desk, parameter: Variable) -> Iterator[Span]:
    """Where the template gives the parameter, of a macro of the template `home`, by its name."""
    for made in _calls(desk):
        if made.macro.tag == parameter.scope.tag and made.macro.analysis.tree.text == home.text:
            for argument in made.call.arguments:
                if argument.keyword == parameter.name and argument.keyword_span is not None:
                    yield desk.context.place(made.tag, argument.keyword_span)


def _calls(desk: Desk) -> Iterator[MacroCall]:
    yield from local_calls(desk.context.analysis)
    yield from imported_calls(desk.context.analysis, chain_of(desk.context))


def namespace_at(desk: Desk, tag: int, span: Span) -> Variable | None:
    """The namespace whose name is read at `span` of the tag, or that is made by the call there."""
    for variable in desk.context.scopes.variables:
        if any(read.span == span for at, read in variable.reads if at == tag) or (
            variable.binds[0][0] == tag and any(call.span == span for call in _making(desk, variable))
        ):
            return variable if namespace_attributes(desk.context, variable) is not None else None
    return None


def attribute_places(desk: Desk, namespace: Variable, name: str) -> Iterator[tuple[Span, bool]]:
    """Where an attribute of a namespace is spoken of, and whether it is made there."""
    made = False
    for call in _making(desk, namespace):
        for argument in call.arguments:
            if argument.keyword == name and argument.keyword_span is not None:
                made = True
                yield desk.context.place(namespace.binds[0][0], argument.keyword_span), True
    for tag, read in namespace.reads:
        for path in uses_of(desk.context.tree.tags[tag]).paths:
            if path.root_span == read.span and path.steps[0].name == name:
                yield desk.context.place(tag, path.steps[0].span), path.stored and not made


def _making(desk: Desk, namespace: Variable) -> list[Call]:
    calls = uses_of(desk.context.tree.tags[namespace.binds[0][0]]).calls
    return [call for call in calls if call.path == ("namespace",)]


def seen_inside(desk: Desk, variable: Variable) -> Iterator[tuple[Desk, Span]]:
    """Where templates that this one includes read the variable."""
    if desk.around is None:
        return
    seen: set[str] = set()
    for link in chain_of(desk.context).own():
        if _hands_on(link, variable):
            assert isinstance(link.target, Other)
            asking = desk.at(link.target)
            inner = (
                entry.target for entry in chain_of(asking.context).links if entry.wanted.statement == "include"
            )
            for other in (link.target, *(target for target in inner if isinstance(target, Other))):
                if other.key not in seen:
                    seen.add(other.key)
                    yield from free_reads(desk.at(other), variable.name)


def makers(desk: Desk, name: str) -> list[tuple[Desk, Variable]]:
    """The variables of templates that include this one, at once, which it reads by `name`.

    Where none does, one of a template above or below.
    """
    if desk.around is None:
        return []
    found = []
    for other in desk.around.dependents():
        asking = desk.at(other)
        variables = asking.context.scopes.named(name)
        for link in chain_of(asking.context).own() if variables else ():
            if isinstance(link.target, Other) and link.target.key == desk.around.key:
                found += [(asking, variable) for variable in variables if _hands_on(link, variable)]
    if not found and not _comes_from_outside(desk, name):
        found = [(one, variable) for one in _relatives(desk, name) for variable in top_variables(one, name)][:1]
    return list({id(variable): (asking, variable) for asking, variable in found}.values())


def is_given_by_others(desk: Desk, variable: Variable) -> bool:
    """Whether a template that reads the variable, being included, reads other variables at the same place."""
    asking = {_key(one): one for one, _ in seen_inside(desk, variable)}
    return any(len(makers(one, variable.name)) > 1 for one in asking.values())


def _hands_on(link: Link, variable: Variable) -> bool:
    """Whether the included template sees the variable."""
    wanted = link.wanted
    return (
        wanted.statement == "include"
        and wanted.with_context
        and isinstance(link.target, Other)
        and variable.scope in link.asking.scope.around()
    )


def sharing(desk: Desk, variable: Variable) -> list[Desk]:
    """The templates above and below that speak of a variable of the top level: `extends` gives them one context."""
    name = variable.name
    if variable.scope.kind is not ScopeKind.TEMPLATE or _comes_from_outside(desk, name):
        return []
    found = {_key(desk): desk}
    waiting = [desk]
    while waiting:
        for one in _relatives(waiting.pop(), name):
            if _key(one) not in found and (top_variables(one, name) or any(free_reads(one, name))):
                found[_key(one)] = one
                waiting.append(one)
    return list(found.values())[1:]


def _comes_from_outside(desk: Desk, name: str) -> bool:
    return name in variables_of(None) or name in functions() or name in visible_inputs(desk.context)


def _key(desk: Desk) -> str:
    return desk.around.key if desk.around is not None else ""


def _relatives(desk: Desk, name: str) -> Iterator[Desk]:
    """The templates that this one extends, and those that extend it, if their texts have the name."""
    for other in parents_of(desk.context).templates:
        if speaks_of(other.text, name):
            yield desk.at(other)
    for other in desk.around.dependents() if desk.around is not None else ():
        if speaks_of(other.text, name):
            child = desk.at(other)
            if any(above.key == _key(desk) for above in parents_of(child.context).templates):
                yield child


def top_variables(desk: Desk, name: str) -> list[Variable]:
    """The variable of that name on the template's top level, if there is one."""
    variable = desk.context.scopes.root.all.get(name)
    return [variable] if variable is not None else []


def free_reads(desk: Desk, name: str) -> Iterator[tuple[Desk, Span]]:
    """Where the template reads a name that it does not make."""
    for entry in desk.context.scopes.free:
        if entry.read.name == name:
            yield desk, desk.context.place(entry.tag, entry.read.span)
