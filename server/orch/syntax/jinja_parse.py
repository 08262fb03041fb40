"""Tags, parsed by Jinja's own parser as if the tag that closes them followed at once.

What a tag means follows from its text alone (and the extensions), so the result is remembered by its text.
"""

import copy
from collections.abc import Sequence
from functools import cache, lru_cache

from jinja2 import TemplateSyntaxError, nodes
from jinja2.lexer import Token, TokenStream
from jinja2.parser import Parser

from orch.syntax.jinja_environment import in_shallow_stack, jinja_environment
from orch.syntax.jinja_messages import tag_problem
from orch.syntax.jinja_tag import Kind, Tag, inner_span
from orch.syntax.jinja_tokens import TagProblem, read_tokens
from orch.text.span import Span


def parse_tag(text: str, extensions: tuple[str, ...] = ()) -> Tag:
    """The tag `text`, whole from its first brace to its last. Never raises."""
    return _remembered(text, extensions) if len(text) <= _LONG else _parse_tag(text, extensions)


_LONG = 10_000
"""Longer tags are parsed each time: to remember them would cost more memory than time is saved."""


def _parse_tag(text: str, extensions: tuple[str, ...]) -> Tag:
    kind = Kind.OUTPUT if text.startswith("{{") else Kind.STATEMENT
    inner = inner_span(text)
    tokens = read_tokens(text, inner.start, inner.end)
    tag = Tag(kind, text, tokens=tokens, problem=tokens.problem)
    if kind is Kind.STATEMENT and tokens.tokens and tokens.tokens[0].type == "name":
        tag.name, tag.name_span = tokens.tokens[0].value, tokens.spans[0]
    if tag.problem is None:
        _parse(tag, extensions)
    return tag


_remembered = lru_cache(maxsize=8192)(_parse_tag)


def broken_tag(text: str, problem: TagProblem) -> Tag:
    """A tag that lacks its end or whose end is uncertain; its tokens are as far as they can be read."""
    kind = Kind.OUTPUT if text.startswith("{{") else Kind.STATEMENT
    inner = inner_span(text)
    tokens = read_tokens(text, inner.start, inner.end)
    tag = Tag(kind, text, tokens=tokens, problem=problem)
    if kind is Kind.STATEMENT and tokens.tokens and tokens.tokens[0].type == "name":
        tag.name, tag.name_span = tokens.tokens[0].value, tokens.spans[0]
    return tag


def plain_tag(kind: Kind, text: str, problem: TagProblem | None = None) -> Tag:
    """A comment or raw block: nothing in it is read."""
    return Tag(kind, text, problem=problem)


class _TagParser(Parser):
    """Jinja's parser, told to take the body of every block for empty and its end for seen."""

    wants: tuple[str, ...] | None

    def parse_statements(self, end_tokens: tuple[str, ...], drop_needle: bool = False) -> list[nodes.Node]:
        if self.wants is None:  # the second call is for the part after an `else`, which is another tag
            self.stream.skip_if("colon")
            self.stream.expect("block_end")
            self.wants = tuple(expression.removeprefix("name:") for expression in end_tokens)
            self.stream.current = _BLOCK_END
            if not drop_needle:
                self.stream.push(_BLOCK_END)
                self.stream.current = Token(-1, "name", self.wants[-1])
        return []


_BLOCK_END = Token(-1, "block_end", "%}")


@cache
def _prototype(extensions: tuple[str, ...]) -> _TagParser:
    return _TagParser(jinja_environment(extensions), "")


def _parser(tokens: Sequence[Token], extensions: tuple[str, ...]) -> _TagParser:
    parser = copy.copy(_prototype(extensions))
    parser._tag_stack, parser._end_token_stack = [], []
    parser.wants = None
    parser.stream = TokenStream(tokens, None, None)
    return parser


def _parse(tag: Tag, extensions: tuple[str, ...]) -> None:
    tokens = tag.tokens.tokens
    tag.frames = _frames(tokens)
    if tag.kind is Kind.STATEMENT and (tag.ends or tag.name == "else"):
        _read_end(tag)
        return
    last = len(tokens)
    kind = "variable" if tag.kind is Kind.OUTPUT else "block"
    stream = [Token(0, f"{kind}_begin", ""), *tokens, Token(last, f"{kind}_end", "")]
    if tag.name == "elif":  # the grammar of elif is that of if
        stream[1] = Token(0, "name", "if")
    try:
        try:
            body, wants = _subparse(stream, extensions)
        except RecursionError:
            body, wants = in_shallow_stack(lambda: _subparse(stream, extensions))
    except TemplateSyntaxError as error:
        tag.problem = tag_problem(tag, error, extensions)
    except RecursionError:
        tag.problem = TagProblem(
            "too-complex", tag.inner, "This is nested too deeply for Jinja to read; take it apart with `set`."
        )
    else:
        tag.node, tag.wants = body[0], wants


def _subparse(stream: Sequence[Token], extensions: tuple[str, ...]) -> tuple[list[nodes.Node], tuple[str, ...]]:
    parser = _parser(stream, extensions)
    body = parser.subparse()
    return body, parser.wants or ()


def _read_end(tag: Tag) -> None:
    """An end tag, or `else`, stands alone: but `endblock` may repeat the name, and `else` have a colon."""
    tokens = tag.tokens.tokens
    index = 1
    if tag.name == "else" and len(tokens) > 1 and tokens[1].type == "colon":
        index = 2
    elif tag.name == "endblock" and len(tokens) > 1 and tokens[1].type == "name":
        index = 2
        tag.end_name = 1
    if index < len(tokens) and tag.name == "else" and tokens[1].test("name:if"):
        span = Span(tag.tokens.spans[0].start, tag.tokens.spans[1].end)
        tag.problem = TagProblem("syntax-error", span, "Jinja writes `else if` as `elif`.", instead="elif")
    elif index < len(tokens):
        tag.problem = TagProblem(
            "syntax-error",
            Span(tag.tokens.spans[index].start, tag.tokens.spans[-1].end),
            f"Nothing may follow `{tag.name}` here; remove it.",
        )


_DEEPENS = {"lparen": 15, "lbracket": 15, "lbrace": 15, "sub": 1, "add": 1}
_DEEPENING_NAMES = {"not", "else"}


def _frames(tokens: Sequence[Token]) -> int:
    """No fewer Python frames than Jinja's parser may need for these tokens."""
    deepest = depth = 0
    for token in tokens:
        if token.type in _DEEPENS:
            depth += _DEEPENS[token.type]
            deepest = max(deepest, depth)
        elif token.type in ("rparen", "rbracket", "rbrace"):
            depth -= 15
        elif token.type == "name" and token.value in _DEEPENING_NAMES:
            depth += 1
            deepest = max(deepest, depth)
    return deepest + 25
