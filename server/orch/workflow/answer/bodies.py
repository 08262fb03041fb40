"""From the lines under a part's name to its text: what wraps it comes off, what only surrounds it stays out."""

import re
from dataclasses import dataclass

from orch.workflow.answer.edges import (
    behind_buttons,
    doubt_of_sibling,
    end_of_details,
    trimmed,
    without_chatter,
    without_closing_section,
    without_end_line,
    without_headings,
    without_thinking,
    yaml_block,
)
from orch.workflow.answer.markdown import Document, common_margin, read_lines
from orch.workflow.answer.part_names import part_named
from orch.workflow.answer.sections import Reading, Section
from orch.workflow.answer.wrappers import unfenced, wrapper_of
from orch.workflow.session_line import is_session_line


@dataclass(frozen=True)
class Body:
    """A part's text and the span it was taken from. `why` says what is doubtful about where it begins or ends.

    `open_end` when a fence held it that never closes, `held` when one held it that does.
    """

    text: str
    start: int
    end: int
    why: str = ""
    open_end: bool = False
    held: bool = False


def body_of(document: Document, reading: Reading, section: Section, following: Section | None) -> Body:
    """The text of `section`. `following` is the section that comes directly after it, if one does."""
    part = section.marker.part
    first, end, why = _bounds(document, section)
    wrapper = wrapper_of(document, reading, first, end, part)
    whys = [why]
    if (wrapper is None or wrapper.why) and section.marker.kind != "yaml key":
        if following:
            end, why = without_headings(document, first, end, following)
            whys.append(why)
        else:
            end, why = without_closing_section(document, reading, first, end, section)
            whys.append(why)
        end, why = without_chatter(document, first, end, section, following)
        end = _without_end_line(document, first, end, section)
        whys += (why, doubt_of_sibling(document, reading, first, end, section))
        wrapper = wrapper_of(document, reading, first, end, part)
    if wrapper is not None:
        first, end = trimmed(document, wrapper.first, wrapper.end)
        whys = [wrapper.why] if wrapper.why or wrapper.end <= end else whys
    first, end = _without_tag(document, *_without_pre(document, first, end), part)
    text, start, stop = text_of(document, first, end)
    why = next((why for why in whys if why), "")
    held = wrapper is not None and not wrapper.why
    open_end = wrapper.open_end if wrapper else any(first <= line < end for line in reading.unclosed)
    return Body(text, start, stop, why, open_end, held)


def _bounds(document: Document, section: Section) -> tuple[int, int, str]:
    first, end = section.first, section.end
    if section.marker.kind == "yaml key":
        first, end = yaml_block(document, section)
    elif section.marker.kind == "html":
        end = end_of_details(document, first, end)
    first, end = trimmed(document, first, end)
    first, end = trimmed(document, behind_buttons(document, first, end), end)
    return without_thinking(document, first, _without_end_line(document, first, end, section))


def _without_end_line(document: Document, first: int, end: int, section: Section) -> int:
    return without_end_line(document, first, end) if section.marker.kind in ("banner", "bracket") else end


def text_of(document: Document, first: int, end: int) -> tuple[str, int, int]:
    """The lines `first <= line < end` without common indentation and session lines, and the span they came from."""
    if first >= end:
        at = document.starts[min(first, len(document.starts) - 1)]
        return "", at, at
    lines = document.lines[first:end]
    if "session" in document.text[document.starts[first] : document.end(end - 1)].lower():
        lines = [line for line in lines if not is_session_line(line)]
    margin = common_margin(lines)
    if margin:
        size = len(margin)
        lines = [line[size:] if line.startswith(margin) else line.lstrip(" \t") for line in lines]
    start = document.starts[first] + len(margin)
    return "\n".join(lines), start, document.end(end - 1)


_PRE = re.compile(r"[ \t]*<pre\b[^<>]*>(?:<code\b[^<>]*>)?[ \t]*$", re.IGNORECASE)
_PRE_END = re.compile(r"[ \t]*(?:</code>)?</pre>[ \t]*$", re.IGNORECASE)


def _without_pre(document: Document, first: int, end: int) -> tuple[int, int]:
    """`<pre>` alone on the first line and its end alone on the last one are a fence in HTML."""
    if end - first < 3 or not (_PRE.match(document.lines[first]) and _PRE_END.match(document.lines[end - 1])):
        return first, end
    if any("<pre" in line or "</pre" in line for line in document.lines[first + 1 : end - 1]):
        return first, end
    return trimmed(document, first + 1, end - 1)


_TAG_LINE = re.compile(r"[ \t]*<(?P<close>/?)(?P<name>[A-Za-z][\w.:-]*)(?:\s[^<>]*)?>[ \t]*$")


def _without_tag(document: Document, first: int, end: int, part: str) -> tuple[int, int]:
    """A tag around the whole that names the part is wrapping too, and so is a fence in it."""
    if end - first < 3:
        return first, end
    opening, closing = _TAG_LINE.match(document.lines[first]), _TAG_LINE.match(document.lines[end - 1])
    if not opening or not closing or opening["close"] or not closing["close"] or opening["name"] != closing["name"]:
        return first, end
    name = part_named(opening["name"])
    if name is None or name.part != part:
        return first, end
    closing_line = f"</{opening['name']}>"
    if any(closing_line in line for line in document.lines[first + 1 : end - 1]):
        return first, end  # two elements rather than one around everything
    first, end = unfenced(document, *trimmed(document, first + 1, end - 1))
    return trimmed(document, first, end)


def inner_text(text: str) -> str:
    """A decoded text without outer blank lines, a wrapping fence, common indentation and session lines."""
    inner = read_lines(text)
    first, end = trimmed(inner, 0, len(inner.lines))
    first, end = trimmed(inner, *unfenced(inner, first, end))
    return text_of(inner, first, end)[0]
