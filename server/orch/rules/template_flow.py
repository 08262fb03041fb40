"""Rules on assignments: those that a loop loses, and names that take another meaning."""

from collections.abc import Iterator

from jinja2 import nodes

from orch.rules.finding import Finding, Related, Severity
from orch.rules.template_builtins import functions
from orch.rules.template_context import TemplateContext, template_rule
from orch.rules.template_keeping import keep_in_namespace
from orch.rules.template_scope import LostAssignment, Scope, ScopeKind, Variable
from orch.rules.template_variables import RESERVED
from orch.syntax.jinja_names import Bind, BindKind
from orch.text.span import Span


@template_rule(
    name="loop-scope",
    severity=Severity.WARNING,
    summary="An assignment in a loop does not survive it",
    explanation=(
        "A loop has a scope of its own, and each turn begins anew: what `set` assigns inside is gone at the end of "
        "the turn, and the variable outside keeps its value. Keep the value in a namespace: `{% set ns = "
        "namespace(found=false) %}` before the loop, `{% set ns.found = true %}` inside."
    ),
    bad=(
        "{% set found = false %}\n{% for file in project.files %}\n"
        "{% if file.path == 'AGENTS.md' %}{% set found = true %}{% endif %}\n{% endfor %}\n{{ found }}\n"
    ),
    good=(
        "{% set ns = namespace(found=false) %}\n{% for file in project.files %}\n"
        "{% if file.path == 'AGENTS.md' %}{% set ns.found = true %}{% endif %}\n{% endfor %}\n{{ ns.found }}\n"
    ),
    slow=True,
)
def loop_scope(context: TemplateContext) -> Iterator[Finding]:
    """Assignments in a loop to a name that is set outside too, where the one outside is what is read later."""
    for lost in context.scopes.lost:
        if not is_lost(lost):
            continue
        together = [entry for entry in context.scopes.lost if entry.outer is lost.outer]
        # one that is meant to be the loop's own must stay so
        fixes = keep_in_namespace(context, lost.outer, together) if all(map(is_lost, together)) else ()
        tag, bind = lost.outer.binds[0]
        related = (Related(context.place(tag, bind.span), f"the `{bind.name}` outside keeps its value"),)
        message = (
            f"This does not change the `{lost.bind.name}` outside: an assignment ends with each turn of the loop; "
            "use a `namespace`."
        )
        span = context.place(lost.tag, lost.bind.span)
        yield Finding("loop-scope", span, message, related=related, fixes=tuple(fixes))


def is_lost(lost: LostAssignment) -> bool:
    """Whether someone surely misses the assignment: the variable outside is read where the new value is meant."""
    end = lost.loop.end
    later_binds = [tag for tag, _ in lost.outer.binds if tag > end]
    limit = min(later_binds, default=None)
    # a value that the loop itself uses, and that was not made of the one outside, may be meant to be its own
    own = bool(lost.inner.reads) and all(tag != lost.tag for tag, _ in lost.outer.reads)
    for tag, _ in lost.outer.reads:
        if not own and end < tag and (limit is None or tag <= limit):
            return True
        if lost.loop.tag < tag < lost.tag:
            return True
    return _counts(lost)


def _counts(lost: LostAssignment) -> bool:
    """`set n = n + 1`: it gives the same value in each turn, which nobody wants."""
    if not any(tag == lost.tag for tag, _ in lost.outer.reads):
        return False
    source = lost.bind.source
    if not isinstance(source, nodes.BinExpr):
        return False
    sides = (source.left, source.right)
    return any(isinstance(s, nodes.Name) and s.name == lost.bind.name for s in sides) and any(
        isinstance(s, nodes.Const) for s in sides
    )


_SPECIAL = ("loop", "self", "super", "caller", "varargs", "kwargs")


