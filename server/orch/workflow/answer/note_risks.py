"""The risks of execution notes, with what is planned against them."""

import re
from itertools import takewhile
from typing import NamedTuple

from orch.model.session import Risk
from orch.workflow.answer.markdown import indent_of
from orch.workflow.answer.note_lines import Block, row_cells
from orch.workflow.answer.note_words import MITIGATION, RISK, is_level


class _Item(NamedTuple):
    text: str
    children: list[str]


_MARK = re.compile(
    r"(?P<lead>[ \t]*)(?:(?P<mark>[-*+•◦▪]|\d{1,3}[.)]|[a-z][.)])[ \t]+|(?P<heading>#{1,6}[ \t]+))(?P<text>\S.*)$"
)
_MITIGATION_LABEL = re.compile(
    rf"[\s*_>]*(?:[-*+•→]\s*)?[*_]*(?:{MITIGATION})(?:\s*#?\d{{1,2}})?[*_]*\s*[:：\-–—=][*_]*\s*(?P<text>.*)$",
    re.IGNORECASE,
)
_MITIGATION_BEHIND = re.compile(
    rf"\s*(?:[—–;:,.，。；：|→]|->|=>|\s-\s|\(|\s)\s*[*_]*(?:{MITIGATION})[*_]*(?:\s*[:：=][*_]*\s*"
    rf"|\s+[-–—]\s+|(?<=mitigated by)\s+)(?P<text>.+?)\)?$",
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
_WITH_MITIGATIONS = re.compile(rf"(?:{MITIGATION})", re.IGNORECASE)
_ARROW = re.compile(r"\s+(?:→|->|=>|⇒)\s+")
_NONE = re.compile(
    r"[\s\-*+•_]*(?:none|no|n/a|nothing|keine?|aucune?|ninguno|nenhum|nessuno|geen|нет|无|無|なし|없음)\b"
    r"(?:\s+(?:known|identified|significant|major|risks?|expected|foreseen|at this time))*[\s.*_]*$",
    re.IGNORECASE,
)
_DIVIDER = re.compile(r"\s+(?:—|–|→|->|=>|⇒)\s+|\s+--\s+|\s+-\s+")


def risks_of(block: Block) -> list[Risk]:
    """The risks of a block: list items with mitigations on the same line or under it, label pairs, or a table."""
    lines = [line for line in ([block.value] if block.value else []) + block.lines if line.strip()]
    rows = [line for line in lines if line.strip().startswith("|")]
    if len(rows) >= 3:
        return _risks_of_table(rows)
    if len(lines) == 1 and (_NONE.match(lines[0]) or is_level(lines[0])):
        return []
    items = [_Item(block.value, block.lines)] if is_single_risk(block) else _items(lines)
    labelled = any(_mitigation_in(item) for item in items)
    if not labelled and _WITH_MITIGATIONS.search(block.title):
        plain = all(_PAIR.fullmatch(item.text) and not item.children for item in items)
        items = [_paired(item, plain) for item in items]
    risks = [_risk_of(item, labelled) for item in items]
    return [risk for risk in risks if risk is not None]


def is_single_risk(block: Block) -> bool:
    """Whether a block is one risk of several ("Risk 2: ..."), not the list of them."""
    return (
        bool(block.value)
        and re.fullmatch(rf"(?:{RISK})(?:\s*#?\d{{1,2}})?", block.title, re.IGNORECASE) is not None
    )


def risks_of_tables(lines: list[str]) -> list[Risk]:
    """The risks of the first table whose head names both risks and what is planned against them."""
    for at, line in enumerate(lines):
        cells = [_clean(cell) for cell in row_cells(line)] if line.lstrip().startswith("|") else []
        named = [
            any(re.match(rf"(?:{words})", cell, re.IGNORECASE) for cell in cells) for words in (RISK, MITIGATION)
        ]
        if all(named):
            return _risks_of_table(list(takewhile(lambda row: row.lstrip().startswith("|"), lines[at:])))
    return []


_PAIR = re.compile(r"(?P<risk>[^:：→]{3,100})[:：]\s+(?P<plan>[^:：→]+)")


def _paired(item: _Item, plain: bool) -> _Item:
    """Under "Risks and mitigations" a bold label is the risk, and what stands behind it the mitigation.

    So is a `plain` one, where every risk has one.
    """
    match = re.match(r"\*\*(?P<risk>[^*]+?)[:：]?\*\*\s*[:：–—-]?\s+(?P<plan>\S.*)$", item.text)
    match = match or (_PAIR.fullmatch(item.text) if plain else None)
    return _Item(f"{match['risk']} → {match['plan']}", item.children) if match else item


def _items(lines: list[str]) -> list[_Item]:
    """The list's outer items with the lines under them; without a list, each labelled paragraph is one."""
    marks = [(number, match) for number, line in enumerate(lines) if (match := _MARK.match(line))]
    starts = _outer(lines, marks)
    if not starts:
        starts = [number for number, line in enumerate(lines) if _RISK_LABEL.match(line) or line.startswith("**")]
        starts = starts or [number for number, line in enumerate(lines) if not _MITIGATION_LABEL.match(line)]
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
    elif match := (_ARROW if labelled else _DIVIDER).search(text):
        text, mitigation = text[: match.start()], text[match.end() :]
    title = re.sub(r"^[^\w\s!-~]+\s+", "", _clean(text))  # without an emoji before it
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
        if not any(_MITIGATION_LABEL.match(other) for other in lines) and (
            arrow := _ARROW.match(f" {line.strip()}")
        ):
            found.append(_clean(f" {line.strip()}"[arrow.end() :]))
            continue
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
