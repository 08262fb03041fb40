"""The values of the notes' fields: a duration, risks with their mitigations, paths."""

import re
from typing import NamedTuple

from orch.model.session import Risk
from orch.workflow.markdown import indent_of
from orch.workflow.note_lines import Block, row_cells
from orch.workflow.note_words import MITIGATION, RISK

_UNIT = (
    r"(?:person|man|dev|developer|working|work|business|story|calendar|engineering|engineer)?[- ]?"
    r"(?:hours?|hrs?|h|days?|d|weeks?|wks?|w|months?|minutes?|mins?|sprints?|points?|stunden?|std\.?|tage?n?"
    r"|wochen?"
    r"|heures?|jours?|semaines?|horas?|d[ií]as?|semanas?|meses|ore|ora|giorni|giorno|settiman[ae]|uur|uren"
    r"|dagen|dag"
    r"|weken|week|час(?:ов|а)?|дн(?:ей|я)|день|недел[иья]|недель)\b"
    r"|(?:个)?(?:小时|小時|工作日|人日|人天|天|日|周|週間?|時間|分|个月|ヶ月|か月|시간|일|주)"
)
_DURATION = re.compile(
    rf"(?:[~≈<>]|about|around|approx(?:imately)?\.?|roughly|circa|ca\.|etwa|env(?:iron|\.)|unos|cerca de|约|約)?\s*"
    rf"(?:\d+(?:[.,]\d+)?|half an?|an?|one|two|three|four|five|ein(?:e|en)?|zwei|drei)"
    rf"(?:\s*(?:-|–|—|−|~|〜|～|to|bis|à|a|до|or|至|到|/)\s*\d+(?:[.,]\d+)?)?\s*(?:{_UNIT})",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"[\s,;:–—-]*\b(?:in total|total(?: effort| time)?|overall|altogether|broken down.*|split (?:as|into"
    r"|across|by).*"
    r"|as follows|with (?:the )?following.*|insgesamt|gesamt|au total|en total|in totale|no total|in totaal"
    r"|всего)[\s:.]*$"
    r"|[\s,;:–—-]*(?:共计|总计|合計)[\s:.]*$",
    re.IGNORECASE,
)
_TOTAL = re.compile(
    r"\W*(?:grand |overall )?(?:total|sum|overall|gesamt|insgesamt|summe|totale?|totaal|итого|всего|总计|合计|合計|計)",
    re.IGNORECASE,
)


def duration_of(block: Block) -> str | None:
    """The time estimate that `block` gives, as written, without "total" and the like; None when there is none.

    Without a value behind the label: the line that gives the total, else the first line if it is a duration by
    itself, else the lines of a short break-down, joined by semicolons.
    """
    if value := _essence(block.value):
        return value
    lines = [line.strip() for line in block.lines if line.strip() and not re.fullmatch(r"[\s|:+-]+", line)]
    for line in lines:
        if _TOTAL.match(line) and (match := _DURATION.search(line)):
            return _essence(line[match.start() :].split("|")[0].strip())
    if not lines:
        return None
    first = _bare(lines[0])
    if _DURATION.match(first):
        return _essence(first)
    parts = [_bare(line) for line in lines if _DURATION.search(line)]
    joined = "; ".join(parts)
    return joined if 0 < len(parts) <= 6 and len(joined) <= 160 else None


def _bare(line: str) -> str:
    return re.sub(r"^(?:[-*+•]|\d{1,2}[.)])\s+", "", line).replace("**", "").replace("`", "").strip("| ")


def _essence(value: str) -> str | None:
    """ "16-20 hours" of "16-20 hours broken down by phase"; a long sentence is cut behind its duration."""
    text = value.replace("**", "").replace("`", "").strip("*_ \t\"'“”")
    text = re.sub(r"^(?:grand )?total\s*[:=-]\s*", "", text, flags=re.IGNORECASE)
    text = _TAIL.sub("", text)
    if len(text) > 60:
        match = _DURATION.search(text)
        if match is None:
            return None
        behind = re.match(r"\s*\([^()]{1,40}\)", text[match.end() :])
        text = text[match.start() if match.start() > 30 else 0 : match.end() + (behind.end() if behind else 0)]
    text = text.strip().rstrip(".:;,").strip()
    return text or None


