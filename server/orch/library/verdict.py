"""Which arm has won, by evidence that holds however often one looks."""

import math
from collections.abc import Sequence
from itertools import combinations

from orch.library.evidence import Evidence, block_sizes

ERROR_RATE = 0.05
"""How often a winner may be named, at most, in experiments whose arms do not differ."""


class Verdict:
    """The outcomes of an experiment as they came in, arm by arm, and what may be said of them.

    Each pair of arms has its e-value. An arm wins when those against every other arm reach the number of pairs over
    `ERROR_RATE`: so all pairs together err no more often (Bonferroni), looked at after every outcome or once.
    """

    def __init__(self, weights: Sequence[float], min_per_arm: int) -> None:
        self._wins = [0] * len(weights)
        self._seen = [0] * len(weights)
        self._minimum = min_per_arm
        self._pairs = {
            pair: Evidence(block_sizes(weights[pair[0]], weights[pair[1]]))
            for pair in combinations(range(len(weights)), 2)
        }
        self._wanted = math.log(max(1, len(self._pairs)) / ERROR_RATE)

    def add(self, arm: int, success: bool) -> None:
        """Takes the next outcome, of the arm with that index."""
        self._wins[arm] += success
        self._seen[arm] += 1
        for pair, evidence in self._pairs.items():
            if arm in pair:
                evidence.add(pair.index(arm), success)

    @property
    def enough(self) -> bool:
        """Whether every arm has the declared minimum of outcomes."""
        return min(self._seen, default=0) >= self._minimum

    @property
    def winner(self) -> int | None:
        """The index of the arm that is better than every other one; None while that cannot be said."""
        if not self.enough or len(self._seen) < 2:
            return None
        means = [(wins + 1) / (seen + 2) for wins, seen in zip(self._wins, self._seen, strict=True)]
        best = max(range(len(means)), key=means.__getitem__)
        against = [evidence.log_value for pair, evidence in self._pairs.items() if best in pair]
        return best if min(against) >= self._wanted else None
