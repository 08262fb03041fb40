"""Take the picture of the README in the real editor: `make picture`.

python tools/picture.py EXTENSION.vsix docs/images/session.png
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).absolute().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

import run  # noqa: E402
import vscode_web  # noqa: E402
from support.vscode import CHROMIUM_FLAGS, SETTINGS, Editor, Server, install_extension, serve  # noqa: E402

ANSWER = """\
<analysis_template>
# Analyse: user accounts in {project}

Read `shop/web.py`, `shop/cart.py` and `shop/store.py` before you say anything about them.

## Find out
1. Where a cart is tied to a customer today, and what would break when it is tied to an account.
2. How [CARTS WITHOUT ACCOUNT] are told from those that belong to somebody.
3. Which routes need a signed-in customer, and what they answer to others.
4. How tables change: every change is a new entry of `MIGRATIONS`.

Keep passwords with {{{{ hash_function }}}} from the standard library.

## Report
For each point: what is there (file and function), what has to change, and how it is tested.
</analysis_template>

<implementation_template>
# Build: user accounts in {project}

Follow the analysis exactly:

[PASTE ANALYSIS RESULTS HERE]
</implementation_template>

<execution_notes>
Complexity: Medium-High
Time estimate: 10-14 hours

Key files:
- shop/store.py
- shop/cart.py
- shop/web.py

Risks:
- Risk: Carts made before accounts are lost
  Mitigation: Keep them usable by their number for thirty days
- Risk: Passwords are stored badly
  Mitigation: Salted and slow, from the standard library alone
</execution_notes>
"""

OTHERS = (
    ("Fix the total of a cart when a price changes", ("process",)),
    ("Make the search of the catalogue faster", ("process", "analyze")),
)


def main() -> None:
    """Plan in a copy of the sample project, and take the picture where values are wanted."""
    vsix, picture = Path(sys.argv[1]), Path(sys.argv[2])
    vscode = vscode_web.install()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as temporary:
        home = Path(temporary).resolve()
        shop = home / "projects" / "shop"
        run.copy_sample(shop)
        for request, steps in OTHERS:
            session = orch(shop, "", "plan", request)
            for step in steps:
                orch(shop, ANSWER.format(project="shop"), step, "--session", session["id"])
        session = orch(shop, "", "plan", "Add user authentication")
        orch(shop, ANSWER.format(project="shop"), "process", "--session", session["id"])
        install_extension(vscode, vsix, home, home / "extensions")
        with serve(vscode, home, home / "extensions", json.dumps({**SETTINGS, "editor.fontSize": 13})) as server:
            take(server, shop, Path(session["path"]), home, picture)


def orch(shop: Path, text: str, *arguments: str) -> dict[str, str]:
    """Run the command line in the project; gives its JSON answer."""
    command = [sys.executable, "-m", "orch", *arguments, "--json"]
    environment = {**os.environ, "ORCH_CONFIG_HOME": str(shop.parent / "config")}
    done = subprocess.run(
        command, cwd=shop, input=text, env=environment, capture_output=True, text=True, check=False
    )
    if not done.stdout:
        sys.exit(done.stderr)
    answer: dict[str, str] = json.loads(done.stdout)
    return answer


def take(server: Server, shop: Path, session: Path, home: Path, picture: Path) -> None:
    """The picture itself: the session open at its analysis, and the other sessions beside it."""
    with sync_playwright() as playwright:
        found = os.environ.get("ORCH_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=found, args=list(CHROMIUM_FLAGS))
        context = browser.new_context(viewport={"width": 1280, "height": 800}, device_scale_factor=1.5)
        editor = Editor.open(context, server, shop, home).ready()
        editor.open_file(session.name)
        editor.lens("Planning - next").wait_for()
        editor.activity.click()
        body = session.read_text(encoding="utf-8").splitlines().index("[analysis]") + 2
        editor.find_lens("Fill 2 values", body)
        editor.command("Unfold")
        editor.page.locator(".squiggly-info").first.wait_for()
        editor.page.mouse.move(200, 500)  # an empty place: no tip about what lies below
        editor.page.wait_for_timeout(1_500)
        picture.parent.mkdir(parents=True, exist_ok=True)
        editor.page.screenshot(path=picture)
        browser.close()


if __name__ == "__main__":
    main()
