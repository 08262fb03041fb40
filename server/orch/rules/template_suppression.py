"""`{# orch: ignore[rule] #}` in a template: on the finding's line, or alone on the line before it.

What is said of a whole template is told on its first line, which may be that of the comment itself.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator

from orch.rules.finding import Finding
from orch.syntax.jinja_tag import Kind
from orch.syntax.jinja_tree import TemplateTree

NEVER = ("syntax-error", "unclosed-block", "unexpected-tag", "unclosed-delimiter", "unknown-tag")
"""What Jinja itself says cannot be kept quiet."""

_MARK = "orch: ignore["
_COMMENT = re.compile(r"\{#[-+]?\s*orch: ignore\[(?P<rules>[a-z0-9, \t-]+)\].*?#\}", re.S)
_LINE_END = re.compile(r"\r\n|\r|\n")


def unsuppressed(tree: TemplateTree, findings: Iterable[Finding]) -> Iterator[Finding]:
    """`findings` without those that a comment suppresses."""
    if _MARK not in tree.text:
        yield from findings
        return
    ignored = _ignored_lines(tree)
    lines = _Lines(tree.text)
    for finding in findings:
        if finding.rule in NEVER or finding.rule not in ignored.get(lines.of(finding.span.start), ()):
            yield finding


class _Lines:
    def __init__(self, text: str) -> None:
        self.starts = [0, *(match.end() for match in _LINE_END.finditer(text))]

    def of(self, offset: int) -> int:
        return bisect_right(self.starts, offset) - 1


def _ignored_lines(tree: TemplateTree) -> dict[int, set[str]]:
    lines = _Lines(tree.text)
    found: dict[int, set[str]] = {}
    for index, tag in enumerate(tree.tags):
        if tag.kind is not Kind.COMMENT or (match := _COMMENT.fullmatch(tag.text)) is None:
            continue
        span = tree.span(index)
        first, last = lines.of(span.start), lines.of(span.end)
        starts = [*lines.starts, len(tree.text)]
        alone = not (tree.text[starts[first] : span.start] + tree.text[span.end : starts[last + 1]]).strip()
        rules = {name.strip() for name in match["rules"].split(",")}
        for line in (first, last + 1) if alone else (first,):
            found.setdefault(line, set()).update(rules)
    return found
