"""Where a name of a template is spoken of, in it and in the other templates of the project."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from orch.ide.template_spoken import (
    attribute_places,
    called_macro,
    free_reads,
    keywords,
    makers,
    namespace_at,
    parameter_of,
    seen_inside,
    sharing,
    top_variables,
)
from orch.ide.template_things import Thing, ThingKind, things
from orch.ide.template_view import Desk
from orch.rules.template_chain import Link, chain_of, parents_of
from orch.rules.template_context import Other
from orch.rules.template_known import visible_inputs
from orch.rules.template_scope import ScopeKind, Variable
from orch.syntax.jinja_names import BindKind, Call
from orch.syntax.jinja_uses import uses_of
from orch.text.span import Span


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A place of the name. `path` is None for the document itself; `defines` where the name is made."""

    path: Path | None
    span: Span
    defines: bool = False


@dataclass(frozen=True, slots=True)
class Home:
    """Where a name is at home: the template that makes it, and what it is there."""

    desk: Desk
    thing: Thing


def home_of(desk: Desk, thing: Thing) -> Home | None:
    """The template that makes what `thing` speaks of; `thing` as that template has it."""
    match thing.kind:
        case ThingKind.VARIABLE if thing.variable is not None:
            return _variable_home(desk, thing, thing.variable)
        case ThingKind.ATTRIBUTE if thing.path is not None and thing.step == 0:
            return _module_home(desk, thing) or _namespace_home(desk, thing, thing.path.root_span)
        case ThingKind.KEYWORD if thing.call is not None:
            return _keyword_home(desk, thing, thing.call)
        case ThingKind.IMPORTED:
            target = link_target(desk, thing.tag)
            return _exported(desk.at(target), thing.name) if target is not None else None
        case ThingKind.FREE:
            made = makers(desk, thing.name)
            return _made(*made[0]) if made else Home(desk, thing)
        case ThingKind.BLOCK | ThingKind.INPUT:
            return Home(desk, thing)
    return None


def occurrences(desk: Desk, thing: Thing) -> list[Occurrence]:
    """All places of what `thing` speaks of, in order; those of the document itself have no path."""
    home = home_of(desk, thing)
    if home is None:
        return []
    match home.thing.kind:
        case ThingKind.VARIABLE:
            found = _of_variables(home.desk, home.thing)
        case ThingKind.BLOCK:
            found = _of_block(home.desk, home.thing.name)
        case ThingKind.ATTRIBUTE:
            found = _of_attribute(home.desk, home.thing)
        case _:
            found = _of_input(home.desk, home.thing.name)
    own = [Occurrence(None if o.path == desk.path else o.path, o.span, o.defines) for o in found]
    return sorted(dict.fromkeys(own), key=lambda o: (o.path is not None, str(o.path), o.span))


def link_target(desk: Desk, tag: int) -> Other | None:
    """The template that the tag number `tag` asks for by one constant name."""
    links: dict[int, Link] = {link.asking.tag: link for link in chain_of(desk.context).own()}
    link = links.get(tag)
    return link.target if link is not None and isinstance(link.target, Other) else None


def is_exported(variable: Variable) -> bool:
    """Whether other templates can import the variable."""
    on_top = variable.scope.kind is ScopeKind.TEMPLATE and not variable.name.startswith("_")
    return on_top and variable.kind in (BindKind.MACRO, BindKind.SET)


def _variable_home(desk: Desk, thing: Thing, variable: Variable) -> Home | None:
    tag = variable.binds[0][0]
    if variable.kind is BindKind.FROM and len(variable.binds) == 1:
        entry = next((e for e in uses_of(desk.context.tree.tags[tag]).imported if e.alias == variable.name), None)
        target = link_target(desk, tag)
        if entry is not None and entry.span == entry.alias_span and target is not None:
            return _exported(desk.at(target), entry.name) or Home(desk, thing)
    return Home(desk, thing)


def _module_home(desk: Desk, thing: Thing) -> Home | None:
    assert thing.path is not None
    for variable in desk.context.scopes.named(thing.path.root or ""):
        if variable.kind is BindKind.IMPORT:
            target = link_target(desk, variable.binds[0][0])
            return _exported(desk.at(target), thing.name) if target is not None else None
    return None


def _exported(desk: Desk, name: str) -> Home | None:
    variable = desk.context.scopes.root.all.get(name)
    return _made(desk, variable) if variable is not None and is_exported(variable) else None


def _made(desk: Desk, variable: Variable) -> Home:
    tag, bind = variable.binds[0]
    return Home(desk, Thing(ThingKind.VARIABLE, variable.name, desk.context.place(tag, bind.span), tag, variable))


def _namespace_home(desk: Desk, thing: Thing, span: Span) -> Home | None:
    namespace = namespace_at(desk, thing.tag, span)
    return Home(desk, replace(thing, kind=ThingKind.ATTRIBUTE, variable=namespace)) if namespace else None


