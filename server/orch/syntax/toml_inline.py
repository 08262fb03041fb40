"""The Python value of a list or inline table from its parts, and what is wrong with its keys."""

from typing import Any

from orch.syntax.toml_raw import RawProblem, RawValue


def inline_data(top: RawValue) -> Any:
    """The list or dict that `top` stands for, given to it and to all inside it; None when a key comes twice.

    All keys must be of one part, and all that is inside must be valid.
    """
    order = [top]
    for value in order:
        order += value.items
        order += (pair.value for pair in value.pairs)
    for value in reversed(order):
        if value.kind == "array":
            value.value = [item.value for item in value.items]
        elif value.kind == "inline-table":
            value.value = {pair.keys[0].name: pair.value.value for pair in value.pairs}
            if len(value.value) < len(value.pairs):
                return None
    return top.value


def inline_problems(top: RawValue) -> list[RawProblem]:
    """A problem for each key of an inline table in `top` that another one has taken already."""
    problems: list[RawProblem] = []
    todo = [top]
    while todo:
        value = todo.pop()
        todo += value.items
        taken: dict[str, Any] = {}
        for pair in value.pairs:
            todo.append(pair.value)
            at: Any = taken
            for key in pair.keys[:-1]:
                at = at.setdefault(key.name, {}) if isinstance(at, dict) else None
            last = pair.keys[-1]
            if not isinstance(at, dict) or last.name in at:
                message = f"The key {last.name!r} stands here a second time: delete one of the two."
                problems.append(RawProblem(pair.keys[0].start, last.end, message, "duplicate"))
            else:
                at[last.name] = None
    return sorted(problems)
