"""How single lines look that may name a part: headings, bold lines, banners, boxes, labels, list items, fences."""

import re
from typing import NamedTuple

from orch.workflow.answer.markdown import ESCAPE, Document, fence_at, indent_of, is_rule
from orch.workflow.answer.part_names import BARE, FEEBLE, STRONG, part_named


class Look(NamedTuple):
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
_HTML = re.compile(
    r"(?:<details\b[^<>]*>[ \t]*)?<(h[1-6]|summary|b|strong|title)\b[^<>]*>(.{2,120}?)</\1>[ \t]*$", re.IGNORECASE
)
_INNER_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_COMMENT = re.compile(r"<!--+[ \t]*(.{2,120}?)[ \t]*--+>$|/\*+[ \t]*(.{2,120}?)[ \t]*\*+/$")
_BANNER = re.compile(
    r"(?P<left>([=#*~+_─═━•|/%>-])\2+)[ \t>]*(?P<title>[^\s=#*~+_─═━•|/%<>-].{1,120}?)"
    r"(?:[ \t<]*\2{2,}|[ \t]*<{2,})$"
    r"|(?P<open>([=─═━~])\5{2,})[ \t]*(?P<only>\w.{1,120})$"
)
_BOXED = re.compile(r"[|║│┃*#+][ \t]*(?P<title>[^\s|║│┃].{1,120}?)[ \t]*[|║│┃*#+]$")
_BORDER = re.compile(r"[ \t]*[+=\-─═━╔╗╚╝┌┐└┘╭╮╰╯*#~_]{4,}[ \t]*$")
_BRACKET = re.compile(
    r"(?:\[\[?|【|［|<{2,3}|\{\{?)[ \t]*(/?[^\[\]【】［］<>{}]{2,100}?)[ \t]*"
    r"(?:\]\]?|】|］|>{2,3}|\}\}?)[ \t]*[:：]?$"
)
_ITEM = re.compile(
    r"(?P<mark>[-*+•](?=[ \t])|\d{1,2}(?:[.)、]|:(?=[ \t]))|\(\d{1,2}\)|[IVX]{1,4}[.)]|[A-D][.)])[ \t]*"
    r"(?P<title>\S.*)$"
)
_YAML = re.compile(r"[\"'`]?(?P<title>[\w \-]{2,60}?)[\"'`]?[ \t]*:[ \t]*(?P<block>[|>][-+]?\d?)[ \t]*$")
_UNDERLINE = re.compile(r"[ \t]*(=+|-+)[ \t]*$")
_HASHES = re.compile(r"[ \t]*#{7,}[ \t]*$")


def look_of(document: Document, line: int) -> Look | None:
    """What the line looks like, None when it is not one that names things."""
    raw = document.lines[line]
    text = ESCAPE.sub("", raw).strip()
    if fence := fence_at(raw, line):
        return Look("fence", 0, _name_in_info(fence.info), line, line, STRONG) if fence.info else None
    if indent_of(raw) > document.indent + 3:
        return None
    if boxed := _look_of_box(document, line, text):
        return boxed
    text = text if _BANNER.match(text) else _LEAD.sub("", text)
    if match := _ATX.match(text):
        return Look("heading", len(match[1]), match[2], line, line + 1)
    return _look_of_underlined(document, line, text) or _look_of_line(document, line, text)


def _name_in_info(info: str) -> str:
    """What a fence's info string may name: `analysis_template`, `markdown title="..."`, `md:analysis-prompt.md`."""
    if quoted := re.search(r"=\s*[\"']([^\"']+)[\"']", info):
        return quoted[1]
    words = re.split(r"[\s:={}]+", info)
    if len(words) > 1 and not part_named(info):
        return " ".join(words[1:])
    return info


def _look_of_box(document: Document, line: int, text: str) -> Look | None:
    lines = document.lines
    if not (0 < line < len(lines) - 1 and _BORDER.match(lines[line - 1]) and _BORDER.match(lines[line + 1])):
        return None
    if _HASHES.match(lines[line - 1]):
        return Look("banner", 0, text.strip("# \t"), line - 1, line + 2)
    boxed = _BOXED.match(text)
    if not boxed and not is_rule(lines[line - 1]):
        return None
    return Look("banner", 0, boxed["title"] if boxed else text, line - 1, line + 2)


