"""Rules on the form of a session file: TOML, and what a merge left in it."""

import re
from collections.abc import Iterator

from orch.rules.finding import Finding, Fix, Related, Severity
from orch.rules.session_context import SessionContext, session_rule
from orch.text.span import Span, TextEdit


@session_rule(
    name="toml-syntax",
    severity=Severity.ERROR,
    summary="The file is not valid TOML",
    explanation=(
        "A session is a TOML file. While a part of it cannot be read, no command writes to it, so nothing "
        "that you wrote is lost; everything else in the file is still shown and checked. A text that was "
        "pasted as it is, or that holds its own closing quotes, is mended by the action *Make the pasted text "
        "a valid string*."
    ),
    bad='title = "Add a login\n',
    good='title = "Add a login"\n',
)
def toml_syntax(context: SessionContext) -> Iterator[Finding]:
    """Every problem of the tree but those of a merge."""
    for problem in context.tree.problems:
        if problem.kind != "conflict":
            related = (Related(problem.related, "It stands here already."),) if problem.related else ()
            yield Finding("toml-syntax", problem.span, problem.message, related=related)


@session_rule(
    name="merge-conflict",
    severity=Severity.ERROR,
    summary="A merge left its markers in the file",
    explanation=(
        "Git writes both versions of lines that two branches changed, between lines of `<<<<<<<`, `=======` "
        "and `>>>>>>>`. Keep the lines of one version, or some of each, and delete the lines with markers. "
        "Markers inside a long text count too, unless they stand in a code block, where they may be an "
        "example."
    ),
    bad='<<<<<<< HEAD\ntitle = "Login"\n=======\ntitle = "Sign in"\n>>>>>>> other\n',
    good='title = "Sign in"\n',
)
def merge_conflict(context: SessionContext) -> Iterator[Finding]:
    """Marker lines between keys, which the tree knows, and whole conflicts inside texts."""
    for problem in context.tree.problems:
        if problem.kind == "conflict":
            yield Finding(
                "merge-conflict", problem.span, problem.message, fixes=_choices(context.text, problem.span)
            )
    if _OPENING in context.text:
        yield from _inside_texts(context)


_OPENING = "\n<<<<<<< "
_CONFLICT = re.compile(
    r"^<{7}(?: [^\n]*)?\n(?P<ours>(?:(?!<{7}|={7}\r?$).*\n)*?)(?:\|{7}.*\n(?:.*\n)*?)?={7}\r?\n"
    r"(?P<theirs>(?:(?!<{7}).*\n)*?)>{7}(?: [^\n]*)?(?:\n|\Z)",
    re.MULTILINE,
)
_FENCE = re.compile(r"^[ \t>]*(?:`{3,}|~{3,})", re.MULTILINE)


def _choices(text: str, marker: Span) -> tuple[Fix, ...]:
    """Keeping one version or the other, offered on the marker that opens a conflict."""
    found = _CONFLICT.match(text, marker.start) if text.startswith("<" * 7, marker.start) else None
    if found is None:
        return ()
    span = Span(*found.span())
    return (
        Fix("Keep the first version", (TextEdit(span, found["ours"]),)),
        Fix("Keep the second version", (TextEdit(span, found["theirs"]),)),
    )


def _inside_texts(context: SessionContext) -> Iterator[Finding]:
    for entry in context.tree.entries:
        value = entry.value
        if value.kind != "string" or not value.is_multiline:
            continue
        start, end = value.content
        at, counted, fences = start - 1, start, 0
        while (at := context.text.find(_OPENING, at, end)) >= 0:
            at += 1
            fences += len(_FENCE.findall(context.text, counted, at))
            counted = at
            found = _CONFLICT.match(context.text, at, end) if fences % 2 == 0 else None
            if found:
                line = Span(at, context.text.index("\n", at))
                message = "A merge left two versions in this text: keep the lines of one and delete the markers."
                yield Finding("merge-conflict", line, message, fixes=_choices(context.text, line))
