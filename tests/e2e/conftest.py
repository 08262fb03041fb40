"""Real editors: VS Code in headless Chromium, with the `.vsix` that `make vsix` built."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).absolute().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

import vscode_web  # noqa: E402
from support.vscode import CHROMIUM_FLAGS, SETTINGS, WAIT, Editor, install_extension, serve  # noqa: E402


@pytest.fixture(scope="session")
def vsix() -> Path:
    """The extension, built before the tests by `make e2e`."""
    built = sorted((ROOT / "dist").glob("orch-*.vsix"), key=lambda path: path.stat().st_mtime)
    assert built, "There is no .vsix; run `make vsix` first."
    return built[-1]


@pytest.fixture(scope="session")
def vscode() -> vscode_web.VSCode:
    """VS Code for the browser, installed when it is not there yet."""
    return vscode_web.install()


@pytest.fixture(scope="session")
def extensions(vscode: vscode_web.VSCode, vsix: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of extensions that holds Orch alone."""
    home = tmp_path_factory.mktemp("extensions")
    install_extension(vscode, vsix, home, home / "extensions")
    return home / "extensions"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Headless Chromium: `ORCH_CHROMIUM`, or the one on the PATH."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    found = os.environ.get("ORCH_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    assert found, "No Chromium or Chrome was found; install one, or name it in ORCH_CHROMIUM."
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=list(CHROMIUM_FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A copy of the sample project, as a git repository with a person's name."""
    folder = tmp_path / "shop"
    shutil.copytree(ROOT / "examples" / "shop", folder)
    for arguments in (
        ["init", "--quiet"],
        ["config", "user.name", "Ada"],
        ["config", "user.email", "ada@example.invalid"],
        ["add", "--all"],
        ["commit", "--quiet", "-m", "The sample project"],
    ):
        subprocess.run(["git", *arguments], cwd=folder, check=True)
    return folder


@pytest.fixture
def shots(request: pytest.FixtureRequest) -> Path:
    """The folder for this test's pictures, empty; git ignores it."""
    folder = Path(__file__).parent / "shots" / request.node.name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def settings() -> dict[str, Any]:
    """Settings of a test's own, besides those of every test."""
    return {}


@pytest.fixture
def trust() -> bool:
    """Whether the project is trusted from the start."""
    return True


@pytest.fixture
def editor(
    browser: Browser,
    vscode: vscode_web.VSCode,
    extensions: Path,
    shop: Path,
    tmp_path: Path,
    shots: Path,
    settings: dict[str, Any],
    trust: bool,
) -> Iterator[Editor]:
    """A VS Code window on the sample project, with a data folder of its own."""
    home = tmp_path / "home"
    home.mkdir(exist_ok=True)
    with serve(vscode, home, extensions, json.dumps({**SETTINGS, **settings}), trust=trust) as server:
        context = browser.new_context(
            viewport={"width": 1400, "height": 900}, permissions=["clipboard-read", "clipboard-write"]
        )
        window = Editor.open(context, server, shop, shots)
        if trust:
            window.ready()
        yield window
        window.shot("end")
        context.close()


@pytest.fixture
def until(editor: Editor) -> Callable[[Callable[[], bool]], None]:
    """Waits until something holds, and fails when it never does."""

    def wait(holds: Callable[[], bool]) -> None:
        for _ in range(int(WAIT / 100)):
            try:
                if holds():
                    return
            except (KeyError, ValueError):
                pass  # VS Code is writing the file just now
            editor.page.wait_for_timeout(100)
        editor.shot("never")
        assert holds()

    return wait
