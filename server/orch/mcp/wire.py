"""From plain data to what the SDK sends. The only place, with `server.py`, that knows the SDK."""

from collections.abc import Mapping, Sequence
from typing import Any

import mcp_types as types

from orch.mcp.prompts import PromptCard, Rendered
from orch.mcp.replies import Reply
from orch.mcp.resources import MARKDOWN, PROMPT_TEMPLATE, SESSION_TEMPLATE, TOML, Resource, Text
from orch.mcp.schemas import output_schema
from orch.mcp.tools import Tool, input_schema


def to_wire_tool(tool: Tool, roots: Sequence[str]) -> types.Tool:
    """`tool`; `roots` name the folders to choose from, empty where there is no choice."""
    return types.Tool(
        name=tool.name,
        title=tool.title,
        description=tool.description,
        input_schema=input_schema(tool, roots),
        output_schema=output_schema(tool),
        annotations=types.ToolAnnotations(
            title=tool.title,
            read_only_hint=tool.reads,
            destructive_hint=tool.ends,
            idempotent_hint=tool.reads or tool.again,
            open_world_hint=False,
        ),
    )


def to_wire_result(reply: Reply) -> types.CallToolResult:
    """`reply` as text for a model and as data for programs.

    A refusal is text alone: some clients hold the data of an error, too, against the schema of the tool's result,
    and would show an error of their own in its place.
    """
    return types.CallToolResult(
        content=[types.TextContent(type="text", text=reply.text)],
        structured_content=None if reply.is_error else dict(reply.data),
        is_error=reply.is_error,
    )


def to_wire_prompt(card: PromptCard) -> types.Prompt:
    """A template as it stands in the list of prompts."""
    return types.Prompt(
        name=card.name,
        title=card.title,
        description=card.description,
        arguments=[
            types.PromptArgument(name=asked.name, description=asked.description, required=asked.required)
            for asked in card.arguments
        ],
    )


def to_wire_messages(rendered: Rendered) -> types.GetPromptResult:
    """A rendered prompt as the one message of a user."""
    content = types.TextContent(type="text", text=rendered.text)
    return types.GetPromptResult(
        description=rendered.about, messages=[types.PromptMessage(role="user", content=content)]
    )


def to_wire_resource(resource: Resource) -> types.Resource:
    """A session, or the list of them, as it stands in the list of resources."""
    return types.Resource(
        uri=resource.uri,
        name=resource.title,
        title=resource.title,
        description=resource.description,
        mime_type=resource.kind,
        annotations=types.Annotations(last_modified=resource.updated) if resource.updated else None,
    )


def to_wire_text(uri: str, text: Text) -> types.ReadResourceResult:
    """What a resource holds."""
    return types.ReadResourceResult(
        contents=[types.TextResourceContents(uri=uri, mime_type=text.kind, text=text.text)]
    )


def to_wire_completion(values: Sequence[str]) -> types.CompleteResult:
    """Values to choose from; the protocol allows a hundred."""
    shown = list(values[:_MOST_COMPLETIONS])
    return types.CompleteResult(
        completion=types.Completion(values=shown, total=len(values), has_more=len(values) > len(shown))
    )


_MOST_COMPLETIONS = 100

RESOURCE_TEMPLATES = [
    types.ResourceTemplate(
        uri_template=SESSION_TEMPLATE,
        name="session",
        title="A session",
        description="One session, whole, as its file stands: TOML. `id` is its id or the first characters of it.",
        mime_type=TOML,
    ),
    types.ResourceTemplate(
        uri_template=PROMPT_TEMPLATE,
        name="prompt",
        title="A session's prompt",
        description="The prompt of one phase (planning, analysis, implementation) of a session, as it was made.",
        mime_type=MARKDOWN,
    ),
]


def text_arguments(given: Mapping[str, Any] | None) -> dict[str, str]:
    """The arguments of a prompt, which are texts."""
    return {name: str(value) for name, value in (given or {}).items()}
