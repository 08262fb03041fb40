"""Small questions about a text: which words stand in it, how its lines end."""

import re


def speaks_of(text: str, name: str) -> bool:
    """Whether `name` stands in `text` as a word of its own."""
    return name in text and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None


def newline_of(text: str) -> str:
    """The line end that a text uses, for lines that are added to it."""
    return "\r\n" if "\r\n" in text else "\n"
