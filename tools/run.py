"""`make run`: a real VS Code with the extension, on a copy of the sample project.

    python tools/run.py EXTENSION.vsix [--browser] [--folder FOLDER]

The sample is ours, so workspace trust is off in that window; in yours it keeps Orch off until you trust a folder.
Takes the `code` on the PATH, else (or with `--browser`) VS Code in the browser on 127.0.0.1, whose address it
prints. Extensions and settings of your own VS Code are left alone. In the browser it runs until Ctrl-C.
"""

import argparse
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import vscode_web

SETTINGS = {
    "workbench.startupEditor": "readme",
    "workbench.secondarySideBar.defaultVisibility": "hidden",
    "workbench.welcomePage.walkthroughs.openOnInstall": False,
    "chat.disableAIFeatures": True,
    "telemetry.telemetryLevel": "off",
    "git.openRepositoryInParentFolders": "never",
}
"""The first settings of the window; they are yours to change afterwards."""

SAMPLE = vscode_web.ROOT / "examples" / "shop"


def main() -> int:
    """Open the editor; gives the exit code."""
    options = _options()
    folder = (options.folder or vscode_web.cache() / "run" / "shop").absolute()
    copy_sample(folder)
    code = None if options.browser else shutil.which("code")
    return run_local(code, options.vsix, folder) if code else run_in_browser(options.vsix, folder)


def copy_sample(folder: Path) -> None:
    """Put the sample project into `folder`, as a git repository. One that is there already stays as it is."""
    if folder.exists():
        return
    folder.parent.mkdir(parents=True, exist_ok=True)
    shutil.copytree(SAMPLE, folder)
    git = ["git", "-c", "user.name=Sample", "-c", "user.email=sample@example.invalid"]
    for arguments in (["init", "--quiet"], ["add", "--all"], ["commit", "--quiet", "-m", "The sample project"]):
        subprocess.run([*git, *arguments], cwd=folder, check=True)


def run_local(code: str, vsix: Path, folder: Path) -> int:
    """Open the `code` of this machine, with folders for settings and extensions of its own."""
    home = vscode_web.cache() / "run" / "code"
    write_settings(home)
    own = ["--user-data-dir", str(home / "data"), "--extensions-dir", str(home / "extensions")]
    subprocess.run([code, *own, "--force", "--install-extension", str(vsix)], check=True)
    print(f"Opening {folder} in {code}.", flush=True)
    window = [code, *own, "--disable-workspace-trust", "--new-window", str(folder)]
    return subprocess.run(window, check=False).returncode


def run_in_browser(vsix: Path, folder: Path) -> int:
    """Serve VS Code on a free port of 127.0.0.1 until Ctrl-C."""
    vscode = vscode_web.install()
    home = vscode_web.cache() / "run" / "browser"
    write_settings(home)
    entry = [str(vscode.node), str(vscode.code_server)]
    own = ["--user-data-dir", str(home / "data"), "--extensions-dir", str(home / "extensions")]
    environment = {**os.environ, "EXTENSIONS_GALLERY": "{}"}
    environment["PATH"] = os.pathsep.join([str(vscode.node.parent), environment.get("PATH", "")])
    install = [*entry, *own, "--force", "--install-extension", str(vsix)]
    subprocess.run(install, env=environment, check=True, stdout=subprocess.DEVNULL)
    port = free_port()
    serve = [*entry, *own, "--config", str(home / "config.yaml"), "--auth", "none"]
    serve += ["--bind-addr", f"127.0.0.1:{port}", "--disable-telemetry", "--disable-update-check"]
    serve += ["--disable-workspace-trust", str(folder)]
    with (home / "server.log").open("wb") as log:
        server = subprocess.Popen(serve, env=environment, stdout=log, stderr=log, start_new_session=True)
    # a process that a script starts in the background is born deaf to Ctrl-C; TERM ends it as well
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, signal.default_int_handler)
    try:
        if not wait_ready(f"http://127.0.0.1:{port}/healthz", server):
            print(f"VS Code did not start; see {home / 'server.log'}.", file=sys.stderr)
            return 1
        print(f"\n  VS Code with Orch: http://127.0.0.1:{port}/?folder={folder}\n\n  Ctrl-C ends it.", flush=True)
        server.wait()
    except KeyboardInterrupt:
        print()
    finally:
        end(server)
    return 0


def write_settings(home: Path) -> None:
    """The first settings of a window whose data folder is new."""
    path = home / "data" / "User" / "settings.json"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(SETTINGS, indent=2), encoding="utf-8")


def free_port() -> int:
    """A port of 127.0.0.1 that nothing listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_ready(address: str, server: subprocess.Popen[bytes], limit: float = 60.0) -> bool:
    """Whether `address` answers within `limit` seconds, while the process runs."""
    end_of_wait = time.monotonic() + limit
    while server.poll() is None and time.monotonic() < end_of_wait:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return True
        except urllib.error.HTTPError:
            return True
        except OSError:
            time.sleep(0.1)
    return False


def end(server: subprocess.Popen[bytes]) -> None:
    """End the process and those that it started: its own group, where the system has groups."""
    for name in ("SIGTERM", "SIGKILL"):
        if hasattr(os, "killpg"):
            try:
                os.killpg(server.pid, getattr(signal, name))
            except ProcessLookupError:
                break
        else:
            server.kill()
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            continue
        if name == "SIGTERM":
            time.sleep(0.5)  # its children end a moment later; what is left after that is killed


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Open VS Code with Orch on a copy of the sample project.")
    parser.add_argument("vsix", type=Path, help="the extension")
    parser.add_argument("--browser", action="store_true", help="do not use the `code` of this machine")
    parser.add_argument("--folder", type=Path, help="where to put the copy; an existing one stays as it is")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
