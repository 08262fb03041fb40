"""The answer of an obedient model: in the form that a prompt asks for, and read back."""

import pytest

from orch.workflow.extraction import extract
from orch.workflow.extraction_result import State
from orch.workflow.sample_answer import not_extracted, sample_answer
from orch.workflow.samples import SAMPLE_ANALYSIS, SAMPLE_IMPLEMENTATION, SAMPLE_NOTES

TAGS = (
    "Orch-Session: 8f14e45f\n\nWrite between `<analysis_template>` and `</analysis_template>`, then between "
    "`<implementation_template>` and `</implementation_template>`, then `<execution_notes>`, `</execution_notes>`."
)


@pytest.mark.parametrize(
    "prompt",
    [
        TAGS,
        "Answer with an ANALYSIS PROMPT, an IMPLEMENTATION PROMPT and EXECUTION NOTES.",
        "Write the analysis prompt, the implementation prompt, then the execution notes.",
        "# ANALYSIS TEMPLATE\n...\n# IMPLEMENTATION TEMPLATE\n...\n# EXECUTION NOTES\n",
        'JSON with "analysis_template", "implementation_template" and "execution_notes".',
        "**Analysis Template**, **Implementation Template**, **Execution Notes**",
        "Gib mir eine Analysevorlage, eine Implementierungsvorlage und Ausführungshinweise",
    ],
)
def test_a_prompt_that_asks_for_all_three_is_answered_with_all_three(prompt: str) -> None:
    assert not_extracted(prompt) == []
    answer = extract(sample_answer(prompt))
    assert answer.analysis.text.strip() == SAMPLE_ANALYSIS.strip()
    assert answer.implementation.text.strip() == SAMPLE_IMPLEMENTATION.strip()
    assert answer.notes.text.strip() == SAMPLE_NOTES.strip()
    assert (answer.fields.complexity, answer.fields.time_estimate) == ("low-medium", "3-5 hours")
    assert [risk.mitigation for risk in answer.fields.risks] == ["end the session on the server as well"]


def test_the_answer_begins_with_the_session_line_that_the_prompt_asks_for() -> None:
    assert sample_answer(TAGS).startswith("Orch-Session: 8f14e45f\n")


@pytest.mark.parametrize(
    ("prompt", "missing"),
    [
        ("Plan this.", ["analysis", "implementation", "notes"]),
        ("", ["analysis", "implementation", "notes"]),
        ("Write an ANALYSIS PROMPT and an IMPLEMENTATION PROMPT.", ["notes"]),
    ],
)
def test_what_a_prompt_does_not_ask_for_is_not_in_the_answer(prompt: str, missing: list[str]) -> None:
    assert not_extracted(prompt) == missing
    found = extract(sample_answer(prompt))
    assert [name for name in missing if found.part(name).state is not State.MISSING] == []
