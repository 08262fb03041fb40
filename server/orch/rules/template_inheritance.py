"""Rules on blocks and what extends what."""

from collections.abc import Iterator

from orch.rules.finding import Finding, Fix, Related, Severity
from orch.rules.template_chain import Parents, extends, parents_of
from orch.rules.template_context import Analysis, Other, TemplateContext, template_rule, unknown_name
from orch.rules.template_scope import NamedBlock, ScopeKind
from orch.syntax.jinja_tag import Kind
from orch.syntax.jinja_uses import uses_of
from orch.text.span import Span, TextEdit
from orch.text.words import newline_of


@template_rule(
    name="unknown-block",
    severity=Severity.ERROR,
    summary="A block is meant that does not exist",
    explanation=(
        "`self.name()` shows a block of this template or one that it extends; `super()` the same block of the "
        "template that is extended. A block of a template that extends another one is shown only where the other "
        "has a block of that name."
    ),
    bad="{% block task %}{{ super() }}{% endblock %}\n",
    good="{% block task %}{{ request }}{% endblock %}\n",
    slow=True,
)
def unknown_block(context: TemplateContext) -> Iterator[Finding]:
    """`self.x`, `super()` and overriding blocks without a block that they could mean."""
    parents = parents_of(context)
    above = {name: other for other in reversed(parents.templates) for name in _block_names(other.analysis)}
    yield from _self(context, parents, above)
    yield from _super(context, parents, above)
    yield from _overriding(context, parents, above)


def _block_names(analysis: Analysis) -> list[str]:
    return [block.bind.name for block in analysis.scopes.blocks]


def _self(context: TemplateContext, parents: Parents, above: dict[str, Other]) -> Iterator[Finding]:
    if not parents.known or any(variable.name == "self" for variable in context.scopes.variables):
        return
    known = {*above, *_block_names(context.analysis)}
    if context.around is not None:
        for other in context.around.dependents():
            known.update(_block_names(other.analysis))
    for index, uses in context.scopes.used:
        for path in uses.paths:
            name = path.steps[0].name
            if path.root != "self" or name is None or name in known or name.startswith("_") or path.guarded:
                continue
            span = context.place(index, path.steps[0].span)
            yield unknown_name("unknown-block", span, f"There is no block `{name}`", name, sorted(known))


def _super(context: TemplateContext, parents: Parents, above: dict[str, Other]) -> Iterator[Finding]:
    if not parents.known:
        return
    for block in context.scopes.blocks:
        if block.bind.name in above:
            continue
        for index in range(block.tag + 1, min(block.scope.end, len(context.tree.tags))):
            for call in uses_of(context.tree.tags[index]).calls:
                if call.path == ("super",) and _nearest_block(context, index) == block.tag:
                    yield _no_parent(context, block, context.place(index, call.span))


def _nearest_block(context: TemplateContext, index: int) -> int | None:
    tree = context.tree
    openers = (tree.blocks.blocks[number].opener for number in tree.enclosing(index))
    return next((opener for opener in openers if tree.tags[opener].name == "block"), None)


def _no_parent(context: TemplateContext, block: NamedBlock, span: Span) -> Finding:
    name = block.bind.name
    why = "this template extends no other" if not extends(context.analysis) else "no template above has this block"
    return Finding("unknown-block", span, f"The block `{name}` has no parent for `super()` to show: {why}.")


def _overriding(context: TemplateContext, parents: Parents, above: dict[str, Other]) -> Iterator[Finding]:
    asked = extends(context.analysis)
    if not asked or not parents.known or not parents.templates:
        return
    shown = {
        path for other in (context.analysis, *(p.analysis for p in parents.templates)) for path in _shown(other)
    }
    for block in context.scopes.blocks:
        name = block.bind.name
        if block.inside.kind is not ScopeKind.TEMPLATE or name in above or name in shown:
            continue
        span = context.place(block.tag, block.bind.span)
        what = f"`{asked[0].wanted.names[0][0]}` has no block `{name}`, so this one is never shown"
        found = unknown_name("unknown-block", span, what, name, sorted(above))
        yield Finding(found.rule, found.span, found.message, Severity.WARNING, fixes=found.fixes)


def _shown(analysis: Analysis) -> Iterator[str]:
    """The blocks that a template shows by `self.name()`."""
    for _, uses in analysis.scopes.used:
        for path in uses.paths:
            if path.root == "self" and path.steps[0].name is not None:
                yield path.steps[0].name


