"""The names that models give to the three parts, in several languages, and how sure such a name is."""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from orch.workflow.answer import part_words
from orch.workflow.answer.part_names_cjk import is_corrected_in_cjk, name_in_cjk
from orch.workflow.answer.part_strength import BARE as BARE
from orch.workflow.answer.part_strength import FEEBLE as FEEBLE
from orch.workflow.answer.part_strength import STRONG as STRONG

PARTS = ("analysis", "implementation", "notes")


class PartName(NamedTuple):
    """What a title names. `extra` when it says more than the name, `corrected` when it names a later version of it.

    `ends` when it says where the part ends.
    """

    part: str
    strength: int
    extra: bool = False
    corrected: bool = False
    ends: bool = False


def part_named(title: str) -> PartName | None:
    """The part that `title` is the name of, or None when it names no part, or more than one.

    Numbering, letter case, underscores, camel case, emoji, and words such as "part 1", "phase 2", "for the LLM"
    do not matter. A title that merely contains a name ("Implementation plan", "Analysis results") is none.
    """
    return _part_named(title) if len(title) <= _LONGEST_TITLE else None


def names_a_template(title: str) -> bool:
    """Whether `title` is the name of a template or prompt: "3. TESTING TEMPLATE"."""
    words = _without_counts([word for piece in _pieces(title[:_LONGEST_TITLE]) for word in piece.split()])
    return 2 <= len(words) <= 5 and words[-1] in part_words.TEMPLATE


def stem_offsets(text: str) -> list[int]:
    """Where in `text` something stands that may belong to a part's name, in order: a cheap test of a long text."""
    lowered = text.lower()
    if len(lowered) != len(text):
        # letters whose lower case is longer; this costs more and is rare
        lowered = "".join(char.lower() if len(char.lower()) == 1 else char for char in text)
    stems = part_words.ASCII_STEMS if text.isascii() else part_words.ASCII_STEMS + part_words.OTHER_STEMS
    found = []
    for stem in stems:
        at = lowered.find(stem)
        while at >= 0:
            found.append(at)
            at = lowered.find(stem, at + 1)
    found.sort()
    return found


_LONGEST_TITLE = 140
_SINGLE = {"analysis": part_words.ANALYSIS, "implementation": part_words.IMPLEMENTATION}
_COMPOUND = {
    "analysis": part_words.ANALYSIS_COMPOUND,
    "implementation": part_words.IMPLEMENTATION_COMPOUND,
    "notes": part_words.NOTES_COMPOUND,
}
_NUMBERED = part_words.SECTION | part_words.TEMPLATE | part_words.MARKS
_PLACING = part_words.BEGIN | part_words.END | part_words.CORRECTED
_IGNORED = part_words.FILLER | _PLACING
_FRAME = part_words.TEMPLATE | part_words.SECTION | _PLACING
_AROUND = part_words.TEMPLATE | part_words.SECTION | part_words.OBJECT

_LINK = re.compile(r"\[([^\[\]]*)\]\([^()]*\)")
_CAMEL = re.compile(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ])")
_EXTENSION = re.compile(r"\.(?:md|txt|prompt|j2|markdown)\b", re.IGNORECASE)
_UNWANTED = re.compile(r"[^\w\s:()\[\]|–—\-.,/&'’>→]")
_BETWEEN_LETTERS = re.compile(r"(?<=\w)[-‐‑/](?=\w)")
_SEPARATOR = re.compile(r"\s+[-–—|>→/]+(?:\s+|$)|[–—|:()\[\]]|(?:^|\s)[-–—>]+(?=\s|$)|[.,](?=\s|$)|(?<=\d)\.(?=\D)")
_ROMAN = r"(?:i{1,3}|iv|v|vi{0,3})"
_COUNT = (
    rf"(?:\d{{1,2}}(?:\.0)?|{_ROMAN}|[a-d]|one|two|three|eins|zwei|drei|un|deux|trois|uno|dos|tres|один|два|три"
    r"|[一二三四①②③]|第[一二三1-3])"
)
_NUMBERING = re.compile(
    rf"#?\s*{_COUNT}"
    rf"|(?:(?P<word>[^\W\d_]+)\s*)?(?:no|nr|number|№)?\s*#?\s*{_COUNT}(?:\s*(?:of|/|von|de)\s*\d{{1,2}})?"
    r"|第\s*[一二三四1-4]\s*(?:部分|步|阶段|階段|部|章|节|節|段階|フェーズ)"
)


