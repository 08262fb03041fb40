"""JSON as models write it, with the place of every value: line ends inside strings, trailing commas, comments,
quotes that were not escaped, an end that never comes. Strings are decoded as JSON says."""

import re
from dataclasses import dataclass, field


@dataclass
class JsonNode:
    """A value: `kind` is object, array, string or other. `start` and `end` are offsets in the text.

    A string's span is that of its content, without the quotes. `members` are an object's keys and values,
    `items` an array's values. `complete` is False when the text ends before the value does.
    """

    kind: str
    start: int
    end: int
    text: str = ""
    members: list[tuple[str, "JsonNode"]] = field(default_factory=list)
    items: list["JsonNode"] = field(default_factory=list)
    complete: bool = True
    repaired: bool = False


def parse_json(text: str, start: int) -> tuple[JsonNode, int] | None:
    """The object or array that begins at `start`, and the offset behind it; None when there is none."""
    try:
        return _value(text, start, 0)
    except _NotJsonError:
        return None


class _NotJsonError(Exception):
    pass


_DEEPEST = 40
_SPACE = re.compile(r"(?:\s+|//[^\n]*|/\*.*?\*/)*", re.DOTALL)
_PLAIN = re.compile(r"[^\\\"]*")
_BEHIND_STRING = re.compile(r"\s*(?:$|[:}\]]|,\s*(?:$|[\"{}\[\]\d-]|true|false|null|//))")
_WORD = re.compile(r"-?[\w.+-]+")
_ESCAPES = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


def _skip(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at


def _value(text: str, at: int, depth: int) -> tuple[JsonNode, int]:
    if depth > _DEEPEST:
        raise _NotJsonError
    at = _skip(text, at)
    if at >= len(text):
        return JsonNode("other", at, at, complete=False), at
    if text[at] == "{":
        return _object(text, at, depth)
    if text[at] == "[":
        return _array(text, at, depth)
    if text[at] == '"':
        return _string(text, at)
    match = _WORD.match(text, at)
    if match is None:
        raise _NotJsonError
    return JsonNode("other", at, match.end(), match[0]), match.end()


def _object(text: str, start: int, depth: int) -> tuple[JsonNode, int]:
    node = JsonNode("object", start, start)
    at = _skip(text, start + 1)
    while at < len(text) and text[at] != "}":
        if text[at] != '"':
            raise _NotJsonError
        key, at = _string(text, at)
        at = _skip(text, at)
        if at >= len(text):
            break
        if text[at] != ":":
            raise _NotJsonError
        value, at = _value(text, at + 1, depth + 1)
        node.members.append((key.text, value))
        at = _behind_value(text, at, "}")
        node.complete = node.complete and value.complete
        node.repaired = node.repaired or value.repaired or key.repaired
    return _closed(node, text, at)


def _array(text: str, start: int, depth: int) -> tuple[JsonNode, int]:
    node = JsonNode("array", start, start)
    at = _skip(text, start + 1)
    while at < len(text) and text[at] != "]":
        value, at = _value(text, at, depth + 1)
        node.items.append(value)
        at = _behind_value(text, at, "]")
        node.complete = node.complete and value.complete
        node.repaired = node.repaired or value.repaired
    return _closed(node, text, at)


def _behind_value(text: str, at: int, close: str) -> int:
    at = _skip(text, at)
    if at < len(text) and text[at] == ",":
        return _skip(text, at + 1)
    if at < len(text) and text[at] not in close + '"':
        raise _NotJsonError
    return at


def _closed(node: JsonNode, text: str, at: int) -> tuple[JsonNode, int]:
    if at >= len(text):
        node.complete, node.end = False, len(text)
        return node, len(text)
    node.end = at + 1
    return node, at + 1


def _string(text: str, start: int) -> tuple[JsonNode, int]:
    """A quote ends the string where something that JSON allows follows it; any other quote belongs to the text."""
    pieces: list[str] = []
    at = start + 1
    repaired = False
    while True:
        match = _PLAIN.match(text, at)
        stop = match.end() if match else at
        pieces.append(text[at:stop])
        if stop >= len(text):
            return JsonNode("string", start + 1, stop, "".join(pieces), complete=False, repaired=repaired), stop
        if text[stop] == '"':
            if _BEHIND_STRING.match(text, stop + 1):
                node = JsonNode("string", start + 1, stop, "".join(pieces), repaired=repaired)
                return node, stop + 1
            pieces.append('"')
            repaired = True
            at = stop + 1
        else:
            piece, at = _escape(text, stop)
            pieces.append(piece)


def _escape(text: str, at: int) -> tuple[str, int]:
    following = text[at + 1 : at + 2]
    if following == "u":
        code = text[at + 2 : at + 6]
        if len(code) == 4 and all(char in "0123456789abcdefABCDEF" for char in code):
            number = int(code, 16)
            low = re.match(r"\\u([dD][c-fC-F][0-9a-fA-F]{2})", text[at + 6 : at + 12])
            if 0xD800 <= number < 0xDC00 and low:
                return chr(0x10000 + ((number - 0xD800) << 10) + int(low[1], 16) - 0xDC00), at + 12
            return chr(number), at + 6
    if following in _ESCAPES:
        return _ESCAPES[following], at + 2
    # no escape that JSON knows (`\d` of a regular expression): the backslash was meant as it stands
    return "\\", at + 1
