"""Rules on what Jinja's parser accepts and its compiler refuses, and what only fails when the template runs."""

from collections.abc import Iterator
from itertools import pairwise

from orch.rules.finding import Finding, Related, Severity
from orch.rules.template_context import TemplateContext, template_rule
from orch.rules.template_depth import too_deep
from orch.rules.template_local import local_findings
from orch.text.span import Span


@template_rule(
    name="misplaced-tag",
    severity=Severity.ERROR,
    summary="A tag stands where it cannot work",
    explanation=(
        "`break` and `continue` belong in a loop (a macro, a call or a block inside the loop is not in it), "
        "`extends` on the top level, and once: Jinja refuses the template otherwise, or gives up while rendering."
    ),
    bad='{% for file in project.files %}{% extends "base" %}{% endfor %}\n',
    good='{% extends "base" %}\n',
    slow=True,
)
def misplaced_tag(context: TemplateContext) -> Iterator[Finding]:
    """Jumps outside loops; `extends` below the top level or a second time."""
    tree = context.tree
    extended: int | None = None
    for asking in context.scopes.asking:
        if asking.wanted.statement != "extends":
            continue
        span = tree.span(asking.tag)
        if not asking.top:
            message = "`extends` works on the top level of a template only; move it to the beginning."
            yield Finding("misplaced-tag", span, message)
        elif extended is not None and asking.certain:
            related = (Related(tree.span(extended), "the first one"),)
            yield Finding(
                "misplaced-tag", span, "A template extends one other only; remove this tag.", related=related
            )
        elif asking.certain:
            extended = asking.tag
    if "loopcontrols" in tree.extensions:
        yield from _jumps(context)


def _jumps(context: TemplateContext) -> Iterator[Finding]:
    tree = context.tree
    for index, tag in enumerate(tree.tags):
        if tag.name in ("break", "continue") and tag.problem is None and not _in_loop(context, index):
            message = f"`{tag.name}` works inside a loop only."
            yield Finding("misplaced-tag", tree.span(index), message)


def _in_loop(context: TemplateContext, index: int) -> bool:
    tree = context.tree
    for number in tree.enclosing(index):
        block = tree.blocks.blocks[number]
        name = tree.tags[block.opener].name
        if name == "for" and not any(divider < index for divider in block.dividers):
            return True
        if name in ("macro", "call", "block"):
            return False
    return False


@template_rule(
    name="too-complex",
    severity=Severity.ERROR,
    summary="The template is nested too deeply",
    explanation=(
        "Jinja turns a template into Python, and Python limits how deep that may be nested: twenty loops in one "
        "another, or an expression of some hundred brackets or operators. Move the inner part to a macro or "
        "another template, or take the expression apart with `set`."
    ),
    bad="".join(f"{{% for a{n} in request %}}" for n in range(21)) + "{{ a20 }}" + "{% endfor %}" * 21 + "\n",
    good="{% for letter in request %}{{ letter }}{% endfor %}\n",
)
def too_complex(context: TemplateContext) -> Iterator[Finding]:
    """What Jinja's parser cannot read for its depth, and what its compiler cannot."""
    tree = context.tree
    for problem in tree.problems:
        if problem.rule == "too-complex":
            yield Finding("too-complex", problem.span, problem.message)
    if tree.broken:
        return
    for index in too_deep(tree):
        what = "These blocks are" if tree.tags[index].wants else "This expression is"
        message = f"{what} nested too deeply for Jinja to compile; move the inner part out."
        yield Finding("too-complex", tree.span(index), message)


@template_rule(
    name="duplicate-argument",
    severity=Severity.ERROR,
    summary="An argument or parameter is named twice",
    explanation="Python refuses a call that gives a keyword twice, and a macro that declares a parameter twice.",
    bad="{{ request | indent(width=2, width=4) }}\n",
    good="{{ request | indent(width=2) }}\n",
    slow=True,
)
def duplicate_argument(context: TemplateContext) -> Iterator[Finding]:
    """Keywords given twice in a call, parameters declared twice."""
    return local_findings(context, "duplicate-argument")


@template_rule(
    name="duplicate-macro",
    severity=Severity.WARNING,
    summary="Two macros have the same name",
    explanation="The second macro takes the place of the first, which can never be called behind it.",
    bad=(
        "{% macro item(x) %}- {{ x }}{% endmacro %}\n"
        "{% macro item(x) %}* {{ x }}{% endmacro %}\n{{ item(title) }}\n"
    ),
    good="{% macro item(x) %}- {{ x }}{% endmacro %}\n{{ item(title) }}\n",
    slow=True,
)
def duplicate_macro(context: TemplateContext) -> Iterator[Finding]:
    """Macros of one scope that have the same name, outside of conditions."""
    tree = context.tree
    for variable in context.scopes.variables:
        macros = [
            (tag, bind)
            for tag, bind in variable.binds
            if bind.kind == "macro" and not _is_conditional(context, tag)
        ]
        for (before, first), (tag, bind) in pairwise(macros):
            if any(before < read <= tag for read, _ in variable.reads):
                continue  # it was used before it is replaced
            related = (Related(tree.place(before, first.span), "the first one"),)
            message = f"There is already a macro `{bind.name}`; this one takes its place."
            yield Finding("duplicate-macro", tree.place(tag, bind.span), message, related=related)


def _is_conditional(context: TemplateContext, index: int) -> bool:
    tree = context.tree
    return any(tree.tags[tree.blocks.blocks[number].opener].name == "if" for number in tree.enclosing(index))


@template_rule(
    name="duplicate-block",
    severity=Severity.ERROR,
    summary="Two blocks have the same name",
    explanation="A block's name stands for its place, so Jinja refuses a template that has the same name twice.",
    bad="{% block task %}a{% endblock %}\n{% block task %}b{% endblock %}\n",
    good="{% block task %}a{% endblock %}\n{% block other %}b{% endblock %}\n",
    slow=True,
)
def duplicate_block(context: TemplateContext) -> Iterator[Finding]:
    """Blocks with a name that an earlier block of the template has."""
    first: dict[str, Span] = {}
    for block in context.scopes.blocks:
        span = context.place(block.tag, block.bind.span)
        if block.bind.name in first:
            related = (Related(first[block.bind.name], "the first one"),)
            message = f"There is already a block `{block.bind.name}` in this template; give this one another name."
            yield Finding("duplicate-block", span, message, related=related)
        else:
            first[block.bind.name] = span
