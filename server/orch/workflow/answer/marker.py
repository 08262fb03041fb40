"""A line of an answer that names a part."""

from typing import NamedTuple


class Marker(NamedTuple):
    """A line (or a boxed group of lines) that names a part. `body` is the first line that may belong to the part.

    `styles` holds kind and level of the line, and of the lines directly before and after that name the same part.
    """

    part: str
    strength: int
    first: int
    body: int
    kind: str
    styles: frozenset[tuple[str, int]]
    numbered: bool = False
    corrected: bool = False
    ends: bool = False
    extra: bool = False
    likely: bool = True  # False for notes without any of their labels