@template_rule(
    name="shadowed-name",
    severity=Severity.INFO,
    summary="A name takes the place of another one",
    explanation=(
        "A loop uses the name of the loop around it, or a loop or macro gives another meaning to a variable of "
        "Orch, to a function of Jinja or to one of its special names. Inside, the old meaning cannot be reached. "
        "Assigning to `loop` inside a loop, and a parameter `caller` without a default, are refused by Jinja."
    ),
    bad="{% for file in project.files %}{% for file in request %}{{ file }}{% endfor %}{% endfor %}\n",
    good="{% for file in project.files %}{% for line in request %}{{ line }}{% endfor %}{% endfor %}\n",
    slow=True,
)
def shadowed_name(context: TemplateContext) -> Iterator[Finding]:
    """Names that are bound where they mean something else already."""
    for variable in context.scopes.variables:
        for tag, bind in variable.binds:
            found = _refused(context, variable, tag, bind) or _hidden(context, variable, tag, bind)
            if found is not None:
                yield found
                break
    yield from _inputs(context)


def _refused(context: TemplateContext, variable: Variable, tag: int, bind: Bind) -> Finding | None:
    span = context.place(tag, bind.span)
    if bind.name == "loop" and bind.kind in (BindKind.SET, BindKind.FOR, BindKind.WITH) and _in_for(context, tag):
        message = "Jinja lets nothing be assigned to `loop` inside a loop; choose another name."
        return Finding("shadowed-name", span, message, Severity.ERROR)
    if bind.name == "caller" and bind.kind is BindKind.PARAMETER and _needs_default(context, variable, tag):
        message = "Jinja gives `caller` itself: leave this parameter out, or give it a default."
        return Finding("shadowed-name", span, message, Severity.ERROR)
    return None


def _in_for(context: TemplateContext, tag: int) -> bool:
    tree = context.tree
    if tree.tags[tag].name == "for":
        return True
    return any(tree.tags[tree.blocks.blocks[number].opener].name == "for" for number in tree.enclosing(tag))


def _needs_default(context: TemplateContext, variable: Variable, tag: int) -> bool:
    node = context.tree.tags[tag].node
    if not isinstance(node, nodes.Macro | nodes.CallBlock) or not variable.reads:
        return False
    names = [argument.name for argument in node.args]
    return "caller" in names[: len(names) - len(node.defaults)]


def _hidden(context: TemplateContext, variable: Variable, tag: int, bind: Bind) -> Finding | None:
    name = bind.name
    if bind.kind is BindKind.FOR:
        outer = _outer_loop(variable.scope, name)
        if outer is not None:
            place = context.place(outer.binds[0][0], outer.binds[0][1].span)
            message = f"This loop hides the `{name}` of the loop around it; choose another name."
            return _finding(context, tag, bind.span, message, (Related(place, "the loop around it"),))
    if bind.kind in (BindKind.PARAMETER, BindKind.SET, BindKind.WITH) and name in RESERVED:
        return None  # given another value on purpose
    if name in RESERVED:
        return _finding(context, tag, bind.span, f"This hides Orch's variable `{name}`; choose another name.")
    if name in functions():
        return _finding(context, tag, bind.span, f"This hides Jinja's function `{name}`; choose another name.")
    if bind.kind is BindKind.PARAMETER and name == "caller":
        return None  # how Jinja has a macro say that its body may be left out
    if name in _SPECIAL and any(name in around.implicit for around in variable.scope.around()):
        return _finding(context, tag, bind.span, f"This hides Jinja's own `{name}`; choose another name.")
    return None


def _outer_loop(scope: Scope, name: str) -> Variable | None:
    around = scope.parent
    while around is not None and around.kind not in (ScopeKind.MACRO, ScopeKind.BLOCK):
        variable = around.all.get(name)
        if variable is not None and variable.kind is BindKind.FOR:
            return variable
        around = around.parent
    return None


def _finding(
    context: TemplateContext, tag: int, span: Span, message: str, related: tuple[Related, ...] = ()
) -> Finding:
    return Finding("shadowed-name", context.place(tag, span), message, related=related)


def _inputs(context: TemplateContext) -> Iterator[Finding]:
    tree, front = context.tree.front_tree, context.tree.front
    if tree is None or front is None:
        return
    for header in tree.headers:
        if len(header.path) == 2 and header.path[0] == "inputs" and header.path[1] in RESERVED:
            span = header.key_spans[-1].shifted(front.body.start)
            message = f"This input can never be read: Orch's own `{header.path[1]}` goes before it; rename it."
            yield Finding("shadowed-name", span, message, Severity.WARNING)