class _Item(NamedTuple):
    text: str
    children: list[str]


_MARK = re.compile(
    r"(?P<lead>[ \t]*)(?:(?P<mark>[-*+•◦▪]|\d{1,3}[.)]|[a-z][.)])[ \t]+|(?P<heading>#{1,6}[ \t]+))(?P<text>\S.*)$"
)
_MITIGATION_LABEL = re.compile(
    rf"[\s*_>]*(?:[-*+•→]\s*)?[*_]*(?:{MITIGATION})[*_]*\s*[:：\-–—=][*_]*\s*(?P<text>.*)$", re.IGNORECASE
)
_MITIGATION_BEHIND = re.compile(
    rf"\s*(?:[—–;:,.。；：|→]|->|=>|\s-\s|\(|\s)\s*[*_]*(?:{MITIGATION})[*_]*(?:\s*[:：=][*_]*\s*"
    rf"|\s+[-–—]\s+)(?P<text>.+?)\)?$",
    re.IGNORECASE,
)
_RISK_LABEL = re.compile(rf"[\s*_]*(?:{RISK})(?:\s*#?\d{{1,2}})?[*_]*\s*[:：][*_]*\s*(?P<text>.*)$", re.IGNORECASE)
_RISK_COUNT = re.compile(r"^(?:R\d{1,2}|#\d{1,2})\s*[:.)\-–—]\s*")
_ASIDE = re.compile(
    r"[\s*_]*(?:impact|likelihood|probability|severity|level|priority|owner|status|auswirkung"
    r"|wahrscheinlichkeit|impacto"
    r"|probabilit[éàa]\w*|влияние|вероятность|影响|概率|可能性|影響)[*_]*\s*[:：]",
    re.IGNORECASE,
)
_DIVIDER = re.compile(r"\s+(?:—|–|→|->|=>|⇒)\s+|\s+--\s+|\s+-\s+")


def risks_of(block: Block) -> list[Risk]:
    """The risks of a block: list items with mitigations on the same line or under it, label pairs, or a table."""
    lines = [line for line in ([block.value] if block.value else []) + block.lines if line.strip()]
    rows = [line for line in lines if line.strip().startswith("|")]
    if len(rows) >= 3:
        return _risks_of_table(rows)
    items = _items(lines)
    labelled = any(_mitigation_in(item) for item in items)
    risks = [_risk_of(item, labelled) for item in items]
    return [risk for risk in risks if risk is not None]


def _items(lines: list[str]) -> list[_Item]:
    """The list's outer items with the lines under them; without a list, each labelled paragraph is one."""
    marks = [(number, match) for number, line in enumerate(lines) if (match := _MARK.match(line))]
    starts = _outer(lines, marks)
    if not starts:
        starts = [number for number, line in enumerate(lines) if _RISK_LABEL.match(line) or line.startswith("**")]
        starts = starts or list(range(len(lines)))
    items = []
    for at, start in enumerate(starts):
        end = starts[at + 1] if at + 1 < len(starts) else len(lines)
        match = _MARK.match(lines[start])
        items.append(_Item(match["text"] if match else lines[start].strip(), lines[start + 1 : end]))
    return items


def _outer(lines: list[str], marks: list[tuple[int, re.Match[str]]]) -> list[int]:
    if not marks:
        return []
    headings = [number for number, match in marks if match["heading"]]
    if headings:
        return headings
    depth = min(indent_of(match["lead"]) for _, match in marks)
    outer = [(number, match) for number, match in marks if indent_of(match["lead"]) == depth]
    numbered = [number for number, match in outer if match["mark"][0].isdigit()]
    if numbered and len(numbered) < len(outer):
        return numbered
    starts = [number for number, match in outer if not _MITIGATION_LABEL.match(match["text"])]
    bold = [
        number
        for number, line in enumerate(lines)
        if re.match(r"\*\*[^*]+\*\*:?\s*$", line.strip()) and not _MARK.match(line)
    ]
    if bold and bold[0] < (starts or [0])[0]:
        return bold
    return [number for number in starts if not _ASIDE.match(lines[number].strip(" \t-*+•"))] or starts


