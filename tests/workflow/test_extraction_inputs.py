"""The real texts of tests/corpus/inputs, and properties that hold for any text."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orch.model.session import COMPLEXITIES
from orch.workflow.extraction import extract
from orch.workflow.extraction_result import Extraction, State
from orch.workflow.notes import note_sections, read_notes

INPUTS = Path(__file__).parents[1] / "corpus" / "inputs"


def read(name: str) -> str:
    return (INPUTS / name).read_bytes().decode()


@pytest.fixture(name="tail")
def fixture_tail() -> str:
    return read("orchestrator-output-tail.txt")


def dedented(text: str) -> str:
    return "\n".join(line.removeprefix("  ") for line in text.strip("\n").split("\n"))


def test_the_tail_behind_an_analysis_part_is_exact(tail: str) -> None:
    analysis = "# Role: Senior Architect\n\n## Implementation\nDescribe what is there.\n\n```bash\nls\n```\n\nDone."
    found = extract(f"### 1. ANALYSIS TEMPLATE\n\n{analysis}\n\n### 2. IMPLEMENTATION_TEMPLATE\n\n{tail}")
    body, notes = tail.split("  ### 3. EXECUTION_NOTES\n")
    assert found.analysis.text == analysis
    assert found.implementation.text == body.strip("\n")
    assert found.notes.text == dedented(notes)
    assert {part.state for part in (found.analysis, found.implementation, found.notes)} == {State.FOUND}


def test_the_tail_alone_has_notes_and_at_best_a_doubtful_implementation(tail: str) -> None:
    found = extract(tail)
    assert found.notes.state is State.FOUND
    assert found.analysis.state is State.MISSING
    assert found.implementation.state is State.DOUBTFUL
    assert found.implementation.text == tail.split("  ### 3. EXECUTION_NOTES\n")[0].strip("\n")
    assert found.unclaimed == ()


def test_the_fields_of_the_tail(tail: str) -> None:
    fields = extract(tail).fields
    assert fields.complexity == "medium-high"
    assert fields.time_estimate == "16-20 hours"
    assert fields.key_files == (
        "prompt_tool/db/models.py",
        "prompt_tool/orchestration/orchestrator.py",
        "prompt_tool/core/templating.py",
        "orchestrator.py",
        "alembic/versions/",
        "prompt_tool/commands/orchestration.py",
    )
    assert [(risk.risk, risk.mitigation) for risk in fields.risks] == [
        (
            "Backward Compatibility: Existing orchestration sessions must continue working",
            "Keep text fields, add new fields as optional; Provide migration utility for existing sessions",
        ),
        (
            "Dual System Complexity: Two orchestration systems to maintain",
            "Focus on integrated system first; Add optional database support to standalone orchestrator",
        ),
        (
            "Template Discovery: Finding the right template for each use case",
            "Implement template hierarchy (global -> project -> custom); Add template metadata for categorization",
        ),
    ]


def test_execution_notes_alone_are_found_whole() -> None:
    text = read("execution-notes.txt")
    found = extract(text)
    assert found.notes.state is State.FOUND
    assert found.notes.text == text.rstrip("\n")
    assert found.fields.complexity == "medium-high"
    assert found.fields.time_estimate == "16-20 hours"
    assert found.fields.key_files[:2] == ("prompt_tool/cli.py", "prompt_tool/commands/workflow_cmds.py")
    assert found.fields.key_files[-1] == "orchestrator.py"
    assert [risk.risk.split(":")[0] for risk in found.fields.risks] == [
        "Database Schema Conflicts",
        "Template Storage Strategy",
        "Session State Management",
        "Integration with Workflow System",
    ]
    assert found.fields.risks[0].mitigation == "Careful review of models.py, test migrations on copy"


def test_the_other_sections_of_the_notes_keep_their_order() -> None:
    sections = note_sections(read("execution-notes.txt"))
    assert list(sections) == [
        "Feature",
        "Similar Existing Features",
        "Integration Points",
        "Testing Strategy",
        "Performance Considerations",
        "Security Considerations",
        "Rollback Plan",
        "Implementation Order",
        "Success Criteria",
    ]
    assert sections["Feature"] == "Integrate orchestrator.py into prompt-runner CLI"
    assert sections["Rollback Plan"].splitlines()[0] == "1. Database: Alembic down migration ready"


@pytest.mark.parametrize("name", ["analysis-result-1.txt", "analysis-result-2.txt", "implementation-summary.txt"])
def test_a_result_is_no_planning_answer(name: str) -> None:
    found = extract(read(name))
    assert [part.state for part in (found.analysis, found.implementation)] == [State.MISSING, State.MISSING]
    assert found.notes.state is not State.FOUND


@pytest.mark.parametrize("answer", ["", "\ufeff", " \n\t\r\n"])
def test_an_empty_answer(answer: str) -> None:
    found = extract(answer)
    assert {found.part(name).why for name in ("analysis", "implementation", "notes")} == {"The answer is empty."}


def holds(answer: str, found: Extraction) -> None:
    for name in ("analysis", "implementation", "notes"):
        part = found.part(name)
        assert 0 <= part.start <= part.end <= len(answer)
        assert bool(part.text) == (part.state is not State.MISSING)
        assert bool(part.why) == (part.state is not State.FOUND)
        assert part.why == "" or part.why.endswith(".")
    for block in found.unclaimed:
        assert 0 <= block.start < block.end <= len(answer)
        assert block.title
    assert found.fields.complexity in (None, *COMPLEXITIES)


PIECES = st.sampled_from(
    [
        "## ANALYSIS TEMPLATE",
        "### 2. IMPLEMENTATION_TEMPLATE",
        "**Execution Notes**",
        "=== ANALYSIS TEMPLATE ===",
        "<analysis_template>",
        "</analysis_template>",
        "<execution_notes>",
        "</execution_notes>",
        "```",
        "```markdown",
        "````",
        "~~~",
        "<think>",
        "</think>",
        "---",
        "",
        "  ",
        "analysis_template: |",
        '{"analysis_template": "a',
        '"execution_notes": ["x", {"complexity": "low"}]}',
        'ANALYSIS_TEMPLATE = """',
        '"""',
        "Complexity: Medium",
        "Time estimate: 3 days",
        "Risks:",
        "- slow — cache",
        "| Risk | Mitigation |",
        "|---|---|",
        "| a | b |",
        "Key files:",
        "- `src/a.py` - x",
        "Let me know!",
        "Orch-Session: 8f14e45f",
        "# Implementation",
        "1. Analysis Template",
        "END ANALYSIS TEMPLATE",
        "You are an engineer.",
        "分析模板",
        "\u2028x\x00\x0b",
        "Here is the corrected implementation template:",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=40), st.sampled_from(["\n", "\n\n", "\r\n", "\n  ", "\n> "]))
