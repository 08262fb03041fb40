"""The project's files as an indented list, as deep as there is room for."""

from collections.abc import Iterable
from dataclasses import dataclass, field

_MOST_FILES = 40
"""Files shown in one folder; a folder of ten thousand pictures says as much with fewer."""


@dataclass(slots=True)
class _Folder:
    folders: "dict[str, _Folder]" = field(default_factory=dict)
    files: list[str] = field(default_factory=list)
    count: int = 0


def tree_text(paths: Iterable[str], depth: int, most_chars: int, *, complete: bool) -> str:
    """`paths` (with `/`) as an indented list, folders first, at most `depth` levels and `most_chars` code points.

    Where that is too long, fewer levels are shown; what is left out is counted. Empty for no paths or no room.
    """
    top = _Folder()
    for path in paths:
        folder = top
        *above, name = path.split("/")
        folder.count += 1
        for part in above:
            folder = folder.folders.setdefault(part, _Folder())
            folder.count += 1
        folder.files.append(name)
    if not top.count:
        return ""
    notice = [] if complete else [f"(the first {top.count} files; there are more)"]
    for levels in range(max(depth, 1), 0, -1):
        lines = [*_lines(top, levels, ""), *notice]
        if sum(map(len, lines)) + len(lines) <= most_chars:
            return "\n".join(lines)
    return _fitting(lines, most_chars)


def _lines(folder: _Folder, levels: int, indent: str) -> Iterable[str]:
    for name, below in sorted(folder.folders.items()):
        # a folder with only one folder in it takes one line for both
        while len(below.folders) == 1 and not below.files:
            ((inner, below),) = below.folders.items()
            name = f"{name}/{inner}"
        if levels > 1:
            yield f"{indent}{name}/"
            yield from _lines(below, levels - 1, indent + "  ")
        else:
            yield f"{indent}{name}/ ({_counted(below.count)})"
    shown = sorted(folder.files)
    for name in shown[:_MOST_FILES]:
        yield indent + name
    if len(shown) > _MOST_FILES:
        yield f"{indent}... and {_counted(len(shown) - _MOST_FILES)} more"


def _counted(number: int) -> str:
    return "1 file" if number == 1 else f"{number} files"


def _fitting(lines: list[str], most_chars: int) -> str:
    kept: list[str] = []
    room = most_chars - len("... and 000000 more lines\n")
    if room < 0:
        return ""
    for line in lines:
        room -= len(line) + 1
        if room < 0:
            break
        kept.append(line)
    return "\n".join([*kept, f"... and {len(lines) - len(kept)} more lines"])
