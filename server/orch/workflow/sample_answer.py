"""The answer that an obedient model would give to a planning prompt: does Orch find in it what it needs?"""

import re
from collections.abc import Iterator

from orch.workflow.answer.part_names import PARTS, STRONG, part_named
from orch.workflow.extraction import extract
from orch.workflow.extraction_result import State
from orch.workflow.samples import SAMPLE_ANALYSIS, SAMPLE_IMPLEMENTATION, SAMPLE_NOTES

PART_WORDS = {
    "analysis": "the ANALYSIS template",
    "implementation": "the IMPLEMENTATION template",
    "notes": "the EXECUTION NOTES",
}
_TEXTS = {"analysis": SAMPLE_ANALYSIS, "implementation": SAMPLE_IMPLEMENTATION, "notes": SAMPLE_NOTES}
_TAG = re.compile(r"<([\w-]{3,60})>")
_SESSION_LINE = re.compile(r"^Orch-Session: [0-9a-f]{8}$", re.MULTILINE)
_MARKED = re.compile(
    r"`([^`\n]{4,60})`|\*\*([^*\n]{4,60})\*\*|\"([^\"\n]{4,60})\"|^#{1,6} +(.{4,80})$", re.MULTILINE
)
_WORD = re.compile(r"[^\W\d_]+")


def sample_answer(prompt: str) -> str:
    """An answer in the form that `prompt` asks for: in the tags that it names, else under the names it gives.

    A part that the prompt asks for in no way that can be told is left out, as a model would leave it out.
    """
    line = _SESSION_LINE.search(prompt)
    pieces = [f"{line.group()}\n"] if line else []
    tags = _tags(prompt)
    titles = _titles(prompt) if len(tags) < len(PARTS) else {}
    for part in PARTS:
        if part in tags:
            pieces.append(f"<{tags[part]}>\n{_TEXTS[part]}</{tags[part]}>\n")
        elif part in titles:
            pieces.append(f"# {titles[part]}\n\n{_TEXTS[part]}")
    return "\n".join(pieces)


def not_extracted(prompt: str) -> list[str]:
    """The parts that Orch does not surely find in the sample answer to `prompt`, in the contract's order."""
    found = extract(sample_answer(prompt))
    return [part for part in PARTS if found.part(part).state is not State.FOUND]


def _tags(prompt: str) -> dict[str, str]:
    """The tag for each part: the first one named like it that the prompt closes as well."""
    found: dict[str, str] = {}
    for tag in _TAG.findall(prompt):
        name = part_named(tag)
        if name is not None and f"</{tag}>" in prompt:
            found.setdefault(name.part, tag)
    return found


def _titles(prompt: str) -> dict[str, str]:
    """What the prompt calls each part, in the words that it has for it."""
    found: dict[str, str] = {}
    for title in (*_marked(prompt), *_words(prompt)):
        name = part_named(title)
        if name is not None and name.strength >= STRONG and not name.extra:
            found.setdefault(name.part, title)
    return found


def _marked(prompt: str) -> Iterator[str]:
    """Headings, and what stands in quotes, in bold or as code: names are written like that."""
    for match in _MARKED.finditer(prompt):
        yield next(group for group in match.groups() if group is not None).strip("# ")


def _words(prompt: str) -> Iterator[str]:
    """Every word, and every two that follow each other: "an ANALYSIS PROMPT" names it as well."""
    for line in prompt.splitlines():
        words = list(_WORD.finditer(line))
        for index, word in enumerate(words):
            yield word.group()
            if index + 1 < len(words):
                yield line[word.start() : words[index + 1].end()]