def _look_of_underlined(document: Document, line: int, text: str) -> Look | None:
    following = document.lines[line + 1] if line + 1 < len(document.lines) else ""
    if not _UNDERLINE.match(following) or indent_of(following) > document.indent + 3 or len(following.strip()) < 3:
        return None
    if not (text[:1].isalnum() or text[:1] in "*`"):
        return None
    alone = line == 0 or document.is_blank(line - 1) or is_rule(document.lines[line - 1])
    return Look("heading", 1 if "=" in following else 2, text, line, line + 2, FEEBLE if alone else STRONG)


def _look_of_line(document: Document, line: int, text: str) -> Look | None:
    if match := _STRONG_TEXT.match(text):
        return _look_of_bold(match, line)
    if match := _HTML.match(text):
        level = int(match[1][1]) if match[1][0] in "hH" and match[1][1:].isdigit() else 0
        return Look("heading" if level else "html", level, _INNER_TAG.sub("", match[2]), line, line + 1)
    if match := _COMMENT.match(text):
        return Look("comment", 0, match[1] or match[2], line, line + 1)
    if (match := _BANNER.match(text)) and not (match["left"] == "||" and "|" in match["title"]):
        least = STRONG if match["left"] == "||" else FEEBLE
        return Look("banner", 0, match["title"] or match["only"], line, line + 1, least)
    if match := _YAML.match(text):
        return Look("yaml key", indent_of(document.lines[line]), match["title"], line, line + 1)
    if (match := _BRACKET.match(text)) and not _is_placeholder(text, match[1]):
        least = BARE if text.startswith(("[[", "<<", "【", "［")) and " " in match[1].strip() else STRONG
        return Look("bracket", 0, match[1], line, line + 1, least)
    if match := _ITEM.match(text):
        numbered = match["mark"][0] not in "-*+•"
        return Look("numbered line" if numbered else "list item", 0, match["title"], line, line + 1, STRONG)
    return _look_of_label(document, line, text)


def _is_placeholder(text: str, title: str) -> bool:
    """`[the analysis template]` and `{{ analysis_template }}` are to be filled in; `[analysis-template]` names."""
    return title.lstrip("/")[:1].islower() and (text.startswith("{") or " " in title.strip())


def _look_of_bold(match: re.Match[str], line: int) -> Look | None:
    rest = match["rest"].strip()
    if rest.rstrip(":：") and (rest[0] not in ":：(—–-" or len(rest) > 80):
        return None
    kind = "bold line"
    if match["item"]:
        kind = "list item" if match["item"][0] in "-*+•" else "numbered line"
    title = match["title"] + (" - " + rest.lstrip(":：—–- ") if rest.strip(":： ") else "")
    if match["item"] and kind == "numbered line":
        title = match["item"] + title
    return Look(kind, 0, title, line, line + 1, BARE if kind == "bold line" else STRONG)


_ENDS = re.compile(r"\bEND$|^END\b")
_SPEAKER = re.compile(r"[ \t]*[A-Z][\w .\-]{1,30} said:[ \t]*$")
_PLAIN_TITLE = re.compile(
    r"[\"'`“]?[^\s:：\"'`“”.,;!?<{\[(|][^:：\"'`“”;!?<>|]{1,78}[\"'`”]?[ \t]*(?P<colon>[:：])?$"
)


def _look_of_label(document: Document, line: int, text: str) -> Look | None:
    """A line that is nothing but the name; without a colon it has to stand alone and look like a title."""
    if ":" in text[:-1]:
        name = part_named(text)
        if name and name.strength == STRONG and not name.extra and text.endswith(":") and len(text) < 80:
            return Look("label", 0, text, line, line + 1, STRONG)
    match = _PLAIN_TITLE.match(text)
    if match is None:
        return None
    if match["colon"]:
        return Look("label", 0, text.rstrip(":： \t"), line, line + 1, FEEBLE)
    above = document.lines[line - 1] if line else ""
    alone = not above.strip() or is_rule(above) or fence_at(above, 0) or _SPEAKER.match(above) or _ENDS.search(text)
    title_like = text == text.upper() or text == text.title() or "_" in text or text[:1].isupper()
    if not alone or not title_like or text.endswith((".", ",", ";")):
        return None
    return Look("label", 0, text, line, line + 1, STRONG)
