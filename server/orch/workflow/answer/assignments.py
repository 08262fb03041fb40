"""Parts in string literals: `ANALYSIS_TEMPLATE = \"\"\"...\"\"\"` in a program, quoted values in YAML."""

import re

from orch.workflow.answer.bodies import inner_text
from orch.workflow.answer.candidate import Candidate, Spans
from orch.workflow.answer.json_tree import parse_json
from orch.workflow.answer.markdown import Document
from orch.workflow.answer.part_names import STRONG, PartName, part_named

_NAME = r"[ \t]*(?:(?:export|const|let|var|final|static)[ \t]+)*[\"'`]?(?P<name>[^\W\d][\w \-]{2,50}?)[\"'`]?[ \t]*"
_ASSIGNED = re.compile(
    _NAME + r"(?::[ \t]*[\w.]+[ \t]*)?[:=][ \t]*(?:[a-zA-Z.]{0,12}\(?[ \t]*)(?P<quote>\"\"\"|'''|`(?!`))"
)
_QUOTED = re.compile(_NAME + r":[ \t]*(?P<quote>\")(?!\"\")")


def find_assigned(document: Document, hidden: Spans) -> list[Candidate]:
    """The parts in long strings, else those in quoted values of one line."""
    return _found(document, hidden, _ASSIGNED) or _found(document, hidden, _QUOTED)


def _found(document: Document, hidden: Spans, pattern: re.Pattern[str]) -> list[Candidate]:
    found: list[Candidate] = []
    done = 0
    for line in document.naming_lines:
        start = document.starts[line]
        if start < done or hidden.covers(start) or len(document.lines[line]) > 100_000:
            continue
        match = pattern.match(document.text, start, document.end(line))
        candidate = _candidate(document, line, match) if match else None
        if candidate:
            found.append(candidate)
            done = candidate.end
    return found


def _candidate(document: Document, line: int, match: re.Match[str]) -> Candidate | None:
    name = part_named(match["name"])
    if name is None or name.strength < STRONG:
        return None
    if match.re is _QUOTED:
        return _quoted(document, line, match.end(), name)
    close = document.text.find(match["quote"], match.end())
    end = close if close >= 0 else len(document.text)
    why = "" if close >= 0 else "Its string is never closed."
    raw = document.text[match.end() : end].replace("\r\n", "\n")
    start = match.end() + len(raw) - len(raw.lstrip())
    return Candidate(
        name.part,
        name.strength,
        "assignment",
        inner_text(raw),
        start,
        max(start, end),
        line,
        document.line_at(max(end - 1, start)),
        why,
        name.corrected,
        close < 0,
    )


def _quoted(document: Document, line: int, start: int, name: PartName) -> Candidate | None:
    """A double-quoted YAML value reads as a JSON string does."""
    rest = document.text[start - 1 : document.end(line)].rstrip()
    parsed = parse_json('{"a":' + rest + "}", 0)
    if parsed is None or not parsed[0].complete or parsed[0].repaired or len(parsed[0].members) != 1:
        return None
    text = inner_text(parsed[0].members[0][1].text)
    end = start + len(rest) - 2
    return Candidate(name.part, name.strength, "yaml key", text, start, end, line, line, "", name.corrected)
