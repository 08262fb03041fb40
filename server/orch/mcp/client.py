"""The client at the other end: which folders it works in, and what it is told without asking.

Up to the protocol of 2025-11-25 a server may ask a client, and tells it of changes on the connection; since
2026-07-28 a question is the answer to a request, which then comes once more, and changes go out on streams that the
client opens. Both kinds are served.
"""

import logging
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import anyio
import mcp_types as types
from mcp.server import ServerRequestContext
from mcp.server.session import ServerSession
from mcp.server.subscriptions import (
    InMemorySubscriptionBus,
    ListenHandler,
    PromptsListChanged,
    ResourcesListChanged,
    ResourceUpdated,
    ToolsListChanged,
)
from mcp.shared.exceptions import MCPError
from mcp_types.version import MODERN_PROTOCOL_VERSIONS

from orch.commands.project import Project
from orch.mcp.folders import folders_of
from orch.mcp.resources import is_known
from orch.mcp.threads import in_thread
from orch.mcp.watching import PAUSE, Changes, Watch

log = logging.getLogger(__name__)

Context = ServerRequestContext[Any, Any]

ROOTS_TIME = 10.0
"""Seconds that a client may take to say which folders it works in."""

_ROOTS = "roots"


class Folders:
    """The folders that are meant: of `--root`, else those that the client works in, else the working folder."""

    def __init__(self, here: Path, *, fixed: bool) -> None:
        self._here = here
        self._fixed = fixed
        self._told: tuple[Path, ...] | None = None
        self._asking = anyio.Lock()

    def now(self) -> tuple[Path, ...]:
        """As far as is known."""
        return self._told or (self._here,)

    def forget(self) -> None:
        """The client opened or closed a folder: it is asked again."""
        self._told = None

    async def known(self, ctx: Context) -> tuple[Path, ...]:
        """The folders, after asking a client that can be asked at any time."""
        if not self._can_ask(ctx) or _is_modern(ctx):
            return self.now()
        async with self._asking:
            if self._told is None:
                try:
                    told = await ctx.session.send_request(
                        types.ListRootsRequest(), types.ListRootsResult, request_read_timeout_seconds=ROOTS_TIME
                    )
                    self._told = _folders(told)
                except (MCPError, ValueError) as error:
                    # it refuses, it does not answer, or what it answers is no list of folders
                    log.warning("the client did not say which folders it works in: %s", error)
                    self._told = ()
        return self.now()

    async def known_or_asked(
        self, ctx: Context, params: types.InputResponseRequestParams
    ) -> tuple[Path, ...] | types.InputRequiredResult:
        """The folders, or the question that the client gets for an answer; its request then comes again."""
        if not self._can_ask(ctx) or not _is_modern(ctx):
            return await self.known(ctx)
        if self._told is None:
            told = (params.input_responses or {}).get(_ROOTS)
            if not isinstance(told, types.ListRootsResult):
                return types.InputRequiredResult(input_requests={_ROOTS: types.ListRootsRequest()})
            self._told = _folders(told)
        return self.now()

    def _can_ask(self, ctx: Context) -> bool:
        capabilities = ctx.session.client_capabilities
        return not self._fixed and capabilities is not None and capabilities.roots is not None


class News:
    """What the client is told without asking: each kind of client in its way, the other way reaches nobody."""

    def __init__(self, projects: Callable[[], Sequence[Project]]) -> None:
        self._watch = Watch(projects)
        self._bus = InMemorySubscriptionBus()
        self._streams = ListenHandler(self._bus)
        self._session: ServerSession | None = None
        self._subscribed: set[str] = set()

    def reach(self, session: ServerSession) -> None:
        """From now on the client hears of changes on this connection."""
        self._session = session

    async def subscribe(self, ctx: Context, params: types.SubscribeRequestParams) -> types.EmptyResult:  # noqa: ARG002 - the SDK's shape
        """A client of before 2026-07-28 wants to hear of a resource."""
        uri = str(params.uri)
        if not is_known(uri):
            raise MCPError(types.INVALID_PARAMS, f"There is no resource {uri!r} to subscribe to.")
        if uri not in self._subscribed:
            self._subscribed.add(uri)
            await in_thread(partial(self._watch.subscribe, uri))
        return types.EmptyResult()

    async def unsubscribe(self, ctx: Context, params: types.UnsubscribeRequestParams) -> types.EmptyResult:  # noqa: ARG002 - the SDK's shape
        """It has heard enough."""
        uri = str(params.uri)
        if uri in self._subscribed:
            self._subscribed.discard(uri)
            await in_thread(partial(self._watch.unsubscribe, uri))
        return types.EmptyResult()

    async def listen(
        self, ctx: Context, params: types.SubscriptionsListenRequestParams
    ) -> types.SubscriptionsListenResult:
        """A client of 2026-07-28 or later opens a stream of changes."""
        uris = [uri for uri in params.notifications.resource_subscriptions or () if is_known(uri)]
        for uri in uris:
            await in_thread(partial(self._watch.subscribe, uri))
        try:
            return await self._streams(ctx, params)
        finally:
            for uri in uris:
                self._watch.unsubscribe(uri)

    async def watch(self) -> None:
        """Looks for changes on the disk, and tells of them, until it is cancelled."""
        while True:
            try:
                changes = await in_thread(self._watch.look)
                if changes:
                    await self.tell(changes)
            except Exception:
                log.exception("looking for changes failed")
            await anyio.sleep(PAUSE)

    async def tell(self, changes: Changes) -> None:
        """Tells of `changes`."""
        session = self._session
        for uri in changes.updated:
            await self._bus.publish(ResourceUpdated(uri))
            if session is not None and uri in self._subscribed:
                await session.send_resource_updated(uri)
        if changes.sessions:
            await self._bus.publish(ResourcesListChanged())
            if session is not None:
                await session.send_resource_list_changed()
        if changes.prompts:
            await self._bus.publish(PromptsListChanged())
            if session is not None:
                await session.send_prompt_list_changed()

    async def tell_of_other_folders(self) -> None:
        """The client works in other folders now, so every list may be another one."""
        await self._bus.publish(ToolsListChanged())
        if self._session is not None:
            await self._session.send_tool_list_changed()
        await self.tell(Changes(sessions=True, prompts=True))


def _is_modern(ctx: Context) -> bool:
    return ctx.protocol_version in MODERN_PROTOCOL_VERSIONS


def _folders(told: types.ListRootsResult) -> tuple[Path, ...]:
    return folders_of(str(root.uri) for root in told.roots)
