"""Where a part's text begins and ends under its name: what stands at the edges and belongs to no part."""

import re
from itertools import pairwise

from orch.workflow.answer.chatter import closing_title, is_closing_word, leads_to, names_in_sentence
from orch.workflow.answer.markdown import Document, heading_at, indent_of, is_rule
from orch.workflow.answer.note_words import field_named
from orch.workflow.answer.part_names import names_a_template
from orch.workflow.answer.sections import Reading, Section
from orch.workflow.session_line import is_session_line

_ANCHOR = re.compile(r"[ \t]*<a\s[^<>]{2,80}>[ \t]*</a>[ \t]*$", re.IGNORECASE)


def trimmed(document: Document, first: int, end: int) -> tuple[int, int]:
    """The range without blank lines, session lines and rules around it. Front matter (`---`) is no rule."""

    def is_outer(line: int, first_line: bool) -> bool:
        text = document.lines[line]
        if not text or text.isspace() or is_session_line(text):
            return True
        if not first_line and _ANCHOR.match(text):
            return True  # of the heading that follows
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


def yaml_block(document: Document, section: Section) -> tuple[int, int]:
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


_LANGUAGE_LABEL = re.compile(r"[ \t]*[A-Za-z][\w+#-]{1,14}[ \t]*$")
_COPY_BUTTON = re.compile(
    r"[ \t]*(?:copy(?: code)?|(?:code )?kopieren|copier(?: le code)?|copiar(?: código)?|copia(?: codice)?"
    r"|复制(?:代码)?"
    r"|コードをコピーする|копировать(?: код)?)[ \t]*$",
    re.IGNORECASE,
)
_EDIT_BUTTON = re.compile(
    r"[ \t]*(?:edit|bearbeiten|modifier|editar|modifica|编辑|編集|редактировать)[ \t]*$", re.IGNORECASE
)


def behind_buttons(document: Document, first: int, end: int) -> int:
    """The first line behind what a web page shows above a block of code: its language, "Copy code", "Edit"."""
    at = first
    if at + 1 < end and _LANGUAGE_LABEL.match(document.lines[at]) and _COPY_BUTTON.match(document.lines[at + 1]):
        at += 1
    if at + 1 >= end or not _COPY_BUTTON.match(document.lines[at]):
        return first
    at += 1
    return at + 1 if at + 1 < end and _EDIT_BUTTON.match(document.lines[at]) else at


_END_LINE = re.compile(
    r"[ \t]*(?:(?P<rule>[=~#*_+─═━-])(?P=rule)+|\[\[?|【|［|<{2,3})[ \t]*/?(?:END|End)[ \t]*"
    r"(?:[=~#*_+─═━-]*|\]\]?|】|］|>{2,3})[ \t]*$"
)


def without_end_line(document: Document, first: int, end: int) -> int:
    """The end of a part that a banner or a bracket names, without the one that only says `END`."""
    return trimmed(document, first, end - 1)[1] if first < end and _END_LINE.match(document.lines[end - 1]) else end


_DETAILS = re.compile(r"<(/?)details\b", re.IGNORECASE)


def end_of_details(document: Document, first: int, end: int) -> int:
    """The line of the `</details>` that closes the element whose summary named the part."""
    depth = 0
    for line in range(first, end):
        for match in _DETAILS.finditer(document.lines[line]):
            depth += -1 if match[1] else 1
            if depth < 0:
                return line
    return end


_THINKING = re.compile(r"[ \t]*<(?P<close>/?)(?:think|thinking|thought|reflection)>[ \t]*$", re.IGNORECASE)


def without_thinking(document: Document, first: int, end: int) -> tuple[int, int, str]:
    """A thinking block at the very end belongs to the part that the model was about to write, not to this one.

    Prompts use such tags too, so all but `<think>` leave a doubt.
    """
    if first < end and (match := _THINKING.match(document.lines[end - 1])) and match["close"]:
        for line in range(end - 2, first, -1):
            if (match := _THINKING.match(document.lines[line])) and not match["close"]:
                sure = document.lines[line].strip().lower() == "<think>"
                why = "" if sure else "It ends with a thinking block, which was left out."
                return (*trimmed(document, first, line), why)
    return first, end, ""