def _mitigation_in(item: _Item) -> bool:
    return _MITIGATION_BEHIND.search(item.text) is not None or any(
        _MITIGATION_LABEL.match(line) for line in item.children
    )


def _risk_of(item: _Item, labelled: bool) -> Risk | None:
    text, mitigation = item.text, ""
    if match := _MITIGATION_BEHIND.search(text):
        text, mitigation = text[: match.start()], match["text"]
    elif not labelled and (match := _DIVIDER.search(text)):
        text, mitigation = text[: match.start()], text[match.end() :]
    title = _clean(text)
    title = _RISK_COUNT.sub("", title)
    if match := _RISK_LABEL.match(title):
        title = match["text"]
    details, found = _children(item.children)
    if not mitigation:
        mitigation = "; ".join(found)
    title = title.rstrip(" :")
    if details or (mitigation and ". " not in title):
        title = title.rstrip(".")
    risk = ": ".join(part for part in (title, *details[:1]) if part)
    return Risk(risk, _clean(mitigation)) if risk else None


def _children(lines: list[str]) -> tuple[list[str], list[str]]:
    """What the lines under a risk say: what it is about, and what is planned against it."""
    details: list[str] = []
    found: list[str] = []
    mitigating = False
    for line in lines:
        text = re.sub(r"^[\s>]*(?:[-*+•◦▪→]|\d{1,3}[.)])?\s+", "", " " + line)
        if match := _MITIGATION_LABEL.match(text):
            mitigating = True
            if match["text"].strip():
                found.append(_clean(match["text"]))
        elif match := _RISK_LABEL.match(text):
            details.append(_clean(match["text"]))
        elif _ASIDE.match(text):
            continue
        elif mitigating:
            found.append(_clean(text))
        elif not details:
            inline = _MITIGATION_BEHIND.search(text)
            details.append(_clean(text[: inline.start()] if inline else text))
            if inline:
                found.append(_clean(inline["text"]))
    return [detail for detail in details if detail], [entry for entry in found if entry]


def _clean(text: str) -> str:
    text = re.sub(r"\*\*(.+?)\*\*", r"\1", text).replace("**", "")
    text = re.sub(r"^\s*\*([^*\s][^*]*?)\*", r"\1", text)
    return re.sub(r"\s+", " ", text).strip().strip("_ |")


def _risks_of_table(rows: list[str]) -> list[Risk]:
    header = [_clean(cell).casefold() for cell in row_cells(rows[0])]
    risk_at = next((at for at, cell in enumerate(header) if re.match(rf"(?:{RISK})", cell, re.IGNORECASE)), 0)
    plan_at = next(
        (
            at
            for at, cell in enumerate(header)
            if at != risk_at and re.match(rf"(?:{MITIGATION})", cell, re.IGNORECASE)
        ),
        None,
    )
    risks = []
    for row in rows[1:]:
        cells = row_cells(row)
        if re.fullmatch(r"[\s|:+-]+", row) or len(cells) <= risk_at or not cells[risk_at]:
            continue
        plan = cells[plan_at] if plan_at is not None and plan_at < len(cells) else ""
        risks.append(Risk(_clean(cells[risk_at]), _clean(plan)))
    return risks


