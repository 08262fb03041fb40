"""The one change that a text undergoes when it comes in."""

import re


def clean_text(text: str) -> str:
    """`text` as a file can hold it: CRLF becomes LF, and a lone surrogate U+FFFD, as UTF-8 has no form for it."""
    return re.sub("[\ud800-\udfff]", "\ufffd", text.replace("\r\n", "\n"))
