"""Between bytes and texts: what all stores share."""

import codecs
import re

_SURROGATE = re.compile("[\ud800-\udfff]")


def encode(text: str) -> bytes:
    """The bytes of a text in UTF-8, line ends as they stand. A lone surrogate, which no file holds, is U+FFFD."""
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        return _SURROGATE.sub("\ufffd", text).encode("utf-8")


def decode_head(data: bytes) -> str:
    """The text that `data` begins with, without a last character that was cut. Raises UnicodeDecodeError."""
    return codecs.getincrementaldecoder("utf-8")("strict").decode(data, final=False)


def decode_tail(data: bytes) -> str:
    """The text that `data` ends with, without a first character that was cut. Raises UnicodeDecodeError."""
    start = 0
    while start < min(3, len(data)) and data[start] & 0xC0 == 0x80:
        start += 1
    return data[start:].decode("utf-8")
