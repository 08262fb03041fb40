"""Sessions as resources: read, listed by the page, and watched, whoever changes them."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from mcp.client.session import ClientSession
from mcp.client.subscriptions import ResourcesListChanged, ResourceUpdated
from mcp.shared.exceptions import MCPError
from mcp.types import (
    EmptyResult,
    PaginatedRequestParams,
    PromptListChangedNotification,
    ReadResourceResult,
    ResourceListChangedNotification,
    ResourceUpdatedNotification,
    SubscribeRequest,
    SubscribeRequestParams,
    UnsubscribeRequest,
    UnsubscribeRequestParams,
)

from orch.commands.outcome import Refusal
from orch.mcp.calling import Call, reply_to
from orch.mcp.projects import Projects
from orch.mcp.resources import read_resource
from orch.mcp.watching import Changes, Watch
from support.command_line import run_real
from support.mcp_client import connected, connected_today, data, until
from support.projects import planning_answer


def plan(projects: Projects, folder: Path, request: str) -> str:
    return str(reply_to(projects, Call("plan", {"request": request}, [folder])).data["id"])


def file_of(folder: Path, session: str) -> Path:
    return next((folder / ".orch/sessions").glob(f"*-{session[:8]}.orch"))


def cli(folder: Path, *argv: str, piped: str | None = None) -> subprocess.CompletedProcess[bytes]:
    """What the command line does, in a process of its own."""
    return run_real(folder, *argv, piped=piped.encode() if piped is not None else None)


async def read(client: Any, uri: str) -> str:
    result = await client.read_resource(uri)
    assert isinstance(result, ReadResourceResult)
    (content,) = result.contents
    return str(content.text)


async def subscribe(client: ClientSession, uri: str) -> None:
    """As clients of before 2026-07-28 do it; the SDK's own method for it warns."""
    await client.send_request(SubscribeRequest(params=SubscribeRequestParams(uri=uri)), EmptyResult)


@pytest.mark.asyncio
async def test_sessions_are_read_by_a_real_client(folder: Path) -> None:
    async with connected(folder) as client:
        empty = await client.list_resources()
        assert [one.uri for one in empty.resources] == ["orch://sessions"]
        assert json.loads(await read(client, "orch://sessions")) == {"sessions": []}
        first = await data(client, "plan", request="Add a bell")
        second = await data(client, "plan", request="Add a horn")
        listed = (await client.list_resources()).resources
        assert {one.uri for one in listed} == {
            "orch://sessions",
            f"orch://session/{first['id']}",
            f"orch://session/{second['id']}",
        }
        card = next(one for one in listed if one.uri.endswith(first["id"]))
        assert (card.title, card.mime_type) == ("Add a bell", "application/toml")
        for name in (first["id"], first["id"][:8]):
            assert await read(client, f"orch://session/{name}") == file_of(folder, first["id"]).read_text("utf-8")
            assert await read(client, f"orch://session/{name}/planning/prompt") == first["prompt"]
        sessions = json.loads(await read(client, "orch://sessions"))["sessions"]
        assert {one["title"] for one in sessions} == {"Add a bell", "Add a horn"}
        templates = (await client.list_resource_templates()).resource_templates
        assert [one.uri_template for one in templates] == [
            "orch://session/{id}",
            "orch://session/{id}/{phase}/prompt",
        ]
        with pytest.raises(MCPError, match=r"has no analysis prompt yet\.$"):
            await read(client, f"orch://session/{first['id']}/analysis/prompt")


UNKNOWN = [
    "orch://session/../../../etc/passwd",
    "orch://session/%2e%2e%2f.env",
    "orch://session/",
    "orch://session/0/testing/prompt",
    "orch://session/0/planning/answer",
    "file:///etc/passwd",
    "",
]


@pytest.mark.parametrize("uri", UNKNOWN)
def test_what_is_no_resource(projects: Projects, folder: Path, uri: str) -> None:
    plan(projects, folder, "Add a bell")
    said = read_resource([projects.at(folder)], uri)
    assert isinstance(said, Refusal)
    assert said.sentence.startswith(f"There is no resource {uri!r}; there are orch://sessions, ")


def test_a_session_that_is_not_there(projects: Projects, folder: Path) -> None:
    said = read_resource([], "orch://session/0000")
    assert isinstance(said, Refusal)
    plan(projects, folder, "Add a bell")
    said = read_resource([projects.at(folder)], "orch://session/zzzz")
    assert isinstance(said, Refusal)
    assert said.sentence.startswith("There is no session 'zzzz' in this project.")


@pytest.mark.asyncio
async def test_many_sessions_are_listed_by_the_page(folder: Path) -> None:
    assert cli(folder, "plan", "Add a bell").returncode == 0
    (first,) = (folder / ".orch/sessions").iterdir()
    text = first.read_text("utf-8")
    own = first.stem[-8:]
    for number in range(230):
        name = first.name.replace(own, f"{number:08x}")
        first.with_name(name).write_text(text.replace(f'id = "{own}', f'id = "{number:08x}', 1), "utf-8")
    async with connected(folder) as client:
        found, cursor, pages = set(), None, 0
        while pages == 0 or cursor:
            page = await client.list_resources(params=PaginatedRequestParams(cursor=cursor))
            found |= {one.uri for one in page.resources}
            cursor, pages = page.next_cursor, pages + 1
        assert (len(found), pages) == (232, 3)
        with pytest.raises(MCPError, match="There is no page 'x'"):
            await client.list_resources(params=PaginatedRequestParams(cursor="x"))


