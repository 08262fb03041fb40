"""Files that are no documents of Orch: their diagnostics, and changes on disk that nobody tells of."""

import subprocess
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from lsprotocol import types

from support.lsp_editor import Editor
from support.session_checks import head

Start = Callable[..., Awaitable[Editor]]
pytestmark = pytest.mark.asyncio

EXPERIMENT = """\
name = "tone"
template = "orchestrator"
status = "running"
salt = "x"
arms = [
    { name = "a", version = "builtin:orchestrator@1-f4eb45ad" },
    { name = "b", version = "project:orchestrator@7-5d41402a" },
]
"""


def write(root: Path, name: str, text: str) -> Path:
    path = root / ".orch" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def without_watching(capabilities: types.ClientCapabilities) -> None:
    assert capabilities.workspace is not None
    capabilities.workspace.did_change_watched_files = None


def tell(editor: Editor, path: Path) -> None:
    event = types.FileEvent(path.as_uri(), types.FileChangeType.Changed)
    editor.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([event]))


async def shown(editor: Editor, path: Path, codes: list[str], words: str = "") -> list[types.Diagnostic]:
    """The diagnostics that are shown of a file, once they have these codes and say these words."""

    def found() -> list[types.Diagnostic] | None:
        last = next((one for one in reversed(editor.published) if one.uri == path.as_uri()), None)
        diagnostics = list(last.diagnostics) if last is not None else []
        fits = [str(one.code) for one in diagnostics] == codes and all(words in one.message for one in diagnostics)
        return diagnostics if last is not None and fits else None

    result: list[types.Diagnostic] = await editor.wait_for(found)
    return result


@pytest.mark.parametrize("watching", [True, False])
async def test_what_is_wrong_in_the_configuration_is_shown_and_taken_back(
    start: Start, root: Path, watching: bool
) -> None:
    path = write(root, "config.toml", "project = 3\n")
    editor = await start(change=None if watching else without_watching)
    (one,) = await shown(editor, path, ["invalid-configuration"])
    assert (one.message, one.source) == ("`project` wants a text.", "orch")
    assert (one.range.start, one.range.end) == (types.Position(0, 0), types.Position(0, 7))
    path.write_text('project = "shop"\nlayers = [\n')
    if watching:
        tell(editor, path)
    await shown(editor, path, ["toml-syntax"])
    path.unlink()
    if watching:
        tell(editor, path)
    await shown(editor, path, [])


async def test_an_experiment_whose_version_is_gone_and_a_version_that_was_edited(start: Start, root: Path) -> None:
    experiment = write(root, "experiments/tone.toml", EXPERIMENT)
    editor = await start()
    (one,) = await shown(editor, experiment, ["invalid-experiment"])
    assert one.message == "The arm `b` cannot be used. There is no version `project:orchestrator@7-5d41402a`."
    assert one.range.start.line == 6
    await editor.run("orch.template.customize", name="orchestrator", block="role")
    done = await editor.run("orch.template.publish", name="orchestrator", message="mine")
    version = Path(done["path"])
    recorded = version.read_text()
    version.write_text(recorded.replace("super()", "super( )"))
    tell(editor, version)
    (one,) = await shown(editor, version, ["invalid-version"])
    assert "edited by hand" in one.message
    experiment.write_text(EXPERIMENT.replace("project:orchestrator@7-5d41402a", done["reference"]))
    tell(editor, experiment)
    await shown(editor, experiment, ["invalid-experiment"], "was changed after it was recorded")
    version.write_text(recorded)
    tell(editor, version)
    await shown(editor, version, [])
    await shown(editor, experiment, [])


async def test_the_users_own_configuration_too(start: Start, root: Path, tmp_path: Path) -> None:
    (root / ".orch").mkdir()
    own = tmp_path / "config/config.toml"
    own.parent.mkdir()
    own.write_text("[runners.x]\ntimeout = 3\n")
    editor = await start()
    (one,) = await shown(editor, own, ["invalid-configuration"])
    assert "wants a command" in one.message
    own.write_text('[runners.x]\ncommand = ["x"]\n')
    await shown(editor, own, [])


@pytest.mark.parametrize("watching", [True, False])
async def test_a_checkout_is_seen(start: Start, root: Path, watching: bool) -> None:
    """With watched files the client tells of it, without them the server sees it by itself."""

    def git(*words: str) -> None:
        identity = ("-c", "user.name=Ada", "-c", "user.email=ada@example.invalid")
        subprocess.run(["git", *identity, *words], cwd=root, check=True, capture_output=True)

    mine = write(root, "sessions/a.orch", head())
    git("add", "-A")
    git("commit", "-q", "-m", "one")
    git("checkout", "-q", "-b", "side")
    copy = write(root, "sessions/b.orch", head())
    git("add", "-A")
    git("commit", "-q", "-m", "two")
    git("checkout", "-q", "-")
    editor = await start(change=None if watching else without_watching)
    uri = editor.open(mine)
    assert await editor.diagnostics(uri) == []
    assert len((await editor.run("list"))["sessions"]) == 1
    git("checkout", "-q", "side")
    if watching:
        tell(editor, copy)
    await editor.diagnostics(uri, until=lambda found: [str(one.code) for one in found] == ["duplicate-id"])
    assert len((await editor.run("list"))["sessions"]) == 2
    git("checkout", "-q", "-")
    if watching:
        tell(editor, copy)
    await editor.diagnostics(uri, until=lambda found: found == [])
    assert len((await editor.run("list"))["sessions"]) == 1


async def test_the_users_own_layer_is_seen_by_every_client(start: Start, root: Path, tmp_path: Path) -> None:
    (root / ".orch").mkdir()
    path = write(root, "templates/a.md.j2", "{% include 'lib/tone' %}\n")
    tone = tmp_path / "config/templates/lib/tone.md.j2"
    editor = await start()
    uri = editor.open(path, language="orch-template")
    await editor.diagnostics(uri, until=lambda found: [str(one.code) for one in found] == ["missing-template"])
    tone.parent.mkdir(parents=True)
    tone.write_text("dry\n")
    await editor.diagnostics(uri, until=lambda found: found == [])


async def test_the_list_of_templates_follows_the_files(start: Start, root: Path) -> None:
    editor = await start()
    first = await editor.run("orch.template.list")
    assert first.keys() == {"templates", "upgrades"}
    assert {one["layer"] for one in first["templates"]} == {"builtin"}
    path = write(root, "templates/lib/ä b.md.j2", "x").with_name("ä.md.j2")
    path.write_text('+++\ndescription = "one"\n+++\n')
    uri = editor.open(path, language="orch-template")

    async def described() -> list[tuple[str, str]]:
        found = (await editor.run("orch.template.list"))["templates"]
        return [(one["path"], one["description"]) for one in found if one["layer"] == "project"]

    assert await described() == [(str(path), "one")]
    editor.type(uri, 19, 22, "two")
    assert await described() == [(str(path), "two")]
    editor.close(uri)
    assert await described() == [(str(path), "one")]
    path.unlink()
    assert await described() == []
