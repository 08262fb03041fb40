"""Parts whose beginning and end are both written down: XML tags, JSON keys, triple-quoted assignments."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from orch.workflow.bodies import text_of
from orch.workflow.edges import trimmed
from orch.workflow.json_tree import JsonNode, parse_json
from orch.workflow.markdown import Document, common_margin, fence_at, read_lines
from orch.workflow.part_names import STRONG, PartName, part_named
from orch.workflow.wrappers import unfenced


@dataclass(frozen=True)
class Candidate:
    """One place that may be a part. `first` and `last` are the lines it takes, what delimits it included."""

    part: str
    strength: int
    by: str
    text: str
    start: int
    end: int
    first: int
    last: int
    why: str = ""
    corrected: bool = False
    open_end: bool = False
    held: bool = True  # what delimits it says where it ends


# ---- tags

_TAG = re.compile(
    r"^[ \t]*<(?P<close>/?)[ \t]*(?P<name>[^\W\d][\w.:-]{1,50})(?P<attributes>(?:\s[^<>\n]{0,200})?)>(?P<rest>.*)$"
)
_CLOSE_AT_END = re.compile(r"</[ \t]*(?P<name>[^\W\d][\w.:-]{1,50})[ \t]*>[ \t]*$")
_ATTRIBUTE = re.compile(
    r"\b(?:name|id|title|type|part|section|role|identifier|label|key)\s*=\s*[\"']([^\"']{2,80})[\"']", re.IGNORECASE
)
_HOLDER = re.compile(
    r"(?:section|part|template|prompt|document|block|artifact|antartifact|file|output|item|component)$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class _Tag:
    line: int
    name: str
    opens: PartName | None  # what an opening tag names
    closes: bool
    rest: str


def find_tagged(document: Document, masked: list[tuple[int, int]]) -> list[Candidate]:
    """The parts between tags, each tag at the beginning (a closing one at the end) of its line."""
    if "</" not in document.text and ">" not in document.text:
        return []
    tags = _tags(document, masked)
    if not any(tag.opens for tag in tags):
        return []
    readings = [_read_tags(document, tags, careful) for careful in (True, False)]
    return max(
        readings, key=lambda found: (len({c.part for c in found if not c.why}), len({c.part for c in found}))
    )


def _tags(document: Document, masked: list[tuple[int, int]]) -> list[_Tag]:
    found = []
    for number, line in enumerate(document.lines):
        if "<" not in line or ">" not in line:
            continue
        if any(start <= document.starts[number] < end for start, end in masked):
            continue
        match = _TAG.match(line)
        if match and match["close"]:
            found.append(_Tag(number, match["name"].lower(), None, True, ""))
            continue
        if match:
            name = part_named(match["name"])
            if (
                name is None
                and _HOLDER.match(match["name"])
                and (attribute := _ATTRIBUTE.search(match["attributes"]))
            ):
                name = part_named(attribute[1])
                name = name._replace(strength=STRONG) if name else None
            found.append(_Tag(number, match["name"].lower(), name, False, match["rest"]))
        if end := _CLOSE_AT_END.search(line, match.start("rest") if match else 0):
            found.append(_Tag(number, end["name"].lower(), None, True, line[: end.start()]))
    return found


def _read_tags(document: Document, tags: list[_Tag], careful: bool) -> list[Candidate]:
    """Careful: a closing tag inside a fence is text. Else: the last closing tag before the next part's tag ends it."""
    found: list[Candidate] = []
    at = 0
    while at < len(tags):
        tag = tags[at]
        if tag.opens is None:
            at += 1
            continue
        close = _close_outside_fences(document, tags, at) if careful else None
        if close is None and not careful:
            close = _last_close_before_next(tags, at)
        if close is None and careful and not any(t.closes and t.name == tag.name for t in tags[at + 1 :]):
            close = -1
        if close is None:
            close = _last_close_before_next(tags, at)
        found.append(_tagged(document, tags, at, -1 if close is None else close))
        if close is None or close < 0:
            at += 1
        else:
            at = close + 1
    return found


