"""What changed between two texts."""


def difference(old: str, new: str) -> tuple[int, int, int]:
    """(start, end in `old`, end in `new`) of the one range in which the texts differ; as short as can be.

    Halves what there is to compare at each look, so that equal parts are compared by the machine and not in a loop.
    """
    start = _common(old, new)
    most = min(len(old), len(new)) - start
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        if old[len(old) - middle : len(old) - low] == new[len(new) - middle : len(new) - low]:
            low = middle
        else:
            high = middle - 1
    return start, len(old) - low, len(new) - low


def _common(old: str, new: str) -> int:
    """How many characters `old` and `new` begin with in common."""
    low, high = 0, min(len(old), len(new))
    while low < high:
        middle = (low + high + 1) // 2
        if old[low:middle] == new[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
