"""The lines of an answer that name a part: headings, bold lines, banners, labels, list items, named fences."""

import re
from typing import NamedTuple

from orch.workflow.candidate import Spans
from orch.workflow.chatter import names_in_sentence
from orch.workflow.markdown import Document, Fence, fence_at, indent_of, is_rule
from orch.workflow.note_lines import note_blocks
from orch.workflow.part_names import BARE, FEEBLE, STRONG, part_named


class Marker(NamedTuple):
    """A line (or a boxed group of lines) that names a part. `body` is the first line that may belong to the part.

    `styles` holds kind and level of the line, and of the lines directly before and after that name the same part.
    """

    part: str
    strength: int
    first: int
    body: int
    kind: str
    styles: frozenset[tuple[str, int]]
    numbered: bool = False
    corrected: bool = False
    ends: bool = False
    extra: bool = False
    likely: bool = True  # False for notes without any of their labels


_LONGEST_LINE = 240
_MOST_MARKERS = 2000
"""A text with more is no answer; the last ones are looked at."""
LIST_KINDS = frozenset({"list item", "numbered line"})


def find_markers(document: Document, hidden: Spans) -> list[Marker]:
    """Every line outside the `hidden` stretches that may name a part, in order, without tables of contents."""
    found: list[Marker] = []
    for line in document.naming_lines:
        if len(document.lines[line]) > _LONGEST_LINE or hidden.covers(document.starts[line]):
            continue
        marker = _marker_at(document, line) or _sentence_at(document, line)
        if marker and not (found and marker.first < found[-1].body):
            found.append(marker)
    found = found[-_MOST_MARKERS:]
    return _merged(_without_contents(_judged_notes(found, document), document), document)


def _judged_notes(markers: list[Marker], document: Document) -> list[Marker]:
    """Under a name of the notes their labels should stand; a word that is not the full name needs them."""
    result: list[Marker] = []
    named = any(marker.part == "notes" and marker.strength == STRONG for marker in markers)
    for at, marker in enumerate(markers):
        if marker.part == "notes" and marker.strength < STRONG and named:
            continue
        if marker.part == "notes":
            end = next((other.first for other in markers[at + 1 :] if other.strength == STRONG), marker.body + 40)
            lines = document.lines[marker.body : min(end, marker.body + 40)]
            likely = any(block.field for block in note_blocks(lines))
            if not likely and marker.strength < STRONG:
                continue
            marker = marker._replace(likely=likely)
        result.append(marker)
    return result


def _sentence_at(document: Document, line: int) -> Marker | None:
    """A sentence counts when it hands the part over: it ends in a colon, and a fence follows or it is a correction."""
    text = document.lines[line].strip().strip("*_ ")
    if not text.endswith((":", "：")):
        return None
    names = names_in_sentence(text)
    following = document.next_filled(line + 1)
    if len(names) != 1 or following == len(document.lines):
        return None
    corrected = has_correction(text)
    if not (corrected or fence_at(document.lines[following], following)):
        return None
    styles = frozenset({("sentence", 0)})
    return Marker(names.pop(), STRONG, line, line + 1, "sentence", styles, corrected=corrected, extra=True)


class _Look(NamedTuple):
    """How a line looks: its kind and level, the title in it, and the lines it takes."""

    kind: str
    level: int
    title: str
    first: int
    body: int
    least: int = FEEBLE


