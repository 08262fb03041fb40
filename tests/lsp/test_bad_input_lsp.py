"""Bad names, weights and versions over the protocol: one plain sentence each, nothing written, all else goes on."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from support.lsp_editor import Editor
from support.projects import planning_answer

Start = Callable[..., Awaitable[Editor]]
pytestmark = pytest.mark.asyncio

NAMES = ("../x", "a/../b", "/etc/x", "C:/x", "C:\\x", "x/", "", ".", "a b", "nul", "x@", "x@-1", "~/x", "\u0000")
ARMS: tuple[Any, ...] = (
    [],
    {"a": "1"},
    {"a": "1:0", "b": "1"},
    {"a": "1:-1", "b": "1"},
    {"a": "1:nan", "b": "1"},
    {"a": "1:inf", "b": "1"},
    {"a": "9", "b": "1"},
    {"a": "orchestrator", "b": "1"},
    {"a": "../x@1", "b": "1"},
    [{"name": "a", "version": "1", "weight": 0}, {"name": "b", "version": "1"}],
    [{"name": "a", "version": "1", "weight": "NaN"}, {"name": "b", "version": "1"}],
    [{"name": "a", "version": "1", "weight": None}, {"name": "a", "version": "1"}],
    "a=1",
    3,
    None,
)


def files(root: Path) -> dict[str, bytes]:
    own = root / ".orch"
    return {
        path.relative_to(own).as_posix(): path.read_bytes()
        for path in own.rglob("*")
        if path.is_file() and path.name != ".lock"
    }


def one_sentence(error: Exception) -> str:
    said = str(error)
    assert "\n" not in said
    assert "Traceback" not in said
    return said


async def test_names_that_lead_elsewhere(start: Start, root: Path) -> None:
    editor = await start()
    await editor.run("orch.template.customize", name="orchestrator", block="role")
    before, around = files(root), set(root.parent.iterdir())
    for name in NAMES:
        for command, params in (
            ("template.customize", {"name": name}),
            ("template.publish", {"name": name, "message": "m", "text": "x"}),
            ("template.publish", {"name": name, "renumber": True}),
            ("template.rollback", {"name": name, "version": 1}),
            ("template.show", {"name": name}),
            ("template.versions", {"name": name}),
            ("template.diff", {"left": name, "right": "orchestrator"}),
            ("experiment.start", {"name": "t", "template": name, "arms": {"a": "1", "b": "1"}}),
        ):
            one_sentence(await editor.refused(f"orch.{command}", **params))
        one_sentence(await editor.refused("orch.experiment.report", name=name))
    kept = {name: text for name, text in files(root).items() if not name.startswith("unfiled/")}
    assert kept == before
    assert set(root.parent.iterdir()) == around


async def test_arms_that_cannot_be(start: Start, root: Path) -> None:
    editor = await start()
    await editor.run("orch.template.customize", name="orchestrator", block="role")
    await editor.run("orch.template.publish", name="orchestrator", message="m")
    before = files(root)
    for arms in ARMS:
        one_sentence(
            await editor.refused("orch.experiment.start", name="tone", template="project:orchestrator", arms=arms)
        )
    assert files(root) == before
    assert (await editor.run("plan", request="Add a bell"))["status"] == "planning"


async def test_a_version_that_was_edited_is_told_in_the_session_that_has_it(start: Start) -> None:
    editor = await start()
    await editor.run("orch.template.customize", name="orchestrator", block="role")
    published = await editor.run("orch.template.publish", name="orchestrator", message="m")
    planned = await editor.run("plan", request="Add a bell")
    path = Path(published["path"])
    edited = path.read_text().replace("super()", "super( )")
    path.write_text(edited)
    uri = editor.open(Path(planned["path"]))
    found = await editor.diagnostics(uri, until=lambda shown: any(one.code == "unknown-template" for one in shown))
    (told,) = [one for one in found if one.code == "unknown-template"]
    assert "was changed after it was recorded; restore" in told.message
    assert editor.slice(uri, told.range).strip("'\"") == published["reference"]
    for command, params in (
        ("template.show", {"name": published["reference"]}),
        ("template.rollback", {"name": "orchestrator", "version": 1}),
        ("template.diff", {"left": published["reference"], "right": "orchestrator"}),
    ):
        assert "restore" in one_sentence(await editor.refused(f"orch.{command}", **params))
    (one,) = (await editor.run("orch.template.versions", name="orchestrator"))["versions"]
    assert "was changed" in one["problem"]
    assert await editor.lenses(uri)
    assert (await editor.run("list"))["sessions"]
    assert path.read_text() == edited


async def test_a_session_that_nobody_can_read_keeps_no_other_from_its_steps(start: Start, root: Path) -> None:
    editor = await start()
    made = await editor.run("plan", request="Add a bell")
    short = made["id"][:8]
    folder = root / ".orch" / "sessions"
    for name in ("picture.orch", "x-0badc0de.orch"):
        (folder / name).write_bytes(bytes(range(256)))
    for asked in (made["id"], short, made["id"][:3]):
        assert (await editor.run("show", session=asked))["id"] == made["id"]
    assert "no session 'zzzz'" in str(await editor.refused("show", session="zzzz"))
    assert "x-0badc0de.orch is not a text file" in str(await editor.refused("show", session="0badc0de"))
    assert (await editor.run("next"))["id"] == made["id"]
    assert (await editor.run("answer", text=planning_answer(short)))["parts"]["analysis"]["state"] == "found"
    assert (await editor.run("next"))["status"] == "analysis"
    assert (folder / "picture.orch").read_bytes() == bytes(range(256))


@pytest.mark.parametrize("name", ["pyproject.toml", "notes.md"])
async def test_a_file_that_is_no_session_is_left_alone(start: Start, root: Path, name: str) -> None:
    editor = await start()
    path = root / name
    path.write_text('[project]\nname = "x"\n' if name.endswith(".toml") else "Some notes.\n")
    before = path.read_text()
    for command, params in (
        ("plan", {"request": "Add a bell"}),
        ("process", {"text": planning_answer()}),
        ("edit", {"key": "request.text"}),
        ("complete", {"force": True}),
        ("abandon", {}),
        ("show", {}),
    ):
        assert f"{name} is no session" in one_sentence(
            await editor.refused(command, session=path.as_uri(), **params)
        )
    assert path.read_text() == before
    path.write_text('[request]\ntext = "Add a bell"\n')
    assert (await editor.run("plan", session=path.as_uri()))["title"] == "Add a bell"
