"""Rules on names that mean nothing: variables, and attributes of what is known."""

import re
from collections.abc import Iterator

from jinja2 import nodes

from orch.rules.finding import Finding, Fix, Related, Severity
from orch.rules.template_chain import chain_of, parents_of
from orch.rules.template_context import TemplateContext, template_rule, unknown_name
from orch.rules.template_handed import handed_on
from orch.rules.template_known import known_names, names_of_parents, runs_later, sees_no_context, visible_inputs
from orch.rules.template_scope import Free, Scope, ScopeKind, Variable
from orch.rules.template_shapes import Shapes
from orch.rules.template_variables import RESERVED, SINCE
from orch.syntax.jinja_names import BindKind, Step
from orch.syntax.jinja_uses import uses_of
from orch.text.span import Span, TextEdit


@template_rule(
    name="undefined-variable",
    severity=Severity.ERROR,
    summary="A variable that nothing defines is read",
    explanation=(
        "Reading an undefined variable stops the rendering. A name is reported only where it surely is undefined: "
        "no variable of Orch, no input in the front matter of this template or one that it reaches, nothing that "
        "this template sets before, or that a template which includes or extends it may set. Where the template "
        "asks `is defined`, or gives a `default`, nothing is reported, nor where the value only goes on to a macro "
        "or another name that asks."
    ),
    bad="{{ feture_type }}\n",
    good="{{ feature_type }}\n",
    slow=True,
)
def undefined_variable(context: TemplateContext) -> Iterator[Finding]:
    """Names that are read and nowhere defined."""
    scopes = context.scopes
    known: frozenset[str] | None = None
    for entry in scopes.free:
        read = entry.read
        if read.guarded or read.name in scopes.tested or read.name in scopes.uncertain:
            continue
        if known is None:
            known = known_names(context)
            if known is None:
                return
        if read.name in known or read.name in names_of_parents(context, entry.scope):
            continue
        if runs_later(entry.scope) and not parents_of(context).known:
            continue
        if (entry.tag, read.span) not in handed_on(context):
            yield _undefined(context, entry, known)
    yield from _callers_in_calls(context)


_GIVES_CALLER = re.compile(r"\bcaller\s*=")


def _callers_in_calls(context: TemplateContext) -> Iterator[Finding]:
    """`caller` in the body of a `call`: there it is the body's own, which nothing gives, not the outer macro's."""
    tree = context.tree
    calls = [scope for scope in context.scopes.scopes if scope.kind is ScopeKind.CALL and "caller" not in scope.all]
    if not calls or "caller" in context.scopes.tested | context.scopes.uncertain:
        return
    texts = [context.text, *(other.text for other in chain_of(context).templates.values())]
    if any(_GIVES_CALLER.search(text) for text in texts):
        return
    for scope in calls:
        for index in range(scope.tag + 1, min(scope.end, len(tree.tags))):
            openers = (tree.blocks.blocks[number].opener for number in tree.enclosing(index))
            nearest = next((tag for tag in openers if tree.tags[tag].name in ("macro", "call", "block")), None)
            for read in uses_of(tree.tags[index]).reads if nearest == scope.tag else ():
                if read.name == "caller" and not read.guarded:
                    message = (
                        "In the body of a `call`, `caller` is not that of the macro around it; "
                        "keep that in a variable before: `{% set body = caller() %}`."
                    )
                    yield Finding("undefined-variable", context.place(index, read.span), message)


def _undefined(context: TemplateContext, entry: Free, known: frozenset[str]) -> Finding:
    name = entry.read.name
    span = context.place(entry.tag, entry.read.span)
    if sees_no_context(context) and (name in RESERVED or name in visible_inputs(context)):
        message = (
            f"`{name}` cannot be seen here, since this template is only asked for without context: "
            "import it `with context`, or give the macro a parameter."
        )
        return Finding("undefined-variable", span, message)
    since = SINCE.get(name)
    if since is not None:
        also = "" if since == "implementation" else " and the implementation"
        message = f"`{name}` is not known yet: only the templates of the {since}{also} get it."
        return Finding("undefined-variable", span, message)
    elsewhere = context.scopes.named(name)
    if elsewhere:
        return _out_of_reach(context, entry, span, elsewhere)
    special = {"loop": "is there inside a `for` loop only", "super": "is there inside a block only"}
    special |= dict.fromkeys(("caller", "varargs", "kwargs"), "is there inside a macro only")
    if name in special:
        return Finding("undefined-variable", span, f"`{name}` {special[name]}.")
    near = [*known, *_names_in_reach(entry.scope)]
    return unknown_name("undefined-variable", span, f"`{name}` is not defined", name, near)


def _names_in_reach(scope: Scope) -> Iterator[str]:
    for around in scope.around():
        yield from around.all
        yield from around.implicit