_LEAD = re.compile(r"^[^\w\s#*_=~\-+<\[\]|(【「/`'\"{>^.:]+[\ufe0f\u200d]*\s*")
_ATX = re.compile(r"(#{1,6})[ \t]*([^#\s].*?)[ \t]*#*$")
_STRONG_TEXT = re.compile(
    r"(?P<item>(?:[-*+•]|\d{1,2}[.)]|\(\d{1,2}\))[ \t]+)?(?:[^\w\s*]{1,3}[ \t]*)?"
    r"(?P<mark>\*\*\*|\*\*|__)(?P<title>[^*]{2,140}?)(?P=mark)(?P<rest>.{0,100})$"
)
_HTML = re.compile(r"<(h[1-6]|summary|b|strong|title)\b[^<>]*>(.{2,120}?)</\1>[ \t]*$", re.IGNORECASE)
_COMMENT = re.compile(r"<!--+[ \t]*(.{2,120}?)[ \t]*--+>$|/\*+[ \t]*(.{2,120}?)[ \t]*\*+/$")
_BANNER = re.compile(
    r"(?P<left>([=#*~+_─═━•|/%>-])\2+)[ \t>]*(?P<title>[^\s=#*~+_─═━•|/%<>-].{1,120}?)[ \t<]*(?P<right>\2{2,})$"
    r"|(?P<open>([=─═━~])\6{2,})[ \t]*(?P<only>\w.{1,120})$"
)
_BOXED = re.compile(r"[|║│┃*#+][ \t]*(?P<title>[^\s|║│┃].{1,120}?)[ \t]*[|║│┃*#+]$")
_BORDER = re.compile(r"[ \t]*[+=\-─═━╔╗╚╝┌┐└┘╭╮╰╯*#~_]{4,}[ \t]*$")
_BRACKET = re.compile(
    r"(?:\[\[?|【|［|<<|\{\{?)[ \t]*(/?[^\[\]【】［］<>{}]{2,100}?)[ \t]*(?:\]\]?|】|］|>>|\}\}?)[ \t]*[:：]?$"
)
_ITEM = re.compile(
    r"(?P<mark>[-*+•](?=[ \t])|\d{1,2}[.)、]|\(\d{1,2}\)|[IVX]{1,4}[.)]|[A-D][.)])[ \t]*(?P<title>\S.*)$"
)
_YAML = re.compile(r"[\"'`]?(?P<title>[\w \-]{2,60}?)[\"'`]?[ \t]*:[ \t]*(?P<block>[|>][-+]?\d?)[ \t]*$")
_UNDERLINE = re.compile(r"[ \t]{0,3}(=+|-+)[ \t]*$")
_NUMBER = re.compile(
    r"\W*(?:\d|[ivx]{1,4}[.)]|(?:part|phase|step|section|teil|partie|parte|часть)\s+\w{1,5}\b)", re.IGNORECASE
)


def _marker_at(document: Document, line: int) -> Marker | None:
    look = _look(document, line)
    if look is None:
        return None
    name = part_named(look.title)
    if name is None or name.strength < look.least:
        return None
    return Marker(
        name.part,
        name.strength,
        look.first,
        look.body,
        look.kind,
        frozenset({(look.kind, look.level)}),
        numbered=_NUMBER.match(look.title) is not None or look.kind == "numbered line",
        corrected=name.corrected,
        ends=name.ends or look.title.startswith("/"),
        extra=name.extra,
    )


def _look(document: Document, line: int) -> _Look | None:
    raw = document.lines[line]
    text = raw.strip()
    if fence := fence_at(raw, line):
        return _Look("fence", 0, _name_in_info(fence.info), line, line, STRONG) if fence.info else None
    if indent_of(raw) > document.indent + 3:
        return None
    if boxed := _look_of_box(document, line, text):
        return boxed
    text = _LEAD.sub("", text)
    if match := _ATX.match(text):
        return _Look("heading", len(match[1]), match[2], line, line + 1)
    return _look_of_underlined(document, line, text) or _look_of_line(document, line, text)


def _name_in_info(info: str) -> str:
    """What a fence's info string may name: `analysis_template`, `markdown title="..."`, `md:analysis-prompt.md`."""
    if quoted := re.search(r"=\s*[\"']([^\"']+)[\"']", info):
        return quoted[1]
    words = re.split(r"[\s:={}]+", info)
    if len(words) > 1 and not part_named(info):
        return " ".join(words[1:])
    return info


def _look_of_box(document: Document, line: int, text: str) -> _Look | None:
    lines = document.lines
    if not (0 < line < len(lines) - 1 and _BORDER.match(lines[line - 1]) and _BORDER.match(lines[line + 1])):
        return None
    boxed = _BOXED.match(text)
    if not boxed and not is_rule(lines[line - 1]):
        return None
    return _Look("banner", 0, boxed["title"] if boxed else text, line - 1, line + 2)


def _look_of_underlined(document: Document, line: int, text: str) -> _Look | None:
    following = document.lines[line + 1] if line + 1 < len(document.lines) else ""
    if not _UNDERLINE.match(following) or len(following.strip()) < 3 or not (text[:1].isalnum() or text[:1] == "*"):
        return None
    alone = line == 0 or document.is_blank(line - 1) or is_rule(document.lines[line - 1])
    return _Look("heading", 1 if "=" in following else 2, text, line, line + 2, FEEBLE if alone else STRONG)


