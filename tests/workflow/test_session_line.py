"""The line that tells which session an answer belongs to."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orch.workflow.session_line import is_session_line, session_line


@pytest.mark.parametrize(
    "answer",
    [
        "Orch-Session: 8f14e45f\nrest",
        "Sure!\n\nOrch-Session: 8f14e45f",
        "**Orch-Session:** `8F14E45F`",
        "**Orch-Session: 8f14e45f**",
        "> orch-session: 8f14e45f-ceea-467f-a8d2-6f0c1b7a9e21",
        "```\nOrch-Session: 8f14e45f\n```",
        "    Orch-Session: 8f14e45f",
        "<!-- Orch-Session: 8f14e45f -->",
        "\ufeffOrch-Session: 8f14e45f\r\n",
        "ORCH_SESSION = 8f14e45f",
        '{"orch_session": "8f14e45f", "analysis_template": "x"}',
        '{\n  "Orch-Session": "8f14e45f",\n  "a": 1\n}',
        "Orch-Session: 8f14e45f\nOrch-Session: deadbeef",
        "⏺ Orch-Session: 8f14e45f\n\n  ## ANALYSIS TEMPLATE",
        "│ Orch-Session: 8f14e45f      │\n│ rest │",
        "   1\tOrch-Session: 8f14e45f\n   2\t",
        "\x1b[1mOrch-Session:\x1b[0m 8f14e45f\x1b[0m\n",
        "The line Orch-Session: deadbeef was asked for.\nOrch-Session: 8f14e45f",
    ],
)
def test_it_is_found(answer: str) -> None:
    assert session_line(answer) == "8f14e45f"


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "Begin your answer with the line Orch-Session: 8f14e45f, please.",
        "Orch-Session: 8f14e45",
        "Orch-Session: 8f14e45f0",
        "Orch-Session: 8f14e45g",
        "Session: 8f14e45f",
        "Orch-Session:",
    ],
)
def test_it_is_not_there(answer: str) -> None:
    assert session_line(answer) is None


def test_a_line_and_nothing_else() -> None:
    assert is_session_line("**Orch-Session: 8f14e45f**\r\n")
    assert not is_session_line("see Orch-Session: 8f14e45f above")


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=80))
def test_no_text_breaks_it(text: str) -> None:
    assert session_line(text) is None or len(session_line(text) or "") == 8
