"""Parts under the keys of JSON objects: strings, lists of lines, nested objects."""

import re
from collections.abc import Iterator

from orch.workflow.answer.bodies import inner_text
from orch.workflow.answer.candidate import Candidate, Spans
from orch.workflow.answer.json_tree import JsonNode, parse_json
from orch.workflow.answer.markdown import Document, common_margin
from orch.workflow.answer.part_names import STRONG, PartName, part_named

_MOST_TRIES = 30
_OPENS_JSON = re.compile(r"^[ \t]*(?:json[ \t]*)?([{\[])", re.MULTILINE | re.IGNORECASE)
_TEXT_KEYS = ("template", "prompt", "content", "text", "body", "markdown", "value")
_NAME_KEYS = ("name", "title", "type", "id", "part", "section", "key", "heading")


def find_json(document: Document, hidden: Spans) -> list[Candidate]:
    """The parts under keys of JSON objects, wherever such an object begins a line."""
    found: list[Candidate] = []
    done = tries = 0
    for match in _OPENS_JSON.finditer(document.text):
        start = match.start(1)
        if start < done or hidden.covers(start):
            continue
        tries += 1
        if tries > _MOST_TRIES:
            break
        parsed = parse_json(document.text, start)
        if parsed is None:
            continue
        node, end = parsed
        candidates = list(_json_parts(document, node, node))
        if candidates:
            found.extend(candidates)
            done = end
    return found


def _json_parts(document: Document, node: JsonNode, root: JsonNode, depth: int = 0) -> Iterator[Candidate]:
    if depth > 4:
        return
    if node.kind == "object":
        named = _named_by_member(node)
        if named:
            yield _json_candidate(document, named[0], named[1], root)
            return
        for key, value in node.members:
            name = part_named(key)
            if name and value.kind != "other":
                yield _json_candidate(document, name, value, root)
            else:
                yield from _json_parts(document, value, root, depth + 1)
    elif node.kind == "array":
        for item in node.items:
            yield from _json_parts(document, item, root, depth + 1)


def _named_by_member(node: JsonNode) -> tuple[PartName, JsonNode] | None:
    """`{"name": "ANALYSIS TEMPLATE", "content": "..."}`"""
    members = {key.casefold(): value for key, value in node.members}
    for key in _NAME_KEYS:
        if key in members and members[key].kind == "string" and (name := part_named(members[key].text)):
            for content in _TEXT_KEYS:
                if content in members and members[content].kind != "other":
                    return name._replace(strength=STRONG), members[content]
    return None


def _json_candidate(document: Document, name: PartName, value: JsonNode, root: JsonNode) -> Candidate:
    first, last = document.line_at(root.start), document.line_at(max(root.end - 1, root.start))
    why = ""
    if value.kind == "object" and name.part != "notes":
        inner = _text_member(value)
        if inner is None:
            why = "It is a JSON object with several keys; it was taken as it is written."
        else:
            value = inner
    if value.repaired:
        why = "Its JSON has quotes that are not escaped, so where it ends is a guess."
    if not value.complete:
        why = "The answer seems to be cut off inside it."
    text, start, end = _json_text(document, value)
    return Candidate(
        name.part, name.strength, "json key", text, start, end, first, last, why, name.corrected, not value.complete
    )


def _text_member(value: JsonNode) -> JsonNode | None:
    texts = [(key.casefold(), inner) for key, inner in value.members if inner.kind in ("string", "array")]
    for wanted in _TEXT_KEYS:
        for key, inner in texts:
            if key == wanted:
                return inner
    return texts[0][1] if len(value.members) == 1 and texts else None


def _json_text(document: Document, value: JsonNode) -> tuple[str, int, int]:
    if value.kind == "string":
        return inner_text(value.text), value.start, value.end
    if value.kind == "array" and value.items and all(item.kind == "string" for item in value.items):
        return inner_text("\n".join(item.text for item in value.items)), value.start, value.end
    lines = document.text[value.start : value.end].replace("\r\n", "\n").split("\n")
    margin = common_margin(lines[1:])
    return "\n".join([lines[0], *(line[len(margin) :] for line in lines[1:])]), value.start, value.end
