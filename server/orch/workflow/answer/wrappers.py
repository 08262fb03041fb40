"""Whether a fence holds the whole of a part, or only something in it."""

import re
from dataclasses import dataclass

from orch.workflow.answer.chatter import closing_title, is_closing_word
from orch.workflow.answer.fences import language, may_wrap, weighed
from orch.workflow.answer.markdown import Document, Fence, fence_at, heading_at, is_rule
from orch.workflow.answer.note_lines import note_blocks
from orch.workflow.answer.part_names import STRONG, part_named
from orch.workflow.answer.sections import Reading, read_sections

MAYBE = "It holds a fenced block that may be the whole of it; all that stands under the name was taken."


@dataclass(frozen=True)
class Wrapper:
    """The lines `first <= line < end` that a fence holds; with `why` MAYBE they are all lines of the section.

    `open_end` when the fence never closes.
    """

    first: int
    end: int
    why: str = ""
    open_end: bool = False


def wrapper_of(document: Document, reading: Reading, first: int, end: int, part: str) -> Wrapper | None:
    """The fence that holds the part, if one does: the first thing under the name, or after a short lead-in.

    What stands behind it belongs to no part as long as it is little more than an aside.
    """
    opener = _first_fence(document, reading, first, end)
    if opener is None:
        return None
    lead = [line for line in document.lines[first : opener.line] if line and not line.isspace()]
    close = reading.pairs.get(opener.line)
    if close is None or close >= end:
        return _unclosed(document, opener, end) if not lead else None
    rest = [line for line in document.lines[close + 1 : end] if line.strip() and not is_rule(line)]
    whole = Wrapper(opener.line + 1, close)
    if not lead and not rest:
        fences = [fence for fence in document.fences if opener.line <= fence.line <= close]
        if len(fences) > 2 and not may_wrap(opener):
            return None
        alike = [fence for fence in fences if fence.mark == opener.mark]
        unsure = _may_be_several(alike, document) and not _is_habit(document, reading, opener)
        return Wrapper(opener.line + 1, close, _SEVERAL if unsure else "")
    if not lead and _has_lone_fence(document, reading, close + 1, end):
        return Wrapper(first, end, MAYBE)
    inner = document.lines[opener.line + 1 : close]
    if not lead and not any(line.strip() for line in inner):
        return Wrapper(first, end, MAYBE)
    if not _could_be_the_part(opener, inner, part, lead):
        looks_held = not lead and may_wrap(opener) and _is_bare_fence(document.lines[end - 1], opener)
        handed_over = bool(lead) and _is_lead_in(lead) and _NAMES_IT.search(lead[-1]) is not None
        return Wrapper(first, end, MAYBE) if looks_held or handed_over else None
    return _weighed(whole, Wrapper(first, end, MAYBE), lead, rest, inner, part)


_SEVERAL = "It may be one fenced block, or several with text between them; it was taken for one."


def _is_habit(document: Document, reading: Reading, opener: Fence) -> bool:
    """Whether another part of the answer is held by such a fence too."""
    for section in reading.sections:
        line = document.next_filled(section.first, section.end)
        fence = fence_at(document.lines[line], line) if line < section.end and line != opener.line else None
        if fence and (fence.mark, fence.length, fence.info) == (opener.mark, opener.length, opener.info):
            close = reading.pairs.get(line, -1)
            if close >= 0 and document.next_filled(close + 1, section.end) >= section.end:
                return True
    return False


def _may_be_several(fences: list[Fence], document: Document) -> bool:
    """Whether the fences could as well open and close by turns, so that the first one does not hold the whole."""
    if len(fences) < 4 or len(fences) % 2 or any(not fence.is_bare for fence in (fences[0], *fences[1::2])):
        return False
    if any(fence.length != fences[0].length for fence in fences):
        return False
    costs = weighed(fences, document)
    by_turns = sum(fence.closes if at % 2 else fence.opens for at, fence in enumerate(costs))
    nested = costs[0].opens + costs[-1].closes
    nested += sum(fence.opens + 0.5 if at % 2 else fence.closes for at, fence in enumerate(costs[1:-1], 1))
    return by_turns - nested < 0.3


def _is_bare_fence(line: str, opener: Fence) -> bool:
    fence = fence_at(line, 0)
    return fence is not None and fence.is_bare and (fence.mark, fence.length) == (opener.mark, opener.length)


