"""The time estimate of execution notes."""

import re

from orch.workflow.answer.note_lines import Block

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
    r"\W*(?:grand |overall )?(?:total|sum|overall|gesamt|insgesamt|summe|totale?|totaal|итого|всего"
    r"|总计|合计|合計|計)",
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


def names_a_duration(text: str) -> bool:
    """Whether `text` holds a number and a unit of time."""
    return _DURATION.search(text) is not None


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
