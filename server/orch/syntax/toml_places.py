"""Where in a TOML document something stands: the part of a key, the innermost value, what belongs to a table."""

from orch.syntax.toml_tables import Path
from orch.syntax.toml_views import TomlEntry, TomlHeader, TomlPlace
from orch.text.span import Span


def own_lines(lines: str, *, followed: bool) -> int:
    """How many characters of `lines`, the comments and blank lines at the end of a table, are the table's own.

    With `followed`, a comment right above the next header is that header's.
    """
    end = len(lines)
    while followed and end > 0:
        start = lines.rfind("\n", 0, end - 1) + 1
        if not lines[start:end].strip(" \t\r\n"):
            break
        end = start
    last = len(lines[:end].rstrip(" \t\r\n"))
    if not last:
        return 0
    line_end = lines.find("\n", last)
    return len(lines) if line_end < 0 else line_end + 1


def part_at(spans: tuple[Span, ...], offset: int, path: Path) -> int:
    """The index in `path` of the key's part at `offset`; parts that are whole numbers stand in no key."""
    names = [index for index, part in enumerate(path) if isinstance(part, str)][-len(spans) :]
    part = sum(span.start <= offset for span in spans[1:])
    return names[part] if part < len(names) else len(path) - 1


def place_in_entry(inside: tuple[TomlEntry, ...], header: TomlHeader | None, offset: int) -> TomlPlace:
    """The innermost of an entry and those in its inline tables that has `offset` in it."""
    entry = next(entry for entry in reversed(inside) if entry.span.contains(offset))
    if offset <= entry.key_span.end:
        return TomlPlace(entry.path, "key", entry, header, None, part_at(entry.key_spans, offset, entry.path))
    value = entry.value
    path = entry.path
    if not value.span.contains(offset):
        return TomlPlace(path, "blank", entry, header, None, -1)
    while True:
        found = next(((at, item) for at, item in enumerate(value.items) if item.span.contains(offset)), None)
        if found is None:
            return TomlPlace(path, "value", entry, header, value, -1)
        path, value = (*path, found[0]), found[1]
