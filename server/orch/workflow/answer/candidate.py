"""A place in an answer that may be one of its parts."""

from bisect import bisect_right
from dataclasses import dataclass, replace

TITLES = {"analysis": "ANALYSIS template", "implementation": "IMPLEMENTATION template", "notes": "EXECUTION NOTES"}
"""What the parts are called in messages."""

_LINE_KINDS = frozenset(
    (
        "heading",
        "bold line",
        "banner",
        "label",
        "list item",
        "numbered line",
        "comment",
        "bracket",
        "html",
        "sentence",
    )
)


@dataclass(frozen=True)
class Candidate:
    """One place that may be a part. `first` and `last` are the lines it takes, what delimits it included.

    `why` is what is doubtful about it, `open_end` that the answer ends before it does, `held` that a fence or
    something else around it says where it ends.
    """

    part: str
    strength: int
    by: str
    text: str
    start: int
    end: int
    first: int
    last: int
    why: str = ""
    corrected: bool = False
    open_end: bool = False
    held: bool = True

    @property
    def by_line(self) -> bool:
        """Whether a line names it, so that nothing but what follows says where it ends."""
        return self.by in _LINE_KINDS

    def doubted(self, why: str) -> "Candidate":
        """The same with a doubt; the first one counts."""
        return replace(self, why=self.why or why)


class Spans:
    """Stretches of a text, by offsets, in order and without overlap."""

    def __init__(self, spans: list[tuple[int, int]]) -> None:
        self.spans = spans
        self._starts = [start for start, _ in spans]

    def covers(self, offset: int) -> bool:
        """Whether one of the stretches holds `offset`."""
        at = bisect_right(self._starts, offset) - 1
        return at >= 0 and offset < self.spans[at][1]

    @property
    def last_end(self) -> int:
        """Where the last stretch ends; 0 without any."""
        return self.spans[-1][1] if self.spans else 0
