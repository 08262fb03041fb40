"""Parts between XML tags: `<analysis_template>` ... `</analysis_template>`, `<section title="Analysis prompt">`."""

import re
from dataclasses import dataclass

from orch.workflow.answer.bodies import inner_text, text_of
from orch.workflow.answer.candidate import TITLES, Candidate, Spans
from orch.workflow.answer.edges import trimmed
from orch.workflow.answer.markdown import Document, common_margin, fence_at, indent_of
from orch.workflow.answer.part_names import STRONG, PartName, part_named
from orch.workflow.answer.wrappers import unfenced

_TAG = re.compile(
    r"^[ \t]*<(?P<close>/?)[ \t]*(?P<name>[^\W\d][\w.:-]{1,50})(?P<attributes>(?:\s[^<>\n]{0,200})?)>(?P<rest>.*)$"
)
_CLOSE_AT_END = re.compile(r"</[ \t]*(?P<name>[^\W\d][\w.:-]{1,50})[ \t]*>[ \t]*$")
_OPEN_AT_END = re.compile(r"\w[ \t:：,-]*<(?P<name>[^\W\d][\w.:-]{1,50})>[ \t]*$")
_ATTRIBUTE = re.compile(
    r"\b(?:name|id|title|type|part|section|role|identifier|label|key)\s*=\s*[\"']([^\"']{2,80})[\"']", re.IGNORECASE
)
_HOLDER = re.compile(
    r"(?:section|part|template|prompt|document|block|artifact|antartifact|file|output|item|component)$",
    re.IGNORECASE,
)


_MOST_TAGS = 300
"""A text with more tags that name parts is no answer."""


@dataclass(frozen=True)
class _Tag:
    line: int
    name: str
    opens: PartName | None  # what an opening tag names
    closes: bool
    rest: str

    @property
    def part(self) -> str:
        """The part that an opening tag names, empty for any other tag."""
        return self.opens.part if self.opens else ""


def find_tagged(document: Document, hidden: Spans) -> list[Candidate]:
    """The parts between tags, each tag at the beginning (a closing one at the end) of its line."""
    if "</" not in document.text and ">" not in document.text:
        return []
    tags = _tags(document, hidden)
    if not 0 < sum(tag.opens is not None for tag in tags) <= _MOST_TAGS:
        return []
    readings = [_read_tags(document, tags, careful) for careful in (True, False)]
    best = max(
        readings, key=lambda found: (len({c.part for c in found if not c.why}), len({c.part for c in found}))
    )
    if len({c.part for c in best}) == 1 and all(c.strength < STRONG for c in best):
        # one element `<analysis>` may as well be a prompt's own
        return [c.doubted(f"Only one word names the {TITLES[c.part]}.") for c in best]
    return best


_ALONE = re.compile(r"[ \t]*<(?P<close>/?)(?P<name>[A-Za-z][\w-]{1,40})>[ \t]*$")


def without_outer_tag(document: Document) -> Document:
    """The document without a tag around the whole answer (`<response>`) that names no part: its lines are blank."""
    last = document.previous_filled(len(document.lines) - 1)
    closing = _ALONE.match(document.lines[last]) if last >= 0 else None
    if not closing or not closing["close"] or part_named(closing["name"]):
        return document
    line = -1
    for _ in range(4):
        line = document.next_filled(line + 1)
        if line >= last:
            return document
        opening = _ALONE.match(document.lines[line])
        if opening and not opening["close"]:
            break
    else:
        return document
    if opening["name"].lower() != closing["name"].lower():
        return document
    lines = ["" if number in (line, last) else text for number, text in enumerate(document.lines)]
    return Document(document.text, lines, document.starts)


def tag_lines(document: Document) -> list[tuple[int, bool]]:
    """The lines of tags that name parts, and whether each opens or closes one."""
    tags = _tags(document, Spans([]))
    names = {tag.name for tag in tags if tag.opens}
    return [(tag.line, not tag.closes) for tag in tags if tag.name in names and (tag.opens or tag.closes)]


def _tags(document: Document, hidden: Spans) -> list[_Tag]:
    found: list[_Tag] = []
    behind_text: list[_Tag] = []
    for number, line in enumerate(document.lines):
        if "<" not in line or ">" not in line:
            continue
        if hidden.covers(document.starts[number]):
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
        elif not match and (late := _OPEN_AT_END.search(line)):
            behind_text.append(_Tag(number, late["name"].lower(), part_named(late["name"]), False, ""))
    return _without_mentions(_with_late(found, behind_text))


