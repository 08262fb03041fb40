"""The real answers that take one session of the sample project from plan to end, and what must stand there."""

import tomllib
from pathlib import Path

INPUTS = Path(__file__).absolute().parents[1] / "corpus" / "inputs"
HEAD = """\
# ANALYSIS PROMPT TEMPLATE

Analyse [MODULE NAME] for the team {{ team }}: where are users and sessions handled?

# IMPLEMENTATION PROMPT TEMPLATE

"""
"""What stood in front of the real text, which begins inside the implementation template."""


def planning_answer() -> str:
    """An answer with all three parts, whose analysis part has two placeholders."""
    return HEAD + real_text("orchestrator-output-tail.txt")


def answer_files(folder: Path) -> dict[str, str]:
    """The path of the answer to each phase's prompt; the planning answer is written into `folder`."""
    planning = folder / "planning.md"
    planning.write_text(planning_answer(), encoding="utf-8", newline="\n")
    return {
        "planning": str(planning),
        "analysis": str(INPUTS / "analysis-result-2.txt"),
        "implementation": str(INPUTS / "implementation-summary.txt"),
    }


def assert_whole_way(project: Path, values: dict[str, str]) -> None:
    """The only session of `project` went the whole way with these answers and `values` for the placeholders."""
    (session,) = (project / ".orch" / "sessions").glob("*.orch")
    data = tomllib.loads(session.read_text(encoding="utf-8"))
    assert data["analysis"]["values"] == values
    assert data["analysis"]["result"] == real_text("analysis-result-2.txt")
    assert data["implementation"]["result"] == real_text("implementation-summary.txt")
    assert [entry["step"] for entry in data["history"]] == [
        "plan", "process", "analyze", "fill", "save-analysis", "implement", "save-implementation", "complete",
    ]  # fmt: skip


def real_text(name: str) -> str:
    """One of the texts that models wrote in this workflow."""
    return (INPUTS / name).read_text(encoding="utf-8")
