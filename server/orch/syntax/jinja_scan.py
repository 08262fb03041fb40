"""Where a template's tags are: one pass over the text, in which a broken tag costs no other.

Up to the first broken tag this finds exactly the tags that Jinja finds. After it Jinja has given up, and what is
found is a guess: a broken tag ends at its nearest end, else before the next tag or at the end of the line.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from orch.syntax.jinja_parse import broken_tag, parse_tag, plain_tag
from orch.syntax.jinja_tag import Kind, Tag
from orch.syntax.jinja_tokens import TagProblem
from orch.text.span import Span

_STRING = r"""'[^'\\]*+(?:\\.[^'\\]*+)*'|"[^"\\]*+(?:\\.[^"\\]*+)*\""""
_LINE_STRING = r"""'[^'\r\n]{0,200}+'|"[^"\r\n]{0,200}+\""""
_RAW_BEGIN = r"\{%[-+]?\s*raw\s*-?%\}"
_RAW_END_TAG = re.compile(r"\{%[-+]?\s*endraw\s*[-+]?%\}")
_NESTED = re.compile(rf"{_STRING}|[(\[{{)\]}}'\"]", re.S)
_DELIMITER = re.compile(r"\{[{%#]|[%}]\}")
_LINE_END = re.compile(r"[\r\n]")
_CLOSERS = {"{{": "}}", "{%": "%}", "{#": "#}"}
_MATES = {")": "(", "]": "[", "}": "{"}
_PATIENCE = 200
"""How many tags may turn out broken before strings are followed over one line only and braces are not matched.

It keeps the scan linear: each broken tag may mean a look as far as the end of the text.
"""
MOST_BROKEN = 1000
"""After so many broken tags the rest is taken for text: it is no template."""

_FARTHEST = 5_000_000
"""Characters that all these looks together may pass over."""


@dataclass(slots=True)
class Scan:
    """The tags of a text in order: `tags[i]` begins at `starts[i]`."""

    starts: list[int]
    tags: list[Tag]


def scan_tags(
    text: str, start: int, extensions: tuple[str, ...], meets: Callable[[int], bool] | None = None
) -> Scan:
    """The tags in `text` from `start` on. Stops before a tag for whose start `meets` is true."""
    starts: list[int] = []
    tags: list[Tag] = []
    position, failures, comments = start, 0, True
    patience = max(3, min(_PATIENCE, _FARTHEST // (len(text) + 1)))
    search, parse = _pattern(True, True).search, parse_tag
    while failures < MOST_BROKEN and (match := search(text, position)) is not None:
        begin = match.start()
        if meets is not None and meets(begin):
            break
        group = match.lastgroup
        if group == "statement" or group == "output":
            tag = parse(match.group(), extensions)
            if tag.problem is not None:
                failures += 1
                tag = _doubted(text, begin, tag, extensions)
        elif group == "comment":
            tag = plain_tag(Kind.COMMENT, match.group())
        elif group == "raw":
            tag = _raw(text, match)
        else:
            failures += 1
            tag = _other(text, begin, extensions, failures < patience)
            # when one comment finds no end, no later one does
            comments = comments and match.group() != "{#"
        if failures:
            search = _pattern(failures < patience, comments).search
        starts.append(begin)
        tags.append(tag)
        position = begin + len(tag.text)
    return Scan(starts, tags)


@cache
def _pattern(patient: bool, comments: bool) -> re.Pattern[str]:
    """A raw, a tag, a comment; `other` is a tag that needs a closer look: braces inside, or something broken."""
    # a possessive group that may backtrack inside fails on Python 3.11.0 to 3.11.4 (gh-106052), so the groups are
    # greedy; no two of their alternatives begin alike, so that gives the same matches
    string, plus, star = (_STRING, "++", "*") if patient else (_LINE_STRING, "{1,200}+", "{0,20}")
    return re.compile(
        rf"(?P<raw>{_RAW_BEGIN})"
        rf"|(?P<statement>\{{%[-+]?(?:[^%'\"]{plus}|{string}|%(?!\}})){star}%\}})"
        rf"|(?P<output>\{{\{{[-+]?(?:[^{{}}'\"]{plus}|{string}|\}}(?!\}})){star}\}}\}})"
        + (r"|(?P<comment>\{#.*?#\})" if comments else "")
        + r"|(?P<other>\{[{%#])",
        re.S,
    )


def _raw(text: str, match: re.Match[str]) -> Tag:
    end = _RAW_END_TAG.search(text, match.end())
    if end is not None:
        return plain_tag(Kind.RAW, text[match.start() : end.end()])
    # Jinja swallows a raw that never ends only where nothing comes after it
    rest = text[match.end() :]
    swallowed = not rest or (match.group().endswith("-%}") and rest.isspace())
    opening = Span(0, match.end() - match.start())
    problem = TagProblem("unclosed-block", opening, "This `raw` is never closed; add `{% endraw %}`.", swallowed)
    return plain_tag(Kind.RAW, text[match.start() :], problem)


def _other(text: str, begin: int, extensions: tuple[str, ...], patient: bool) -> Tag:
    opening = text[begin : begin + 2]
    if opening == "{#":
        return _open_comment(text, begin)
    if opening == "{{" and patient:
        end = _balanced_end(text, begin)
        if end is not None:
            tag = parse_tag(text[begin:end], extensions)
            return tag if tag.problem is None else _doubted(text, begin, tag, extensions)
    return _broken(text, begin, extensions)


def _open_comment(text: str, begin: int) -> Tag:
    swallowed = len(text) - begin <= 2 + text.startswith(("-", "+"), begin + 2)
    problem = TagProblem("unclosed-delimiter", Span(0, 2), "This comment is never closed; add `#}`.", swallowed)
    return plain_tag(Kind.COMMENT, text[begin : _line_end(text, begin, len(text))], problem)


def _line_end(text: str, start: int, end: int) -> int:
    match = _LINE_END.search(text, start, end)
    return end if match is None else match.start()


def _balanced_end(text: str, begin: int) -> int | None:
    """Where the output tag at `begin` ends as Jinja has it: at the first `}}` outside brackets and strings."""
    open_: list[str] = []
    position = begin + 2
    while (match := _NESTED.search(text, position)) is not None:
        found = match.group()
        position = match.end()
        if found in ("'", '"'):
            return None
        if found in ("(", "[", "{"):
            open_.append(found)
        elif found in _MATES:
            if not open_:
                return position + 1 if text.startswith("}}", position - 1) else None
            if open_.pop() != _MATES[found]:
                return None
    return None


def _doubted(text: str, begin: int, tag: Tag, extensions: tuple[str, ...]) -> Tag:
    """A tag that Jinja refuses, or a shorter one: a tag or quote that is never closed may have swallowed others."""
    for token, span in zip(tag.tokens.tokens, tag.tokens.spans, strict=True):
        if token.type == "lbrace" and tag.text[span.end] in "{%#":
            return _broken(text, begin, extensions)
    closer = _CLOSERS[tag.text[:2]]
    nearest = tag.text.find(closer, 2)
    opener = _DELIMITER.search(tag.text, nearest + 2)
    if opener is None or opener.end() == len(tag.text):
        return tag
    return _broken(text, begin, extensions)


def _broken(text: str, begin: int, extensions: tuple[str, ...]) -> Tag:
    opening = text[begin : begin + 2]
    closer = _CLOSERS[opening]
    match = _DELIMITER.search(text, begin + 2)
    found = match.group() if match is not None else ""
    if match is not None and found == closer:
        tag = parse_tag(text[begin : match.end()], extensions)
        if tag.problem is not None:
            return tag
        sentence = "This tag cannot be read: a quote or a bracket in it is never closed."
        return broken_tag(tag.text, TagProblem("syntax-error", tag.inner, sentence))
    line_end = _line_end(text, begin, len(text) if match is None else match.end())
    if match is not None and found in ("%}", "}}") and match.end() <= line_end:
        wrong = Span(match.start() - begin, match.end() - begin)
        sentence = f"A tag that begins with `{opening}` ends with `{closer}`, not `{found}`."
        return broken_tag(text[begin : match.end()], TagProblem("unclosed-delimiter", wrong, sentence))
    end = line_end if match is None else min(line_end, match.start())
    kept = text[begin : max(end, begin + 2)].rstrip()
    sentence = f"This `{opening}` is never closed; add `{closer}`."
    return broken_tag(kept, TagProblem("unclosed-delimiter", Span(0, 2), sentence))
