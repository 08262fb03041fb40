"""From the lines under a part's name to the part's text: what wraps it comes off, what only surrounds it stays out."""

import re
from dataclasses import dataclass

from orch.workflow.chatter import is_closing_word
from orch.workflow.fences import may_wrap
from orch.workflow.markdown import Document, Fence, common_margin, fence_at, heading_at, indent_of, is_rule
from orch.workflow.part_names import part_named
from orch.workflow.sections import Reading, Section
from orch.workflow.session_line import is_session_line


@dataclass(frozen=True)
class Body:
    """A part's text and the span it was taken from. `why` says what is doubtful about where it begins or ends.

    `wrapped` when a fence or a tag held it; `open_end` when that fence never closes; `rest` is where the lines
    that belong to no part begin (an offset), when there are any.
    """

    text: str
    start: int
    end: int
    why: str = ""
    wrapped: bool = False
    open_end: bool = False


def body_of(document: Document, reading: Reading, section: Section, followed: bool) -> Body:
    """The text of `section`. `followed` when another part comes directly after it."""
    marker = section.marker
    first, end = _yaml_block(document, section) if marker.kind == "yaml key" else (section.first, section.end)
    first, end = trimmed(document, first, end)
    first, end = _without_thinking(document, first, end)
    if followed:
        end = _without_headings(document, first, end)
    wrapper = _wrapper(document, reading, first, end, marker.part)
    why = ""
    if wrapper is None and marker.kind != "yaml key":
        end, why = _without_chatter(document, first, end, section, followed)
        wrapper = _wrapper(document, reading, first, end, marker.part)
    if wrapper is not None:
        first, end = trimmed(document, wrapper.first, wrapper.end)
        why = wrapper.why
    first, end, tagged = _without_tag(document, first, end, marker.part)
    text, start, stop = text_of(document, first, end)
    return Body(text, start, stop, why, wrapper is not None or tagged, wrapper is not None and wrapper.open_end)


def text_of(document: Document, first: int, end: int) -> tuple[str, int, int]:
    """The lines `first <= line < end` without common indentation and session lines, and the span they came from."""
    if first >= end:
        at = document.starts[min(first, len(document.starts) - 1)]
        return "", at, at
    lines = document.lines[first:end]
    if any("ession" in line.lower() and is_session_line(line) for line in lines):
        lines = [line for line in lines if not is_session_line(line)]
    margin = common_margin(lines)
    if margin:
        size = len(margin)
        lines = [line[size:] if line.startswith(margin) else line.lstrip(" \t") for line in lines]
    start = document.starts[first] + len(margin)
    return "\n".join(lines), start, document.end(end - 1)


def trimmed(document: Document, first: int, end: int) -> tuple[int, int]:
    """The range without blank lines, session lines and rules around it. Front matter (`---`) is no rule."""

    def is_outer(line: int, first_line: bool) -> bool:
        text = document.lines[line]
        if not text or text.isspace() or is_session_line(text):
            return True
        return is_rule(text) and not (first_line and _opens_front_matter(document, line, end))

    while first < end and is_outer(end - 1, False):
        end -= 1
    while first < end and is_outer(first, True):
        first += 1
    return first, end


_KEY_LINE = re.compile(r"[ \t]*(?:[\w-]+[ \t]*:|-[ \t]|#)")


def _opens_front_matter(document: Document, line: int, end: int) -> bool:
    if document.lines[line].strip() != "---":
        return False
    for after in range(line + 1, min(end, line + 30)):
        if document.lines[after].strip() == "---":
            return after > line + 1
        if not _KEY_LINE.match(document.lines[after]) and indent_of(document.lines[after]) == 0:
            return False
    return False


def _yaml_block(document: Document, section: Section) -> tuple[int, int]:
    """A block scalar ends with the first line that is not indented deeper than its key."""
    line = section.marker.body - 1
    depth = indent_of(document.lines[line])
    first = document.next_filled(section.first, section.end)
    if first >= section.end or indent_of(document.lines[first]) <= depth:
        return section.first, section.end
    at = first
    while at < section.end and (document.is_blank(at) or indent_of(document.lines[at]) > depth):
        at += 1
    return first, at


