"""What runs took, summed and in words."""

import pytest

from orch.model.session import Cost, session_from_data
from orch.workflow.cost_words import cost_words


@pytest.mark.parametrize(
    ("cost", "words"),
    [
        (Cost(), ""),
        (Cost(1), "1 run"),
        (Cost(2, 41.2), "2 runs, 41 s"),
        (Cost(3, 150.0, 5100, 1400), "3 runs, 2.5 min, 5.1k tokens in, 1.4k out"),
        (Cost(1, None, 950, None), "1 run, 950 tokens in"),
        (Cost(1, None, None, 2_500_000), "1 run, 2.5M tokens out"),
    ],
)
def test_words(cost: Cost, words: str) -> None:
    assert cost_words(cost) == words


def test_the_sum_is_of_what_is_told() -> None:
    runs = [
        {"step": "plan", "runner": "a", "status": "failed", "seconds": 1.25},
        {"step": "plan", "runner": "a", "status": "ok", "seconds": 2, "input_tokens": 5, "output_tokens": True},
        {"step": "plan", "runner": "a", "status": "ok", "seconds": float("nan"), "input_tokens": -5},
    ]
    assert session_from_data({"executions": runs}).cost == Cost(3, 3.2, 5, None)
    assert session_from_data({}).cost == Cost()
