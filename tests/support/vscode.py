"""Drives a real VS Code in headless Chromium: what a person sees and does, in their words.

`Editor` is one window on one project. Every wait ends by itself: playwright's own limit, `WAIT`, holds everywhere.
"""

import json
import os
import re
import subprocess
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import BrowserContext, Locator, Page
from playwright.sync_api import TimeoutError as NotInTime

import run  # tools/run.py
import vscode_web  # tools/vscode_web.py

WAIT = 60_000.0
"""Milliseconds that anything may take to appear; the machine may be busy with other tests."""

SETTINGS = {
    "workbench.startupEditor": "none",
    "workbench.tips.enabled": False,
    "workbench.secondarySideBar.defaultVisibility": "hidden",
    "workbench.colorTheme": "Default Dark Modern",
    "workbench.welcomePage.walkthroughs.openOnInstall": False,
    "chat.disableAIFeatures": True,
    "editor.minimap.enabled": False,
    "git.openRepositoryInParentFolders": "never",
    "telemetry.telemetryLevel": "off",
    "update.mode": "none",
    "extensions.ignoreRecommendations": True,
    "files.simpleDialog.enable": True,
    "security.workspace.trust.startupPrompt": "never",
}
"""The settings of every test: a quiet, dark window without what other extensions bring."""

CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
)


@dataclass(frozen=True, slots=True)
class Server:
    """A running VS Code server: its address and its log."""

    address: str
    log: Path


def install_extension(vscode: vscode_web.VSCode, vsix: Path, home: Path, extensions: Path) -> None:
    """Install `vsix` into the folder `extensions`. Raises CalledProcessError when VS Code refuses it."""
    own = ["--server-data-dir", str(home / "install"), "--extensions-dir", str(extensions)]
    command = [str(vscode.node), str(vscode.server), *own, "--force", "--install-extension", str(vsix)]
    subprocess.run(command, env=environment(vscode, home), check=True, capture_output=True, timeout=120)


@contextmanager
def serve(
    vscode: vscode_web.VSCode, home: Path, extensions: Path, settings: str, *, trust: bool = True
) -> Iterator[Server]:
    """A VS Code server with a fresh data folder under `home`, on a free port of 127.0.0.1; ended at the end.

    Without `trust`, folders have to be trusted by a person first.
    """
    data = home / "server"
    (data / "data" / "User").mkdir(parents=True)
    (data / "data" / "Machine").mkdir(parents=True)
    (data / "data" / "User" / "settings.json").write_text(settings, encoding="utf-8")
    # what names a program belongs to the machine, and VS Code takes it from this file alone
    own = {name: value for name, value in json.loads(settings).items() if name.startswith("orch.")}
    (data / "data" / "Machine" / "settings.json").write_text(json.dumps(own), encoding="utf-8")
    port = run.free_port()
    command = [str(vscode.node), str(vscode.server), "--host", "127.0.0.1", "--port", str(port)]
    command += ["--without-connection-token", "--accept-server-license-terms", "--disable-telemetry"]
    command += ["--server-data-dir", str(data), "--extensions-dir", str(extensions)]
    command += ["--reconnection-grace-time", "5", *(["--disable-workspace-trust"] if trust else [])]
    command += ["--log", "orch.orch:trace"]
    log = home / "server.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, env=environment(vscode, home), stdout=output, stderr=output, start_new_session=True
        )
        try:
            address = f"http://127.0.0.1:{port}"
            if not run.wait_ready(f"{address}/version", process):
                raise RuntimeError(f"VS Code did not start:\n{log.read_text(encoding='utf-8')}")
            yield Server(address, log)
        finally:
            run.end(process)


