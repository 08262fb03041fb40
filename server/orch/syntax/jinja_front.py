"""Where a template's front matter is: TOML between two lines `+++`, the first of them line 1."""

from typing import NamedTuple

from orch.text.span import Span

FENCE = "+++"


class Front(NamedTuple):
    """The front matter: `opening` is the first fence, `body` the TOML, `end` where the template itself begins."""

    opening: Span
    body: Span
    end: int
    closed: bool


def find_front(text: str) -> Front | None:
    """The front matter: opened by `+++` on line 1, closed by the next line that is exactly `+++`."""
    if not text.startswith(FENCE):
        return None
    first = text.find("\n")
    line = text if first < 0 else text[:first]
    if line.rstrip("\r") != FENCE:
        return None
    opening = Span(0, len(FENCE))
    start = position = len(text) if first < 0 else first + 1
    while 0 < position < len(text):
        end = text.find("\n", position)
        end = len(text) if end < 0 else end
        if text[position:end].rstrip("\r") == FENCE:
            return Front(opening, Span(start, position), min(end + 1, len(text)), closed=True)
        position = end + 1
    return Front(opening, Span(start, len(text)), 0, closed=False)
