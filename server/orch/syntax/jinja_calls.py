"""Calls in a tag, of functions, filters and tests, with each argument at its place."""

from collections.abc import Iterator

from jinja2 import nodes

from orch.syntax.jinja_names import Argument, Call
from orch.syntax.jinja_tag import Tag
from orch.text.span import Span


def plain_call(tag: Tag, node: nodes.Call) -> Call:
    """The call that `node`, an expression of `tag`, is."""
    path: list[str] = []
    callee: nodes.Expr = node.node
    while isinstance(callee, nodes.Getattr):
        path.append(callee.attr)
        callee = callee.node
    known = isinstance(callee, nodes.Name)
    if isinstance(callee, nodes.Name):
        path.append(callee.name)
    return Call(
        path[0] if path else "",
        tag.tokens.spans[node.lineno - 1],
        _brackets(tag, node.lineno),
        _arguments(tag, node.lineno, node),
        tuple(reversed(path)) if known else None,
    )


def named_call(tag: Tag, node: nodes.Filter | nodes.Test, start: int) -> Call:
    """The filter or test that `node` is, whose name begins at the token `start`."""
    tokens, spans = tag.tokens.tokens, tag.tokens.spans
    end = start + 2 * node.name.count(".")
    span = Span(spans[start].start, spans[end].end)
    if end + 1 < len(tokens) and tokens[end + 1].type == "lparen":
        return Call(node.name, span, _brackets(tag, end + 1), _arguments(tag, end + 1, node))
    arguments = tuple(Argument(_one_argument(tag, end + 1), value=value) for value in node.args)
    return Call(node.name, span, Span(span.end, span.end), arguments)


def _one_argument(tag: Tag, index: int) -> Span:
    """The argument of a test without brackets: one value with what belongs to it."""
    tokens, spans, mates = tag.tokens.tokens, tag.tokens.spans, tag.tokens.mates
    last = mates.get(index, index)
    while last + 1 < len(tokens) and tokens[last + 1].type in ("dot", "lbracket", "lparen"):
        last = last + 2 if tokens[last + 1].type == "dot" else mates[last + 1]
    return Span(spans[index].start, spans[last].end)


def _brackets(tag: Tag, opening: int) -> Span:
    spans = tag.tokens.spans
    return Span(spans[opening].start, spans[tag.tokens.mates[opening]].end)


def _arguments(tag: Tag, opening: int, node: nodes.Call | nodes.Filter | nodes.Test) -> tuple[Argument, ...]:
    tokens, spans = tag.tokens.tokens, tag.tokens.spans
    positional, keywords = iter(node.args), iter(node.kwargs)
    found = []
    for first, last in _parts(tag, opening, tag.tokens.mates[opening]):
        span = Span(spans[first].start, spans[last].end)
        kind = tokens[first].type
        if kind in ("mul", "pow"):
            found.append(Argument(span, star="*" if kind == "mul" else "**"))
        elif kind == "name" and first < last and tokens[first + 1].type == "assign":
            keyword = next(keywords)
            assert isinstance(keyword, nodes.Keyword)
            found.append(Argument(span, keyword.key, spans[first], value=keyword.value))
        else:
            found.append(Argument(span, value=next(positional)))
    return tuple(found)


def _parts(tag: Tag, opening: int, closing: int) -> Iterator[tuple[int, int]]:
    """The first and last tokens of what commas part between two brackets."""
    index = first = opening + 1
    while index < closing:
        if tag.tokens.tokens[index].type == "comma":
            yield first, index - 1
            first = index + 1
        index = tag.tokens.mates.get(index, index) + 1
    if first < closing:
        yield first, closing - 1
