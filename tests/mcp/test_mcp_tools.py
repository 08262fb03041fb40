"""The tools as a model reads them: their words, their schemas, and that these are the commands' own."""

import dataclasses
import json
import re
import tomllib
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from orch.commands.registry import command
from orch.mcp.resources import PROMPT_TEMPLATE, SESSION_TEMPLATE, SESSIONS
from orch.mcp.schemas import output_schema
from orch.mcp.tools import BY_NAME, INSTRUCTIONS, TEXTS, TOOLS, Tool, input_schema
from orch.mcp.wire import to_wire_tool
from orch.mcp.words import for_model, next_words
from orch.model.schema import LONG_KEYS

NAMES = [
    "plan", "next", "answer", "process", "analyze", "save_analysis", "implement", "save_implementation", "complete",
    "reopen", "abandon", "fill", "list_sessions", "show_session", "list_templates", "check",
]  # fmt: skip


def test_the_tools() -> None:
    assert [tool.name for tool in TOOLS] == NAMES
    assert "run" not in BY_NAME  # the client is the model


@pytest.mark.parametrize("tool", TOOLS, ids=NAMES)
def test_the_arguments_are_the_commands_own(tool: Tool) -> None:
    if not tool.command:
        return
    fields = {field.name for field in dataclasses.fields(command(tool.command).params)}
    own = {"show_session": {"texts"}}.get(tool.name, set())
    assert set(tool.arguments) == fields | own
    assert set(tool.needs) | set(tool.choices) <= set(tool.arguments)


@pytest.mark.parametrize("tool", TOOLS, ids=NAMES)
def test_the_schemas_are_json_schema_and_strict(tool: Tool) -> None:
    for schema in (input_schema(tool), output_schema(tool), input_schema(tool, ("shop", "bar"))):
        Draft202012Validator.check_schema(schema)
        assert schema["type"] == "object"
    given = input_schema(tool)
    assert given["additionalProperties"] is False
    assert all(entry["description"] for entry in given["properties"].values())
    assert input_schema(tool, ("shop", "bar"))["properties"]["root"]["enum"] == ["shop", "bar"]
    assert "root" not in given["properties"]


def test_some_schemas_in_full() -> None:
    complete = input_schema(BY_NAME["complete"])["properties"]
    assert {name: entry["type"] for name, entry in complete.items()} == {
        "session": "string", "outcome": "string", "rating": "integer", "comment": "string", "force": "boolean",
    }  # fmt: skip
    assert complete["outcome"]["enum"] == ["success", "partial", "failure"]
    assert input_schema(BY_NAME["reopen"])["required"] == ["phase"]
    assert input_schema(BY_NAME["answer"])["required"] == ["text"]
    assert input_schema(BY_NAME["fill"])["properties"]["values"]["additionalProperties"] == {"type": "string"}
    assert "required" not in input_schema(BY_NAME["plan"])


@pytest.mark.parametrize("tool", TOOLS, ids=NAMES)
def test_the_words_stand_by_themselves(tool: Tool) -> None:
    assert 60 < len(tool.description) < 600
    assert tool.description.endswith(".")
    for name in re.findall(r"`([a-z_]+)`", tool.description):
        known = {*NAMES, *tool.arguments, *output_schema(tool)["properties"], "hidden_by", "open"}
        assert name in known, name
    assert "orch " not in tool.description


def test_the_hints_are_honest() -> None:
    hints = {tool.name: to_wire_tool(tool, ()).annotations for tool in TOOLS}
    reading = {"list_sessions", "show_session", "list_templates", "check"}
    assert {name for name, hint in hints.items() if hint and hint.read_only_hint} == reading
    assert {name for name, hint in hints.items() if hint and hint.destructive_hint} == {"abandon"}
    assert not any(hint.open_world_hint for hint in hints.values() if hint)
    for tool in TOOLS:
        if tool.command:
            assert command(tool.command).changes != tool.reads


def test_every_long_text_of_a_session_can_be_read() -> None:
    assert LONG_KEYS - {("outcome", "comment")} == {tuple(text.split(".")) for text in TEXTS}


def test_the_instructions_name_the_tools_that_there_are() -> None:
    called = set(re.findall(r"\b([a-z_]+)\(", INSTRUCTIONS))
    assert called == {"plan", "answer", "next", "complete"}


def test_words_for_a_person_become_words_for_a_model() -> None:
    assert for_model("The analysis prompt is ready. Give it to a model, then save its answer.") == (
        "The analysis prompt is ready."
    )
    assert for_model("Do it first (save-analysis) (--session).") == "Do it first (save_analysis) (`session`)."
    assert for_model("File it: orch save-analysis --file x") == "File it: orch save-analysis --file x"
    assert next_words("paste the analysis") == "it waits for the report of the analysis"
    assert next_words("start the analysis") == "start the analysis"


GUIDE = (Path(__file__).parents[2] / "docs/guides/mcp.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", GUIDE, re.DOTALL | re.MULTILINE)


def test_the_guide_names_every_tool_and_no_other() -> None:
    table = GUIDE.split("## The tools")[1].split("\n\n")[1]
    named = [name for line in table.splitlines()[2:] for name in re.findall(r"`([a-z_]+)`", line.split("|")[1])]
    assert sorted(named) == sorted(NAMES)


def test_the_guides_settings_start_the_server() -> None:
    cursor, vscode = map(json.loads, blocks("json"))
    (codex,) = map(tomllib.loads, blocks("toml"))
    for server in (cursor["mcpServers"]["orch"], vscode["servers"]["orch"], codex["mcp_servers"]["orch"]):
        assert server["command"] == "orch"
        assert server["args"] in (["mcp"], ["mcp", "--root", "${workspaceFolder}"])
    assert "claude mcp add orch -- orch mcp" in GUIDE


def test_the_guides_resources_are_those_that_there_are() -> None:
    for uri in (SESSIONS, SESSION_TEMPLATE, PROMPT_TEMPLATE):
        assert f"`{uri}`" in GUIDE
