"""The server itself: a handler for each request, the work in threads, standard input and output.

It is built on the SDK's `Server`, on which `MCPServer` is built too: the lists depend on the project and change
while a client is connected, the schemas come from the commands, a refusal is our sentence and nothing else, and
clients of both eras of the protocol hear of changes.

The client is the model: nothing here runs a runner, and nothing asks the client to sample.
"""

import logging
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import mcp_types as types
from mcp.server import NotificationOptions, Server
from mcp.server.context import CallNext, HandlerResult
from mcp.server.stdio import stdio_server
from mcp.shared.exceptions import MCPError

from orch import __version__
from orch.commands.project import Project
from orch.mcp.calling import Call, reply_to
from orch.mcp.client import Context, Folders, News
from orch.mcp.folders import names_of, project_for, projects_of
from orch.mcp.jobs import Jobs
from orch.mcp.projects import Projects
from orch.mcp.prompts import completions, prompt_cards, render_prompt, session_ids
from orch.mcp.resources import read_resource, resources
from orch.mcp.threads import in_thread, plainly
from orch.mcp.tools import INSTRUCTIONS, TOOLS
from orch.mcp.wire import (
    RESOURCE_TEMPLATES,
    text_arguments,
    to_wire_completion,
    to_wire_messages,
    to_wire_prompt,
    to_wire_resource,
    to_wire_result,
    to_wire_text,
    to_wire_tool,
)
from orch.model.session import PHASES
from orch.storage.given import working_folder
from orch.storage.port import StorageError

PAGE = 100
"""Resources that one page of their list holds."""

END_TIME = 20.0
"""Seconds that a step under way may take when the client has gone: longer than any lock or rendering."""


def serve(folder: Path | None) -> int:
    """Serves until standard input ends. `folder` is the one that `--root` names. Gives the exit code."""
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s")
    try:
        here = folder or working_folder()
    except StorageError as error:
        print(f"orch mcp: {error}", file=sys.stderr)
        return 1
    # the thread that reads standard input cannot be woken, so an interrupt ends the process without it
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    face = Face(Folders(here, fixed=folder is not None))
    anyio.run(face.run)
    face.close()
    return 0


