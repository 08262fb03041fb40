"""Text that a model wrote while it was thinking: its drafts of the parts are not the parts."""

import re
from typing import NamedTuple


class Thinking(NamedTuple):
    """The spans of thinking, in order, and whether the last one never ends."""

    spans: list[tuple[int, int]]
    unclosed: bool


_NAMES = "think|thinking|thought|thoughts|reasoning|scratchpad|reflection|internal_monologue|antthinking"
_OPEN = re.compile(
    rf"^[ \t]*(?:<(?P<name>{_NAMES})>"
    r"|<(?P<details>details)[^<>]{0,40}>\s{0,80}<summary>[^<>\n]{0,40}(?:think|thought"
    r"|reasoning)[^<>\n]{0,40}</summary>)",
    re.IGNORECASE | re.MULTILINE,
)
_STRAY_CLOSE = re.compile(r"</think(?:ing)?>[ \t]*$", re.IGNORECASE | re.MULTILINE)
_CHANNEL = re.compile(r"<\|channel\|>final(?:<\|[a-z]+\|>)*")
_EARLY = 300


def find_thinking(text: str) -> Thinking:
    """Where the model thinks aloud: `<think>` and its like, a part closed by a stray `</think>`, other channels."""
    spans: list[tuple[int, int]] = []
    unclosed = False
    if final := _CHANNEL.search(text):
        spans.append((0, final.end()))
    at = spans[-1][1] if spans else 0
    while match := _OPEN.search(text, at):
        close = f"</{match['name'] or 'details'}>"
        end = _find_folded(text, close, match.end())
        if end < 0 and match.start() > _EARLY:
            break  # a prompt that mentions such a tag, not the model's own
        unclosed = end < 0
        at = len(text) if unclosed else end + len(close)
        spans.append((match.start(), at))
    if not spans and (stray := _STRAY_CLOSE.search(text)) and not _OPEN.search(text):
        spans.append((0, stray.end()))
    return Thinking(spans, unclosed)


def _find_folded(text: str, wanted: str, at: int) -> int:
    match = re.compile(re.escape(wanted), re.IGNORECASE).search(text, at)
    return match.start() if match else -1
