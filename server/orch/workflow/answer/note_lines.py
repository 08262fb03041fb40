"""Execution notes as labelled blocks: headings, bold or plain labels, list items and table rows with a name."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from orch.workflow.answer.fences import language, may_wrap
from orch.workflow.answer.markdown import fence_at, indent_of
from orch.workflow.answer.note_words import MITIGATION, field_named


@dataclass
class Block:
    """A label of the notes with what stands behind it (`value`) and under it (`lines`).

    `rank` is lower for what encloses more: 1 to 6 headings, 7 bold lines, 8 labels, 9 list items and table rows.
    `field` is the field that the label names, if it names one.
    """

    title: str
    rank: float
    value: str
    line: int
    indent: int
    numbered: bool = False
    source: Sequence[str] = ()
    end: int = 0

    @property
    def lines(self) -> list[str]:
        """The lines under the label."""
        return list(self.source[self.line + 1 : self.end])

    @property
    def field(self) -> str | None:
        """The field of the notes that the label names."""
        return field_named(self.title)


_ATX = re.compile(r"[ \t]*(?P<marks>#{1,6})[ \t]+(?P<title>\S.*?)[ \t]*#*[ \t]*$")
_BOLD = re.compile(r"(?P<mark>\*\*|__)(?P<title>[^*]{2,80}?)(?P=mark)[ \t]*(?P<value>[:：—–-]?.*)$")
_LABEL = re.compile(
    r"(?P<title>[^\s:：|`*#<>\[\]{}\"][^:：|`*#<>\[\]{}\"]{1,70}?)[ \t]*(?:[:：]|=)(?:[ \t]+|$)(?P<value>.*)$"
)
_CJK_LABEL = re.compile(r"(?P<title>[^\s:：|`*#<>]{2,20})[:：](?P<value>.*)$")
_ITEM = re.compile(r"(?P<mark>[-*+•◦▪–]|\d{1,3}[.)]|[a-z][.)])[ \t]+(?P<text>\S.*)$")
_TAG = re.compile(r"<(?P<name>[A-Za-z][\w-]*)>[ \t]*(?P<value>.*?)[ \t]*(?:</(?P=name)>)?[ \t]*$")
_LEAD = re.compile(r"^[^\w\s#*_\-+|<`\[(\"'>.]+[\ufe0f\u200d]*\s*")
_BEHIND = re.compile(r"[ \t]*(?:[|·•;,]|\.(?=\s))[ \t]*(?=(?:\*\*)?[^\W\d][^:*|;]{2,30}(?:\*\*)?[ \t]*[:：])")


_MITIGATION_TITLE = re.compile(rf"(?:{MITIGATION})(?:\s*#?\d{{1,2}})?", re.IGNORECASE)
_UNDERLINE = re.compile(r"[ \t]*(?:={3,}|-{3,})[ \t]*")
_LONGEST_LINE = 3000


def note_blocks(lines: list[str]) -> list[Block]:
    """The labelled blocks of `lines` in order, each with the lines up to the next that encloses as much or more."""
    heads = _heads(lines)
    after: list[Block] = []  # later heads, the outermost first, each enclosing more than those behind it
    for block in reversed(heads):
        while after and _depth(after[-1]) > _depth(block):
            after.pop()
        following = next((other for other in reversed(after) if other.line > block.line), None)
        block.source, block.end = lines, following.line if following else len(lines)
        if block.rank >= 9:
            block.end = min(block.end, _end_of_item(lines, block))
        after.append(block)
    return heads


def _depth(block: Block) -> float:
    """How much a block is enclosed by others; list items also by how far they are indented."""
    return block.rank + (block.indent / 1000 if block.rank >= 9 else 0.0)


def _heads(lines: list[str]) -> list[Block]:
    heads: list[Block] = []
    fence = ""
    for number, line in enumerate(lines):
        if "```" in line or "~~~" in line:
            found = fence_at(line, number)
            if found and (not fence or (found.is_bare and found.mark * 3 == fence)):
                hides = not may_wrap(found) and language(found.info) not in ("yaml", "yml", "toml")
                fence = found.mark * 3 if hides and not fence else ""
                continue
        if not fence and line and not line.isspace() and len(line) < _LONGEST_LINE:
            heads.extend(block for block in _heads_of(line, number, lines) if not _answers_a_risk(block, heads))
    return heads


def _answers_a_risk(block: Block, heads: list[Block]) -> bool:
    """Whether a label is the mitigation of a risk above it, which it does not end."""
    if block.rank >= 9 or not block.value or not _MITIGATION_TITLE.fullmatch(block.title):
        return False
    above = next((head for head in reversed(heads) if head.rank < 9 or head.field), None)
    return above is not None and above.field == "risks"


def _heads_of(line: str, number: int, lines: list[str]) -> list[Block]:
    if match := _ATX.match(line):
        title, _, value = _label_and_value(match["title"])
        return [Block(_plain(title), len(match["marks"]), value, number, 0)]
    indent = indent_of(line)
    text = _LEAD.sub("", line.strip())
    if text.startswith("|"):
        return _head_of_row(text, number)
    if match := _TAG.match(text):
        return [Block(match["name"].replace("_", " "), 8, match["value"].strip(), number, indent)]
    item = _ITEM.match(text)
    if item:
        return _head_of_item(item, number, indent)
    if indent > 3:
        return []
    following = lines[number + 1] if number + 1 < len(lines) else ""
    if _UNDERLINE.fullmatch(following) and (number == 0 or not lines[number - 1].strip()):
        return [Block(_plain(text), 2 if "-" in following else 1, "", number, indent)]
    return _heads_of_label(text, number, indent, lines)


def _label_and_value(text: str) -> tuple[str, bool, str]:
    """Divides "Complexity: high"; only a label that names a field is divided in a heading."""
    match = _LABEL.match(text.strip("* ")) or _CJK_LABEL.match(text)
    if match and field_named(match["title"]):
        return match["title"], True, match["value"].strip()
    return text, False, ""


def _heads_of_label(text: str, number: int, indent: int, lines: list[str]) -> list[Block]:
    pieces = _BEHIND.split(text)
    heads = []
    for position, piece in enumerate(pieces):
        bold = _BOLD.match(piece)
        label = None if bold else _LABEL.match(piece) or _CJK_LABEL.match(piece) or _dash_label(piece)
        if bold:
            title, value = bold["title"], bold["value"].lstrip(" \t:：")
            if (
                value
                and not bold["value"].startswith((":", "：", "—", "–", "-"))
                and not title.endswith((":", "："))
            ):
                continue
            value = value.lstrip("—–- ") if not value[:1].isdigit() else value
            rank = 7.0
        elif label:
            title, value, rank = label["title"], label["value"], 8.0
        else:
            continue
        title = _plain(title)
        named = field_named(title)
        if position and not named:
            continue
        if value.strip() and not named and not _stands_alone(number, lines):
            rank += 0.5
        if len(title.split()) <= 9:
            heads.append(Block(title, rank, value.strip(), number, indent))
    return heads


_DASH_LABEL = re.compile(r"(?P<title>[^\W\d][\w ]{2,40}?)[ \t]+[–—-][ \t]+(?P<value>\S.*)$")


def _dash_label(text: str) -> re.Match[str] | None:
    """ "Complexity – medium": a dash divides only behind the name of a field with a short value."""
    match = _DASH_LABEL.match(text)
    return match if match and field_named(match["title"]) in ("complexity", "time_estimate") else None


def _stands_alone(number: int, lines: list[str]) -> bool:
    """A label with a value on its line is a block of its own behind a blank line that ends a list."""
    if number < 2 or lines[number - 1].strip():
        return False
    above = next((line for line in reversed(lines[:number]) if line.strip()), "")
    return _ITEM.match(above.strip()) is not None or indent_of(above) > 0


def _head_of_item(item: re.Match[str], number: int, indent: int) -> list[Block]:
    text = item["text"]
    bold = _BOLD.match(text)
    label = None if bold else _LABEL.match(text) or _CJK_LABEL.match(text) or _dash_label(text)
    numbered = item["mark"][0].isdigit()
    if bold:
        title, value = bold["title"], bold["value"].lstrip(" \t:：—–-")
    elif label:
        title, value = label["title"], label["value"]
    else:
        title, value = text.rstrip(":："), ""
        if field_named(_plain(title)) is None:
            return []
    return [Block(_plain(title), 9, value.strip(), number, indent, numbered)]


def _end_of_item(lines: list[str], block: Block) -> int:
    """An item ends where the next line is no deeper, unless that is a list of another kind under it."""
    for number in range(block.line + 1, len(lines)):
        line = lines[number]
        if not line or line.isspace() or indent_of(line) > block.indent:
            continue
        item = _ITEM.match(line.strip())
        if block.numbered and item and not item["mark"][0].isdigit() and indent_of(line) >= block.indent:
            continue
        return number
    return len(lines)


def _head_of_row(text: str, number: int) -> list[Block]:
    cells = row_cells(text)
    if len(cells) < 2 or field_named(_plain(cells[0])) not in ("complexity", "time_estimate", "key_files"):
        return []
    return [Block(_plain(cells[0]), 9, cells[1], number, 0)]


def row_cells(line: str) -> list[str]:
    """The cells of a table row, trimmed; a line without bars is one cell."""
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


_COUNT = re.compile(r"^(?:\d{1,2}[.):]|\(\d{1,2}\)|[A-Z][.)])\s+")


def _plain(title: str) -> str:
    """A title without emphasis, numbering, symbols before it and the colon behind it."""
    text = _LEAD.sub("", title.strip().strip("*_ \t"))
    return _COUNT.sub("", text).strip().strip("*_").rstrip(":：").strip()
