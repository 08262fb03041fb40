"""Rules on the model's planning answer: the parts that it lacks, and those that are not sure."""

from collections.abc import Iterator

from orch.rules.finding import Finding, Related, Severity
from orch.rules.session_context import PartFinding, SessionContext, session_rule
from orch.syntax.toml_tree import TomlValue
from orch.text.span import Span

_TITLES = {
    "analysis": "ANALYSIS TEMPLATE",
    "implementation": "IMPLEMENTATION TEMPLATE",
    "notes": "EXECUTION NOTES",
}

_STATUSES = {
    "analysis": ("planning",),
    "implementation": ("planning", "analysis"),
    "notes": ("planning",),
}
"""While the session is in one of these, a part of the answer still matters."""


@session_rule(
    name="missing-section",
    severity=Severity.ERROR,
    summary="The planning answer lacks a part",
    explanation=(
        "Orch takes three parts out of the model's answer: the ANALYSIS TEMPLATE, the IMPLEMENTATION TEMPLATE "
        "and the EXECUTION NOTES. Where one is missing, use a block of the answer for it (*Use this block as "
        "the implementation template*), or copy the follow-up that asks the model for that part alone; a "
        "second answer adds what the first lacked."
    ),
    bad='[planning]\nresponse = """\n## ANALYSIS TEMPLATE\n\nRead the code and list what must change.\n"""\n',
    good=(
        '[planning]\nresponse = """\n## ANALYSIS TEMPLATE\n\nRead the code and list what must change.\n\n'
        "## IMPLEMENTATION TEMPLATE\n\nMake the changes and their tests.\n\n"
        '## EXECUTION NOTES\n\nComplexity: low\n"""\n'
    ),
    slow=True,
)
def missing_section(context: SessionContext) -> Iterator[Finding]:
    """At the answer's first line; the blocks that may be the part are told as related places."""
    for part, value in _parts(context, doubtful=False):
        severity = Severity.INFO if part.part == "notes" else None
        span = _place(context, part, value)
        message = part.why or f"The answer has no {_TITLES[part.part]}."
        related = tuple(
            Related(_line(context, value.offset_of(start)), f"This block may be it: {title}")
            for title, start in part.blocks
        )
        yield Finding("missing-section", span, message, severity, related)


@session_rule(
    name="doubtful-section",
    severity=Severity.WARNING,
    summary="A part of the planning answer was found, but not surely",
    explanation=(
        "The part was told from the rest by weak signs, or does not look whole: cut short, or with an end "
        "that could be elsewhere. Read it, and correct it in `body` where it is wrong; once `body` differs "
        "from what was found, this is settled."
    ),
    bad=(
        '[planning]\nresponse = """\n## ANALYSIS TEMPLATE\n\nRead the code and list what must change.\n\n'
        '## IMPLEMENTATION TEMPLATE\n\nMake the changes in src/auth.py, then the\n"""\n'
    ),
    good=(
        '[planning]\nresponse = """\n## ANALYSIS TEMPLATE\n\nRead the code and list what must change.\n\n'
        "## IMPLEMENTATION TEMPLATE\n\nMake the changes in src/auth.py, then the tests.\n\n"
        '## EXECUTION NOTES\n\nComplexity: low\n"""\n'
    ),
    slow=True,
)
def doubtful_section(context: SessionContext) -> Iterator[Finding]:
    """At the first line of the part."""
    for part, value in _parts(context, doubtful=True):
        message = part.why or f"It is not sure that this is the {_TITLES[part.part]}."
        yield Finding("doubtful-section", _place(context, part, value), message)


def _parts(context: SessionContext, *, doubtful: bool) -> Iterator[tuple[PartFinding, TomlValue]]:
    value = context.tree.find(("planning", "response"))
    if value is None or value.kind != "string":
        return
    for part in context.parts or ():
        if part.doubtful == doubtful and context.session.status in _STATUSES[part.part]:
            yield part, value


def _place(context: SessionContext, part: PartFinding, value: TomlValue) -> Span:
    if part.end > part.start:
        return _line(context, value.offset_of(part.start))
    lead = len(value.value) - len(value.value.lstrip())
    return _line(context, value.offset_of(lead))


def _line(context: SessionContext, offset: int) -> Span:
    """The rest of the line from `offset` on, inside the text."""
    ends = (at for mark in "\r\n" if (at := context.text.find(mark, offset)) >= 0)
    end = min(ends, default=len(context.text))
    value = context.tree.find(("planning", "response"))
    if value is not None:
        end = min(end, value.content.end)
    return Span(offset, max(end, offset))
