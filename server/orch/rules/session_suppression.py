"""`# orch: ignore[rule]` in a session: after a value, or alone above its key, for that whole value."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import NamedTuple

from orch.rules.finding import Finding
from orch.syntax.toml_tree import TomlTree
from orch.text.span import Span

_MARK = "orch: ignore["
_COMMENT = re.compile(r"#[ \t]*orch: ignore\[(?P<rules>[a-z0-9, \t-]+)\]")


class Suppression(NamedTuple):
    """Findings of these rules inside `span` are not shown."""

    rules: frozenset[str]
    span: Span


def suppressions(tree: TomlTree) -> list[Suppression]:
    """What the comments of a session suppress. A comment inside a text is text."""
    if _MARK not in tree.text:
        return []
    spans = [*(entry.span for entry in tree.entries), *(header.span for header in tree.headers)]
    items = sorted(spans, key=lambda span: (span.start, -span.end))
    found = []
    for match in _COMMENT.finditer(tree.text):
        if tree.place_at(match.end()).where == "comment":
            target = _target(tree.text, items, match.start())
            if target is not None:
                rules = frozenset(name.strip() for name in match["rules"].split(","))
                found.append(Suppression(rules, target))
    return found


def _target(text: str, items: list[Span], comment: int) -> Span | None:
    """The value that ends on the comment's line, else the next key or header with nothing but comments between."""
    after = bisect_left(items, comment, key=lambda span: span.start)
    line = max(text.rfind("\n", 0, comment), text.rfind("\r", 0, comment)) + 1
    before = [span for span in items[:after] if span.end > line]
    if before:
        return min(before, key=lambda span: span.start)
    if after == len(items):
        return None
    between = text[comment : items[after].start]
    alone = all(not part.strip() or part.lstrip().startswith("#") for part in between.splitlines())
    return items[after] if alone and "\n\n" not in between.replace("\r", "") else None


def unsuppressed(tree: TomlTree, findings: list[Finding]) -> Iterator[Finding]:
    """`findings` without those that a comment suppresses. What TOML itself says cannot be suppressed."""
    known = suppressions(tree) if findings else []
    for finding in findings:
        if finding.rule == "toml-syntax" or not any(
            finding.rule in entry.rules
            and entry.span.start <= finding.span.start
            and finding.span.end <= entry.span.end
            for entry in known
        ):
            yield finding
