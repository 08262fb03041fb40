"""Build `vscode-extension/bundled/`: the server and its pure-Python dependencies, as the extension carries them.

    python tools/bundle.py

Needs a network, or pip's cache, for the dependencies, whose versions `requirements-dev.txt` pins. Typer, Rich, the
command line and the MCP server stay out, and so does everything compiled: one folder serves every platform and
every Python from 3.11 on.
"""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).absolute().parents[1]
EXTENSION = ROOT / "vscode-extension"
BUNDLED = EXTENSION / "bundled"
LEFT_OUT = ("typer", "rich")
"""What only the command line needs."""

USELESS = ("__pycache__", "bin", "*.so", "*.pyd", "*.c", "*.pyi", "py.typed", "orch/cli", "orch/mcp")
RECORDS = ("RECORD", "INSTALLER", "REQUESTED", "WHEEL", "direct_url.json", "uv_cache.json", "entry_points.txt")
"""What an installer notes for itself, such as the folder it installed from. Names, versions and licences stay."""


def main() -> None:
    """Build the folder anew; it appears only when it is whole."""
    fresh = BUNDLED.with_suffix(".new")
    shutil.rmtree(fresh, ignore_errors=True)
    libs = fresh / "libs"
    install(libs, dependencies(), "--constraint", str(ROOT / "requirements-dev.txt"))
    install(libs, [str(ROOT)], "--no-deps", "--no-build-isolation")
    prune(libs)
    shutil.copyfile(EXTENSION / "launch.py", fresh / "launch.py")
    shutil.rmtree(BUNDLED, ignore_errors=True)
    fresh.rename(BUNDLED)


def dependencies() -> list[str]:
    """The run-time requirements of `pyproject.toml` without those of the command line."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return [wanted for wanted in project["dependencies"] if not wanted.startswith(LEFT_OUT)]


def install(target: Path, wanted: list[str], *options: str) -> None:
    """Install `wanted` into the folder `target`. Raises CalledProcessError after pip has said why."""
    quiet = ("--quiet", "--disable-pip-version-check", "--no-compile", "--no-warn-conflicts")
    command = [sys.executable, "-m", "pip", "install", *quiet, "--target", str(target), *options, *wanted]
    subprocess.run(command, check=True)


def prune(libs: Path) -> None:
    """Take away what is compiled, what belongs to the command line, and what the installer noted."""
    doomed = [path for pattern in USELESS for path in libs.rglob(pattern)]
    doomed += [path for name in RECORDS for path in libs.glob(f"*.dist-info/{name}")]
    for path in doomed:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


if __name__ == "__main__":
    main()
