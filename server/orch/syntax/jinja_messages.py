"""What is wrong with a tag, in plain sentences, and what it was probably meant to be."""

import re

from jinja2 import TemplateSyntaxError
from jinja2.lexer import Token, describe_token

from orch.syntax.jinja_environment import EXTENSION_TAGS
from orch.syntax.jinja_tag import BLOCK_WANTS, ENDS, MIDDLES, STATEMENTS, Kind, Tag
from orch.syntax.jinja_tokens import TagProblem
from orch.text.similar import closest
from orch.text.span import Span


def tag_problem(tag: Tag, error: TemplateSyntaxError, extensions: tuple[str, ...]) -> TagProblem:
    """What Jinja's parser says of `tag`, at the token where it says so."""
    spans, tokens = tag.tokens.spans, tag.tokens.tokens
    message = error.message or ""
    if tag.kind is Kind.STATEMENT and message.startswith("Encountered unknown tag"):
        return _unknown_tag(tag, extensions)
    if not tokens:
        what = "expression" if tag.kind is Kind.OUTPUT else "tag"
        return TagProblem("syntax-error", Span(0, len(tag.text)), f"This {what} is empty; fill it in or remove it.")
    index = error.lineno
    if index >= len(tokens):
        end = len(tag.text) - 2 if tag.text.endswith(("}}", "%}")) else len(tag.text)
        return TagProblem("syntax-error", Span(end, len(tag.text)), _sentence(message, None, tag))
    index = max(index, 0)
    return _of_other_languages(tag, index) or TagProblem(
        "syntax-error", spans[index], _sentence(message, tokens[index], tag)
    )


def _of_other_languages(tag: Tag, index: int) -> TagProblem | None:
    """What other languages write so, and Jinja otherwise: `=` for equal, `||` for `or`."""
    tokens, spans = tag.tokens.tokens, tag.tokens.spans
    kind = tokens[index].type
    if kind == "assign" and tag.name in ("if", "elif"):
        sentence = "`=` compares nothing; write `==`."
        return TagProblem("syntax-error", spans[index], sentence, instead="==")
    twice = index > 0 and tokens[index - 1].type == kind and spans[index - 1].end == spans[index].start
    if kind == "pipe" and twice:
        span = Span(spans[index - 1].start, spans[index].end)
        return TagProblem("syntax-error", span, "Jinja has no `||`; write `or`.", instead="or")
    return None


def meant_tag(tag: Tag) -> str | None:
    """The tag that a misspelt one was meant to be: `fro` is `for`, `end if` is `endif`, `elseif` is `elif`."""
    if tag.problem is None or tag.kind is not Kind.STATEMENT:
        return None
    tokens = tag.tokens.tokens
    second = tokens[1].value if len(tokens) > 1 and tokens[1].type == "name" else ""
    if tag.name in ("elseif", "elsif") or (tag.name == "else" and second == "if"):
        return "elif"
    if tag.name == "end":
        return f"end{second}" if f"end{second}" in ENDS else None
    if tag.problem.rule != "unknown-tag" or tag.name in EXTENSION_TAGS:
        return None
    return closest(tag.name, (*STATEMENTS, *MIDDLES, *ENDS), 0.7 if len(tag.name) > 3 else 0.9)


def default_wants(tag: Tag) -> tuple[str, ...]:
    """What would close or divide the block that a tag opens which cannot be read; empty when it opens none."""
    name = meant_tag(tag) or tag.name
    if name == "set":
        assigns = any(token.type == "assign" for token in tag.tokens.tokens)
        return () if assigns or tag.problem is None or len(tag.tokens.tokens) < 2 else ("endset",)
    return BLOCK_WANTS.get(name, ())


def closes(tag: Tag) -> str | None:
    """The name that a tag which cannot be read closes or divides a block by, None when it does neither."""
    name = meant_tag(tag) or tag.name
    return name if name in ENDS or name in MIDDLES else None


def _unknown_tag(tag: Tag, extensions: tuple[str, ...]) -> TagProblem:
    if tag.name == "endraw":
        return TagProblem("unexpected-tag", Span(0, len(tag.text)), "`endraw` has no `raw` to close.")
    extension = EXTENSION_TAGS.get(tag.name)
    if extension is not None and extension not in extensions:
        sentence = (
            f"The tag `{tag.name}` needs Jinja's extension `{extension}`; add it to [jinja] in the configuration."
        )
        return TagProblem("unknown-tag", tag.name_span, sentence)
    tag.problem = TagProblem("unknown-tag", tag.name_span, "")
    meant = meant_tag(tag)
    suggestion = f"; did you mean `{meant}`?" if meant else "."
    return TagProblem("unknown-tag", tag.name_span, f"There is no tag `{tag.name}`{suggestion}")


_EXPECTED = re.compile(r"expected token '(?P<wanted>.*)', got '(?P<got>.*)'\Z", re.S)
_UNEXPECTED = re.compile(r"unexpected '(?P<got>.*)'\Z", re.S)
_WORDS = {
    "end of statement block": "the end of the tag",
    "end of print statement": "the end of the tag",
    "begin of statement block": "a tag",
    "name": "a name",
    "end of template": "the end of the tag",
    "string": "a string",
    "integer": "a number",
    "float": "a number",
}


def _sentence(message: str, token: Token | None, tag: Tag) -> str:
    """Jinja's message as one plain sentence."""
    got = "the end of the tag" if token is None else _found(token)
    expected = _EXPECTED.match(message)
    if expected:
        return _expected(expected["wanted"], got, tag)
    if _UNEXPECTED.match(message) or message.startswith("Expected an expression"):
        return f"A value is expected here, but there is {got}."
    plain = {
        "tag name expected": "A tag begins with its name, such as `if` or `set`.",
        "invalid syntax for function call expression": (
            "In a call, values come first, then `name=value`, `*list` and `**dict`."
        ),
        "non-default argument follows default argument": (
            "A parameter without a default cannot follow one that has a default."
        ),
        "expected name or number": f"After the dot comes a name or a number, but there is {got}.",
        "expected call": "A call block calls a macro: `{% call name() %}`.",
        "names starting with an underline can not be imported": (
            "A name that begins with `_` is private to its template and cannot be imported."
        ),
        "You cannot chain multiple tests with is": "Tests with `is` cannot be chained; join them with `and`.",
    }.get(message)
    if plain:
        return plain
    if message.startswith("can't assign to"):
        return "Nothing can be assigned to this; a name is needed here."
    if message.startswith("Block names in Jinja"):
        return "A block's name holds no hyphens; use `_`."
    return message[:1].upper() + message[1:].rstrip(".") + "."


def _expected(wanted: str, got: str, tag: Tag) -> str:
    words = _WORDS.get(wanted, f"`{wanted}`")
    if words == "the end of the tag":
        if tag.name == "set":
            return f"After the name, `set` wants `=` and a value, but there is {got}."
        return f"The tag should end here, but there is {got}."
    return f"{words[:1].upper()}{words[1:]} is expected here, but there is {got}."


def _found(token: Token) -> str:
    if token.type in ("string", "integer", "float"):
        return f"the {'string' if token.type == 'string' else 'number'} `{str(token.value)[:40]}`"
    return f"`{describe_token(token)}`"
