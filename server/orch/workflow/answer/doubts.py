"""Signs that an answer, or a part of it, is not whole: cut off in the middle, or no answer at all."""

import re
from collections.abc import Iterable

from orch.workflow.answer.markdown import fence_at

CUT_OFF = "The answer seems to be cut off inside it."
MAY_BE_CUT = "The answer ends with it and without a full stop, so it may be cut off."

_UNFINISHED = re.compile(
    r"(?:[,(\[{/\\&+=<–—]|[:：]\**|\s-|[^.]\.\."
    r"|\b(?:the|an|and|or|of|und|oder|der|dem|des|et|les|des|du|los|las|del|gli|een|het|и|или)"
    r"|^\s*(?:[-*+>|]|\d+[.)]|#{1,6}|`{1,2})|^\s*(?:[-*+]|\d+[.)])\s+(?:\[[ xX]?\]?\s*)?[*_`]{0,2}\w?)\s*$"
)
_HANGING = re.compile(
    r"\b(?:a|to|for|with|in|on|by|from|that|which|is|are|be|as|at|if|when|into|its|this|your|must|should|will"
    r"|not|using"
    r"|die|das|den|ein|eine|mit|für|von|zu|im|le|la|de|un|une|pour|avec|el|con|para|por|do|da|com|il|per|di"
    r"|met|voor"
    r"|для|на|с|по|в)\s*$"
)
_FINISHED = re.compile(r"[.!?;)\]}`\"'»”’*_|…。！？；）」』】✅✓%$]\s*$|</[\w-]+>\s*$")


_CUT_NOTICE = re.compile(
    r"[ \t]*[(\[*_]*(?:(?:i(?:['’]ve| have)? )?(?:reached|hit) (?:the|my) (?:\w+ )?limit\b"
    r"|(?:the |my |this )?(?:response|output|answer|message) (?:was |is |has been )?(?:truncated|cut off|too long)"
    r"|(?:say|type|reply|answer|ask me to)(?: with)? [\"'“‘`*]*continue\b)",
    re.IGNORECASE,
)
_STRUCTURE = re.compile(r"\s*(?:[-*+•]|\d+[.)]|#{1,6}|\||>|```|~~~| {4})")


def looks_cut(text: str) -> bool:
    """Whether `text` ends as no writer ends of their own will: in a bracket, after a comma, on a heading."""
    lines = [line for line in text.split("\n") if line.strip()]
    if not lines:
        return False
    last = lines[-1]
    if len(last) <= 200 and _CUT_NOTICE.match(last):
        return True
    if fence_at(last, 0) or re.fullmatch(r"\s*[-=*_]{3,}\s*", last):
        return False
    if last.count("**") % 2 or last.count("`") % 2 or last.count("(") > last.count(")"):
        return True
    if last.lstrip().startswith("|") and not last.rstrip().endswith("|"):
        return True
    if len(lines) > 1 and re.match(r"\s*#{1,6}\s", last):
        return True
    return _UNFINISHED.search(last) is not None


def may_be_cut(text: str, whole: bool) -> bool:
    """Whether the last line of a template lacks what closes a sentence or a block.

    A `whole` answer, one that has all parts, shows that its writer came to the end: there, only a sentence that
    breaks off within a phrase counts.
    """
    last = text.rstrip().rsplit("\n", 1)[-1]
    if whole:
        return _HANGING.search(last) is not None and not _STRUCTURE.match(last)
    return _HANGING.search(last) is not None or (_FINISHED.search(last) is None and fence_at(last, 0) is None)


_REMARK = re.compile(
    r"\W*(?:tbd|n/?a|none|see (?:above|below)|(?:same )?as above)?\W*|[(\[<][^()\[\]<>]*[)\]>]\.?"
    r"|(?:see|in) [`\"'*]*[\w./\\-]+\.[a-z]{1,5}[`\"'*]*\.?|(?:pending|awaiting|waiting (?:for|on)) [^.]*\.?"
    r"|(?:i['’]?(?:d|ll)|i (?:will|would|can)) [^.]*\b(?:once|when|after|as soon as) (?:you|i|we)\b[^.]*\.?",
    re.IGNORECASE,
)


def is_remark(text: str) -> bool:
    """Whether `text` only stands in for a part: "(coming next)", "[...]", "See above."."""
    line = text.strip("*_` \n")
    return len(line) <= 80 and "\n" not in line and _REMARK.fullmatch(line) is not None


def asks_back(texts: Iterable[str]) -> bool:
    """Whether the texts, two at least, hold nothing but questions, so that the model asks rather than answers."""
    lines = [[line.rstrip(" \t*_") for line in text.split("\n") if line.strip()] for text in texts]
    return len(lines) > 1 and all(line.endswith(("?", "？")) for text in lines for line in text)


_REFUSAL = re.compile(
    r"\W*(?:i(?:'m| am) (?:sorry|afraid|unable|not able)|sorry,|i (?:can(?:not|'t|’t)|won't|must decline"
    r"|apologi[sz]e)|as an ai"
    r"|unfortunately,? i|es tut mir leid|leider kann ich|je suis désolé|désolé|lo siento|desculpe|mi dispiace"
    r"|het spijt me"
    r"|извините|к сожалению|抱歉|对不起|很抱歉|申し訳)",
    re.IGNORECASE,
)


def is_refusal(text: str) -> bool:
    """Whether a short answer begins with an apology for not doing what was asked."""
    return len(text) < 3000 and _REFUSAL.match(text.replace("’", "'").lstrip("\ufeff \r\n\t")) is not None