@template_rule(
    name="required-block",
    severity=Severity.ERROR,
    summary="A required block is not filled in",
    explanation=(
        "A block that a template marks `required` must be given by the template that extends it; rendering stops "
        "otherwise."
    ),
    bad='{% extends "lib/base" %}\n',
    good='{% extends "lib/base" %}\n{% block body %}{{ request }}{% endblock %}\n',
    slow=True,
)
def required_block(context: TemplateContext) -> Iterator[Finding]:
    """Required blocks of the templates above that nothing below them gives, and of a prompt's own template."""
    given = set(_block_names(context.analysis))
    parents = parents_of(context)
    asked = extends(context.analysis)
    for other in parents.templates if asked else ():
        for block in other.analysis.scopes.blocks:
            name = block.bind.name
            if block.required and name not in given:
                span = context.place(asked[0].tag, asked[0].wanted.names[0][1])
                related = (
                    Related(other.analysis.tree.place(block.tag, block.bind.span), "required here", other.path),
                )
                message = f"The block `{name}` is required; add `{{% block {name} %}}...{{% endblock %}}`."
                yield Finding("required-block", span, message, related=related, fixes=(_stub(context, name),))
        given.update(_block_names(other.analysis))
    if context.role is not None and not asked:
        for block in context.scopes.blocks:
            if block.required:
                message = f"Nothing fills in the required block `{block.bind.name}` when this template is rendered."
                yield Finding("required-block", context.place(block.tag, block.bind.span), message)


def _stub(context: TemplateContext, name: str) -> Fix:
    end, newline = len(context.text), newline_of(context.text)
    before = "" if context.text.endswith("\n") or not context.text else newline
    text = f"{before}{{% block {name} %}}{newline}{{% endblock %}}{newline}"
    return Fix(f"Add the block `{name}`", (TextEdit(Span(end, end), text),), preferred=True)


@template_rule(
    name="content-outside-block",
    severity=Severity.WARNING,
    summary="Text that is never shown stands outside the blocks",
    explanation=(
        "A template that extends another one shows its blocks only. Text behind `extends`, outside of the blocks, "
        "is passed over in silence. Assignments, macros and imports are fine there."
    ),
    bad='{% extends "orchestrator" %}\nBe brief.\n{% block task %}{{ request }}{% endblock %}\n',
    good='{% extends "orchestrator" %}\n{% block task %}Be brief. {{ request }}{% endblock %}\n',
    slow=True,
)
def content_outside_block(context: TemplateContext) -> Iterator[Finding]:
    """Text and values between the blocks of a template that surely extends another one."""
    asked = next((asking for asking in extends(context.analysis) if asking.certain and asking.top), None)
    if asked is None or context.tree.broken:
        return
    for span in _outside(context, asked.tag):
        message = "This is never shown: it stands outside of the blocks of a template that extends another one."
        remove = Fix("Remove this", (TextEdit(span, ""),))
        yield Finding("content-outside-block", span, message, fixes=(remove,), unnecessary=True)


def _outside(context: TemplateContext, extending: int) -> Iterator[Span]:
    """Runs of text and output tags on the top level behind the tag `extending`, without white space around them."""
    tree = context.tree
    start: int | None = None
    position = tree.span(extending).end
    for index in range(extending + 1, len(tree.tags) + 1):
        at = tree.starts[index] if index < len(tree.tags) else len(tree.text)
        outside = _is_outside(context, index)
        if outside and start is None and tree.text[position:at].strip():
            start = position
        shown = index < len(tree.tags) and outside and tree.tags[index].kind in (Kind.OUTPUT, Kind.RAW)
        if not shown:
            if start is not None:
                yield _trimmed(tree.text, start, at)
                start = None
        elif start is None:
            start = at
        if index < len(tree.tags):
            position = tree.span(index).end


def _is_outside(context: TemplateContext, index: int) -> bool:
    """Whether the text before the tag `index` stands on the top level."""
    tree = context.tree
    if index >= len(tree.tags):
        return True
    owner = tree.owners[index]
    if owner < 0:
        tag = tree.tags[index]
        return not tag.ends
    return False


def _trimmed(text: str, start: int, end: int) -> Span:
    part = text[start:end]
    lead = len(part) - len(part.lstrip())
    return Span(start + lead, start + len(part.rstrip()))
