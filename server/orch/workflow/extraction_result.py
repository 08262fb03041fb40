"""What extraction tells of a planning answer."""

from dataclasses import dataclass
from enum import StrEnum

from orch.model.session import Notes


class State(StrEnum):
    """How sure extraction is of a part."""

    FOUND = "found"
    DOUBTFUL = "doubtful"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Part:
    """One of the three parts. `start` and `end` are code-point offsets in the answer of what `text` was taken from.

    `by` names the pattern that found it ("heading", "xml tag", "json key" ...); `why` is one plain sentence that
    says what is doubtful or missing, empty when the part is found.
    """

    state: State
    text: str = ""
    by: str = ""
    start: int = 0
    end: int = 0
    why: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block or headed section that no part claimed: what "Use this block as ..." offers."""

    title: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Extraction:
    """The three parts of a planning answer, the notes' fields, and the blocks that nothing claimed."""

    analysis: Part
    implementation: Part
    notes: Part
    fields: Notes
    unclaimed: tuple[Block, ...] = ()

    def part(self, name: str) -> Part:
        """The part called `analysis`, `implementation` or `notes`."""
        return {"analysis": self.analysis, "implementation": self.implementation, "notes": self.notes}[name]
