"""Evidence that survives being looked at again and again: an e-process for two Bernoulli streams.

Source: Turner, Ly and Grünwald, "Generic E-variables for exact sequential k-sample tests that allow for optional
stopping" (arXiv 2106.02693), the E-variable for two proportions, with the rates learnt from the blocks before.
"""

import math
from collections import deque
from itertools import product

LARGEST_BLOCK = 4
"""Outcomes of one stream that a block holds at most."""


class Evidence:
    """The e-value against "both streams succeed at the same rate", outcome by outcome.

    Under that hypothesis it ever reaches 1/alpha with a probability of at most alpha, however often one looks
    (Ville's inequality). The streams are taken in blocks of `sizes` outcomes; what has not filled one yet waits.
    Each block bets on the rates that the blocks before it suggest (uniform prior) against the one common rate
    nearest to them.
    """

    def __init__(self, sizes: tuple[int, int] = (1, 1)) -> None:
        self.log_value = 0.0
        self._sizes = sizes
        self._wins = [1.0, 1.0]
        self._seen = [2.0, 2.0]
        self._waiting: tuple[deque[bool], deque[bool]] = (deque(), deque())

    @property
    def value(self) -> float:
        """The e-value so far; 1 is no evidence."""
        return math.exp(min(self.log_value, 700.0))

    def add(self, stream: int, success: bool) -> None:
        """Takes the next outcome of stream 0 or 1."""
        self._waiting[stream].append(success)
        if all(len(waiting) >= size for waiting, size in zip(self._waiting, self._sizes, strict=True)):
            self._bet()

    def _bet(self) -> None:
        rates = [wins / seen for wins, seen in zip(self._wins, self._seen, strict=True)]
        first, second = self._sizes
        common = (first * rates[0] + second * rates[1]) / (first + second)
        for stream, size in enumerate(self._sizes):
            successes = sum(self._waiting[stream].popleft() for _ in range(size))
            self.log_value += successes * math.log(rates[stream] / common)
            self.log_value += (size - successes) * math.log((1 - rates[stream]) / (1 - common))
            self._wins[stream] += successes
            self._seen[stream] += size


def block_sizes(first: float, second: float) -> tuple[int, int]:
    """Outcomes in a block for streams that come in the ratio of these weights, so that few have to wait."""
    sizes = range(1, LARGEST_BLOCK + 1)
    wanted = math.log(first / second)
    return min(product(sizes, sizes), key=lambda block: (abs(math.log(block[0] / block[1]) - wanted), sum(block)))
