"""The fix of an assignment that a loop loses: the value is kept in a namespace."""

from collections.abc import Iterator

from jinja2 import nodes

from orch.rules.finding import Fix
from orch.rules.template_chain import chain_of
from orch.rules.template_context import TemplateContext
from orch.rules.template_known import known_names
from orch.rules.template_scope import LostAssignment, Variable
from orch.syntax.jinja_names import BindKind
from orch.syntax.jinja_uses import uses_of
from orch.text.span import Span, TextEdit
from orch.text.words import speaks_of


def keep_in_namespace(context: TemplateContext, outer: Variable, lost: list[LostAssignment]) -> Iterator[Fix]:
    """The fix that makes `outer`, to which all of `lost` are meant, an attribute of a namespace.

    Nothing where that may change more than is meant: the name is set in other ways too, or another template may
    read it.
    """
    variables = [outer, *dict.fromkeys(entry.inner for entry in lost)]
    found = _assignment(context, outer)
    if found is None or _is_conditional(context, outer) or _may_be_seen(context, outer):
        return
    places = list(_places(variables))
    if not all(_is_plain(context, tag, span) for tag, span in places) or not all(
        len(variable.binds) == 1 and _assignment(context, variable) for variable in variables
    ):
        return
    space = _free_name(context)
    name = outer.name
    first = outer.binds[0][0]
    target, value = (context.place(first, span) for span in found)
    edits = [
        TextEdit(target, space),
        TextEdit(Span(value.start, value.start), f"namespace({name}="),
        TextEdit(Span(value.end, value.end), ")"),
    ]
    for tag, span in places:
        place = context.place(tag, span)
        if place != target:
            edits.append(TextEdit(Span(place.start, place.start), f"{space}."))
    yield Fix(f"Keep `{name}` in a namespace", tuple(sorted(edits, key=lambda edit: edit.span)), preferred=True)


def _assignment(context: TemplateContext, variable: Variable) -> tuple[Span, Span] | None:
    """The places of the name and the value, where the variable is set once by `{% set name = value %}`."""
    if len(variable.binds) != 1:
        return None
    tag, bind = variable.binds[0]
    whole = context.tree.tags[tag]
    node = whole.node
    if (
        bind.kind is not BindKind.SET
        or not isinstance(node, nodes.Assign)
        or not isinstance(node.target, nodes.Name)
    ):
        return None
    spans = whole.tokens.spans
    start = node.target.lineno + 2
    # a tuple without brackets would be several arguments
    if isinstance(node.node, nodes.Tuple) and whole.tokens.tokens[start].type != "lparen":
        return None
    return bind.span, Span(spans[start].start, spans[-1].end)


def _is_conditional(context: TemplateContext, outer: Variable) -> bool:
    """Whether the first assignment may be passed over: then there would be no namespace."""
    return context.tree.owners[outer.binds[0][0]] != outer.scope.block


def _places(variables: list[Variable]) -> Iterator[tuple[int, Span]]:
    for variable in variables:
        for tag, bind in variable.binds:
            yield tag, bind.span
        for tag, read in variable.reads:
            yield tag, read.span


def _is_plain(context: TemplateContext, tag: int, span: Span) -> bool:
    """Whether the name at `span` stands for its value, and is not the namespace of an assignment itself."""
    return not any(path.stored and path.root_span == span for path in uses_of(context.tree.tags[tag]).paths)


def _may_be_seen(context: TemplateContext, outer: Variable) -> bool:
    """Whether another template speaks of the name."""
    chain = chain_of(context)
    others = list(chain.templates.values())
    if context.around is not None:
        others += context.around.dependents()
    return not chain.complete or any(speaks_of(other.text, outer.name) for other in others)


def _free_name(context: TemplateContext) -> str:
    taken = {variable.name for variable in context.scopes.variables}
    taken |= {entry.read.name for entry in context.scopes.free} | (known_names(context) or frozenset())
    names = ("ns", "state", *(f"ns{number}" for number in range(2, len(taken) + 3)))
    return next(name for name in names if name not in taken)
