"""Signs that an answer, or a part of it, is not whole: cut off in the middle, or no answer at all."""

import re

from orch.workflow.markdown import fence_at

CUT_OFF = "The answer seems to be cut off inside it."

_UNFINISHED = re.compile(
    r"(?:[,(\[{/\\&+=<–—]|\s-|[^.]\.\.|\b(?:the|an|and|or|of|und|oder|der|dem|des|et|les|des|du|los|las|del|gli|een|het|и|или)"
    r"|^\s*(?:[-*+]|\d+[.)]|#{1,6}))\s*$"
)
_HANGING = re.compile(
    r"\b(?:a|to|for|with|in|on|by|from|that|which|is|are|be|as|at|if|when|into|its|this|your|must|should|will|not|using"
    r"|die|das|den|ein|eine|mit|für|von|zu|im|le|la|de|un|une|pour|avec|el|con|para|por|do|da|com|il|per|di|met|met|voor"
    r"|для|на|с|по|в)\s*$"
)
_FINISHED = re.compile(r"[.!?:;)\]}`\"'»”’>*_|…。！？；：）」』】✅✓%$]\s*$")
_STRUCTURE = re.compile(r"\s*(?:[-*+•]|\d+[.)]|#{1,6}|\||>|```|~~~)")


def looks_cut(text: str, strict: bool) -> bool:
    """Whether `text` ends as if its writer was stopped.

    `strict` for a place where an end is not expected (more parts should follow): then a last line without any
    closing mark is suspicious as well.
    """
    lines = [line for line in text.split("\n") if line.strip()]
    if not lines:
        return False
    last = lines[-1]
    if last.count("**") % 2 or last.count("`") % 2 or last.count("(") > last.count(")"):
        return not fence_at(last, 0)
    if _UNFINISHED.search(last) and not (fence_at(last, 0) or re.fullmatch(r"\s*[-=*_]{3,}\s*", last)):
        return True
    if re.match(r"\s*#{1,6}\s", last) and len(lines) > 1:
        return True
    if not strict:
        return False
    if _HANGING.search(last):
        return True
    return not _FINISHED.search(last) and not _like_its_siblings(lines)


def _like_its_siblings(lines: list[str]) -> bool:
    """Whether the last line's fellows end without a closing mark too, and it is not the shortest fragment of them."""
    last = lines[-1]
    kind = _STRUCTURE.match(last)
    fellows = [line for line in lines[-12:-1] if bool(_STRUCTURE.match(line)) == bool(kind)]
    if kind is None or len(fellows) < 2:
        return False
    return sum(_FINISHED.search(line) is None for line in fellows) * 2 > len(fellows)


_REFUSAL = re.compile(
    r"\W*(?:i(?:'m| am) (?:sorry|afraid|unable|not able)|sorry,|i (?:can(?:not|'t|’t)|won't|must decline|apologi[sz]e)|as an ai"
    r"|unfortunately,? i|es tut mir leid|leider kann ich|je suis désolé|désolé|lo siento|desculpe|mi dispiace|het spijt me"
    r"|извините|к сожалению|抱歉|对不起|很抱歉|申し訳)",
    re.IGNORECASE,
)


def is_refusal(text: str) -> bool:
    """Whether a short answer begins with an apology for not doing what was asked."""
    return len(text) < 3000 and _REFUSAL.match(text.replace("’", "'").lstrip("\ufeff \r\n\t")) is not None
