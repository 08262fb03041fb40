"""A whole TOML document as statements: scanning it, and scanning only what an edit changed."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from orch.syntax.toml_raw import RawProblem, Statement
from orch.syntax.toml_scan import UNKNOWN_REACH, line_end, mended, scan_statement
from orch.syntax.toml_strings import find_close

MOST_PROBLEMS = 500
"""Problems after which the rest of a document is not read: it is hardly TOML."""

_CONFLICT = re.compile(r"(?:<{7}|={7}|>{7}|\|{7})(?:[ \t][^\r\n]*+)?(?=\r|\n|\Z)")
_CONFLICT_END = re.compile(r"^>{7}(?:[ \t][^\r\n]*+)?(?=\r|\n|\Z)", re.MULTILINE)
_CONFLICT_MIDDLE = re.compile(r"^(?:\|{7}|={7})(?:[ \t][^\r\n]*+)?(?=\r|\n|\Z)", re.MULTILINE)
_MARKER = re.compile(r"^(?:={7}|>{7}|\|{7})(?:[ \t][^\r\n]*+)?(?=\r|\n|\Z)", re.MULTILINE)


class Document(NamedTuple):
    """The statements of a text, which cover it from the first character to the last, and where each now begins.

    `far` are the indexes of those whose reading hangs on what stands behind them. `whole` says that every other
    statement was read by itself, so that it may be kept after an edit.
    """

    statements: list[Statement]
    starts: list[int]
    far: tuple[int, ...]
    problems: int
    whole: bool


def scan_document(text: str) -> Document:
    """All statements of `text`."""
    statements: list[Statement] = []
    state = _Scanner(text, statements)
    pos = 1 if text.startswith("\ufeff") else 0
    if pos:
        statements.append(_byte_order_mark())
    state.run(pos)
    return _document(statements, [statement.start for statement in statements], state.whole)


def _document(statements: list[Statement], starts: list[int], whole: bool) -> Document:
    far = tuple(index for index, statement in enumerate(statements) if statement.reach > statement.end)
    return Document(statements, starts, far, sum(len(statement.problems) for statement in statements), whole)


def rescan(
    old: Document, text: str, start: int, old_end: int, new_end: int
) -> tuple[Document, int, int, int] | None:
    """The statements of `text`, which differs from the old one only in `start:new_end`, `start:old_end` before.

    Gives the document, the index of the first statement read anew, and the index behind the last one in the old
    document and in the new. None when all must be scanned.
    """
    if not old.whole or not old.statements:
        return None
    first = _first_touched(old, text, start)
    if first == 0 and (start == 0 or text.startswith("\ufeff")):
        return None  # a byte order mark may have come or gone
    shift = new_end - old_end
    statements: list[Statement] = []
    state = _Scanner(text, statements, old.statements[first - 1 : first])
    state.goals = (old, bisect_left(old.starts, old_end), shift, new_end)
    state.run(old.starts[first])
    after = state.met if state.met >= 0 else len(old.statements)
    gone = old.statements[first:after]
    problems = old.problems + state.problems - sum(len(statement.problems) for statement in gone)
    if not state.whole or problems > MOST_PROBLEMS:
        return None
    behind = first + len(statements)
    far = (
        *(index for index in old.far if index < first),
        *(index for index, statement in enumerate(statements, first) if statement.reach > statement.end),
        *(index - after + behind for index in old.far if index >= after),
    )
    starts = [
        *old.starts[:first],
        *(statement.start for statement in statements),
        *(map(shift.__add__, old.starts[after:]) if shift else old.starts[after:]),
    ]
    kept = (old.statements[:first], old.statements[after:])
    return Document([*kept[0], *statements, *kept[1]], starts, far, problems, True), first, after, behind


def _first_touched(old: Document, text: str, start: int) -> int:
    """The first statement that an edit at `start` may change."""
    first = max(bisect_right(old.starts, start) - 1, 0)
    if first and old.starts[first] == start and text[start - 1] != "\n":
        first -= 1  # it ended only because a line end stood here that is none
    for index in old.far:
        if index < first and old.starts[index] + old.statements[index].reach - old.statements[index].start > start:
            return index
    while first and old.statements[first - 1].kind == "trivia":
        first -= 1
    return first


class _Scanner:
    """Scans statements one after the other until the end, or until it meets statements that are known."""

    def __init__(self, text: str, statements: list[Statement], before: Sequence[Statement] = ()) -> None:
        self.text = text
        self.statements = statements
        self.before = before
        self.whole = True
        self.met = -1
        self.goals: tuple[Document, int, int, int] | None = None
        self.problems = 0
        # whether a merge conflict may still be closed further on
        self.may_close = True

    def run(self, pos: int) -> None:
        size = len(self.text)
        while pos < size and not self._meets(pos) and (self.whole or self.goals is None):
            if self.problems > MOST_PROBLEMS:
                self.statements.append(_unread(self.text, pos))
                self.whole = False
                return
            pos = self._next(pos)

    def _next(self, pos: int) -> int:
        marker = _conflict_marker(self.text, pos)
        if marker:
            self.whole = False
            return self._conflict(pos, marker)
        statement = scan_statement(self.text, pos)
        if statement.kind == "broken":
            mended_at = self._mend()
            if mended_at >= 0:
                return mended_at
        self.statements.append(statement)
        self.problems += len(statement.problems)
        return statement.end

    def _mend(self) -> int:
        """Reads the text before a broken line in another way; gives where to go on, or -1 when there is none."""
        for index in range(len(self.statements) - 1, -1, -1):
            statement = self.statements[index]
            if statement.kind == "trivia":
                continue
            again = mended(self.text, statement) if statement.kind == "entry" else None
            if again is None:
                if statement.value is not None and len(statement.value.quote) == 3:
                    statement.reach = UNKNOWN_REACH  # this reading hangs on what follows, too
                return -1
            self.problems += len(again.problems)
            self.statements[index:] = [again]
            return again.end
        if self.before and self.before[0].value is not None and len(self.before[0].value.quote) == 3:
            self.whole = False  # the text before may be the one to mend
        return -1

    def _meets(self, pos: int) -> bool:
        """Whether the rest of the text is known from here."""
        if self.goals is None:
            return False
        old, low, shift, new_end = self.goals
        if pos < new_end:
            return False
        index = bisect_left(old.starts, pos - shift, low)
        if index >= len(old.starts) or old.starts[index] != pos - shift:
            return False
        follows = old.statements[index]
        if follows.problems or follows.kind == "trivia":
            return False
        self.met = index
        return True

    def _conflict(self, pos: int, marker: str) -> int:
        """A merge conflict: the first side is read, the marker lines and the other sides are not."""
        text = self.text
        end = _CONFLICT_END.search(text, pos) if marker == "<" and self.may_close else None
        self.may_close = self.may_close and (end is not None or marker != "<")
        middle = _CONFLICT_MIDDLE.search(text, pos, end.start()) if end else None
        self._marker(pos, line_end(text, pos), marker)
        start = self.statements[-1].end
        if end is None or middle is None:
            return start
        side = _Scanner(text[: middle.start()], self.statements)
        side.run(start)
        pos = middle.start()
        rest = Statement("conflict", pos)
        _close_line(text, end.end(), rest)
        rest.core = (pos, end.end())
        rest.problems = [
            RawProblem(match.start(), match.end(), _CONFLICT_REST, "conflict")
            for match in _MARKER.finditer(text, pos, rest.end)
        ]
        quote = _left_open(self.statements[-1], pos)
        close = find_close(text, rest.end, quote) if quote else -1
        if close >= 0:
            # the text that both sides open ends behind the conflict
            _close_line(text, line_end(text, close + 3), rest)
        self.statements.append(rest)
        self.problems += len(rest.problems) + side.problems
        return rest.end

    def _marker(self, pos: int, end: int, marker: str) -> None:
        statement = Statement("conflict", pos)
        _close_line(self.text, end, statement)
        statement.core = (pos, end)
        message = _CONFLICT_START if marker == "<" else _CONFLICT_REST
        statement.problems = [RawProblem(pos, end, message, "conflict")]
        self.statements.append(statement)
        self.problems += 1


def _left_open(statement: Statement, end: int) -> str:
    """The quotes of a multi-line text in `statement` that is open at `end`, which then is no problem; else ""."""
    value = statement.value
    if value is None or value.kind != "invalid" or len(value.quote) != 3 or value.end < end:
        return ""
    statement.problems = [problem for problem in statement.problems if problem.kind != "unterminated"]
    return value.quote


_CONFLICT_START = "A merge left two versions here: keep the lines of one and delete the lines with markers."
_CONFLICT_REST = "This line was left by a merge: delete it once only one version stands here."


def _conflict_marker(text: str, pos: int) -> str:
    """The character, one of `<|=>`, of the merge conflict marker that the line at `pos` is; "" for none."""
    if text[pos : pos + 1] not in ("<", "=", ">", "|"):
        return ""
    match = _CONFLICT.match(text, pos)
    return text[pos] if match else ""


def _close_line(text: str, end: int, statement: Statement) -> None:
    if text.startswith("\r\n", end):
        end += 2
    elif text.startswith(("\n", "\r"), end):
        end += 1
    statement.end = end
    statement.reach = UNKNOWN_REACH


def _byte_order_mark() -> Statement:
    statement = Statement("broken", 0)
    statement.end = statement.reach = 1
    statement.core = (0, 1)
    statement.problems = [
        RawProblem(
            0, 1, "The file begins with a byte order mark, which TOML does not allow: save it as plain UTF-8."
        )
    ]
    return statement


def _unread(text: str, pos: int) -> Statement:
    statement = Statement("broken", pos)
    statement.end = len(text)
    statement.reach = UNKNOWN_REACH
    statement.core = (pos, line_end(text, pos))
    statement.problems = [
        RawProblem(*statement.core, "From here on nothing was read: mend the problems above first.")
    ]
    return statement