def _with_late(tags: list[_Tag], behind_text: list[_Tag]) -> list[_Tag]:
    """The tags, with those that open behind words ("Here it is: <analysis_template>") where no other one does."""
    opened = {tag.name for tag in tags if not tag.closes}
    closed = {tag.name for tag in tags if tag.closes}
    late = [tag for tag in behind_text if tag.opens and tag.name in closed - opened]
    return sorted((*tags, *late), key=lambda tag: tag.line) if late else tags


def _without_mentions(tags: list[_Tag]) -> list[_Tag]:
    """Where tags stand alone on their lines, those of the same name within a line are mentions of them."""
    alone = {(tag.name, tag.closes) for tag in tags if not tag.rest.strip()}
    whole = {name for name, closes in alone if closes and (name, False) in alone}
    return [tag for tag in tags if not tag.rest.strip() or tag.name not in whole]


def _read_tags(document: Document, tags: list[_Tag], careful: bool) -> list[Candidate]:
    """Careful: a closing tag inside a fence is text. Else the last one before the next part's tag counts."""
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
        found.append(_tagged(document, tags, at, -1 if close is None else close, tag.opens))
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
    own = tags[at].opens
    last: int | None = None
    for index in range(at + 1, len(tags)):
        tag = tags[index]
        # an `<analysis>` inside an `<implementation_template>` is the prompt's own
        if own and tag.opens and tag.part != own.part and tag.opens.strength >= own.strength:
            break
        if tag.closes and tag.name == tags[at].name:
            last = index
    return last


def _tagged(document: Document, tags: list[_Tag], at: int, close: int, name: PartName) -> Candidate:
    """The part from the opening tag at `at` to the closing one at `close`, -1 where it is never closed."""
    tag = tags[at]
    why = ""
    if close >= 0:
        end = tags[close].line
        last = end
        inline = tags[close].rest
    else:
        following = next((t.line for t in tags[at + 1 :] if t.opens and t.part != name.part), None)
        end = following if following is not None else len(document.lines)
        last = end - 1
        inline = ""
        why = f"Its tag <{tag.name}> is never closed."
    text, start, stop = _between(document, tag, end, inline)
    open_end = close < 0 and end == len(document.lines)
    return Candidate(
        name.part,
        name.strength,
        "xml tag",
        text,
        start,
        stop,
        tag.line,
        last,
        why,
        name.corrected,
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
        return _inline(document, document.end(tag.line) - len(rest), _stop(document, end, inline))
    first, stop_line = trimmed(document, tag.line + 1, end)
    first, stop_line = _without_cdata(document, first, stop_line)
    first, stop_line = trimmed(document, *unfenced(document, first, stop_line))
    return text_of(document, first, stop_line)


def _stop(document: Document, end: int, inline: str) -> int:
    return document.starts[end] + len(inline) if end < len(document.lines) else len(document.text)


def _inline(document: Document, start: int, stop: int) -> tuple[str, int, int]:
    """Text that shares its first or last line with a tag, perhaps in CDATA."""
    inner = document.text[start:stop]
    text = inner.strip()
    if text.startswith("<![CDATA[") and text.endswith("]]>"):
        text = text.removeprefix("<![CDATA[").removesuffix("]]>").strip("\n\r").rstrip()
    lines = text.replace("\r\n", "\n").split("\n")
    margin = common_margin(lines[1:])
    while indent_of(margin + "x") > document.indent:
        margin = margin[:-1]
    # the first line has no such margin where it stands on the tag's own line
    result = inner_text("\n".join(line.removeprefix(margin) for line in lines))
    first, last = (result.split("\n")[at].strip() for at in (0, -1))
    return result, start + inner.find(first), start + inner.rfind(last) + len(last)


def _without_cdata(document: Document, first: int, end: int) -> tuple[int, int]:
    if (
        end - first > 2
        and document.lines[first].strip() == "<![CDATA["
        and document.lines[end - 1].strip() == "]]>"
    ):
        return trimmed(document, first + 1, end - 1)
    return first, end
