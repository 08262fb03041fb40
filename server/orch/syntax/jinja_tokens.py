"""The tokens of one tag, by Jinja's own rules, each with its place."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from jinja2 import TemplateSyntaxError, lexer
from jinja2._identifier import pattern as identifier
from jinja2.lexer import Token

from orch.syntax.jinja_environment import jinja_environment
from orch.text.span import Span

CLOSING = {"(": ")", "[": "]", "{": "}"}
_BRACKETS = {"lparen", "lbracket", "lbrace", "rparen", "rbracket", "rbrace"}


class TagProblem(NamedTuple):
    """What is wrong in a tag: the rule that reports it, where (in the tag), and one plain sentence.

    `accepted` when Jinja takes it in silence all the same; `instead` is what should stand in that place, where that
    is sure.
    """

    rule: str
    span: Span
    message: str
    accepted: bool = False
    instead: str | None = None


@dataclass(slots=True, frozen=True)
class Tokens:
    """The tokens between a tag's delimiters. `tokens[i].lineno` is `i`; `spans[i]` is its place in the tag.

    `mates` gives the index of a bracket's partner. `problem` is what stopped the reading, if anything did.
    """

    tokens: tuple[Token, ...]
    spans: tuple[Span, ...]
    mates: dict[int, int]
    problem: TagProblem | None = None

    def at(self, offset: int) -> int:
        """The index of the token that begins at or before `offset`, -1 where there is none."""
        return bisect_right(self.spans, offset, key=lambda span: span.start) - 1


def _inline(pattern: re.Pattern[str]) -> str:
    flags = "".join(letter for letter, flag in (("i", re.I), ("x", re.X), ("s", re.S)) if pattern.flags & flag)
    # a verbose pattern may end in a comment
    return f"(?{flags}:{pattern.pattern}\n)" if "x" in flags else f"(?{flags}:{pattern.pattern})"


# the same patterns in the same order as in Jinja's rules for what stands in a tag
_TOKEN = re.compile(
    "|".join(
        f"(?P<{name}>{_inline(pattern)})"
        for name, pattern in (
            ("whitespace", lexer.whitespace_re),
            ("float", lexer.float_re),
            ("integer", lexer.integer_re),
            ("name", identifier),
            ("string", lexer.string_re),
            ("operator", lexer.operator_re),
        )
    )
)


def read_tokens(text: str, start: int, end: int) -> Tokens:
    """The tokens in `text[start:end]`, up to the first that Jinja refuses."""
    raw = list(_raw_tokens(text, start, end))
    problem = _unreadable(text, raw, start, end)
    spans = [span for _, span in raw]
    values: list[Token] = []
    wrapped = jinja_environment().lexer.wrap(
        (index, kind, span.slice(text)) for index, (kind, span) in enumerate(raw)
    )
    try:
        values += wrapped
    except (TemplateSyntaxError, ValueError) as error:
        span = spans[len(values)]
        problem = TagProblem("syntax-error", span, _bad_value(raw[len(values)][0], span.slice(text), error))
    del spans[len(values) :]
    mates, bracket_problem = _match(values, spans, whole=problem is None)
    if bracket_problem is not None:
        problem = bracket_problem if problem is None or bracket_problem.span < problem.span else problem
    return Tokens(tuple(values), tuple(spans), mates, problem)


def _raw_tokens(text: str, start: int, end: int) -> Iterator[tuple[str, Span]]:
    match = _TOKEN.match(text, start, end)
    while match is not None:
        if match.lastgroup != "whitespace":
            yield str(match.lastgroup), Span(*match.span())
        match = _TOKEN.match(text, match.end(), end)


_OTHER_LANGUAGES = {"&&": "and", "!": "not "}


def _unreadable(text: str, raw: list[tuple[str, Span]], start: int, end: int) -> TagProblem | None:
    offset = raw[-1][1].end if raw else start
    while offset < end and text[offset].isspace():
        offset += 1
    if offset >= end:
        return None
    character = text[offset]
    if character in "'\"":
        return TagProblem(
            "syntax-error", Span(offset, offset + 1), f"This string never ends: its closing {character} is missing."
        )
    if character == "?":
        sentence = "Jinja has no `?`: a choice is written `a if condition else b`."
        return TagProblem("syntax-error", Span(offset, offset + 1), sentence)
    written = "&&" if text.startswith("&&", offset) else character
    span = Span(offset, offset + len(written))
    if written in _OTHER_LANGUAGES:
        word = _OTHER_LANGUAGES[written]
        return TagProblem("syntax-error", span, f"Jinja has no `{written}`; write `{word.strip()}`.", instead=word)
    return TagProblem("syntax-error", span, f"`{character}` means nothing inside a tag; remove it.")


def _bad_value(kind: str, source: str, error: Exception) -> str:
    if kind == "string":
        reason = str(error).split(":")[-1].strip().rstrip(".")
        return f"This string has a backslash sequence that cannot be read ({reason}); double the backslash."
    if kind == "name":
        return f"`{source}` is not a name: it holds a character that no name may have there."
    return "This number has more digits than can be read."


def _match(values: list[Token], spans: list[Span], *, whole: bool) -> tuple[dict[int, int], TagProblem | None]:
    """The brackets' partners, and what is wrong with them. What is open in a part may be closed behind it."""
    mates: dict[int, int] = {}
    open_: list[int] = []
    for index, token in enumerate(values):
        if token.type not in _BRACKETS:
            continue
        if token.type[0] == "l":
            open_.append(index)
        elif not open_:
            return mates, _stray(token, spans[index], "that nothing opens")
        elif values[open_[-1]].type[1:] != token.type[1:]:
            opened = _character(values[open_[-1]])
            return mates, _stray(token, spans[index], f"where `{CLOSING[opened]}` must close the `{opened}`")
        else:
            partner = open_.pop()
            mates[partner], mates[index] = index, partner
    if open_ and whole:
        opened = _character(values[open_[-1]])
        sentence = f"`{opened}` is never closed; add `{CLOSING[opened]}`."
        return mates, TagProblem("syntax-error", spans[open_[-1]], sentence)
    return mates, None


def _stray(token: Token, span: Span, why: str) -> TagProblem:
    return TagProblem("syntax-error", span, f"`{_character(token)}` stands {why}.")


def _character(token: Any) -> str:
    return lexer.reverse_operators[token.type]
