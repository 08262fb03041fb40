"""A TOML text while it is being edited: each change is made at once, all are known as edits of the original."""

from typing import NamedTuple

from orch.syntax.toml_tree import Path, TomlTree, parse_toml
from orch.text.span import Span, TextEdit


class _Hunk(NamedTuple):
    """`old` in the original has become `new` in the text as it is now."""

    old: Span
    new: Span

    @property
    def longer(self) -> int:
        return (self.new.end - self.new.start) - (self.old.end - self.old.start)


class Draft:
    """The text as it stands after the changes so far, with its tree.

    `newline` is the line end of the original, which added lines have as well. `order` and `long_keys` are what
    `edit_toml` was given.
    """

    def __init__(self, text: str, order: tuple[str, ...], long_keys: frozenset[tuple[str, ...]]) -> None:
        self.original = text
        self.tree: TomlTree = parse_toml(text)
        self.order = order
        self.long_keys = long_keys
        self.newline = "\r\n" if 2 * text.count("\r\n") > text.count("\n") else "\n"
        self._hunks: list[_Hunk] = []

    @property
    def text(self) -> str:
        """The text as it is now."""
        return self.tree.text

    def is_long(self, path: Path) -> bool:
        """Whether the text at `path` is to be written as a long one, whatever its size."""
        return tuple(part for part in path if isinstance(part, str)) in self.long_keys

    def replace(self, start: int, end: int, new: str) -> None:
        """Puts `new` in the place of `start:end` and reads the text again."""
        text = self.text
        if text[start:end] == new:
            return
        self.tree = parse_toml(f"{text[:start]}{new}{text[end:]}", self.tree)
        longer = len(new) - (end - start)
        before = [hunk for hunk in self._hunks if hunk.new.end < start]
        touched = [hunk for hunk in self._hunks if hunk.new.end >= start and hunk.new.start <= end]
        after = [hunk for hunk in self._hunks if hunk.new.start > end]
        if touched:
            start, end = min(start, touched[0].new.start), max(end, touched[-1].new.end)
        shift = sum(hunk.longer for hunk in before)
        old = Span(start - shift, end - shift - sum(hunk.longer for hunk in touched))
        moved = [_Hunk(hunk.old, hunk.new.shifted(longer)) for hunk in after]
        self._hunks = [*before, _Hunk(old, Span(start, end + longer)), *moved]

    def edits(self) -> tuple[TextEdit, ...]:
        """All changes as edits of the original, in order, none touching another."""
        edits = (TextEdit(hunk.old, hunk.new.slice(self.text)) for hunk in self._hunks)
        return tuple(edit for edit in edits if edit.span.slice(self.original) != edit.text)

    def indent(self, index: int) -> str:
        """The white space before statement `index` on its line."""
        lines = self.tree.lines_of(index)
        return self.text[lines.start : self.tree.core_of(index).start]

    def blank_before(self, pos: int) -> bool:
        """Whether the line that ends at `pos` is blank, or none is there."""
        start = self.text.rfind("\n", 0, max(pos - 1, 0)) + 1
        return pos == 0 or (self.text[pos - 1] == "\n" and not self.text[start:pos].strip(" \t\r\n"))

    def blank_after(self, pos: int) -> bool:
        """Whether the line that begins at `pos` is blank, or none is there."""
        end = self.text.find("\n", pos)
        return not self.text[pos : end if end >= 0 else len(self.text)].strip(" \t\r")

    def comment_above(self, index: int) -> int:
        """Where the comment right above statement `index` begins; where the statement does, if there is none."""
        start = self.tree.lines_of(index).start
        while start > 0:
            above = self.text.rfind("\n", 0, start - 1) + 1
            if not self.text[above:start].lstrip(" \t").startswith("#"):
                break
            if self.tree.document.statements[self.tree.statement_at(above)].kind != "trivia":
                break
            start = above
        return start
