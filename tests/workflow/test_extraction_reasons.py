"""What extraction says about parts that are missing or doubtful, and what it offers instead."""

import pytest

from orch.workflow.extraction import extract
from orch.workflow.extraction_result import State

NOTES = "## EXECUTION NOTES\n\nComplexity: Low\nTime estimate: 1 hour\n"


_CUT = "The answer seems to be cut off inside it."


def why(answer: str, part: str) -> str:
    return extract(answer).part(part).why


@pytest.mark.parametrize(
    ("answer", "part", "said"),
    [
        (NOTES, "analysis", "The answer has no ANALYSIS template."),
        ("I'm sorry, but I can't help with that.", "notes", "The model seems to have refused."),
        ("<think>\n## ANALYSIS TEMPLATE\nx", "analysis", "The answer ends inside the model's thinking."),
        (
            "<think>\n## ANALYSIS TEMPLATE\n\nLook.\n</think>\n",
            "analysis",
            "It stands in the model's thinking, not in its answer.",
        ),
        ("## ANALYSIS TEMPLATE\n\n" + NOTES, "analysis", "Nothing stands under the name of the ANALYSIS template."),
        ("## ANALYSIS TEMPLATE\n\n```md\n# Role\nLook at", "analysis", "The fence around it never closes."),
        ("<analysis_template>\nLook.", "analysis", "Its tag <analysis_template> is never closed."),
        (
            "## ANALYSIS TEMPLATE\n\nLook at the code, then at the",
            "analysis",
            "The answer seems to be cut off inside it.",
        ),
        (
            "analysis_template: |\n  Look.\nimplementation_template: |\n  Build with stampede p",
            "implementation",
            "The answer ends with it and without a full stop, so it may be cut off.",
        ),
        ('{"analysis_template": "Look at', "analysis", "The answer seems to be cut off inside it."),
        (
            "## ANALYSIS TEMPLATE\n\nOne.\n\n## ANALYSIS TEMPLATE\n\nTwo.\n\n" + NOTES,
            "analysis",
            "The answer has more than one ANALYSIS template; this is the last one.",
        ),
        ("Build.\n\n<analysis>\nAll of it.\n</analysis>", "analysis", "Only one word names the ANALYSIS template."),
        ("## ANALYSIS TEMPLATE\n\n(to come)\n\n" + NOTES, "analysis", "It holds nothing but a remark."),
        *(
            (f"## ANALYSIS TEMPLATE\n\n{remark}\n\n" + NOTES, "analysis", "It holds nothing but a remark.")
            for remark in ("See `docs/analysis.md`.", "Pending your answers.", "I'll write this once you decide.")
        ),
        *(
            (f"{NOTES}\n## ANALYSIS TEMPLATE\n\nLook at it.\n\n{end}", "analysis", _CUT)
            for end in ("[Response truncated]", "I've reached the length limit.", 'Say "continue" for the rest.')
        ),
        (
            "## ANALYSIS TEMPLATE\n\nLook.\n\n<implementation_template>\nBuild.\n</implementation_template>\n\n"
            + NOTES,
            "analysis",
            "It holds what may be the IMPLEMENTATION template, which the answer has nowhere else.",
        ),
        ("## EXECUTION NOTES\n\nBe careful.", "notes", "It has none of the fields that execution notes have."),
    ],
)
def test_the_reason_is_one_plain_sentence(answer: str, part: str, said: str) -> None:
    assert why(answer, part) == said


def test_blocks_that_nothing_claimed_are_offered() -> None:
    answer = (
        "Here you go:\n\n```\nYou are an analyst.\nLook.\n```\n\n"
        "### The second prompt\n\nYou are a developer.\nBuild.\n\n```\none line\n```\n"
        "### In short\n\nBuild the login as it is described.\n\n" + NOTES
    )
    found = extract(answer)
    blocks = [(block.title, answer[block.start : block.end]) for block in found.unclaimed]
    assert blocks == [
        ("You are an analyst.", "You are an analyst.\nLook."),
        ("The second prompt", "You are a developer.\nBuild."),
        ("In short", "Build the login as it is described."),
    ]


def test_nothing_is_offered_when_all_is_there() -> None:
    answer = "## ANALYSIS TEMPLATE\n\nLook.\n\n## IMPLEMENTATION TEMPLATE\n\nBuild.\n\n" + NOTES
    assert extract(answer).unclaimed == ()


def test_offsets_are_those_of_the_answer() -> None:
    answer = "\ufeffWörter 🎉\r\n\r\n## ANALYSIS TEMPLATE\r\n\r\nSieh nach. 🎉\r\nUnd dann?\r\n\r\n" + NOTES
    part = extract(answer).analysis
    assert part.text == "Sieh nach. 🎉\nUnd dann?"
    assert answer[part.start : part.end] == "Sieh nach. 🎉\r\nUnd dann?"


def test_a_wrapping_fence_and_a_common_indentation_come_off_and_nothing_else() -> None:
    answer = "## ANALYSIS TEMPLATE\n\n```\n    # Role  \n\n\n      Look.\t\n    ***\n    End.\n```\n\n" + NOTES
    assert extract(answer).analysis.text == "# Role  \n\n\n  Look.\t\n***\nEnd."


def test_a_thinking_tag_in_a_prompt_is_the_prompts_own() -> None:
    answer = (
        "<analysis_template>\nThink in\n<thinking>\nhere.\n</analysis_template>\n"
        "<implementation_template>\nDo not write\n</thinking>\nagain.\n</implementation_template>\n"
        "<execution_notes>\nComplexity: low\n</execution_notes>\n"
    )
    found = extract(answer)
    assert found.analysis.text == "Think in\n<thinking>\nhere."
    assert found.implementation.text == "Do not write\n</thinking>\nagain."
    assert found.notes.state is State.FOUND
