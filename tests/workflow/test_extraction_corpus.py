"""Every answer of the corpus: each part exact, each field right, and nothing called found that is not exact."""

import pytest

from orch.workflow.extraction import extract
from support.answers import PARTS, Answer, answers, field_problems, part_problem, silently_wrong

ANSWERS = answers()


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: answer.name)
def test_an_answer_is_extracted_as_expected(answer: Answer) -> None:
    found = extract(answer.text)
    problems = [problem for part in PARTS if (problem := part_problem(answer, part, found))]
    assert problems + field_problems(answer, found) == []


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: answer.name)
def test_no_part_is_silently_wrong(answer: Answer) -> None:
    found = extract(answer.text)
    assert [part for part in PARTS if silently_wrong(answer, part, found)] == []


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: answer.name)
def test_a_part_says_where_it_came_from(answer: Answer) -> None:
    found = extract(answer.text)
    for name in PARTS:
        part = found.part(name)
        assert 0 <= part.start <= part.end <= len(answer.text)
        assert bool(part.why) == (part.state != "found")
        if part.text:
            assert part.by
            source = answer.text[part.start : part.end]
            if part.by not in ("json key", "assignment", "yaml key"):
                first, last = part.text.split("\n")[0].strip(), part.text.split("\n")[-1].strip()
                assert source.startswith(first)
                assert source.rstrip("\r").endswith(last)


def test_the_corpus_is_large_and_varied() -> None:
    assert len(ANSWERS) >= 60
    assert sum(answer.well_formed for answer in ANSWERS) >= 40
