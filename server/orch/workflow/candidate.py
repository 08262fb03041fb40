"""A place in an answer that may be one of its parts."""

from bisect import bisect_right
from dataclasses import dataclass


@dataclass(frozen=True)
class Candidate:
    """One place that may be a part. `first` and `last` are the lines it takes, what delimits it included."""

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
    held: bool = True  # what delimits it says where it ends


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