def _keyword_home(desk: Desk, thing: Thing, call: Call) -> Home | None:
    """A keyword is at home with the parameter, or the attribute of a namespace, that it gives a value."""
    if call.path == ("namespace",):
        return _namespace_home(desk, thing, call.span)
    macro = called_macro(desk, thing.tag, call)
    parameter = parameter_of(macro, thing.name) if macro is not None else None
    if macro is None or parameter is None:
        return None
    if macro.analysis is desk.context.analysis:
        return _made(desk, parameter)
    others = (other for other in chain_of(desk.context).templates.values() if other.analysis is macro.analysis)
    return next((_made(desk.at(other), parameter) for other in others), None)


def _of_attribute(desk: Desk, thing: Thing) -> Iterator[Occurrence]:
    assert thing.variable is not None
    for span, defines in attribute_places(desk, thing.variable, thing.name):
        yield Occurrence(desk.path, span, defines)


def _of_variables(desk: Desk, thing: Thing) -> Iterator[Occurrence]:
    """The places of a variable, and of what a read may mean instead of it: there the one name stands for all."""
    if thing.variable is None:
        return
    scopes = desk.context.scopes
    for variable in scopes.together(thing.variable):
        yield from _of_variable(desk, variable)
        for one in sharing(desk, variable):
            for other in one.context.scopes.together(*top_variables(one, variable.name)):
                yield from _of_variable(one, other)
            yield from (Occurrence(one.path, span) for _, span in free_reads(one, variable.name))
    if thing.variable in scopes.instead_of(thing.name) and thing.name in visible_inputs(desk.context):
        yield from _of_input(desk, thing.name)


def _of_variable(desk: Desk, variable: Variable) -> Iterator[Occurrence]:
    for tag, bind in variable.binds:
        yield Occurrence(desk.path, desk.context.place(tag, bind.span), True)
    for tag, read in variable.reads:
        yield Occurrence(desk.path, desk.context.place(tag, read.span))
    for asking, span in seen_inside(desk, variable):
        yield Occurrence(asking.path, span)
    others = [desk.at(other) for other in desk.around.dependents()] if desk.around is not None else []
    if is_exported(variable):
        for asking in others:
            yield from _imports(asking, desk, variable.name)
    if variable.kind is BindKind.PARAMETER:
        for asking in (desk, *others):
            yield from (Occurrence(asking.path, span) for span in keywords(asking, desk, variable))


def _imports(asking: Desk, home: Desk, name: str) -> Iterator[Occurrence]:
    """Where another template imports `name` of `home` and uses it."""
    assert home.around is not None
    for link in chain_of(asking.context).own():
        if not isinstance(link.target, Other) or link.target.key != home.around.key:
            continue
        tag = link.asking.tag
        for entry in uses_of(asking.context.tree.tags[tag]).imported:
            if entry.name == name:
                yield Occurrence(asking.path, asking.context.place(tag, entry.span))
        for variable in asking.context.scopes.variables:
            if variable.binds[0][0] == tag:
                yield from _through(asking, variable, name)


def _through(asking: Desk, variable: Variable, name: str) -> Iterator[Occurrence]:
    """The uses of an imported name: of the name itself, or as an attribute of the imported template."""
    for tag, read in variable.reads:
        if variable.kind is BindKind.FROM and variable.name == name:
            yield Occurrence(asking.path, asking.context.place(tag, read.span))
        elif variable.kind is BindKind.IMPORT:
            for path in uses_of(asking.context.tree.tags[tag]).paths:
                if path.root_span == read.span and path.steps[0].name == name:
                    yield Occurrence(asking.path, asking.context.place(tag, path.steps[0].span))


def family(desk: Desk) -> list[Desk]:
    """The template with those that it extends and those that reach it: what shares blocks and inputs with it."""
    found = [desk, *(desk.at(other) for other in parents_of(desk.context).templates)]
    for one in list(found):
        if one.around is not None:
            found += [one.at(other) for other in one.around.dependents()]
    return list({str(one.path): one for one in found}.values())


def _of_block(desk: Desk, name: str) -> Iterator[Occurrence]:
    for one in family(desk):
        for thing in things(one.context):
            if thing.kind is ThingKind.BLOCK and thing.name == name:
                made = thing.path is None and one.context.tree.tags[thing.tag].name == "block"
                yield Occurrence(one.path, thing.span, made)


def _of_input(desk: Desk, name: str) -> Iterator[Occurrence]:
    """An input where it is declared, and every read of the name in the templates that are rendered together."""
    reached = [desk.at(other) for other in chain_of(desk.context).templates.values()]
    together = {str(one.path): one for one in (*family(desk), *reached)}
    for one in together.values():
        span = declaration(one, name)
        if span is not None:
            yield Occurrence(one.path, span, True)
        for entry in one.context.scopes.free:
            if entry.read.name == name:
                yield Occurrence(one.path, one.context.place(entry.tag, entry.read.span))
        for variable in one.context.scopes.instead_of(name):
            yield from _of_variable(one, variable)


def declaration(desk: Desk, name: str) -> Span | None:
    """Where the template's front matter declares the input `name`."""
    tree, front = desk.context.tree.front_tree, desk.context.tree.front
    header = tree.header(("inputs", name)) if tree is not None else None
    return header.key_spans[-1].shifted(front.body.start) if header is not None and front is not None else None
