"""The project's `.orch` folder: made with what git needs, and gone again when nothing came of it."""

import os
import secrets
from pathlib import Path

from orch.storage.atomic import TEMPORARY, make_folders, write_whole

LOCK = ".lock"
_RUN_LOCK = "run-{}.lock"
_IGNORED = ("/unfiled/", f"/{LOCK}", f"/{_RUN_LOCK.format('*')}", TEMPORARY)
_FILES = {
    ".gitignore": "# Made by Orch: what stays on this machine.\n" + "".join(f"{name}\n" for name in _IGNORED),
    ".gitattributes": (
        "# Made by Orch: the same bytes on every machine; what only the program writes is shown folded.\n"
        "# Two branches may record one version, each with its own date: both are kept, see orch check.\n"
        "* text eol=lf\n"
        "/versions/** linguist-generated -diff merge=union\n"
        "/kept/** linguist-generated -diff\n"
    ),
}


def run_lock(key: str) -> str:
    """The name of the file that a run of the session `key` locks."""
    return _RUN_LOCK.format(key)


def make_own_folder(own: Path) -> None:
    """Makes `own`, a project's `.orch`, and adds the two files for git that are missing in it. Raises OSError."""
    make_folders(own)
    for name, text in _FILES.items():
        if not os.path.lexists(own / name):
            try:
                write_whole(own / name, text.encode(), new=True)
            except FileExistsError:
                pass  # another process was quicker


def remove_unused(own: Path) -> None:
    """Removes `own` when it holds nothing but what `make_own_folder` made. The caller holds its lock.

    It is moved away first, at once, so that whoever waits for the lock sees that it has to be made again.
    """
    # Windows moves no folder in which a file is open; there it stays
    if os.name == "nt" or {path.name for path in own.iterdir()} != {LOCK, *_FILES}:
        return
    if any((own / name).read_bytes() != text.encode() for name, text in _FILES.items()):
        return
    away = own.with_name(f".orch-{secrets.token_hex(6)}.tmp")
    own.rename(away)
    for path in away.iterdir():
        path.unlink()
    away.rmdir()