def _close_outside_fences(document: Document, tags: list[_Tag], at: int) -> int | None:
    name = tags[at].name
    depth = 0
    fences: list[tuple[str, int]] = []
    line = tags[at].line + 1
    for index in range(at + 1, len(tags)):
        tag = tags[index]
        if tag.name != name:
            continue
        while line < tag.line:
            _step(document, line, fences)
            line += 1
        if fences:
            continue
        if tag.closes:
            if depth == 0:
                return index
            depth -= 1
        elif tag.opens:
            depth += 1
    return None


def _step(document: Document, line: int, fences: list[tuple[str, int]]) -> None:
    text = document.lines[line]
    if "```" not in text and "~~~" not in text:
        return
    fence = fence_at(text, line)
    if fence is None:
        return
    if fence.is_bare and fences and fences[-1][0] == fence.mark and fence.length >= fences[-1][1]:
        fences.pop()
    elif not fences or fences[-1][1] <= fence.length:
        fences.append((fence.mark, fence.length))


def _last_close_before_next(tags: list[_Tag], at: int) -> int | None:
    last: int | None = None
    for index in range(at + 1, len(tags)):
        tag = tags[index]
        if tag.opens and (tag.opens.part != tags[at].opens.part if tags[at].opens else True):  # type: ignore[union-attr]
            break
        if tag.closes and tag.name == tags[at].name:
            last = index
    return last


def _tagged(document: Document, tags: list[_Tag], at: int, close: int) -> Candidate:
    tag = tags[at]
    assert tag.opens is not None
    why = ""
    if close >= 0:
        end = tags[close].line
        last = end
        inline = tags[close].rest
    else:
        following = next((t.line for t in tags[at + 1 :] if t.opens and t.opens.part != tag.opens.part), None)
        end = following if following is not None else len(document.lines)
        last = end - 1
        inline = ""
        why = f"Its tag <{tag.name}> is never closed."
    text, start, stop = _between(document, tag, end, inline)
    open_end = close < 0 and end == len(document.lines)
    return Candidate(
        tag.opens.part,
        tag.opens.strength,
        "xml tag",
        text,
        start,
        stop,
        tag.line,
        last,
        why,
        tag.opens.corrected,
        open_end,
    )


def _between(document: Document, tag: _Tag, end: int, inline: str) -> tuple[str, int, int]:
    """The text between an opening tag and line `end`, with what stands on the lines of the tags themselves."""
    rest = tag.rest
    if tag.line == end:
        rest = rest[: rest.rfind("</")].strip()
        start = document.text.find(rest, document.starts[tag.line] + document.lines[tag.line].find(">"))
        return rest, start, start + len(rest)
    if rest.strip() or inline.strip():
        begin = document.end(tag.line) - len(rest)
        stop = document.starts[end] + len(inline) if end < len(document.lines) else len(document.text)
        inner = document.text[begin:stop]
        stripped = inner.strip()
        start = begin + inner.find(stripped) if stripped else begin
        return stripped.replace("\r\n", "\n"), start, start + len(stripped)
    first, stop_line = trimmed(document, tag.line + 1, end)
    first, stop_line = _without_cdata(document, first, stop_line)
    first, stop_line = trimmed(document, *unfenced(document, first, stop_line))
    return text_of(document, first, stop_line)


def _without_cdata(document: Document, first: int, end: int) -> tuple[int, int]:
    if (
        end - first > 2
        and document.lines[first].strip() == "<![CDATA["
        and document.lines[end - 1].strip() == "]]>"
    ):
        return trimmed(document, first + 1, end - 1)
    return first, end


# ---- JSON

