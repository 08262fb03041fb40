"""Composed answers: no part silently wrong, and nearly all of them exact and found."""

from orch.workflow.extraction import extract
from orch.workflow.extraction_result import State
from support.composed_answers import PARTS, composed_answer

COUNT = 400


def test_no_part_of_a_composed_answer_is_silently_wrong() -> None:
    wrong, sure = [], 0
    for seed in range(COUNT):
        text, parts = composed_answer(seed)
        found = extract(text)
        for name in PARTS:
            part = found.part(name)
            if part.state is State.FOUND:
                sure += part.text == parts[name]
                if part.text != parts[name]:
                    wrong.append((seed, name))
    assert wrong == []
    assert sure >= 0.99 * 3 * COUNT
