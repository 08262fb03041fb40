"""The place of every expression in a tag, worked out from the tokens: Jinja's nodes know only where they start.

A node's `lineno` is the index of one of its tokens (see `jinja_parse`); which one depends on the kind of node.
Going from the leaves up, each node's range of tokens follows from those of its children.
"""

from collections.abc import Iterator

from jinja2 import nodes

from orch.syntax.jinja_tag import Tag
from orch.text.span import Span

Range = tuple[int, int]
"""The first and last token of an expression."""


def expressions(tag: Tag) -> list[tuple[nodes.Expr, Span]]:
    """Every expression of the tag with its place, inner ones before those that hold them.

    Brackets that only group do not count as part of an expression; those of a tuple do.
    """
    if tag.node is None:
        return []
    ranges = _Ranges(tag)
    spans = tag.tokens.spans
    return [
        (node, Span(spans[first].start, spans[last].end))
        for node in ranges.order
        if (found := ranges.ranges.get(id(node))) is not None
        for first, last in (found,)
    ]


def expression_at(tag: Tag, offset: int) -> tuple[nodes.Expr, Span] | None:
    """The innermost expression that a cursor at `offset` of the tag touches."""
    touched = [
        (span.end - span.start, i, node, span)
        for i, (node, span) in enumerate(expressions(tag))
        if span.contains(offset)
    ]
    if not touched:
        return None
    _, _, node, span = min(touched)
    return node, span


def last_token(tag: Tag, node: nodes.Expr) -> int:
    """The index of the last token of `node`, an expression of `tag`, with the brackets that only group."""
    return _Ranges(tag)._last(node)


class _Ranges:
    def __init__(self, tag: Tag) -> None:
        self.tokens = tag.tokens.tokens
        self.mates = tag.tokens.mates
        self.ranges: dict[int, Range] = {}
        self.order: list[nodes.Expr] = []
        assert tag.node is not None
        found = list(_expressions(tag.node))
        self.calls = {paren for node in found for paren in self._call_brackets(node)}
        for node in reversed(found):  # parents come before their children in `found`
            own = self._range(node)
            if own is not None:
                self.ranges[id(node)] = own
                self.order.append(node)

    def _call_brackets(self, node: nodes.Expr) -> Iterator[int]:
        """The round brackets that hold arguments, as against those that only group."""
        if isinstance(node, nodes.Call):
            yield node.lineno
        elif isinstance(node, nodes.Filter | nodes.Test):
            after = self._name_end(node) + 1
            if self._type(after) == "lparen":
                yield after

    def _name_end(self, node: nodes.Filter | nodes.Test) -> int:
        """The last token of a filter's or a test's name."""
        start = node.lineno
        if isinstance(node, nodes.Test):
            start += 2 if self._value(start + 1) == "not" and self._type(start + 2) == "name" else 1
        return start + 2 * node.name.count(".")

    def _range(self, node: nodes.Expr) -> Range | None:
        at = node.lineno
        match node:
            case nodes.Const() if self._type(at) == "string":
                last = at
                while self._type(last + 1) == "string":
                    last += 1
                return at, last
            case nodes.Name() | nodes.Const():
                return at, at
            case nodes.NSRef():
                return at, at + 2
            case nodes.List() | nodes.Dict():
                return at, self.mates[at]
            case nodes.Getattr():
                return self._first(node.node, at), at + 1
            case nodes.Getitem():
                last = self.mates[at] if self._type(at) == "lbracket" else at + 1
                return self._first(node.node, at), last
            case nodes.Call():
                return self._first(node.node, at), self.mates[at]
            case nodes.Filter():
                return self._first(node.node, at) if node.node is not None else at, self._arguments_end(node)
            case nodes.Test():
                return self._first(node.node, at), self._arguments_end(node)
            case nodes.Not() if isinstance(node.node, nodes.Test) and self._value(at) == "is":
                return self.ranges.get(id(node.node))
            case nodes.UnaryExpr():
                return at, self._last(node.node)
            case nodes.Slice():
                return at, self._slice_end(at)
            case nodes.Tuple():
                return self._tuple(node)
            case _:
                return self._spanning(node)

    def _spanning(self, node: nodes.Expr) -> Range | None:
        """From the first of the children to the last: operators, comparisons, conditions."""
        ranges = [
            self._outer(child) for child in node.iter_child_nodes() if isinstance(child, nodes.Expr | nodes.Operand)
        ]
        known = [found for found in ranges if found is not None]
        return (min(first for first, _ in known), max(last for _, last in known)) if known else None

    def _tuple(self, node: nodes.Tuple) -> Range | None:
        known = [found for item in node.items if (found := self._outer(item)) is not None]
        if not known:
            # `()`: the place is that of its second bracket
            return (node.lineno - 1, node.lineno) if self._type(node.lineno) == "rparen" else None
        first, last = known[0][0], known[-1][1]
        if self._type(last + 1) == "comma" and len(known) == len(node.items):
            last += 1
        return self._grouped((first, last), 1)

    def _arguments_end(self, node: nodes.Filter | nodes.Test) -> int:
        end = self._name_end(node)
        if self._type(end + 1) == "lparen":
            return self.mates[end + 1]
        if isinstance(node, nodes.Test) and node.args:
            return self._last(node.args[0])
        return end

    def _slice_end(self, at: int) -> int:
        while at + 1 < len(self.tokens) and self._type(at + 1) not in ("rbracket", "comma"):
            at += 1
            if self._type(at) in ("lbracket", "lparen", "lbrace"):
                at = self.mates[at]
        return at

    def _first(self, node: nodes.Node, before: int) -> int:
        found = self._outer(node)
        return found[0] if found is not None else before

    def _last(self, node: nodes.Node) -> int:
        found = self._outer(node)
        assert found is not None
        return found[1]

    def _outer(self, node: nodes.Node) -> Range | None:
        """The range with the brackets around it that only group."""
        if isinstance(node, nodes.Operand):
            return self._outer(node.expr)
        found = self.ranges.get(id(node))
        return self._grouped(found, len(self.tokens)) if found is not None else None

    def _grouped(self, found: Range, most: int) -> Range:
        first, last = found
        while (
            most
            and first > 0
            and first - 1 not in self.calls
            and self.mates.get(first - 1) == last + 1
            and self._type(first - 1) == "lparen"
        ):
            first, last, most = first - 1, last + 1, most - 1
        return first, last

    def _type(self, index: int) -> str:
        return self.tokens[index].type if 0 <= index < len(self.tokens) else ""

    def _value(self, index: int) -> object:
        return self.tokens[index].value if 0 <= index < len(self.tokens) else ""


def _expressions(root: nodes.Node) -> Iterator[nodes.Expr]:
    stack = [root]
    while stack:
        node = stack.pop()
        if isinstance(node, nodes.Expr):
            yield node
        stack += node.iter_child_nodes()
