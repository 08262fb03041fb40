"""Which project is meant: `--root`, the folders that the client works in, the working folder; one or several."""

from pathlib import Path
from typing import Any

import pytest
from mcp.client.session import ClientSession
from mcp.types import ErrorData, RootsListChangedNotification

from mcp import Client
from orch.commands.outcome import Refusal
from orch.mcp.folders import folders_of, names_of, root_for
from orch.mcp.projects import Projects
from support.mcp_client import connected, connected_today, data, refused
from support.projects import planning_answer


@pytest.fixture
def elsewhere(folder: Path) -> Path:
    """A folder that has nothing to do with the project."""
    made = folder.parent / "elsewhere"
    made.mkdir()
    return made


def sessions(folder: Path) -> int:
    return len(list((folder / ".orch/sessions").glob("*.orch")))


@pytest.mark.asyncio
async def test_root_comes_before_what_the_client_says(folder: Path, elsewhere: Path) -> None:
    (folder / ".orch").mkdir()
    (folder / "src").mkdir()
    async with connected(elsewhere, "--root", str(folder / "src"), roots=[elsewhere]) as client:
        await data(client, "plan", request="Add a bell")
    assert (sessions(folder), (elsewhere / ".orch").exists()) == (1, False)


@pytest.mark.asyncio
@pytest.mark.parametrize("way", [connected, connected_today])
async def test_the_folder_that_the_client_works_in(folder: Path, elsewhere: Path, way: Any) -> None:
    async with way(elsewhere, roots=[folder]) as client:
        await data(client, "plan", request="Add a bell")
        listed = (await client.list_resources()).resources
        assert [one.title for one in listed] == ["Sessions", "Add a bell"]
    assert (sessions(folder), (elsewhere / ".orch").exists()) == (1, False)


@pytest.mark.asyncio
@pytest.mark.parametrize("roots", [[], ErrorData(code=-32603, message="Not now.")], ids=["none", "refused"])
async def test_a_client_without_folders(folder: Path, roots: Any) -> None:
    async with connected(folder, roots=roots) as client:
        await data(client, "plan", request="Add a bell")
    assert sessions(folder) == 1


async def work_in_two(client: ClientSession | Client, shop: Path, bar: Path) -> None:
    said = "There are several folders (shop, bar); name one as `root`."
    assert await refused(client, "plan", request="Add a bell") == said
    first = await data(client, "plan", request="Add a bell", root="shop")
    # the only one that holds a project is meant now
    assert [one["id"] for one in (await data(client, "list_sessions"))["sessions"]] == [first["id"]]
    second = await data(client, "plan", request="Add a horn", root="bar")
    assert await refused(client, "list_sessions") == said
    listed = await data(client, "list_sessions", root=str(bar))
    assert [one["id"] for one in listed["sessions"]] == [second["id"]]
    # a session tells its folder, whether the call names it or the answer
    told = await data(client, "answer", session=second["id"][:8], text=planning_answer())
    assert told["id"] == second["id"]
    told = await data(client, "answer", text=planning_answer(first["id"][:8]))
    assert told["id"] == first["id"]
    assert {tool.name: "root" in tool.input_schema["properties"] for tool in (await client.list_tools()).tools}[
        "next"
    ]
    uris = {one.uri for one in (await client.list_resources()).resources}
    assert {f"orch://session/{first['id']}", f"orch://session/{second['id']}"} < uris
    assert (sessions(shop), sessions(bar)) == (1, 1)


@pytest.mark.asyncio
@pytest.mark.parametrize("way", [connected, connected_today])
async def test_several_folders(folder: Path, elsewhere: Path, way: Any) -> None:
    bar = folder.parent / "bar"
    bar.mkdir()
    async with way(elsewhere, roots=[folder, bar]) as client:
        await work_in_two(client, folder, bar)
    assert not (elsewhere / ".orch").exists()


@pytest.mark.asyncio
async def test_a_client_that_opens_another_folder(folder: Path, elsewhere: Path) -> None:
    heard: list[Any] = []
    roots = [folder]
    async with connected(elsewhere, roots=roots, heard=heard.append) as client:
        await data(client, "plan", request="Add a bell")
        tools = (await client.list_tools()).tools
        assert "root" not in tools[0].input_schema["properties"]
        roots[:] = [folder, elsewhere]
        await client.send_notification(RootsListChangedNotification())
        tools = (await client.list_tools()).tools
        assert tools[0].input_schema["properties"]["root"]["enum"] == ["shop", "elsewhere"]
        assert "ToolListChangedNotification" in {type(one).__name__ for one in heard}


def test_folders_that_are_none(folder: Path) -> None:
    given = [
        folder.as_uri(),
        "https://example.org/x",
        "file:///no/such/folder",
        "file:relative",
        "file:///a%00b",
        "",
    ]
    assert folders_of([*given, *given]) == (folder,)


def test_folders_of_one_name_are_told_by_their_paths(folder: Path) -> None:
    other = folder.parent / "deep/shop"
    assert names_of([folder, other]) == [str(folder), str(other)]
    assert names_of([folder]) == ["shop"]


def test_the_root_of_a_call(projects: Projects, folder: Path, elsewhere: Path) -> None:
    both = [folder, elsewhere]
    for name in ("shop", str(folder), folder.as_uri()):
        assert root_for(both, {"root": name}, projects.at, create=True) == folder
    for wrong in ("bar", "../shop", 3, ["shop"]):
        said = root_for(both, {"root": wrong}, projects.at, create=True)
        assert isinstance(said, Refusal)
        assert said.sentence == f"There is no folder {wrong!r} here; `root` is one of shop, elsewhere."
    assert isinstance(root_for([folder], {}, projects.at, create=False), Refusal)
    (folder / "src").mkdir()
    (folder / ".git").mkdir()
    assert root_for([folder / "src"], {}, projects.at, create=True) == folder
    (folder / ".orch").mkdir()
    assert root_for([folder / "src"], {}, projects.at, create=False) == folder