_THINKING = re.compile(r"[ \t]*<(?P<close>/?)(?:think|thinking|thought|reflection)>[ \t]*$", re.IGNORECASE)


def _without_thinking(document: Document, first: int, end: int) -> tuple[int, int]:
    """A thinking block at the very end belongs to the part that the model was about to write, not to this one."""
    if first < end and (match := _THINKING.match(document.lines[end - 1])) and match["close"]:
        for line in range(end - 2, first, -1):
            if (match := _THINKING.match(document.lines[line])) and not match["close"]:
                return trimmed(document, first, line)
    return first, end


def _without_headings(document: Document, first: int, end: int) -> int:
    """Headings with nothing under them, directly before the next part, introduce that part ("# Deliverable 2")."""
    while end - 1 > first and (heading := heading_at(document.lines[end - 1])) and heading[0] < 7:
        end = trimmed(document, first, end - 1)[1]
    return end


def _without_chatter(document: Document, first: int, end: int, section: Section, followed: bool) -> tuple[int, str]:
    """Leaves out closing words at the end. After a rule, or after the notes, they are sure to be such."""
    cut = end
    ruled = False
    for _ in range(3):
        start = cut
        while start > first and not document.is_blank(start - 1) and not is_rule(document.lines[start - 1]):
            start -= 1
        if start <= first or start == cut or not is_closing_word(document.lines[start:cut]):
            break
        above = document.previous_filled(start - 1, first)
        ruled = ruled or is_rule(document.lines[above])
        cut = trimmed(document, first, start)[1]
    if cut == end:
        return end, ""
    if ruled or section.marker.part == "notes":
        return cut, ""
    if followed:
        return end, ""
    return end, "It ends with words that may be addressed to you rather than belong to it."


@dataclass(frozen=True)
class _Wrapper:
    first: int
    end: int
    why: str = ""
    open_end: bool = False


def _wrapper(document: Document, reading: Reading, first: int, end: int, part: str) -> _Wrapper | None:
    """The fence that holds the part, if one does: the first thing under the name, or after a short lead-in."""
    opener = _first_fence(document, reading, first, end)
    if opener is None:
        return None
    lead = [line for line in range(first, opener.line) if not document.is_blank(line)]
    close = reading.pairs.get(opener.line)
    if close is None or close >= end:
        return _unclosed_wrapper(document, opener, end) if not lead and opener.line in reading.unclosed else None
    rest_first, rest_end = trimmed(document, close + 1, end)
    inner = sum(len(line.strip()) for line in document.lines[opener.line + 1 : close])
    rest = sum(len(line.strip()) for line in document.lines[rest_first:rest_end])
    lead_size = sum(len(document.lines[line].strip()) for line in lead)
    if lead and not _is_lead_in(document, lead, opener):
        return None
    if not lead and not rest:
        return _Wrapper(opener.line + 1, close)
    if not may_wrap(opener) or not _is_prompt_like(document, opener.line + 1, close, part):
        return None
    if part == "notes" and rest > inner // 2:
        return None
    others = any(heading_at(line) for line in document.lines[rest_first:rest_end])
    why = ""
    if rest > inner or (others and rest * 3 > inner):
        if lead:
            return None
        why = "It begins with a fenced block, and much follows that block; only the block was taken."
    elif lead_size * 2 > inner:
        return None
    return _Wrapper(opener.line + 1, close, why)


def _first_fence(document: Document, reading: Reading, first: int, end: int) -> Fence | None:
    for line in range(first, min(end, first + 16)):
        if "```" in document.lines[line] or "~~~" in document.lines[line]:
            fence = fence_at(document.lines[line], line)
            if fence and (line in reading.pairs or line in reading.unclosed):
                return fence
    return None


def _unclosed_wrapper(document: Document, opener: Fence, end: int) -> _Wrapper | None:
    if not may_wrap(opener):
        return None
    last = fence_at(document.lines[end - 1], end - 1) if end - 1 > opener.line else None
    if last and last.is_bare and last.mark == opener.mark and last.length >= opener.length:
        return _Wrapper(opener.line + 1, end - 1, "A fence in it never closes, so its end is not sure.")
    return _Wrapper(opener.line + 1, end, "The fence around it never closes.", True)