def _look_of_line(document: Document, line: int, text: str) -> _Look | None:
    if match := _STRONG_TEXT.match(text):
        return _look_of_bold(match, line)
    if match := _HTML.match(text):
        level = int(match[1][1]) if match[1][0] in "hH" and match[1][1:].isdigit() else 0
        return _Look("heading" if level else "html", level, match[2], line, line + 1)
    if match := _COMMENT.match(text):
        return _Look("comment", 0, match[1] or match[2], line, line + 1)
    if (match := _BANNER.match(text)) and match["left"] != "||":
        return _Look("banner", 0, match["title"] or match["only"], line, line + 1)
    if match := _YAML.match(text):
        return _Look("yaml key", indent_of(document.lines[line]), match["title"], line, line + 1)
    if (match := _BRACKET.match(text)) and not match[1].lstrip("/")[:1].islower():
        return _Look("bracket", 0, match[1], line, line + 1, STRONG)
    if match := _ITEM.match(text):
        numbered = match["mark"][0] not in "-*+•"
        return _Look("numbered line" if numbered else "list item", 0, match["title"], line, line + 1, STRONG)
    return _look_of_label(document, line, text)


def _look_of_bold(match: re.Match[str], line: int) -> _Look | None:
    rest = match["rest"].strip()
    if rest.rstrip(":：") and (rest[0] not in ":：(—–-" or len(rest) > 80):
        return None
    kind = "bold line"
    if match["item"]:
        kind = "list item" if match["item"][0] in "-*+•" else "numbered line"
    title = match["title"] + (" - " + rest.lstrip(":：—–- ") if rest.strip(":： ") else "")
    if match["item"] and kind == "numbered line":
        title = match["item"] + title
    return _Look(kind, 0, title, line, line + 1, BARE if kind == "bold line" else STRONG)


_ENDS = re.compile(r"\bEND$|^END\b")
_PLAIN_TITLE = re.compile(
    r"[\"'`“]?[^\s:：\"'`“”.,;!?<{\[(|][^:：\"'`“”;!?<>|]{1,78}[\"'`”]?[ \t]*(?P<colon>[:：])?$"
)


def _look_of_label(document: Document, line: int, text: str) -> _Look | None:
    """A line that is nothing but the name; without a colon it has to stand alone and look like a title."""
    if ":" in text[:-1]:
        name = part_named(text)
        if name and name.strength == STRONG and not name.extra and text.endswith(":") and len(text) < 80:
            return _Look("label", 0, text, line, line + 1, STRONG)
    match = _PLAIN_TITLE.match(text)
    if match is None:
        return None
    if match["colon"]:
        return _Look("label", 0, text.rstrip(":： \t"), line, line + 1, FEEBLE)
    alone = line == 0 or document.is_blank(line - 1) or is_rule(document.lines[line - 1]) or _ENDS.search(text)
    title_like = text == text.upper() or text == text.title() or "_" in text or text[:1].isupper()
    if not alone or not title_like or text.endswith((".", ",", ";")):
        return None
    return _Look("label", 0, text, line, line + 1, STRONG)


_CORRECTION = re.compile(
    r"\b(?:(?:correct|revis|updat|fix|improv|rewritten|rework|adjust|amend)\w*|new|final|better|second)\b.{0,40}"
    r"\b(?:version|templates?|prompts?|parts?|sections?|notes|answer|one|plan|output)\b"
    r"|\b(?:corrections?|corrected|revised|mistakes?|on second thought|once (?:again|more)|instead"
    r"|let me (?:fix|correct|redo|rewrite))\b"
    r"|\b(?:korrigiert|überarbeitet|verbesserte|corrigé|révisé|corregid|revisad|corrigid|corrett|gecorrigeerd"
    r"|herzien)"
    r"|исправлен|обновл|修正|更正|修订|修訂|改訂",
    re.IGNORECASE,
)


def has_correction(text: str) -> bool:
    """Whether a sentence says that something is given anew."""
    return _CORRECTION.search(text) is not None


def _without_contents(markers: list[Marker], document: Document) -> list[Marker]:
    """Leaves out tables of contents: runs of names with nothing between them whose parts come later, and list items
    where other lines name the same parts."""
    fenced = {id(marker) for marker in inside_fences(markers, document)}
    full = {
        marker.part
        for marker in markers
        if marker.kind not in LIST_KINDS and marker.strength == STRONG and id(marker) not in fenced
    }
    if {marker.part for marker in markers if marker.kind in LIST_KINDS} <= full:
        markers = [marker for marker in markers if marker.kind not in LIST_KINDS]
    result: list[Marker] = []
    at = 0
    while at < len(markers):
        end = at + 1
        parts = {markers[at].part}
        while (
            end < len(markers)
            and markers[end].part not in parts
            and _announces(markers[end - 1], markers[end], document)
        ):
            parts.add(markers[end].part)
            end += 1
        run = markers[at:end]
        if len(run) > 2 or (len(run) == 2 and run[0].kind in LIST_KINDS):
            # the last of a run may be the part itself; the others are empty in any case
            again = any(m.part in parts and m.strength >= run[0].strength for m in markers[end:])
            run = [] if again else run[-1:]
        result.extend(run)
        at = end
    return result


