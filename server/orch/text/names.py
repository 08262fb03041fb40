"""Names in texts."""

import re


def speaks_of(text: str, name: str) -> bool:
    """Whether `name` stands in `text` as a word of its own."""
    return name in text and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None