_LEAD_WORDS = re.compile(
    r"\b(?:prompts?|templates?|copy|paste|use|used|below|following|hand|send|give|run|purpose|usage|goal|when|for|llm|model"
    r"|vorlage|kopier|verwende|folgende|modèle|suivant|copie[rz]|plantilla|siguiente|copia|modelo|seguinte|modello|seguente"
    r"|sjabloon|volgende|шаблон|промпт|следующ)|模板|提示|复制|以下|テンプレート|プロンプト",
    re.IGNORECASE,
)


def _is_lead_in(document: Document, lead: list[int], opener: Fence) -> bool:
    """A line or two that say what the fenced prompt is for, rather than the prompt's own beginning."""
    texts = [document.lines[line].strip() for line in lead]
    if len(texts) > 4 or sum(map(len, texts)) > 500 or any(text.startswith("#") for text in texts):
        return False
    if re.match(
        r"(?:you are|your (?:role|task|mission)|role:|act as|du bist|sie sind|vous êtes|tu es|eres)\b",
        texts[0],
        re.I,
    ):
        return False
    if not may_wrap(opener):
        return False
    return _LEAD_WORDS.search(" ".join(texts)) is not None


_PROMPT_START = re.compile(
    r"[ \t]*(?:#{1,4} |\*\*|<|you are|your |role|act as|as an? |[A-Z][\w ]{2,40}:)", re.IGNORECASE
)


def _is_prompt_like(document: Document, first: int, end: int, part: str) -> bool:
    """Whether the fenced lines could be the whole of a part rather than an example in it."""
    filled = [line for line in document.lines[first:end] if line and not line.isspace()]
    if len(filled) < 2:
        return False
    if part == "notes":
        return True
    return len(filled) >= 6 or any(_PROMPT_START.match(line) for line in filled[:3])


_TAG_LINE = re.compile(r"[ \t]*<(?P<close>/?)(?P<name>[A-Za-z][\w.:-]*)(?:\s[^<>]*)?>[ \t]*$")


def _without_tag(document: Document, first: int, end: int, part: str) -> tuple[int, int, bool]:
    """A tag around the whole that names the part is wrapping too, and so is a fence in it."""
    if end - first < 3:
        return first, end, False
    opening, closing = _TAG_LINE.match(document.lines[first]), _TAG_LINE.match(document.lines[end - 1])
    if not opening or not closing or opening["close"] or not closing["close"] or opening["name"] != closing["name"]:
        return first, end, False
    name = part_named(opening["name"])
    if name is None or name.part != part:
        return first, end, False
    return (*unfenced(document, *trimmed(document, first + 1, end - 1)), True)


def unfenced(document: Document, first: int, end: int) -> tuple[int, int]:
    """The range without a fence whose first and last line are the range's own.

    A bare last line closes the first one unless the lines between, read by themselves, say otherwise.
    """
    if end - first < 2:
        return first, end
    opener, closer = fence_at(document.lines[first], first), fence_at(document.lines[end - 1], end - 1)
    if (
        opener is None
        or closer is None
        or not closer.is_bare
        or closer.mark != opener.mark
        or closer.length < opener.length
        or not _is_balanced(document, first + 1, end - 1, opener)
    ):
        return first, end
    return trimmed(document, first + 1, end - 1)


def _is_balanced(document: Document, first: int, end: int, outer: Fence) -> bool:
    """Whether the fences between close each other, so that the last one is left for the first."""
    open_ones: list[Fence] = []
    for line in range(first, end):
        fence = (
            fence_at(document.lines[line], line)
            if "```" in document.lines[line] or "~~~" in document.lines[line]
            else None
        )
        if fence is None or (fence.mark == outer.mark and fence.length < outer.length):
            continue
        if (
            fence.is_bare
            and open_ones
            and fence.mark == open_ones[-1].mark
            and fence.length >= open_ones[-1].length
        ):
            open_ones.pop()
        else:
            open_ones.append(fence)
    return not open_ones