def test_watching_tells_of_what_changed_and_of_nothing_else(projects: Projects, folder: Path) -> None:
    (folder / ".orch").mkdir()
    watch = Watch(lambda: [projects.at(folder)])
    assert not watch.look()
    first = plan(projects, folder, "Add a bell")
    assert watch.look() == Changes(sessions=True)
    second = plan(projects, folder, "Add a horn")
    assert watch.look() == Changes(sessions=True)
    whole, prompt = f"orch://session/{first[:8]}", f"orch://session/{first}/planning/prompt"
    for uri in (whole, prompt, "orch://sessions", "orch://session/ffff"):
        watch.subscribe(uri)
    assert not watch.look()

    def seen() -> list[str]:
        """What five looks tell of: one of them is thorough, and sees for the list what was written in place."""
        return sorted(uri for _ in range(5) for uri in watch.look().updated)

    # the same text written again is no change; a comment is one of the file, and not of the list
    own, other = file_of(folder, first), file_of(folder, second)
    os.utime(own)
    assert seen() == []
    for path, told in ((own, [whole]), (other, [])):
        path.write_text(f"{path.read_text('utf-8')}# mine\n", "utf-8")
        assert seen() == told
    other.write_text(other.read_text("utf-8").replace('title = "Add a horn"', 'title = "Add two"'), "utf-8")
    assert seen() == ["orch://sessions"]
    own.write_text(own.read_text("utf-8").replace("You plan one change", "You plan a change"), "utf-8")
    assert seen() == sorted([whole, prompt])
    # a step writes the file anew, which the first look sees
    reply_to(projects, Call("abandon", {"session": first}, [folder]))
    assert set(watch.look().updated) == {whole, "orch://sessions"}
    path = own
    path.unlink()
    gone = watch.look()
    assert (set(gone.updated), gone.sessions) == ({whole, prompt, "orch://sessions"}, True)
    for uri in (whole, prompt, "orch://sessions"):
        watch.unsubscribe(uri)
    plan(projects, folder, "Add a gong")
    assert watch.look() == Changes(sessions=True)


def test_watching_sees_templates_that_prompts_are_made_of(projects: Projects, folder: Path) -> None:
    plan(projects, folder, "Add a bell")
    watch = Watch(lambda: [projects.at(folder)])

    def looks() -> list[bool]:
        return [watch.look().prompts for _ in range(5)]

    assert not any(looks())
    own = folder / ".orch/templates/orchestrator.md.j2"
    own.parent.mkdir(exist_ok=True)
    own.write_text("+++\n[inputs.tone]\n+++\n{{ tone }}")
    assert any(looks())
    own.write_text("+++\n[inputs.tone]\n+++\n{{ tone }} and more")
    assert not any(looks())
    own.write_text("+++\n[inputs.mood]\n+++\n{{ mood }} and more")
    assert any(looks())


@pytest.mark.asyncio
async def test_a_subscribed_client_hears_what_the_command_line_does(folder: Path) -> None:
    heard: list[Any] = []
    async with connected(folder, heard=heard.append) as client:
        session = (await data(client, "plan", request="Add a bell"))["id"]
        uri = f"orch://session/{session}"
        await subscribe(client, uri)
        with pytest.raises(MCPError, match=r"^There is no resource 'file:///etc' to subscribe to\.$"):
            await subscribe(client, "file:///etc")
        assert cli(folder, "answer", piped=planning_answer(session[:8])).returncode == 0
        await until(lambda: any(isinstance(one, ResourceUpdatedNotification) for one in heard))
        told = {one.params.uri for one in heard if isinstance(one, ResourceUpdatedNotification)}
        assert told == {uri}
        assert "[analysis]" in await read(client, uri)

        heard.clear()
        assert cli(folder, "plan", "Add a horn").returncode == 0
        await until(lambda: any(isinstance(one, ResourceListChangedNotification) for one in heard))
        assert cli(folder, "template", "add", "orchestrator").returncode == 0
        own = folder / ".orch/templates/orchestrator.md.j2"
        own.write_text("+++\n[inputs.tone]\n+++\n{{ tone }}")
        await until(lambda: any(isinstance(one, PromptListChangedNotification) for one in heard))
        await client.send_request(UnsubscribeRequest(params=UnsubscribeRequestParams(uri=uri)), EmptyResult)


@pytest.mark.asyncio
async def test_a_client_of_2026_hears_it_too(folder: Path) -> None:
    async with connected_today(folder) as client:
        session = (await data(client, "plan", request="Add a bell"))["id"]
        uri = f"orch://session/{session[:8]}/planning/prompt"
        stream = client.listen(
            resource_subscriptions=[uri, "orch://sessions"], resources_list_changed=True, prompts_list_changed=True
        )
        async with stream as changes:
            path = file_of(folder, session)
            path.write_text(path.read_text("utf-8").replace("You plan one change", "You plan a change"), "utf-8")
            waited_for: set[object] = {ResourceUpdated(uri)}
            async for change in changes:
                waited_for.discard(change)
                if not waited_for:
                    break
            assert "You plan a change" in await read(client, uri)
            assert cli(folder, "plan", "Add a horn").returncode == 0
            waited_for = {ResourcesListChanged(), ResourceUpdated("orch://sessions")}
            async for change in changes:
                waited_for.discard(change)
                if not waited_for:
                    break