@lru_cache(maxsize=4096)
def _part_named(title: str) -> PartName | None:
    template = corrected = begins = ends = extra = False
    found: PartName | None = None
    for index, piece in enumerate(_pieces(title)):
        numbering = _NUMBERING.fullmatch(piece)
        if numbering and (not numbering["word"] or numbering["word"] in _NUMBERED):
            template = template or numbering["word"] in part_words.TEMPLATE
            continue
        words = piece.split()
        corrected = corrected or not part_words.CORRECTED.isdisjoint(words) or is_corrected_in_cjk(piece)
        begins = begins or not part_words.BEGIN.isdisjoint((words[0], words[-1]))
        ends = ends or not part_words.END.isdisjoint((words[0], words[-1]))
        if _FRAME.issuperset(_without_counts(words)):
            template = template or not part_words.TEMPLATE.isdisjoint(words)
            continue
        name = _name_of_words(words) or name_in_cjk("".join(word for word in words if word not in _PLACING))
        if name is None:
            extra = True
            if found is None and index >= 2:
                return None
        elif found is None:
            found = PartName(*name, extra)
        elif found.part != name[0]:
            return None
        else:
            found = found._replace(strength=max(found.strength, name[1]))
    if found is None or (found.extra and found.strength < STRONG):
        return None
    strength = STRONG if template and found.strength == BARE else found.strength
    return PartName(found.part, strength, extra, corrected, ends and not begins)


def _pieces(title: str) -> list[str]:
    """The title without decoration, in lower case, divided where it pauses."""
    text = _LINK.sub(r"\1", title) if "](" in title else title
    text = unicodedata.normalize("NFKC", text)
    text = _CAMEL.sub(" ", _EXTENSION.sub("", text)).replace("_", " ").casefold()
    text = text.replace("mise en œuvre", "implémentation").replace("mise en oeuvre", "implémentation")
    text = _UNWANTED.sub(" ", text)
    text = _BETWEEN_LETTERS.sub(" ", text).replace("'", " ").replace("’", " ")
    pieces = (" ".join(piece.replace("&", " & ").split()).strip(" .,-/>→") for piece in _SEPARATOR.split(text))
    return [piece for piece in pieces if piece]


def _name_of_words(words: list[str]) -> tuple[str, int] | None:
    rest = set(_without_counts([word for word in words if word not in _IGNORED]))
    for part, compound in _COMPOUND.items():
        if rest & compound:
            return (part, STRONG) if rest <= compound | _AROUND else None
    if rest & part_words.NOTES or rest & part_words.EXECUTION:
        return _notes_name(rest)
    for part, names in _SINGLE.items():
        if rest & names:
            rest -= names
            if not rest <= _AROUND:
                return None
            if rest & part_words.TEMPLATE:
                return (part, STRONG)
            # "Complete implementation that:" is no name; "The analysis" is
            hedged = any(word in part_words.FILLER and word != "the" for word in words)
            return (part, FEEBLE if hedged else BARE)
    return None


def _notes_name(words: set[str]) -> tuple[str, int] | None:
    rest = words - part_words.NOTES - part_words.EXECUTION
    if words & part_words.NOTES and words & part_words.EXECUTION:
        return ("notes", STRONG) if rest <= _AROUND | part_words.NOTES_LIKE else None
    if words & part_words.NOTES:
        return ("notes", FEEBLE) if not rest else None
    if rest & part_words.NOTES_LIKE and rest <= part_words.NOTES_LIKE | part_words.SECTION:
        return ("notes", BARE)
    return ("notes", FEEBLE) if rest <= part_words.SECTION else None


_COUNT_WORD = re.compile(rf"#?(?:\d{{1,2}}(?:\.0)?|{_ROMAN})")


def _without_counts(words: list[str]) -> list[str]:
    """Drops the number of "phase 2", of "1 analysis" and of "analysis prompt 1"."""
    return [
        word
        for index, word in enumerate(words)
        if not (
            _COUNT_WORD.fullmatch(word) and (index in (0, len(words) - 1) or words[index - 1] in part_words.SECTION)
        )
    ]
