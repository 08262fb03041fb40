"""Real MCP clients in tests: the SDK's, which start `orch mcp` as a process of its own."""

import os
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
from mcp.client.session import ClientSession
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp.types import CallToolResult, ErrorData, ListRootsResult, Root

from mcp import Client

ORCH_MCP = ["-P", "-m", "orch", "mcp"]
SECONDS = 30.0
"""How long a test waits for what must come."""


def server_in(folder: Path, *arguments: str) -> StdioServerParameters:
    """How `orch mcp` is started in `folder`."""
    return StdioServerParameters(
        command=sys.executable, args=[*ORCH_MCP, *arguments], cwd=folder, env=dict(os.environ)
    )


@asynccontextmanager
async def connected(
    folder: Path,
    *arguments: str,
    roots: list[Path] | ErrorData | None = None,
    heard: Callable[[Any], None] | None = None,
) -> AsyncIterator[ClientSession]:
    """A client of the protocol of 2025-11-25. `roots` are the folders that it works in, or why it does not say;
    `heard` gets each message.

    Nothing may stand on the server's standard output but messages.
    """

    async def list_roots(_context: Any) -> ListRootsResult | ErrorData:
        if isinstance(roots, ErrorData):
            return roots
        return ListRootsResult(roots=[Root(uri=root.as_uri()) for root in roots or ()])

    async def listen(message: Any) -> None:
        if isinstance(message, Exception):
            raise message
        if heard is not None:
            heard(message)

    async with (
        stdio_client(server_in(folder, *arguments)) as (incoming, outgoing),
        ClientSession(
            incoming,
            outgoing,
            message_handler=listen,
            list_roots_callback=list_roots if roots is not None else None,
            read_timeout_seconds=SECONDS,
        ) as session,
    ):
        await session.initialize()
        yield session


@asynccontextmanager
async def connected_today(folder: Path, *arguments: str, roots: list[Path] | None = None) -> AsyncIterator[Client]:
    """A client of the protocol of 2026-07-28."""

    async def list_roots(_context: Any) -> ListRootsResult:
        return ListRootsResult(roots=[Root(uri=root.as_uri()) for root in roots or ()])

    client = Client(
        server_in(folder, *arguments),
        list_roots_callback=list_roots if roots is not None else None,
        read_timeout_seconds=SECONDS,
    )
    async with client:
        assert client.protocol_version == "2026-07-28"
        yield client


async def data(session: ClientSession | Client, tool: str, /, **arguments: Any) -> Mapping[str, Any]:
    """The data of a call that must not be refused."""
    result = await session.call_tool(tool, arguments)
    assert isinstance(result, CallToolResult)
    assert not result.is_error, result
    assert result.structured_content is not None
    return result.structured_content


async def refused(session: ClientSession | Client, tool: str, /, **arguments: Any) -> str:
    """The sentence of a call that must be refused."""
    result = await session.call_tool(tool, arguments)
    assert isinstance(result, CallToolResult)
    assert result.is_error, result
    return text_of(result)


def text_of(result: CallToolResult) -> str:
    """What a model reads of a result."""
    (block,) = result.content
    assert block.type == "text"
    return block.text


async def until(true: Callable[[], bool]) -> None:
    """Waits until `true()`."""
    with anyio.fail_after(SECONDS):
        while not true():
            await anyio.sleep(0.02)
