"""Looking at the folders of projects again and again, for what the client does not watch.

A client with watched files tells of `.orch` folders in its workspace, and of nothing else: the user's own layer and
shared layers lie elsewhere. A client without them tells of nothing. So what is not told of is looked at: the times
of some folders, twice a second, which takes a millisecond or two.
"""

import asyncio
import logging
from pathlib import Path
from typing import TYPE_CHECKING

from orch.storage.folder_watch import FolderWatch
from orch.storage.port import StorageError

if TYPE_CHECKING:
    from orch.lsp.language_server import OrchServer

log = logging.getLogger(__name__)

INTERVAL = 0.5
"""Seconds between two looks."""


async def poll(ls: "OrchServer") -> None:
    """Looks until the server ends."""
    watch = FolderWatch()
    while not ls.has_ended:
        # what was opened before the first look may have been checked with files that changed before it as well
        if await ls.in_thread(_changed, ls, watch):
            ls.checker.files_changed()
        await asyncio.sleep(INTERVAL)


def _changed(ls: "OrchServer", watch: FolderWatch) -> bool:
    try:
        return watch.changed(_unwatched(ls))
    except StorageError as error:
        log.warning("a change in other files may not be seen: %s", error)
        return False


def _unwatched(ls: "OrchServer") -> list[Path]:
    """The folders that the client tells nothing of. Runs in a thread."""
    from orch.storage.locate import user_config

    watched = [project.folder for project in ls.projects.known()]
    found = [user_config()] if ls.client.watched_files else [user_config(), *watched]
    for folder in ls.projects.layers():
        if not any(folder.is_relative_to(known) for known in (*watched, *found)):
            found.append(folder)
    return found
