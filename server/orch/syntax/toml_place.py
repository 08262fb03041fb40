"""Where in a TOML text the thing stands that a path in its data names."""

from collections.abc import Sequence

from orch.syntax.toml_tree import TomlTree
from orch.text.span import Span


def place_of(tree: TomlTree, path: Sequence[str | int]) -> Span:
    """The key or header of `path`, of what is in it, or of the nearest table around it that stands in the text.

    Where none of them does: the first place that is wrong with the text itself, else its first line.
    """
    for length in range(len(path), 0, -1):
        part = tuple(path[:length])
        entry = tree.entry(part)
        if entry is not None:
            return entry.key_span
        header = next((header for header in tree.headers if header.path[:length] == part), None)
        if header is not None:
            return header.span
        below = next((entry for entry in tree.entries if entry.path[:length] == part), None)
        if below is not None:
            return below.key_span
    if tree.problems and not tree.valid:
        return tree.problems[0].span
    end = tree.text.find("\n")
    return Span(0, len(tree.text) if end < 0 else end)
