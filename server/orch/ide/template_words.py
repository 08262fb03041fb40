"""What Jinja's tags are for, in a sentence each, and how they are written."""

import re
from functools import lru_cache
from typing import NamedTuple


class TagWords(NamedTuple):
    """A tag: how it goes on behind its name (as a snippet), what closes it, and what it does."""

    rest: str
    closing: str
    doc: str


TAGS: dict[str, TagWords] = {
    "if": TagWords(" ${1:condition}", "endif", "Shows its body only when the condition holds."),
    "elif": TagWords(" ${1:condition}", "", "Tries another condition when those before did not hold."),
    "else": TagWords("", "", "What is shown when no condition held, or when a loop had nothing to go through."),
    "for": TagWords(
        " ${1:item} in ${2:items}", "endfor", "Repeats its body for each item; `loop` tells of the turn."
    ),
    "set": TagWords(
        " ${1:name} = ${2:value}", "", "Gives a value a name. Set inside a loop, it ends with the turn."
    ),
    "with": TagWords(" ${1:name} = ${2:value}", "endwith", "Gives a value a name for its body only."),
    "block": TagWords(" ${1:name}", "endblock", "A named part that a template which extends this one can replace."),
    "extends": TagWords(' "${1:template}"', "", "Takes another template and replaces blocks of it."),
    "include": TagWords(' "${1:template}"', "", "Shows another template here; it sees the variables of this one."),
    "import": TagWords(
        ' "${1:template}" as ${2:name}', "", "Makes another template's macros known under one name."
    ),
    "from": TagWords(' "${1:template}" import ${2:name}', "", "Makes some of another template's macros known."),
    "macro": TagWords(" ${1:name}(${2})", "endmacro", "A part with parameters, shown where it is called."),
    "call": TagWords(" ${1:macro}(${2})", "endcall", "Calls a macro that shows this body with `caller()`."),
    "filter": TagWords(" ${1:upper}", "endfilter", "Applies a filter to its body."),
    "raw": TagWords("", "endraw", "Shows its body as it stands: nothing in it is a tag."),
    "autoescape": TagWords(" ${1:false}", "endautoescape", "Turns the escaping of HTML on or off for its body."),
    "print": TagWords(" ${1:value}", "", "Shows a value, like two braces."),
    "do": TagWords(" ${1:expression}", "", "Works out an expression and shows nothing."),
    "break": TagWords("", "", "Leaves the loop."),
    "continue": TagWords("", "", "Goes on with the next turn of the loop."),
}

_REST_ROLE = re.compile(r":(?:\w+:)?\w+:`([^`]+)`")


@lru_cache(maxsize=1024)
def plain_doc(doc: str, paragraphs: int = 1) -> str:
    """The first paragraphs of one of Jinja's own descriptions, as Markdown."""
    text = "\n\n".join(doc.strip().split("\n\n")[:paragraphs])
    text = _REST_ROLE.sub(r"`\1`", text).replace("``", "`")
    return text.removesuffix("::").rstrip(": ") if text.endswith(":") else text
