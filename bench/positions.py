"""Places in an ASCII text, as the protocol counts them: there every position encoding gives the same numbers."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Position:
    """A line and a character in it, both from 0."""

    line: int
    character: int

    def moved(self, characters: int) -> "Position":
        """The position that many characters to the right."""
        return Position(self.line, self.character + characters)

    def as_lsp(self) -> dict[str, int]:
        """As the protocol writes it."""
        return {"line": self.line, "character": self.character}


@dataclass(frozen=True, slots=True)
class Change:
    """One edit within a line: at `start`, `removed` characters give way to `text`."""

    start: Position
    removed: int
    text: str

    def as_lsp(self) -> dict[str, Any]:
        """As the protocol writes an incremental change."""
        end = self.start.moved(self.removed)
        return {"range": {"start": self.start.as_lsp(), "end": end.as_lsp()}, "text": self.text}


class Text:
    """A text that is edited line by line, for the servers that want the whole of it with every change."""

    def __init__(self, text: str) -> None:
        self._lines = text.split("\n")

    def apply(self, change: Change) -> None:
        """Edit the line that the change is in."""
        line, start = self._lines[change.start.line], change.start.character
        self._lines[change.start.line] = line[:start] + change.text + line[start + change.removed :]

    def whole(self) -> str:
        """The text as it stands."""
        return "\n".join(self._lines)


def position_of(text: str, wanted: str, *, after: str = "", end: bool = False) -> Position:
    """Where `wanted` first stands in `text`, at or behind the first `after`; with `end`, the end of its first word.

    Raises ValueError where it does not stand there: then the generated text is not what the case means.
    """
    offset = text.index(wanted, text.index(after))
    if end:
        offset += len(wanted.split(" ", 1)[0])
    line_start = text.rfind("\n", 0, offset) + 1
    return Position(text.count("\n", 0, offset), offset - line_start)