def without_headings(document: Document, first: int, end: int, following: Section) -> tuple[int, str]:
    """A heading with nothing under it, directly before the next part, introduces that part ("# Deliverable 2").

    Several of one level are the part's own ("use these headings:"), and so is one that lies deeper than the heading
    of the next part. Where neither tells, a heading that would fit among the part's own leaves a doubt.
    """
    run = _empty_headings(document, first, end)
    if not run or any(upper[1] >= lower[1] for upper, lower in pairwise(run)):
        return end, ""
    start, level = run[0]
    next_level = _level_of(following) if following.marker.kind == "heading" else None
    if next_level is not None and level > next_level:
        return end, ""
    own = [heading[0] for line in range(first, start) if (heading := heading_at(document.lines[line]))]
    cut = trimmed(document, first, start)[1]
    if next_level is None and own and level > min(own):
        return cut, "Its last heading has nothing under it and was left out; it may be the part's own."
    return cut, ""


def _empty_headings(document: Document, first: int, end: int) -> list[tuple[int, int]]:
    """Line and level of the headings at the end that nothing but blank lines and rules follows."""
    run: list[tuple[int, int]] = []
    while end - 1 > first and (heading := heading_at(document.lines[end - 1])) and heading[0] < 7:
        run.insert(0, (end - 1, heading[0]))
        end = trimmed(document, first, end - 1)[1]
    return run


def without_chatter(
    document: Document, first: int, end: int, section: Section, following: Section | None
) -> tuple[int, str]:
    """Leaves out words to the reader at the end, and says what is unsure about it.

    After a rule, after the notes and before a correction they are sure to be such; a prompt may well end in words
    that sound like them.
    """
    cut = end
    ruled = mixed = False
    for _ in range(3):
        start = _paragraph_start(document, first, cut)
        if start <= first or start == cut or not is_closing_word(document.lines[start:cut]):
            break
        while cut - start > 1 and not is_closing_word(document.lines[start : start + 1]):
            start += 1  # the paragraph may have begun as the part's own
            mixed = True
        ruled = ruled or is_rule(document.lines[document.previous_filled(start - 1, first)])
        cut = trimmed(document, first, start)[1]
    if cut == end:
        return (_without_transition(document, first, end, following.marker.part) if following else end), ""
    if mixed:
        return cut, "Its last paragraph goes over into words to you; those were left out."
    again = following is not None and (following.marker.corrected or following.marker.part == section.marker.part)
    if ruled or again or section.marker.part == "notes":
        return cut, ""
    if following:
        return end, ""
    return end, "It ends with words that may be addressed to you rather than belong to it."


def without_last_words(document: Document, first: int, end: int) -> tuple[int, int]:
    """The range without a last paragraph in which the model speaks to the person who asked."""
    start = _paragraph_start(document, first, end)
    if start <= first or not is_closing_word(document.lines[start:end]):
        return first, end
    return trimmed(document, first, start)


def _without_transition(document: Document, first: int, end: int, part: str) -> int:
    """Leaves out "Next, the implementation template:" directly before that part."""
    start = _paragraph_start(document, first, end)
    if start > first and end - start <= 2 and leads_to(" ".join(document.lines[start:end]), part):
        return trimmed(document, first, start)[1]
    return end


_NOT_PROSE = re.compile(r"[ \t]*(?:[-*+•][ \t]|\d{1,2}[.)][ \t]|[|>#]|```|\*\*)|[ \t]{2,}\S|[^.!?]{2,40}:")


def _paragraph_start(document: Document, first: int, end: int) -> int:
    """A paragraph of prose also begins where a list, a table or a label ends."""
    start = end
    while start > first and not document.is_blank(start - 1) and not is_rule(document.lines[start - 1]):
        start -= 1
        above, line = (document.lines[at][document.indent :] for at in (start - 1, start))
        if _NOT_PROSE.match(above) and not _NOT_PROSE.match(line):
            break
    return start