def _out_of_reach(context: TemplateContext, entry: Free, span: Span, elsewhere: list[Variable]) -> Finding:
    """The name is set somewhere in the template, but not for the place where it is read."""
    name, nearest = entry.read.name, elsewhere[0]
    tag, bind = nearest.binds[0]
    related = (Related(context.place(tag, bind.span), f"`{name}` is set here"),)
    kind = nearest.scope.kind
    block = next((scope for scope in entry.scope.around() if scope.kind is ScopeKind.BLOCK), None)
    if block is not None and block.parent is not None and any(v.scope in block.parent.around() for v in elsewhere):
        where = context.tree.tags[block.tag]
        message = (
            f"`{name}` cannot be seen inside the block `{getattr(where.node, 'name', '')}`; "
            "mark the block `scoped` to let it see what is around it."
        )
        end = context.place(block.tag, where.tokens.spans[1]).end
        fix = Fix("Mark the block `scoped`", (TextEdit(Span(end, end), " scoped"),), preferred=True)
        return Finding("undefined-variable", span, message, related=related, fixes=(fix,))
    if nearest.scope in entry.scope.around():
        return Finding(
            "undefined-variable", span, f"`{name}` is read before it is set, or in a branch that does not set it.",
            related=related,
        )  # fmt: skip
    words = {
        ScopeKind.FOR: "inside a loop, and does not outlive it",
        ScopeKind.FOR_ELSE: "inside a loop's `else`, and does not outlive it",
        ScopeKind.MACRO: "inside a macro only",
        ScopeKind.CALL: "inside a `call` block only",
        ScopeKind.BLOCK: "inside another block only",
    }.get(kind, f"inside a `{kind}` block only")
    return Finding("undefined-variable", span, f"`{name}` is set {words}.", related=related)


@template_rule(
    name="undefined-attribute",
    severity=Severity.ERROR,
    summary="An attribute that is not there is read",
    explanation=(
        "What `project`, `session`, `notes` and `loop` hold is known, likewise what a namespace was given and what "
        "an imported template offers. Reading anything else of them stops the rendering."
    ),
    bad="{{ project.nmae }}\n",
    good="{{ project.name }}\n",
    slow=True,
)
def undefined_attribute(context: TemplateContext) -> Iterator[Finding]:
    """Attributes of known things that these do not have."""
    shapes = Shapes(context)
    reads = {(entry.tag, entry.read.span) for entry in context.scopes.free}
    asked = {known for _, uses in context.scopes.used for known in uses.known}
    for index, uses in context.scopes.used:
        for path in uses.paths:
            if path.root is None or path.stored:
                continue
            if asked and (path.root, ".".join(step.name or "" for step in path.steps)) in asked:
                continue
            yield from shapes.check(index, path, (index, path.root_span) in reads)


_UNSAFE = frozenset(
    [
        "func_code",
        "func_globals",
        "im_class",
        "im_func",
        "im_self",
        "gi_frame",
        "gi_code",
        "tb_frame",
        "tb_next",
        "f_globals",
        "f_locals",
        "f_builtins",
        "f_code",
        "f_back",
        "cr_frame",
        "cr_code",
        "ag_frame",
        "ag_code",
    ]
)
_CHANGING: dict[type, tuple[str, tuple[str, ...]]] = {
    nodes.List: ("list", ("append", "extend", "insert", "pop", "remove", "reverse", "sort", "clear")),
    nodes.Dict: ("mapping", ("clear", "pop", "popitem", "setdefault", "update")),
}


@template_rule(
    name="unsafe-attribute",
    severity=Severity.ERROR,
    summary="An attribute that the sandbox forbids is read",
    explanation=(
        "Templates are rendered in Jinja's immutable sandbox: Python's inner attributes cannot be read, and a list "
        "or mapping cannot be changed by its methods. Build a new list with `+`, or keep a value in a `namespace`."
    ),
    bad="{{ request.__class__ }}\n",
    good="{{ request }}\n",
    slow=True,
)
def unsafe_attribute(context: TemplateContext) -> Iterator[Finding]:
    """Inner attributes of Python, and methods that would change a list or mapping that the template made."""
    for index, uses in context.scopes.used:
        for path in uses.paths:
            for step in path.steps:
                if step.name is not None and (_is_inner(step, path.root) or step.name in _UNSAFE):
                    message = f"The sandbox lets no template read `{step.name}`."
                    yield Finding("unsafe-attribute", context.place(index, step.span), message)
        for call in uses.filters:
            value = call.arguments[0].value if call.name == "attr" and call.arguments else None
            if isinstance(value, nodes.Const) and str(value.value).startswith("__"):
                quoted = context.place(index, call.arguments[0].span)
                span = Span(quoted.start + 1, quoted.end - 1)
                yield Finding("unsafe-attribute", span, f"The sandbox lets no template read `{value.value}`.")
    yield from _changes(context)


def _is_inner(step: Step, root: str | None) -> bool:
    """Whether the step is an inner attribute of Python; a mapping that the template made may have such a key."""
    assert step.name is not None
    return step.name.startswith("__") and (not step.subscript or root in RESERVED)


def _changes(context: TemplateContext) -> Iterator[Finding]:
    for variable in context.scopes.variables:
        sources = {type(bind.source) for _, bind in variable.binds}
        if (
            variable.shares
            or variable.kind is not BindKind.SET
            or len(sources) != 1
            or sources.isdisjoint(_CHANGING)
        ):
            continue
        what, methods = _CHANGING[sources.pop()]
        for index, read in variable.reads:
            for path in uses_of(context.tree.tags[index]).paths:
                name, span = path.steps[0].name, path.steps[0].span
                if path.root_span == read.span and path.called and len(path.steps) == 1 and name in methods:
                    message = f"The sandbox lets no template change a {what} with `{name}`; make a new one."
                    yield Finding("unsafe-attribute", context.place(index, span), message)
