"""Text that a model wrote while it was thinking: its drafts of the parts are not the parts."""

import re
from typing import NamedTuple

from orch.workflow.answer.candidate import Spans
from orch.workflow.answer.markdown import Document
from orch.workflow.answer.markers import find_markers
from orch.workflow.answer.part_names import STRONG
from orch.workflow.answer.tags import tag_lines


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


def find_thinking(document: Document) -> Thinking:
    """Where the model thinks aloud: `<think>` and its like, what a stray `</think>` ends, other channels.

    Such a tag inside a part is the prompt's own.
    """
    raw = _spans(document.text)
    if not raw.spans:
        return raw
    names = _Names(document)
    kept = []
    for start, end in raw.spans:
        unclosed = raw.unclosed and end == len(document.text)
        stray = start == 0 and not _OPEN.match(document.text) and not _CHANNEL.search(document.text)
        if unclosed and names.before(start):
            continue
        if names.in_tag(end if stray else start) or (stray and not names.after(end)):
            continue
        kept.append((start, end))
    return Thinking(kept, raw.unclosed and raw.spans[-1] in kept)


class _Names:
    """Where full names of parts stand in an answer."""

    def __init__(self, document: Document) -> None:
        self._tags = [(document.starts[line], opens) for line, opens in tag_lines(document)]
        lines = [marker.first for marker in find_markers(document, Spans([])) if marker.strength == STRONG]
        self._offsets = sorted(
            [document.starts[line] for line in lines] + [at for at, opens in self._tags if opens]
        )

    def before(self, offset: int) -> bool:
        return any(at < offset for at in self._offsets)

    def after(self, offset: int) -> bool:
        return any(at >= offset for at in self._offsets)

    def in_tag(self, offset: int) -> bool:
        """Whether the last tag of a part before `offset` is an opening one."""
        last = [opens for at, opens in self._tags if at < offset]
        return bool(last) and last[-1]


def _spans(text: str) -> Thinking:
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
