"""What a command hands back: what is to change and what is to be said. The faces (`lsp`, `cli`) carry it out."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orch.text.span import Span, TextEdit


@dataclass(frozen=True, slots=True)
class FileEdit:
    """A change to a file that a person may have open. `before` is the text that `edits` are given in.

    `before` None means the file is new and `after` is its text.
    """

    path: Path
    before: str | None
    after: str
    edits: tuple[TextEdit, ...] = ()


@dataclass(frozen=True, slots=True)
class FileWrite:
    """A file that only the program writes. `replaces` is what it holds now, None where there is none."""

    path: Path
    text: str
    replaces: str | None = None


@dataclass(frozen=True, slots=True)
class FileRemoval:
    """A file that is needed no more. It goes only while it holds `text`."""

    path: Path
    text: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """A step that can be taken.

    `result` is the JSON answer of the contract. `writes` are made first, then `edits`, so that nothing a step
    replaces is ever only in memory. `show` is where the reader's cursor belongs, as an offset in the new text.
    `removals` come last, and only once the edits stand on the disk: what they remove stands in the edited files.
    `notices` are sentences for the person; `complete` False makes the command line exit with 1 (`process` that
    leaves a body missing).
    """

    result: Mapping[str, Any]
    edits: tuple[FileEdit, ...] = ()
    writes: tuple[FileWrite, ...] = ()
    notices: tuple[str, ...] = ()
    show: tuple[Path, Span] | None = None
    complete: bool = True
    removals: tuple[FileRemoval, ...] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """A step that cannot be taken: one plain sentence, and what must be written so that no text is lost.

    `candidates` are the sessions that could have been meant, as `{id, title, status}`; `session` is the short id of
    the one that was meant, where that is known. `missing` are the open places that stand in the way, and `kept` is
    the file in which the text that came or was written is kept. `terminal` is the sentence with the command
    line's words, where it has any: an option or a command has no place in an editor's message.
    """

    sentence: str
    writes: tuple[FileWrite, ...] = ()
    candidates: tuple[Mapping[str, Any], ...] = ()
    session: str | None = None
    missing: tuple[str, ...] = ()
    kept: Path | None = None
    terminal: str = ""

    @property
    def in_terminal(self) -> str:
        """The sentence for who can type a command line."""
        return self.terminal or self.sentence


def wanting(sentence: str, option: str) -> Refusal:
    """The refusal `sentence` (without its full stop), which ends in a terminal with the `option` that is wanted."""
    return Refusal(f"{sentence}.", terminal=f"{sentence} ({option}).")
