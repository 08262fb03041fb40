"""What a new session is called, and what kind of change a request asks for."""

import re
import unicodedata
from datetime import datetime

TITLE_LENGTH = 72
SLUG_LENGTH = 40

# The first type that has a word in the request wins: the special ones come before the general ones.
_SIGNS = (
    ("bugfix", r"fix(es|ed)?|bugs?|crash(es|ed)?|broken|regressions?|defects?|hotfix|wrong(ly)?|fails?|failing"),
    ("performance", r"performance|speed|faster|slow|latency|optimi[sz]e|throughput|memory usage"),
    ("migration", r"migrat(e|es|ion|ions)|upgrade|port(ing)? to|move (from|to|off)"),
    ("refactor", r"refactor(ing)?|clean ?up|restructure|simplify|rename|extract|deduplicate|untangle"),
    ("docs", r"docs?|documentation|readme|tutorial|docstrings?|changelog"),
)


def title_of(request: str) -> str:
    """A one-line title: the first line that says something, without Markdown marks, cut at a word."""
    line = next((line for line in map(_plain, request.splitlines()) if line), "Untitled")
    if len(line) <= TITLE_LENGTH:
        return line.rstrip(".") or line
    cut = line[: TITLE_LENGTH - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut else cut).rstrip(" ,;:-") + "…"


def file_name(created: datetime, title: str, session_id: str, length: int = 8) -> str:
    """The name of a session's file: `<YYYY-MM-DD>-<slug>-<id8>.orch`; `length` for more characters of the id."""
    return f"{created.date().isoformat()}-{slug(title)}-{session_id[:length]}.orch"


def slug(title: str) -> str:
    """`title` for a file name: lower case, words joined by `-`, letters of any script, at most 40 characters."""
    words = re.findall(r"[^\W_]+", "".join(map(_folded, unicodedata.normalize("NFC", title.lower()))))
    found = ""
    for word in words:
        longer = f"{found}-{word}" if found else word[:SLUG_LENGTH]
        if len(longer) > SLUG_LENGTH:
            break
        found = longer
    return found or "session"


def guess_feature_type(request: str) -> str:
    """The feature type that the words of a request point to; `feature` when nothing does.

    Only the first line counts: a long request mentions bugs and docs in passing.
    """
    line = title_of(request)
    found = [
        (match.start(), name)
        for name, words in _SIGNS
        if (match := re.search(rf"\b(?:{words})\b", line, re.IGNORECASE))
    ]
    if re.match(r"(?i)\s*(add|create|build|introduce|implement|support|allow|let)\b", line):
        # "Add a page that lists failing jobs" asks for a feature; "Add documentation for ..." does not
        found = [(start, name) for start, name in found if name == "docs" and start < 20]
    return min(found)[1] if found else "feature"


def _folded(letter: str) -> str:
    """A Latin letter without its accent; letters of other scripts as they are, for there a mark is no accent."""
    parts = unicodedata.normalize("NFKD", letter)
    accented = len(parts) > 1 and parts[0].isascii() and all(map(unicodedata.combining, parts[1:]))
    return parts[0] if accented else letter


def _plain(line: str) -> str:
    """A line without the marks of a Markdown heading, list or quote and without control characters."""
    text = re.sub(r"^\s*(?:#{1,6}\s+|[-*+>]\s+|\d+[.)]\s+)*", "", line)
    text = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(text.replace("**", "").replace("`", "").split())
