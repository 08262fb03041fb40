"""The colours of a template: each name by what it is, tag by tag."""

import re
from collections.abc import Iterator

from orch.ide.results import Token
from orch.rules.template_builtins import functions
from orch.rules.template_variables import EVERY
from orch.syntax.jinja_names import BindKind, Uses
from orch.syntax.jinja_tag import Kind, Tag
from orch.syntax.jinja_tree import TemplateTree
from orch.syntax.jinja_uses import uses_of
from orch.text.span import Span

_LINE_END = re.compile(r"\r\n|\r|\n")
_WORDS = frozenset(
    [
        "and",
        "or",
        "not",
        "in",
        "is",
        "if",
        "else",
        "elif",
        "recursive",
        "scoped",
        "required",
        "ignore",
        "missing",
        "with",
        "without",
        "context",
        "as",
        "import",
        "true",
        "false",
        "none",
        "True",
        "False",
        "None",
    ]
)
_BINDS = {
    BindKind.MACRO: "macro",
    BindKind.PARAMETER: "parameter",
    BindKind.BLOCK: "type",
    BindKind.IMPORT: "namespace",
}


def template_tokens(tree: TemplateTree) -> list[Token]:
    """The coloured ranges in document order, none over a line's end."""
    found: list[Token] = []
    for index, tag in enumerate(tree.tags):
        start = tree.starts[index]
        if tag.kind is Kind.COMMENT:
            found += _by_line(tree.text, tree.span(index), "comment")
        elif tag.kind is not Kind.RAW:
            for token in _of_tag(tag):
                found += _by_line(tree.text, token.span.shifted(start), token.kind, token.modifiers)
    return found


def _of_tag(tag: Tag) -> Iterator[Token]:
    named = dict(_named(uses_of(tag)))
    for index, token in enumerate(tag.tokens.tokens):
        span = tag.tokens.spans[index]
        if token.type == "string":
            yield Token(span, "string")
        elif token.type in ("integer", "float"):
            yield Token(span, "number")
        elif token.type == "name":
            if tag.kind is Kind.STATEMENT and index == 0:
                yield Token(span, "keyword")
            elif span in named:
                yield named[span]
            elif token.value in _WORDS:
                yield Token(span, "keyword")


def _named(uses: Uses) -> Iterator[tuple[Span, Token]]:
    for path in uses.paths:
        for number, step in enumerate(path.steps):
            if step.name is not None and not step.subscript:
                last = path.called and number == len(path.steps) - 1
                yield step.span, Token(step.span, "method" if last else "property")
    for call in (*uses.calls, *uses.filters, *uses.tests):
        for argument in call.arguments:
            if argument.keyword_span is not None:
                yield argument.keyword_span, Token(argument.keyword_span, "parameter")
    for read in (*uses.reads, *uses.inner_reads):
        yield read.span, Token(read.span, *_of_name(read.name))
    for call in uses.calls:
        if call.path is not None and len(call.path) == 1:
            known = ("defaultLibrary",) if call.name in functions() else ()
            yield call.span, Token(call.span, "function", known)
    for call in (*uses.filters, *uses.tests):
        yield call.span, Token(call.span, "function", ("defaultLibrary",))
    for bind in uses.binds:
        yield bind.span, Token(bind.span, _BINDS.get(bind.kind, "variable"), ("declaration",))


def _of_name(name: str) -> tuple[str, tuple[str, ...]]:
    return ("variable", ("readonly", "defaultLibrary")) if name in EVERY else ("variable", ())


def _by_line(text: str, span: Span, kind: str, modifiers: tuple[str, ...] = ()) -> Iterator[Token]:
    start = span.start
    for match in _LINE_END.finditer(text, span.start, span.end):
        if match.start() > start:
            yield Token(Span(start, match.start()), kind, modifiers)
        start = match.end()
    if span.end > start:
        yield Token(Span(start, span.end), kind, modifiers)
