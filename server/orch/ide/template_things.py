"""What stands at a place in a template: a variable, an attribute, a filter, a template's name ..."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from orch.rules.template_context import TemplateContext
from orch.rules.template_scope import Variable
from orch.syntax.jinja_names import Call, Path, Uses
from orch.syntax.jinja_uses import uses_of
from orch.text.span import Span


class ThingKind(StrEnum):
    """What a thing is."""

    VARIABLE = "variable"
    FREE = "free"
    ATTRIBUTE = "attribute"
    FILTER = "filter"
    TEST = "test"
    TAG = "tag"
    TEMPLATE = "template"
    BLOCK = "block"
    IMPORTED = "imported"
    KEYWORD = "keyword"
    INPUT = "input"


@dataclass(frozen=True, slots=True, eq=False)
class Thing:
    """Something with a name. `span` is its place in the text, `tag` the number of the tag (-1: front matter).

    `variable` is set for a name that the template itself binds; `path` and `step` for an attribute; `call` for a
    filter, a test, and the call that a keyword belongs to.
    """

    kind: ThingKind
    name: str
    span: Span
    tag: int = -1
    variable: Variable | None = None
    path: Path | None = None
    step: int = 0
    call: Call | None = None


def thing_at(context: TemplateContext, offset: int) -> Thing | None:
    """The thing that a cursor at `offset` touches."""
    tree = context.tree
    if tree.front is not None and tree.front.closed and offset < tree.front.end:
        return _input_at(context, offset)
    index = tree.tag_at(offset)
    if index is None:
        return None
    at = offset - tree.starts[index]
    found = [thing for thing in _things(context, index) if thing.span.contains(offset)]
    if found:
        return min(found, key=lambda thing: (thing.span.end - thing.span.start, -thing.span.start))
    tag = tree.tags[index]
    if tag.name and tag.name_span.contains(at):
        return Thing(ThingKind.TAG, tag.name, tree.place(index, tag.name_span), index)
    return None


def things(context: TemplateContext) -> Iterator[Thing]:
    """Everything with a name in the template's tags."""
    for index in range(len(context.tree.tags)):
        yield from _things(context, index)


def _input_at(context: TemplateContext, offset: int) -> Thing | None:
    tree, front = context.tree.front_tree, context.tree.front
    if tree is None or front is None:
        return None
    for header in tree.headers:
        if len(header.path) == 2 and header.path[0] == "inputs":
            span = header.key_spans[-1].shifted(front.body.start)
            if span.contains(offset):
                return Thing(ThingKind.INPUT, str(header.path[1]), span)
    return None


def _things(context: TemplateContext, index: int) -> Iterator[Thing]:
    tree = context.tree
    tag = tree.tags[index]
    uses = uses_of(tag)
    yield from _names(context, index, uses)
    for path in uses.paths:
        for number, step in enumerate(path.steps):
            if step.name is not None:
                kind = ThingKind.BLOCK if path.root == "self" and number == 0 else ThingKind.ATTRIBUTE
                yield Thing(kind, step.name, tree.place(index, step.span), index, path=path, step=number)
    for kind, calls in ((ThingKind.FILTER, uses.filters), (ThingKind.TEST, uses.tests)):
        for call in calls:
            yield Thing(kind, call.name, tree.place(index, call.span), index, call=call)
    for call in (*uses.calls, *uses.filters, *uses.tests):
        for argument in call.arguments:
            if argument.keyword is not None and argument.keyword_span is not None:
                place = tree.place(index, argument.keyword_span)
                yield Thing(ThingKind.KEYWORD, argument.keyword, place, index, call=call)
    if uses.wanted is not None:
        for name, span in uses.wanted.names:
            yield Thing(ThingKind.TEMPLATE, name, tree.place(index, span), index)
    for entry in uses.imported:
        if entry.span != entry.alias_span:
            yield Thing(ThingKind.IMPORTED, entry.name, tree.place(index, entry.span), index)
    if tag.end_name is not None and tag.problem is None:
        span = tag.tokens.spans[tag.end_name]
        yield Thing(ThingKind.BLOCK, span.slice(tag.text), tree.place(index, span), index)


def _names(context: TemplateContext, index: int, uses: Uses) -> Iterator[Thing]:
    tree = context.tree
    for read in (*uses.reads, *uses.inner_reads):
        variable = variable_read(context, index, read.span)
        kind = ThingKind.VARIABLE if variable is not None else ThingKind.FREE
        yield Thing(kind, read.name, tree.place(index, read.span), index, variable)
    for bind in uses.binds:
        place = tree.place(index, bind.span)
        if bind.kind == "block":
            yield Thing(ThingKind.BLOCK, bind.name, place, index)
        else:
            variable = _bound(context, index, bind.span)
            yield Thing(ThingKind.VARIABLE, bind.name, place, index, variable)


def variable_read(context: TemplateContext, tag: int, span: Span) -> Variable | None:
    """The template's own variable that is read at `span` of the tag, None for a name from outside."""
    return _by_place(context, "reads").get((tag, span))


def _bound(context: TemplateContext, tag: int, span: Span) -> Variable | None:
    return _by_place(context, "binds").get((tag, span))


def _by_place(context: TemplateContext, what: str) -> dict[tuple[int, Span], Variable]:
    found = context.memory.get(what)
    if not isinstance(found, dict):
        found = context.memory[what] = {
            (tag, entry.span): variable
            for variable in context.scopes.variables
            for tag, entry in (variable.reads if what == "reads" else variable.binds)
        }
    return found