def without_closing_section(
    document: Document, reading: Reading, first: int, end: int, section: Section
) -> tuple[int, str]:
    """Leaves out a section on the level of the parts that only tells how to use them.

    Where the part itself has headings of that level, none is left out.
    """
    labelled = _closing_label(document, first, end)
    if labelled is not None:
        names_parts = names_in_sentence(" ".join(document.lines[labelled:end]))
        why = f"It ended with a paragraph ({_label_at(document, labelled)}) that was left out."
        return trimmed(document, first, labelled)[1], "" if names_parts else why
    level = _level_of(section)
    if level is None:
        return end, _doubt_of_last_heading(document, first, end, section)
    hidden = -1
    same = False
    for line in range(first, end):
        hidden = max(hidden, reading.pairs.get(line, -1))
        heading = heading_at(document.lines[line]) if line > hidden else None
        if heading is None or heading[0] > level:
            continue
        closing = closing_title(heading[1]) if line > first else None
        if closing and (not same or heading[0] < level):
            if closing == "usage" or section.marker.part == "notes":
                return trimmed(document, first, line)[1], ""
            return end, f"It ends with a section ({heading[1]}) that may not belong to it."
        same = True
    return end, ""


_CLOSING_LABEL = re.compile(r"[ \t]*(?:\*\*|__)(?P<label>[^*_]{3,60}?)[:：]?(?:\*\*|__)[:：]?(?:[ \t]|$)")
_MOST_CLOSING_LINES = 12


def _label_at(document: Document, line: int) -> str:
    match = _CLOSING_LABEL.match(document.lines[line])
    return match["label"] if match else ""


def _closing_label(document: Document, first: int, end: int) -> int | None:
    """The line of a closing paragraph with a bold label ("**Next steps:** run ...") behind the last rule."""
    for line in range(end - 1, max(first, end - _MOST_CLOSING_LINES), -1):
        if is_rule(document.lines[line]):
            start = document.next_filled(line + 1, end)
            label = _label_at(document, start) if start < end else ""
            return start if label and closing_title(label) else None
    return None


def _level_of(section: Section) -> int | None:
    levels = [level for kind, level in section.marker.styles if kind == "heading"]
    return max(levels, default=7 if section.marker.kind == "bold line" else None)


def _doubt_of_last_heading(document: Document, first: int, end: int, section: Section) -> str:
    """Under a banner or a label no heading has a level to compare with."""
    if section.marker.part == "notes":
        return ""
    for line in range(end - 1, first, -1):
        if heading := heading_at(document.lines[line]):
            if heading[0] < 7 and closing_title(heading[1]):
                return f"It ends with a section ({heading[1]}) that may not belong to it."
            return ""
    return ""


def doubt_of_sibling(document: Document, reading: Reading, first: int, end: int, section: Section) -> str:
    """A section on the level of the parts that no part is named by ("TESTING TEMPLATE") may be one of its own.

    So may one behind the notes, unless they have headings of that level themselves.
    """
    level = _level_of(section)
    hidden = -1
    for line in range(first, end):
        hidden = max(hidden, reading.pairs.get(line, -1))
        heading = heading_at(document.lines[line]) if level and line > hidden else None
        if heading is None or heading[0] > (level or 0):
            continue
        if names_a_template(heading[1]):
            return f"It holds a section ({heading[1]}) that may be a part of its own."
        if section.marker.part == "notes" and heading[0] < 7:
            known = line == first or field_named(heading[1]) or _SECTION_OF_NOTES.search(heading[1])
            return "" if known else f"It ends with a section ({heading[1]}) that may not belong to it."
    return ""


_SECTION_OF_NOTES = re.compile(
    r"test|roll|assum|question|integrat|perform|secur|success|order|depend|similar|monitor|deploy|accept"
    r"|out of scope|annahmen|fragen|hypoth|supuest|pregunt|suposi|pergunt|допущ|вопрос|假设|问题|測試|测试"
    r"|前提|質問",
    re.IGNORECASE,
)
