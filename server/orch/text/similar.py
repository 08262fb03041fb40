"""What a person may have meant by a word that is not known."""

from collections.abc import Iterable
from difflib import get_close_matches
from functools import lru_cache


def closest(word: str, known: Iterable[str], cutoff: float = 0.7) -> str | None:
    """The one of `known` that is most like `word`, None where none is near. Case counts little."""
    return _closest(word, tuple(sorted(set(known))), cutoff)


@lru_cache(maxsize=4096)
def _closest(word: str, known: tuple[str, ...], cutoff: float) -> str | None:
    if len(word) > 100:
        return None
    letters = sorted(word.lower())
    swapped = [name for name in known if len(name) == len(word) and sorted(name.lower()) == letters]
    if swapped:
        return swapped[0]
    folded = {name.lower().replace("-", "_"): name for name in known if abs(len(name) - len(word)) < 8}
    found = get_close_matches(word.lower().replace("-", "_"), folded, n=1, cutoff=cutoff)
    return folded[found[0]] if found else None
