"""VS Code in the browser: installs it from npm into `.cache/vscode`, and knows how to run it.

    python tools/vscode_web.py        install it, once; about a minute and 700 MB

code-server carries a whole VS Code server. Its pin, and that of the Node it wants, stand in
tools/vscode/package.json.
Install scripts stay off, so no system library is needed. Only the module that writes logs is compiled, where there
is a compiler: without it "Orch: Show Log" stays empty in the browser.
"""

import json
import os
import platform
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).absolute().parents[1]
PINS = ROOT / "tools" / "vscode" / "package.json"
SYSTEMS = {"linux": "linux", "darwin": "darwin", "win32": "win"}
MACHINES = {"x86_64": "x64", "amd64": "x64", "arm64": "arm64", "aarch64": "arm64"}


@dataclass(frozen=True, slots=True)
class VSCode:
    """An installed VS Code: the Node that runs it, its server, and code-server's own entry for people."""

    node: Path
    server: Path
    code_server: Path


def cache() -> Path:
    """Where big downloads are kept: `ORCH_CACHE`, else `.cache` in the repository, which git ignores."""
    return Path(os.environ.get("ORCH_CACHE") or ROOT / ".cache").absolute()


def install() -> VSCode:
    """VS Code, installed unless it is there with the wanted versions. Raises CalledProcessError when npm fails."""
    home = cache() / "vscode"
    pins = PINS.read_text(encoding="utf-8")
    stamp = home / "installed.json"
    found = _installed(home)
    if not (stamp.is_file() and stamp.read_text(encoding="utf-8") == pins):
        print(f"Installing VS Code for the browser into {home} (once, about a minute) ...", flush=True)
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir(parents=True)
        (home / "package.json").write_text(pins, encoding="utf-8")
        _npm(home, "install", f"{_node_package()}@{json.loads(pins)['config']['node']}")
        # a shrinkwrap inside names what the server itself needs; npm does not look into it by itself
        _npm(found.server.parents[1], "install", "--omit=dev")
        _compile_logging(found)
        stamp.write_text(pins, encoding="utf-8")
    return found


def _installed(home: Path) -> VSCode:
    modules = home / "node_modules"
    node = modules / _node_package() / "bin" / ("node.exe" if sys.platform == "win32" else "node")
    package = modules / "code-server"
    return VSCode(
        node, package / "lib" / "vscode" / "out" / "server-main.js", package / "out" / "node" / "entry.js"
    )


def _node_package() -> str:
    """The npm package that holds Node's program for this machine."""
    return f"node-{SYSTEMS[sys.platform]}-{MACHINES[platform.machine().lower()]}"


def _npm(folder: Path, *arguments: str) -> None:
    npm = shutil.which("npm")
    if npm is None:
        sys.exit("npm is missing; install Node 20 or newer.")
    quiet = ("--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
    subprocess.run([npm, *arguments, *quiet], cwd=folder, check=True)


def _compile_logging(vscode: VSCode) -> None:
    """Compile the one native module that is worth it; where that fails, VS Code runs without logs."""
    headers = {"npm_config_nodedir": str(vscode.node.parents[1])}
    path = os.pathsep.join([str(vscode.node.parent), os.environ.get("PATH", "")])
    subprocess.run(
        [shutil.which("npm") or "npm", "rebuild", "@vscode/spdlog", "--ignore-scripts=false"],
        cwd=vscode.server.parents[1],
        env={**os.environ, **headers, "PATH": path},
        capture_output=True,
        timeout=300,
        check=False,
    )


if __name__ == "__main__":
    install()
