"""A text that was pasted into a session as it is, or that broke its own quotes, made a valid string again."""

import re
from dataclasses import dataclass

from orch.model.schema import SESSION_TABLES, table_at
from orch.rules.session_paths import names_of, spot
from orch.syntax.toml_format import format_string
from orch.syntax.toml_tree import TomlEntry, TomlTree, parse_toml
from orch.text.span import Span, TextEdit

MOST_ENDS = 40
"""Places tried as the pasted text's end."""

_EQUALS = re.compile(r"[ \t]*=(?:[ \t]*(?=[\"'])| ?)")
"""Up to where the text begins: one space is the key's, further ones are the text's own unless quotes follow."""


@dataclass(frozen=True, slots=True)
class Mended:
    """The edit, the key whose text it is, and the text, every character of which is inside the new string."""

    edit: TextEdit
    path: tuple[str | int, ...]
    text: str


def mend_pasted_text(tree: TomlTree) -> Mended | None:
    """How to make the first text of `tree` that is broken a valid string; None where that is not the trouble.

    The text begins behind the `=` of the last long text before the first problem. It ends before
    the first line that can be Orch's own again: a header or key of the schema that leaves the fewest problems.
    """
    if tree.valid:
        return None
    owner = _owner(tree)
    match = _EQUALS.match(tree.text, owner.key_span.end) if owner is not None else None
    if owner is None or match is None:
        return None
    start = match.end()
    best: tuple[int, Mended] | None = None
    for end in _ends(tree, owner, start):
        mended = _mended(tree, owner, start, end)
        after = parse_toml(f"{tree.text[:start]}{mended.edit.text}{tree.text[mended.edit.span.end :]}")
        value = after.find(owner.path)
        if value is None or value.value != mended.text:
            continue
        left = len(after.problems)
        if best is None or left < best[0]:
            best = (left, mended)
        if not left:
            break
    return best[1] if best is not None and best[0] < len(tree.problems) else None


def _owner(tree: TomlTree) -> TomlEntry | None:
    """The last long text that begins before the first problem: up to there the tree is certain."""
    first = min(problem.span.start for problem in tree.problems)
    before = [entry for entry in tree.entries if not entry.inline and entry.key_span.start <= first]
    if not before:
        return None
    key = spot(before[-1].path).key
    return before[-1] if key is not None and key.long and names_of(before[-1].path)[-1] == key.name else None


def _ends(tree: TomlTree, owner: TomlEntry, start: int) -> list[int]:
    """Where the pasted text may end: before lines that look like the schema's own, and at the file's end."""
    headers = "|".join(re.escape(".".join(table.path)) for table in SESSION_TABLES if table.path)
    table = table_at(names_of(owner.path[:-1]))
    keys = "|".join(re.escape(key.name) for key in table.keys) if table is not None else "$^"
    line = re.compile(rf"^(?:\[{{1,2}}(?:{headers})\]{{1,2}}[ \t]*(?:#.*)?\r?$|(?:{keys})[ \t]*=)", re.MULTILINE)
    ends = [match.start() for match in line.finditer(tree.text, start)]
    return [*ends[:MOST_ENDS], len(tree.text)]


def _mended(tree: TomlTree, owner: TomlEntry, start: int, end: int) -> Mended:
    raw = tree.text[start:end]
    body, comment = _unquoted(raw)
    newline = "\r\n" if "\r\n" in tree.text else "\n"
    text = body.replace("\r\n", "\n")
    written = format_string(text, long=True, newline=newline)
    last = newline if end < len(tree.text) or comment or raw.endswith("\n") else ""
    return Mended(TextEdit(Span(start, end), f"{written}{comment}{last}"), owner.path, text)


_CLOSING = {
    quote: re.compile(rf"{quote}(?P<comment>[ \t]*(?:#[^\r\n]*)?)\s*\Z") for quote in ("'''", '"""', "'", '"')
}


def _unquoted(raw: str) -> tuple[str, str]:
    """What stands between the quotes that a person opened and closed around the text, and the comment behind them.

    Quotes that may be the text's own stay: one quote counts as opened only when its line does not close it.
    """
    quote = next((quote for quote in _CLOSING if raw.startswith(quote)), None)
    if quote is None:
        return raw, ""
    inside = raw[len(quote) :]
    if len(quote) == 1 and inside.partition("\n")[0].count(quote) % 2:
        return raw, ""
    if len(quote) == 3:
        inside = re.sub(r"\A\r?\n", "", inside)
    closing = _CLOSING[quote].search(inside)
    if closing is None:
        return inside if len(quote) == 3 else raw, ""
    return inside[: closing.start()], closing["comment"].rstrip()
