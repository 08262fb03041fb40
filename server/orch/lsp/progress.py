"""Work that takes long: the client shows that it goes on, and may cancel it."""

import asyncio
import threading
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from lsprotocol import types

if TYPE_CHECKING:
    from concurrent.futures import Future

    from orch.lsp.language_server import OrchServer

LONG = 0.4
"""Seconds after which work counts as long, when the client gave no token for it."""


@asynccontextmanager
async def working(
    ls: "OrchServer", token: int | str | None, title: str, stop: threading.Event
) -> AsyncIterator[Callable[[str], None]]:
    """Shows progress while the block runs; sets `stop` when the person cancels.

    With the client's own token at once; else, for a client that can show it, once the work takes long. The block is
    given a function that says how far it has come; it is called on the loop.
    """
    begun: list[int | str] = []
    so_far = ""

    def begin(known: int | str) -> None:
        ls.work_done_progress.begin(known, _begin(title, so_far))
        begun.append(known)
        _listen(ls.work_done_progress.tokens[known], stop)

    def report(message: str) -> None:
        nonlocal so_far
        so_far = message
        for known in begun:
            ls.work_done_progress.report(known, types.WorkDoneProgressReport(message=message))

    async def begin_later() -> None:
        await asyncio.sleep(LONG)
        made = str(uuid.uuid4())
        await ls.work_done_progress.create_async(made)
        begin(made)

    later: asyncio.Task[None] | None = None
    if token is not None:
        begin(token)
    elif ls.client.progress:
        later = asyncio.get_running_loop().create_task(begin_later())
    try:
        yield report
    finally:
        if later is not None:
            later.cancel()
        for known in begun:
            ls.work_done_progress.end(known, types.WorkDoneProgressEnd())
            ls.work_done_progress.tokens.pop(known, None)


def _begin(title: str, so_far: str) -> types.WorkDoneProgressBegin:
    return types.WorkDoneProgressBegin(title=f"Orch: {title}", message=so_far or None, cancellable=True)


def _listen(cancelled: "Future[None]", stop: threading.Event) -> None:
    cancelled.add_done_callback(lambda _: stop.set())