def _announces(marker: Marker, following: Marker, document: Document) -> bool:
    return (
        following.part != marker.part
        and not (marker.ends or following.ends)
        and following.strength >= marker.strength
        and bool(following.styles & marker.styles)
        and _is_empty(document, marker, following)
    )


def inside_fences(markers: list[Marker], document: Document) -> list[Marker]:
    """The markers that stand in a fence when a bare fence always closes the innermost one.

    A fence that never closes holds nothing for sure.
    """
    stack: list[int] = []  # indices of the open fences
    closed: set[int] = set()
    around: list[tuple[Marker, tuple[int, ...]]] = []
    fences = document.fences
    at = 0
    for marker in markers:
        at = _read_to(marker.first, fences, at, stack, closed)
        around.append((marker, tuple(stack[:4])))
    _read_to(len(document.lines), fences, at, stack, closed)
    return [marker for marker, open_ones in around if any(fence in closed for fence in open_ones)]


def _read_to(line: int, fences: list[Fence], at: int, stack: list[int], closed: set[int]) -> int:
    while at < len(fences) and fences[at].line < line:
        fence, top = fences[at], fences[stack[-1]] if stack else None
        if fence.is_bare and top and top.mark == fence.mark and top.length <= fence.length:
            closed.add(stack.pop())
        elif top is None or top.length <= fence.length or top.mark != fence.mark:
            stack.append(at)
        at += 1
    return at


def _is_empty(document: Document, marker: Marker, following: Marker) -> bool:
    return all(
        document.is_blank(line) or is_rule(document.lines[line]) for line in range(marker.body, following.first)
    )


def _merged(markers: list[Marker], document: Document) -> list[Marker]:
    """Lines that name the same part one after the other are one marker."""
    result: list[Marker] = []
    for marker in markers:
        last = result[-1] if result else None
        if (
            last
            and last.part == marker.part
            and (last.strength < marker.strength or last.kind == "sentence")  # else it is the part's own title
            and not (last.ends or marker.ends or (marker.extra and not last.extra))
            and marker.body > marker.first
            and _is_empty(document, last, marker)
        ):
            result[-1] = last._replace(
                strength=max(last.strength, marker.strength),
                body=marker.body,
                styles=last.styles | marker.styles,
                numbered=last.numbered or marker.numbered,
                corrected=last.corrected or marker.corrected,
            )
        elif last and last.part == marker.part and marker.kind == "fence" and _is_empty(document, last, marker):
            continue
        else:
            result.append(marker)
    return result


_LABELLED = re.compile(
    r"[ \t]*(?:(?P<mark>\*\*|__)(?P<bold>[^*_]{3,60}?)[:：]?(?P=mark)[ \t]*[:：]?"
    r"|(?P<plain>[^:：*]{3,60}?)[:：])[ \t]+(?=\S)"
)


def with_labels_divided(document: Document, hidden: Spans) -> Document | None:
    """The document with lines such as `**Analysis template:** You are ...` divided behind the name.

    None unless two parts at least are named this way, each once.
    """
    cuts: dict[int, int] = {}
    parts: list[str] = []
    for line in document.naming_lines:
        match = _LABELLED.match(document.lines[line])
        name = part_named(match["bold"] or match["plain"]) if match else None
        if (
            match
            and name
            and name.strength == STRONG
            and not name.extra
            and not hidden.covers(document.starts[line])
        ):
            cuts[line] = match.end()
            parts.append(name.part)
    if len(parts) < 2 or len(set(parts)) < len(parts):
        return None
    lines: list[str] = []
    starts: list[int] = []
    for number, (text, start) in enumerate(zip(document.lines, document.starts, strict=True)):
        cut = cuts.get(number, 0)
        if cut:
            lines.append(text[:cut].rstrip())
            starts.append(start)
        lines.append(text[cut:])
        starts.append(start + cut)
    return Document(document.text, lines, starts)