def _has_lone_fence(document: Document, reading: Reading, first: int, end: int) -> bool:
    """Whether a fence stands there that neither opens nor closes anything."""
    paired = set(reading.pairs) | set(reading.pairs.values())
    return any(first <= fence.line < end and fence.line not in paired for fence in document.fences)


def _weighed(
    whole: Wrapper, maybe: Wrapper, lead: list[str], rest: list[str], inner: list[str], part: str
) -> Wrapper | None:
    """Decides by what stands before and after a fenced block that could be the part."""
    size, around = _size(inner), _size(lead) + _size(rest)
    aside = not rest or _is_aside(rest)
    announced = not lead or _is_lead_in(lead)
    if part == "notes" and rest and not aside:
        fenced = any("```" in line or "~~~" in line for line in rest)
        return None if lead or fenced or _has_fields(rest) or not _has_fields(inner) else whole
    if announced and aside:
        return whole
    if announced and (not lead or around < size):
        return maybe
    if announced and lead and _NAMES_IT.search(lead[-1]):
        return maybe
    if lead and (_speaks_to_the_model(lead[0]) or around * 2 > size):
        return None
    return maybe


def _has_fields(lines: list[str]) -> bool:
    return any(block.field for block in note_blocks(lines))


def _size(lines: list[str]) -> int:
    return sum(len(line.strip()) for line in lines)


def _first_fence(document: Document, reading: Reading, first: int, end: int) -> Fence | None:
    for line in range(first, min(end, first + 16)):
        if "```" in document.lines[line] or "~~~" in document.lines[line]:
            fence = fence_at(document.lines[line], line)
            if fence and (line in reading.pairs or line in reading.unclosed or line == first):
                return fence
    return None


def _unclosed(document: Document, opener: Fence, end: int) -> Wrapper | None:
    if opener.line == end - 1:
        return Wrapper(end, end, "", True)
    if not may_wrap(opener):
        return None
    last = fence_at(document.lines[end - 1], end - 1) if end - 1 > opener.line else None
    if last and last.is_bare and last.mark == opener.mark and last.length >= opener.length:
        return Wrapper(opener.line + 1, end - 1, "A fence in it never closes, so its end is not sure.")
    return Wrapper(opener.line + 1, end, "The fence around it never closes.", True)


_HANDS_OVER = re.compile(
    r"\b(?:prompts?|templates?|copy|paste|pasting|below|use (?:this|it|the)|(?:give|send|feed|hand"
    r"|run) (?:this|it|the)"
    r"|here(?:'s| is| it is| are| you go)|as follows|purpose|usage|notes"
    r"|vorlage|kopiere?n?|folgende[rsn]?|modèle|suivante?|copie[rz]|plantilla|siguiente|copia|modelo|seguinte"
    r"|modello"
    r"|seguente|sjabloon|volgende|шаблон|промпт|следующ\w+)\b|模板|提示|复制|複製|以下|テンプレート|プロンプト",
    re.IGNORECASE,
)


def _is_lead_in(lead: list[str]) -> bool:
    """A line or two that hand over the fenced prompt, rather than the prompt's own beginning."""
    if len(lead) > 4 or _size(lead) > 500 or _speaks_to_the_model(lead[0]):
        return False
    if any(_NO_PROSE.match(line) and not _REMARK_LINE.match(line) for line in lead):
        return False
    last = lead[-1].strip().replace("’", "'")
    hands_over = last.rstrip("*_ ").endswith((":", "：")) or _IMPERATIVE.match(last) is not None
    return hands_over and _HANDS_OVER.search(last) is not None


_IMPERATIVE = re.compile(
    r"\W*(?:copy|paste|use|give|send|feed|hand|run|here|below|purpose|usage|this (?:prompt|template)|kopier"
    r"|verwende|voici"
    r"|copie|utilise|usa|copia|use|gebruik|скопируй|используй|复制|使用|以下|次の)",
    re.IGNORECASE,
)
_NO_PROSE = re.compile(r"[ \t]*(?:[-+*•][ \t]|#|\d{1,2}[.)]|[|>\[<{]|\*\*)")
_REMARK_LINE = re.compile(r"[ \t]*(?:>|\*\*[^*]{2,40}(?::\*\*|\*\*:)|\*[^*\s])")


