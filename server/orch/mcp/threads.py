"""Work beside the event loop, and what goes wrong in it as an error of the protocol."""

from collections.abc import Callable
from typing import TypeVar

import anyio.to_thread
import mcp_types as types
from mcp.shared.exceptions import MCPError

from orch.commands.outcome import Refusal
from orch.storage.port import StorageError

T = TypeVar("T")


async def in_thread(work: Callable[[], T]) -> T:
    """The result of `work`, beside the loop. One who no longer waits for it does not hold anything up."""
    return await anyio.to_thread.run_sync(work, abandon_on_cancel=True)


async def plainly(work: Callable[[], T | Refusal]) -> T:
    """The result of `work`; a refusal, or trouble with a file, is an error with one plain sentence."""
    try:
        done = await in_thread(work)
    except StorageError as error:
        raise MCPError(types.INTERNAL_ERROR, str(error)) from error
    if isinstance(done, Refusal):
        raise MCPError(types.INVALID_PARAMS, done.sentence)
    return done
