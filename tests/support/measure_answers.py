"""Prints how extraction does on the corpus and on composed answers, and how long it takes.

Run it with `python tests/support/measure_answers.py`.
"""

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from orch.workflow.extraction import extract
from support.answers import answers, measure
from support.composed_answers import PARTS, composed_answer


def main() -> None:
    """The table, on standard output."""
    corpus = answers()
    print(f"{'corpus':22} answers  parts  exact  found  silently wrong  fields  right")
    for title, chosen in (
        ("well-formed", [answer for answer in corpus if answer.well_formed]),
        ("broken or ambiguous", [answer for answer in corpus if not answer.well_formed]),
    ):
        row = measure(chosen)
        print(
            f"{title:22} {row['answers']:7} {row['parts']:6} {row['exact']:6} {row['found']:6} "
            f"{row['silent']:15} {row['fields']:7} {row['fields_right']:6}"
        )
    print_composed(3000)
    for size in (30_000, 300_000, 1_000_000):
        print_time(size)


def print_composed(count: int) -> None:
    """Composed answers: each part is exact and found, doubtful, missing or silently wrong."""
    counts = {"exact": 0, "doubtful": 0, "missing": 0, "silently wrong": 0}
    for seed in range(count):
        text, parts = composed_answer(seed)
        found = extract(text)
        for name in PARTS:
            part = found.part(name)
            right = part.text == parts[name]
            counts[("exact" if right else "silently wrong") if part.state == "found" else part.state.value] += 1
    print(f"\n{count} composed answers: " + ", ".join(f"{value} {key}" for key, value in counts.items()))


def print_time(size: int) -> None:
    """The best of five runs over one answer of about `size` characters."""
    texts: list[str] = []
    seed = 0
    while sum(map(len, texts)) < size // 2:
        texts.append(composed_answer(seed)[1]["analysis"])
        seed += 1
    body = "\n\n".join(texts)
    answer = (
        f"## ANALYSIS TEMPLATE\n\n{body}\n\n## IMPLEMENTATION TEMPLATE\n\n{body}\n\n## EXECUTION NOTES\n\nEasy.\n"
    )
    best = float("inf")
    for _ in range(5):
        start = time.process_time()
        extract(answer)
        best = min(best, time.process_time() - start)
    print(f"{len(answer) / 1000:7.0f} KB: {best * 1000:6.1f} ms")


if __name__ == "__main__":
    main()