def _is_aside(rest: list[str]) -> bool:
    """A remark to the reader behind the fence: closing words, or a short paragraph that is no part of a prompt."""
    if is_closing_word(rest):
        return True
    titles = [title for line in rest if (title := heading_at(line))]
    if len(titles) == 1 and heading_at(rest[0]) and closing_title(titles[0][1]):
        return not any("```" in line or "~~~" in line for line in rest)
    rest = _without_commands(rest)
    if not rest:
        return True
    text = rest[0].strip()
    if len(rest) > 3 or _size(rest) > 400 or heading_at(text) or re.match(r"[-+•#|\d`~\[{<]|\* ", text):
        return False
    remark = text.startswith(("*", "_", ">", "(")) or _REMARK.match(text) is not None
    return remark or _HANDS_OVER.search(" ".join(rest)) is not None


_SHELLS = frozenset(["bash", "sh", "shell", "console", "zsh", "powershell", "cmd", "terminal"])


def _without_commands(rest: list[str]) -> list[str]:
    """The lines without fenced shell commands: how to send the prompt, not what it says."""
    kept: list[str] = []
    inside = False
    for line in rest:
        fence = fence_at(line, 0)
        if fence and (inside or language(fence.info) in _SHELLS):
            inside = not inside
        elif not inside:
            kept.append(line)
    return kept


_REMARK = re.compile(
    r"\W*(?:tip|note|hint|usage|this (?:prompt|template|part)|save (?:this|it)|run (?:it|this)|expected)\b",
    re.IGNORECASE,
)
_TO_THE_MODEL = re.compile(
    r"\W*(?:you are|your (?:role|task|mission)|role\b|act as|du bist|sie sind|vous êtes|tu es|eres|sei un"
    r"|você é|ты\b|你是)",
    re.IGNORECASE,
)


def _speaks_to_the_model(line: str) -> bool:
    return _TO_THE_MODEL.match(line) is not None


_PROMPT_START = re.compile(
    r"[ \t]*(?:#{1,4} |\*\*|<|you are|your |role|act as|as an? |[A-Z][\w ]{2,40}:)", re.IGNORECASE
)


def _could_be_the_part(opener: Fence, inner: list[str], part: str, lead: list[str]) -> bool:
    """Whether the fenced lines could be the whole of a part rather than an example in it."""
    filled = [line for line in inner if line and not line.isspace()]
    if part == "notes" and filled:
        return True
    if not filled or not may_wrap(opener):
        return False
    if not lead and opener.info:
        return True
    if lead and _is_lead_in(lead) and (_NAMES_IT.search(lead[-1]) or _is_for_prose(opener)):
        return True
    if lead and any(_names_a_part(line) for line in filled[1:]):
        return False
    return len(filled) >= 6 or any(_PROMPT_START.match(line) for line in filled[:3])


def _is_for_prose(opener: Fence) -> bool:
    """Whether a fence says that it holds a document: by its language, or by being longer than fences within it."""
    return opener.length > 3 or language(opener.info) in ("markdown", "md", "prompt")


_NAMES_IT = re.compile(
    r"\b(?:prompt|template|vorlage|modèle|plantilla|modelo|modello|sjabloon|шаблон|промпт)\b|模板|提示|テンプレート|プロンプト",
    re.IGNORECASE,
)


def _names_a_part(line: str) -> bool:
    heading = heading_at(line)
    name = part_named(heading[1]) if heading else None
    return name is not None and name.strength == STRONG


def _may_hold(opener: Fence, section: Document) -> bool:
    """A fence with the name of a programming language holds no other fences."""
    return may_wrap(opener) or len(section.fences) == 2


def unfenced(document: Document, first: int, end: int) -> tuple[int, int]:
    """The range without a fence whose first and last line are the range's own."""
    if end - first < 2 or fence_at(document.lines[first], first) is None:
        return first, end
    closer = fence_at(document.lines[end - 1], end - 1)
    if closer is None or not closer.is_bare:
        return first, end
    inner = Document(document.text, document.lines[first:end], document.starts[first:end])
    reading = read_sections(inner, [], [])
    if reading.pairs.get(0) != end - 1 - first or not _may_hold(inner.fences[0], inner):
        return first, end
    return first + 1, end - 1