def environment(vscode: vscode_web.VSCode, home: Path) -> dict[str, str]:
    """The environment of VS Code: this one's PATH, a home of its own, and no extension gallery."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "LANG", "TMPDIR", "PYENV_ROOT")}
    path = os.pathsep.join([str(vscode.node.parent), kept.get("PATH", "")])
    return {
        **kept,
        "PATH": path,
        "HOME": str(home),
        "ORCH_CONFIG_HOME": str(home / "config"),
        "EXTENSIONS_GALLERY": "{}",
    }


class Editor:
    """One VS Code window."""

    def __init__(self, page: Page, shots: Path) -> None:
        self.page = page
        self._shots = shots
        self._shot = 0

    @classmethod
    def open(cls, context: BrowserContext, server: Server, folder: Path, shots: Path) -> "Editor":
        """A window on `folder`, once its workbench stands."""
        page = context.new_page()
        page.set_default_timeout(WAIT)
        page.goto(f"{server.address}/?folder={urllib.parse.quote(str(folder))}")
        page.locator(".monaco-workbench .part.statusbar").wait_for()
        page.get_by_role("treeitem").first.wait_for()
        return cls(page, shots)

    def ready(self) -> "Editor":
        """This window, once VS Code has taken up the extension."""
        self.activity.wait_for()
        return self

    @property
    def activity(self) -> Locator:
        """Orch's entry in the activity bar."""
        return self.page.locator(".activitybar .action-label[aria-label^=Orch]")

    def shot(self, name: str) -> Path:
        """A picture of the window, numbered in the order of the run."""
        self._shot += 1
        self.page.wait_for_timeout(400)  # boxes and messages glide in
        path = self._shots / f"{self._shot:02d}-{name}.png"
        self.page.screenshot(path=path)
        return path

    # -- doing ------------------------------------------------------------------------------------------------

    def command(self, title: str) -> None:
        """Run a command from the palette; it must be offered."""
        row = self.page.locator(".quick-input-widget .monaco-list-row", has_text=title).first
        for last in (False,) * 9 + (True,):
            self.ask_palette(title)
            try:
                # not Enter: what is first in the list may be another a moment later
                row.click(timeout=WAIT / 10)
                return
            except NotInTime:
                # the palette does not take up what came to be offered after it opened
                if last:
                    raise
                self.page.keyboard.press("Escape")

    def ask_palette(self, title: str) -> None:
        """Open the palette and type `title`, as far as that."""
        box = self.page.locator(".quick-input-widget input[type=text]")
        for last in (False,) * 9 + (True,):
            self.page.keyboard.press("F1")
            try:
                box.fill(f">{title}", timeout=WAIT / 10)
                return
            except NotInTime:
                # whatever takes the focus just now, such as a file that opens, closes the palette
                if last:
                    raise

    def offered(self, title: str) -> list[str]:
        """What the palette offers for `title`; the palette is closed again."""
        self.ask_palette(title)
        self.page.wait_for_timeout(400)
        rows = self.page.locator(".quick-input-widget .monaco-list-row .label-name").all_inner_texts()
        self.page.keyboard.press("Escape")
        return [plain(row) for row in rows]

    def answer_box(self, placeholder: str | re.Pattern[str], text: str) -> None:
        """Type `text` into the input box with that placeholder, and Enter."""
        box = self.page.locator(".quick-input-widget").get_by_placeholder(placeholder)
        box.wait_for()
        box.fill(text)
        self.page.keyboard.press("Enter")

    def pick(self, label: str) -> None:
        """Choose the row with `label` from the list that is shown."""
        row = self.page.locator(".quick-input-widget .monaco-list-row", has_text=label).first
        row.wait_for()
        row.click()

    def open_file(self, name: str) -> None:
        """Open a file of the project by its name."""
        self.page.keyboard.press("Control+P")
        box = self.page.locator(".quick-input-widget input[type=text]")
        box.wait_for()
        box.fill(name)
        self.page.locator(".quick-input-widget .monaco-list-row", has_text=name).first.wait_for()
        self.page.keyboard.press("Enter")
        self.tab(name).wait_for()

    def click_lens(self, title: str, line: int) -> None:
        """Click the code lens with that title above `line`, counted from 1."""
        self.find_lens(title, line).click()

    def find_lens(self, title: str, line: int) -> Locator:
        """The code lens with that title above `line`, counted from 1; only what can be seen has lenses."""
        lens = self.lens(title)
        for last in (False,) * 4 + (True,):
            self.go_to(line)
            try:
                lens.wait_for(timeout=WAIT / 5)
                break
            except NotInTime:
                # texts that fold just then take the line out of sight again
                if last:
                    raise
        return lens

    def focus_editor(self) -> None:
        """Put the keyboard into the active editor."""
        self.command("View: Focus Active Editor Group")

    def go_to(self, line: int, column: int = 1) -> None:
        """Put the cursor at `line` and `column`, both counted from 1, and the line into sight."""
        for last in (False,) * 9 + (True,):
            self.focus_editor()
            self.page.keyboard.press("Control+G")
            box = self.page.locator(".quick-input-widget input[type=text]")
            box.wait_for()
            box.fill(f":{line}:{column}")
            self.page.keyboard.press("Enter")
            try:
                # where the cursor has been there already, the closed box tells that the editor has the keys again
                box.wait_for(state="hidden", timeout=WAIT / 10)
                self.status(re.compile(rf"Ln {line}, Col {column}\b")).wait_for(timeout=WAIT / 10)
                return
            except NotInTime:
                # a key that comes while the editor is busy may go elsewhere
                if last:
                    raise

    def copy(self, text: str) -> None:
        """Put `text` on the clipboard."""
        self.page.evaluate("text => navigator.clipboard.writeText(text)", text)

    def clipboard(self) -> str:
        """What is on the clipboard."""
        return str(self.page.evaluate("() => navigator.clipboard.readText()"))

    def undo(self) -> None:
        """One undo in the active editor."""
        self.focus_editor()
        self.page.keyboard.press("Control+Z")

    def save(self) -> None:
        """Save the active editor."""
        self.page.keyboard.press("Control+S")

    def dismiss(self) -> None:
        """Take the messages away."""
        self.command("Notifications: Clear All Notifications")

    # -- seeing -----------------------------------------------------------------------------------------------

    def tab(self, name: str | re.Pattern[str]) -> Locator:
        """The tab with that name."""
        return self.page.locator(".tabs-container .tab").filter(has_text=name).first

    def lens(self, title: str) -> Locator:
        """The code lens with that title among those that can be seen."""
        return self.page.locator(".monaco-editor .codelens-decoration a").filter(has_text=title).first

    def lenses(self) -> list[str]:
        """The code lenses that can be seen."""
        return [plain(text) for text in self.page.locator(".codelens-decoration a").all_inner_texts()]

    def message(self, text: str | re.Pattern[str]) -> Locator:
        """The message that holds `text`."""
        return self.page.locator(".notifications-toasts .notification-list-item").filter(has_text=text).first

    def late_message(self, text: str | re.Pattern[str]) -> Locator:
        """The message that holds `text`, taken from the list of all messages when it is no longer in sight."""
        message = self.message(text)
        try:
            message.wait_for(timeout=WAIT / 6)
            return message
        except NotInTime:
            self.command("Notifications: Show Notifications")
            listed = self.page.locator(".notifications-center .notification-list-item").filter(has_text=text).first
            listed.wait_for()
            listed.click()
            return listed

    def squiggle(self, kind: str = "error") -> Locator:
        """The squiggles of that kind: error, warning, info."""
        return self.page.locator(f".monaco-editor .squiggly-{kind}")

    def line(self, text: str) -> Locator:
        """The line of the editor that holds `text`."""
        return self.page.locator(".monaco-editor .view-line").filter(has_text=spaced(text)).first

    def problems(self) -> list[str]:
        """The rows of the Problems panel."""
        self.command("Problems: Focus on Problems View")
        self.page.locator(".markers-panel .monaco-list-row").first.wait_for()
        return [plain(row) for row in self.page.locator(".markers-panel .monaco-list-row").all_inner_texts()]

    def status(self, text: str | re.Pattern[str]) -> Locator:
        """The entry of the status bar that holds `text`."""
        return self.page.locator(".part.statusbar .statusbar-item").filter(has_text=text).first


def plain(text: str) -> str:
    """`text` with the editor's no-break spaces as spaces, on one line."""
    return " ".join(text.replace("\u00a0", " ").split())


def spaced(text: str) -> re.Pattern[str]:
    """A pattern for `text` as the editor draws it: its spaces are no-break spaces."""
    return re.compile(r"\s+".join(map(re.escape, text.split())))