def test_no_arrangement_of_markup_breaks_extraction(pieces: list[str], joint: str) -> None:
    answer = joint.join(pieces)
    holds(answer, extract(answer))


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300))
def test_no_text_breaks_extraction(answer: str) -> None:
    holds(answer, extract(answer))
    notes = read_notes(answer)
    assert notes.text == answer
    note_sections(answer)


SAFE_LINES = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n"), max_size=60), PIECES
).filter(lambda line: "template>" not in line and "notes>" not in line and "ession" not in line)


@settings(max_examples=150, deadline=None)
@given(st.lists(SAFE_LINES, min_size=1, max_size=12), st.lists(SAFE_LINES, min_size=1, max_size=12))
def test_canonical_parts_come_out_as_they_went_in(analysis: list[str], implementation: list[str]) -> None:
    """Whatever a part holds, short of its own tag; a mark at both ends keeps the edges out of the question."""
    bodies = [f"begin\n{chr(10).join(lines)}\nend" for lines in (analysis, implementation)]
    answer = (
        "Orch-Session: 8f14e45f\n"
        f"<analysis_template>\n{bodies[0]}\n</analysis_template>\n"
        f"<implementation_template>\n{bodies[1]}\n</implementation_template>\n"
        "<execution_notes>\nComplexity: low\n</execution_notes>\n"
    )
    found = extract(answer)
    assert (found.analysis.text, found.implementation.text) == tuple(bodies)
    assert found.analysis.state is found.implementation.state is found.notes.state is State.FOUND
    assert answer[found.analysis.start : found.analysis.end] == bodies[0]
