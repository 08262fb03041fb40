"""Rules on the form of a template: what Jinja's parser refuses, each problem at its own place."""

from collections.abc import Iterator

from orch.rules.finding import Finding, Fix, Related, Severity
from orch.rules.template_context import TemplateContext, template_rule
from orch.syntax.jinja_messages import meant_tag
from orch.syntax.jinja_tag import ENDS
from orch.syntax.jinja_tree import TemplateProblem
from orch.text.span import Span, TextEdit
from orch.text.words import newline_of


@template_rule(
    name="syntax-error",
    severity=Severity.ERROR,
    summary="Jinja cannot read a tag",
    explanation=(
        "A tag is not written as Jinja wants it. Every broken tag is reported at its own place; the rest of the "
        "template is read and checked all the same. What is accepted is exactly what Jinja accepts: its own parser "
        "reads the tags."
    ),
    bad="{{ request upper }}\n",
    good="{{ request | upper }}\n",
)
def syntax_error(context: TemplateContext) -> Iterator[Finding]:
    """Problems inside a tag."""
    return _problems(context, "syntax-error")


@template_rule(
    name="unclosed-block",
    severity=Severity.ERROR,
    summary="A block is never closed",
    explanation="`if`, `for`, `block` and the like need their end tag. The tag that opens the block is marked.",
    bad="{% if title %}\n# {{ title }}\n",
    good="{% if title %}\n# {{ title }}\n{% endif %}\n",
)
def unclosed_block(context: TemplateContext) -> Iterator[Finding]:
    """Blocks without an end."""
    for problem in _of(context, "unclosed-block"):
        index = context.tree.tag_at(problem.span.start)
        yield _finding(problem, tuple(_ending(context, index)) if index is not None else ())


@template_rule(
    name="unexpected-tag",
    severity=Severity.ERROR,
    summary="A tag closes or divides nothing",
    explanation=(
        "An end tag, `else` or `elif` stands where no block waits for it: it is one too many, or the ends of two "
        "blocks are in the wrong order."
    ),
    bad="{% if title %}{{ title }}{% endfor %}\n{% endif %}\n",
    good="{% if title %}{{ title }}{% endif %}\n",
)
def unexpected_tag(context: TemplateContext) -> Iterator[Finding]:
    """End tags and dividers that fit no open block."""
    for problem in _of(context, "unexpected-tag"):
        remove = Fix("Remove this tag", (TextEdit(problem.span, ""),))
        whole = problem.span.slice(context.text).startswith("{%")
        yield _finding(problem, (remove,) if whole else ())


@template_rule(
    name="unclosed-delimiter",
    severity=Severity.ERROR,
    summary="A tag or comment is never closed",
    explanation="`{{` ends with `}}`, `{%` with `%}`, `{#` with `#}`. What follows is still checked.",
    bad="Hello {{ title\n",
    good="Hello {{ title }}\n",
)
def unclosed_delimiter(context: TemplateContext) -> Iterator[Finding]:
    """Delimiters without their partner."""
    for problem in _of(context, "unclosed-delimiter"):
        yield _finding(problem, tuple(_closing(context, problem)))


@template_rule(
    name="unknown-tag",
    severity=Severity.ERROR,
    summary="There is no such tag",
    explanation=(
        "Jinja knows no tag of this name. `do`, `break` and `continue` exist when the configuration turns the "
        'extensions on: `[jinja] extensions = ["do", "loopcontrols"]`.'
    ),
    bad="{% fro file in project.files %}{{ file.path }}{% endfor %}\n",
    good="{% for file in project.files %}{{ file.path }}{% endfor %}\n",
)
def unknown_tag(context: TemplateContext) -> Iterator[Finding]:
    """Tags that Jinja has not."""
    for problem in _of(context, "unknown-tag"):
        index = context.tree.tag_at(problem.span.start)
        meant = meant_tag(context.tree.tags[index]) if index is not None else None
        word = problem.span.slice(context.text)
        if index is not None and meant is not None and word == "end":
            # `end if` is two words of which only the first is marked
            whole = Span(problem.span.start, context.place(index, context.tree.tags[index].tokens.spans[1]).end)
            yield _finding(problem, (_replace(whole, meant),))
        else:
            yield _finding(problem, () if meant is None else (_replace(problem.span, meant),))


def _of(context: TemplateContext, rule: str) -> Iterator[TemplateProblem]:
    return (problem for problem in context.tree.problems if problem.rule == rule)


def _problems(context: TemplateContext, rule: str) -> Iterator[Finding]:
    return (_finding(problem) for problem in _of(context, rule))


def _finding(problem: TemplateProblem, fixes: tuple[Fix, ...] = ()) -> Finding:
    return Finding(
        problem.rule,
        problem.span,
        problem.message,
        Severity.WARNING if problem.accepted else None,
        tuple(Related(span, why) for span, why in problem.related),
        fixes or (() if problem.instead is None else (_replace(problem.span, problem.instead),)),
    )


def _replace(span: Span, text: str) -> Fix:
    return Fix(f"Change to `{text.strip()}`", (TextEdit(span, text),), preferred=True)


def _ending(context: TemplateContext, index: int) -> Iterator[Fix]:
    """The end tag, at the last place where it can stand: before what ends the block around, or at the end."""
    tree, text = context.tree, context.text
    block = next((block for block in tree.blocks.blocks if block.opener == index), None)
    name = "endraw" if block is None else next(want for want in block.wants if want in ENDS)
    at = len(text) if block is None or block.end >= len(tree.tags) else tree.starts[block.end]
    start = tree.starts[index]
    line = text.rfind("\n", 0, start) + 1
    indent = text[line:start]
    end = f"{{% {name} %}}"
    if not indent.strip() and "\n" in text[start:at]:
        place = text.rfind("\n", 0, at) + 1
        # on a line of its own, as the opening tag is; what already stands on the last line stays before it
        alone = not text[place:at].strip()
        newline = newline_of(text)
        end = f"{indent}{end}{newline}" if alone else f"{newline}{indent}{end}{newline}"
        at = place if alone else at
    elif at == len(text):
        at = len(text.rstrip())
    yield Fix(f"Add `{{% {name} %}}`", (TextEdit(Span(at, at), end),))


def _closing(context: TemplateContext, problem: TemplateProblem) -> Iterator[Fix]:
    index = context.tree.tag_at(problem.span.start)
    if index is None:
        return
    whole = context.tree.span(index)
    closer = {"{{": "}}", "{%": "%}", "{#": "#}"}[whole.slice(context.text)[:2]]
    if problem.span.start > whole.start:
        yield _replace(problem.span, closer)
    else:
        yield Fix(f"Add `{closer}`", (TextEdit(Span(whole.end, whole.end), f" {closer}"),), preferred=True)