_MOST_TRIES = 30
_OPENS_JSON = re.compile(r"^[ \t]*(?:json[ \t]*)?([{\[])", re.MULTILINE | re.IGNORECASE)
_TEXT_KEYS = ("template", "prompt", "content", "text", "body", "markdown", "value")
_NAME_KEYS = ("name", "title", "type", "id", "part", "section", "key", "heading")


def find_json(document: Document, masked: list[tuple[int, int]]) -> list[Candidate]:
    """The parts under keys of JSON objects, wherever such an object begins a line."""
    found: list[Candidate] = []
    done = tries = 0
    for match in _OPENS_JSON.finditer(document.text):
        start = match.start(1)
        if start < done or any(first <= start < end for first, end in masked):
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


def inner_text(text: str) -> str:
    """A decoded text without outer blank lines, a wrapping fence, common indentation and session lines."""
    inner = read_lines(text)
    first, end = trimmed(inner, 0, len(inner.lines))
    first, end = trimmed(inner, *unfenced(inner, first, end))
    return text_of(inner, first, end)[0]


# ---- assignments

_ASSIGNED = re.compile(
    r"^[ \t]*(?:(?:export|const|let|var|final|static)[ \t]+)*[\"'`]?(?P<name>[^\W\d][\w \-]{2,50}?)[\"'`]?[ \t]*(?::[ \t]*[\w.]+[ \t]*)?[:=][ \t]*"
    r"(?:[a-zA-Z.]{0,12}\(?[ \t]*)(?P<quote>\"\"\"|'''|`(?!`))",
    re.MULTILINE,
)
_QUOTED = re.compile(r"^[ \t]*[\"'`]?(?P<name>[^\W\d][\w\-]{2,50}?)[\"'`]?[ \t]*:[ \t]*\"(?!\"\")", re.MULTILINE)


def find_assigned(document: Document, masked: list[tuple[int, int]]) -> list[Candidate]:
    """The parts in long strings: `ANALYSIS_TEMPLATE = \"\"\"...\"\"\"` and the like, and quoted YAML values."""
    found: list[Candidate] = []
    done = 0
    for match in _ASSIGNED.finditer(document.text) if any(q in document.text for q in ('"""', "'''", "`")) else ():
        name = part_named(match["name"])
        if name is None or match.start() < done or any(first <= match.start() < end for first, end in masked):
            continue
        close = document.text.find(match["quote"], match.end())
        end = close if close >= 0 else len(document.text)
        why = "" if close >= 0 else "Its string is never closed."
        found.append(_assigned(document, name, match, end, why))
        done = end + len(match["quote"])
    return found or _quoted(document, masked)


def _assigned(document: Document, name: PartName, match: re.Match[str], end: int, why: str) -> Candidate:
    raw = document.text[match.end() : end].replace("\r\n", "\n")
    text = inner_text(raw)
    start = match.end() + len(raw) - len(raw.lstrip())
    return Candidate(
        name.part, name.strength, "assignment", text, start, start + len(raw.strip()),
        document.line_at(match.start()), document.line_at(max(end - 1, match.start())), why, name.corrected, bool(why),
    )  # fmt: skip


def _quoted(document: Document, masked: list[tuple[int, int]]) -> list[Candidate]:
    found: list[Candidate] = []
    for match in _QUOTED.finditer(document.text):
        name = part_named(match["name"])
        if name is None or name.strength < STRONG or any(first <= match.start() < end for first, end in masked):
            continue
        line_end = document.text.find("\n", match.end())
        line = document.text[match.end() - 1 : line_end if line_end >= 0 else len(document.text)]
        parsed = parse_json('{"a":' + line + "}", 0)
        if parsed is None or not parsed[0].complete or parsed[0].repaired or len(parsed[0].members) != 1:
            continue
        text = inner_text(parsed[0].members[0][1].text)
        number = document.line_at(match.start())
        found.append(
            Candidate(
                name.part,
                name.strength,
                "yaml key",
                text,
                match.end(),
                match.end() + len(line.rstrip()) - 2,
                number,
                number,
            )
        )
    return found
