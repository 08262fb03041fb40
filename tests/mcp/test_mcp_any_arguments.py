"""Whatever a client sends, every call is answered, in plain words."""

import logging
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orch.mcp.calling import UNEXPECTED, Call, reply_to
from orch.mcp.projects import Projects
from orch.mcp.prompts import render_prompt
from orch.mcp.resources import read_resource
from orch.mcp.tools import BY_NAME, TOOLS

TEXTS = st.one_of(
    st.text(max_size=20),
    st.sampled_from(
        ["open", "planning", "success", "..", "/", "a/b.orch", "file:///x.orch", "all", "\0", "{}", "[]"]
    ),
)
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-5, 5), st.floats(allow_nan=False), TEXTS),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(TEXTS, inner, max_size=3)),
    max_leaves=5,
)
NAMES = sorted({name for tool in TOOLS for name in tool.arguments} | {"root", "x"})
READING = [tool.name for tool in TOOLS if not tool.command or tool.reads]
CHANGING = [tool.name for tool in TOOLS if tool.name not in READING]


@st.composite
def calls(draw: st.DrawFn, names: list[str]) -> tuple[str, dict[str, Any]]:
    """A tool, and arguments of which most have a name that it takes."""
    tool = BY_NAME[draw(st.sampled_from(names))]
    own = st.sampled_from(list(tool.arguments)) if tool.arguments else st.nothing()
    return tool.name, draw(st.dictionaries(own | st.sampled_from(NAMES), JSON, max_size=4))


@pytest.fixture
def planned(projects: Projects, folder: Path) -> Path:
    """The folder, with a session in it."""
    reply_to(projects, Call("plan", {"request": "Add a bell"}, [folder]))
    return folder


QUIETLY = settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.mark.parametrize("names", [READING, CHANGING], ids=["reading", "changing"])
def test_every_call_is_answered(
    projects: Projects, planned: Path, caplog: pytest.LogCaptureFixture, names: list[str]
) -> None:
    @QUIETLY
    @given(calls(names))
    def answered(call: tuple[str, dict[str, Any]]) -> None:
        reply = reply_to(projects, Call(*call, [planned]))
        assert UNEXPECTED not in reply.text, (call, caplog.text)
        if reply.is_error:
            assert "\n" not in reply.data["error"]

    with caplog.at_level(logging.ERROR):
        answered()


def test_every_prompt_and_resource_is_answered(projects: Projects, planned: Path) -> None:
    project = projects.at(planned)

    @QUIETLY
    @given(TEXTS, st.dictionaries(st.sampled_from(["request", "session", "depth", "x"]), TEXTS, max_size=3))
    def answered(text: str, arguments: dict[str, str]) -> None:
        for name in ("orchestrator", "analysis-bugfix", text):
            assert render_prompt(project, name, arguments)
        for uri in (text, f"orch://session/{text}", f"orch://session/{text}/planning/prompt"):
            assert read_resource([project], uri)

    answered()