class Face:
    """The handlers of one server, whose one client works in `folders`."""

    def __init__(self, folders: Folders) -> None:
        self._folders = folders
        self._projects = Projects()
        self._news = News(lambda: self._all(self._folders.now()))
        self._jobs = Jobs()
        self.server = self._made()

    async def run(self) -> None:
        """Serves on standard input and output, which nothing else in the process gets to see."""
        told = NotificationOptions(prompts_changed=True, resources_changed=True, tools_changed=True)
        async with stdio_server() as (incoming, outgoing):
            await self.server.run(incoming, outgoing, self.server.create_initialization_options(told))

    def close(self) -> None:
        """Waits for steps under way, so that an answer whose client has gone is filed, and ends the renderer."""
        self._jobs.wait(END_TIME)
        self._projects.close()

    def _made(self) -> Server[Any]:
        server: Server[Any] = Server(
            "orch",
            version=__version__,
            title="Orch",
            description="Plans, analyses and implements changes, with prompts that are versioned and measured",
            instructions=INSTRUCTIONS,
            lifespan=self._lifespan,
            on_list_tools=self.list_tools,
            on_call_tool=self.call_tool,
            on_list_prompts=self.list_prompts,
            on_get_prompt=self.get_prompt,
            on_completion=self.complete,
            on_list_resources=self.list_resources,
            on_list_resource_templates=self.list_resource_templates,
            on_read_resource=self.read_resource,
            on_subscribe_resource=self._news.subscribe,
            on_unsubscribe_resource=self._news.unsubscribe,
            on_subscriptions_listen=self._news.listen,
        )
        given_up, roots = "notifications/cancelled", "notifications/roots/list_changed"
        server.add_notification_handler(given_up, types.CancelledNotificationParams, self.cancelled)
        server.add_notification_handler(roots, types.NotificationParams, self.roots_changed)
        server.middleware.append(self._remember)
        return server

    # the SDK calls every handler with (ctx, params), whether it wants both or not

    async def list_tools(self, ctx: Context, _: types.PaginatedRequestParams | None) -> types.ListToolsResult:
        """The tools; with several folders each takes `root`."""
        folders = await self._folders.known(ctx)
        roots = names_of(folders) if len(folders) > 1 else ()
        return types.ListToolsResult(tools=[to_wire_tool(tool, roots) for tool in TOOLS])

    async def call_tool(
        self, ctx: Context, params: types.CallToolRequestParams
    ) -> types.CallToolResult | types.InputRequiredResult:
        """One call, in a thread. What goes wrong in it is a result that says so."""
        folders = await self._asked(ctx, params)
        if isinstance(folders, types.InputRequiredResult):
            return folders
        given_up = self._jobs.begin(ctx.request_id)
        call = Call(params.name, params.arguments or {}, folders, given_up.is_set)

        def work() -> types.CallToolResult:
            try:
                return to_wire_result(reply_to(self._projects, call))
            finally:
                self._jobs.end(ctx.request_id)

        return await in_thread(work)

    async def cancelled(self, _: Context, params: types.CancelledNotificationParams) -> None:
        """The client gave a request up: its step changes nothing, unless it has begun to write."""
        self._jobs.cancel(params.request_id)

    async def list_prompts(self, ctx: Context, _: types.PaginatedRequestParams | None) -> types.ListPromptsResult:
        """The templates that the project resolves to."""
        folders = await self._folders.known(ctx)
        cards = await plainly(lambda: prompt_cards(self._project(folders)))
        return types.ListPromptsResult(prompts=[to_wire_prompt(card) for card in cards])

    async def get_prompt(
        self, ctx: Context, params: types.GetPromptRequestParams
    ) -> types.GetPromptResult | types.InputRequiredResult:
        """A template rendered. Nothing is recorded."""
        folders = await self._asked(ctx, params)
        if isinstance(folders, types.InputRequiredResult):
            return folders
        given = text_arguments(params.arguments)
        made = await plainly(lambda: render_prompt(self._project(folders, given), params.name, given))
        return to_wire_messages(made)

    async def complete(self, ctx: Context, params: types.CompleteRequestParams) -> types.CompleteResult:
        """Choices of a prompt's input, feature types, sessions, phases."""
        folders = await self._folders.known(ctx)
        name, typed = params.argument.name, params.argument.value
        if isinstance(params.ref, types.PromptReference):
            prompt = params.ref.name
            found = await plainly(lambda: completions(self._project(folders), prompt, name, typed))
        elif name == "phase":
            found = [phase for phase in PHASES if phase.startswith(typed)]
        else:
            found = await plainly(lambda: [one for each in self._all(folders) for one in session_ids(each, typed)])
        return to_wire_completion(found)

    async def list_resources(
        self, ctx: Context, params: types.PaginatedRequestParams | None
    ) -> types.ListResourcesResult:
        """The sessions, the newest first, a page at a time."""
        folders = await self._folders.known(ctx)
        found = await plainly(lambda: resources(self._all(folders)))
        cursor = (params.cursor if params else None) or "0"
        if not (cursor.isascii() and cursor.isdecimal() and len(cursor) < 12):
            raise MCPError(types.INVALID_PARAMS, f"There is no page {cursor!r} in the list of resources.")
        end = int(cursor) + PAGE
        return types.ListResourcesResult(
            resources=[to_wire_resource(one) for one in found[int(cursor) : end]],
            next_cursor=str(end) if end < len(found) else None,
        )

    async def list_resource_templates(
        self, _ctx: Context, _: types.PaginatedRequestParams | None
    ) -> types.ListResourceTemplatesResult:
        """How a session's URI is made."""
        return types.ListResourceTemplatesResult(resource_templates=RESOURCE_TEMPLATES)

    async def read_resource(
        self, ctx: Context, params: types.ReadResourceRequestParams
    ) -> types.ReadResourceResult | types.InputRequiredResult:
        """A session's file, a prompt of it, or the list."""
        folders = await self._asked(ctx, params)
        if isinstance(folders, types.InputRequiredResult):
            return folders
        uri = str(params.uri)
        return to_wire_text(uri, await plainly(lambda: read_resource(self._all(folders), uri)))

    async def roots_changed(self, _ctx: Context, _: types.NotificationParams) -> None:
        """The client opened or closed a folder."""
        self._folders.forget()
        await self._news.tell_of_other_folders()

    @asynccontextmanager
    async def _lifespan(self, _: Server[Any]) -> AsyncIterator[dict[str, Any]]:
        async with anyio.create_task_group() as beside:
            beside.start_soon(self._news.watch)
            yield {}
            beside.cancel_scope.cancel()

    async def _remember(self, ctx: Context, call_next: CallNext) -> HandlerResult:
        """Keeps the way to a client that hears of changes on its connection."""
        done = await call_next(ctx)
        if ctx.method == "notifications/initialized":
            self._news.reach(ctx.session)
        return done

    async def _asked(
        self, ctx: Context, params: types.InputResponseRequestParams
    ) -> tuple[Path, ...] | types.InputRequiredResult:
        """The folders; the client hears of it when its lists were made for others."""
        before = self._folders.now()
        folders = await self._folders.known_or_asked(ctx, params)
        if not isinstance(folders, types.InputRequiredResult) and folders != before:
            await self._news.tell_of_other_folders()
        return folders

    def _all(self, folders: Sequence[Path]) -> list[Project]:
        return projects_of(folders, self._projects.at)

    def _project(self, folders: Sequence[Path], given: dict[str, str] | None = None) -> Project:
        """The project whose templates are meant; a folder that is none has the user's own and the built-in ones."""
        return self._projects.at(project_for(folders, given or {}, self._projects.at))