_TOKEN = r"[\w@.~/\\\[\](){}*$+#%=-]+"
_NAMES = re.compile(
    r"(?:Makefile|Dockerfile|Gemfile|Procfile|Jenkinsfile|Rakefile|Vagrantfile|README|LICENSE|CHANGELOG"
    r"|CODEOWNERS|BUILD|WORKSPACE)$"
)
_EXTENSION = re.compile(r"\.[A-Za-z]\w{0,11}$|^\.[a-z]\w+")
_VERB = re.compile(
    r"(?:\(?(?:new|create|modify|update|edit|add|change|extend|review|touch|delete|rename|neu|ändern|nouveau"
    r"|nuevo|novo|nuovo|nieuw)\)?"
    r"\s*[:：—–-]?\s+)+",
    re.IGNORECASE,
)
_COMMENT = re.compile(
    r"\s+(?:[-–—→]|->|--|#)\s+|[:：](?:\s|$)|\s+\(|\s+\[(?=new|mod)|（|\s*—\s*|,?\s+(?:for|which|where|with|to"
    r"|contains|handles)\s"
)


def files_of(block: Block) -> list[str]:
    """The paths that a block lists, without comments, line numbers and emphasis, each once."""
    found: list[str] = []
    for line in ([block.value] if block.value else []) + block.lines:
        if line.strip() and not re.search(r"[├└│]", line):
            found.extend(_files_in(line))
    return list(dict.fromkeys(found))


def _files_in(line: str) -> list[str]:
    text = line.strip()
    if text.startswith("|"):
        return next((paths for cell in row_cells(text) if (paths := _files_in_text(cell))), [])
    text = re.sub(r"^(?:[-*+•◦▪]|\d{1,3}[.)])\s+(?:\[[ x]\]\s+)?", "", text)
    return _files_in_text(text)


def _files_in_text(text: str) -> list[str]:
    text = re.sub(r"\[([^\[\]]+)\]\(([^()\s]*)\)", r"\1", text)
    text = re.sub(r"\*\*([^*]+)\*\*", r"\1", text) if "**" in text and "/**" not in text else text
    text = _VERB.sub("", text.strip(), count=1)
    head, rest = _before_comment(text)
    if paths := _paths(head):
        return paths
    return (
        _paths(_before_comment(rest)[0]) if rest and len(head.split()) <= 4 and ":" in text[: len(head) + 2] else []
    )


def _before_comment(text: str) -> tuple[str, str]:
    masked = re.sub(r"`[^`]*`", lambda match: "x" * len(match[0]), text)
    match = _COMMENT.search(masked)
    return (text[: match.start()], text[match.end() :]) if match else (text, "")


def _paths(head: str) -> list[str]:
    pieces = [
        piece.strip()
        for piece in re.split(r"\s*(?:,|、|;|\+|&|\band\b|\bund\b|\bet\b|\by\b|\be\b)\s+", head)
        if piece.strip()
    ]
    if not pieces or not is_path(pieces[0], alone=True):
        return []
    quoted = (re.sub(r"^(`[^`]+`)\s.*", r"\1", piece) for piece in pieces)
    return [_path(piece) for piece in quoted if is_path(piece, alone=True)]


def _path(piece: str) -> str:
    text = piece.strip().rstrip(".,;:") if piece.strip().endswith(("`.", "`,")) else piece.strip()
    text = text.strip("`*_\"'“” ").rstrip(",;:")
    return re.sub(r"(?::\d+(?:[-–:]\d+)?|#L\d+(?:-L?\d+)?)$", "", text)


def is_path(piece: str, alone: bool = False) -> bool:
    """Whether `piece` reads as a path: one word with a slash or an extension, or a file known by its name."""
    quoted = piece.startswith("`") and piece.endswith("`")
    text = _path(piece)
    if quoted and " " in text and "/" in text and _EXTENSION.search(text):
        return True
    if not text or not re.fullmatch(_TOKEN, text):
        return False
    if _EXTENSION.search(text) or _NAMES.match(text.split("/")[-1]):
        return not re.fullmatch(r"(?:e\.g|i\.e|etc)\.?", text)
    if "/" not in text.strip("/") and not text.endswith("/"):
        return False
    return quoted or text.endswith("/") or text.count("/") > 1 or (alone and text != text.upper())
