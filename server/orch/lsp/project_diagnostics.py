"""Diagnostics of files that are no documents of Orch: the configuration, experiments and versions of a project.

They are published for the files as they are on disk (or open, as another language's), whenever something may have
changed them; a file that is mended, or gone, is published once more without any. One look goes on at a time. A
version is read again only when its file has another stamp, or had a finding: what it depends on may have changed.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from orch.lsp.convert import Sheet, to_lsp_diagnostic, to_lsp_uri
from orch.rules.finding import Finding
from orch.storage.port import StorageError
from orch.text.lines import LineIndex

if TYPE_CHECKING:
    from orch.commands.project import Project
    from orch.commands.project_file_findings import ProjectFiles
    from orch.lsp.language_server import OrchServer

log = logging.getLogger(__name__)

PAUSE, FIRST_PAUSE = 0.1, 1.0
"""Seconds that are waited for more to change, and for the client's first requests to be answered."""

AT_A_TIME, BETWEEN = 20, 0.02
"""Versions that are read in a row, and the seconds between two such rows: others want to work as well."""

Found = dict[Path, tuple[str, list[Finding]]]
"""The text and the findings of every file that has some."""


@dataclass(slots=True)
class _Seen:
    """What is known of one project: the stamps of its versions, and the findings that are shown."""

    stamps: dict[Path, Any] = field(default_factory=dict)
    found: Found = field(default_factory=dict)


class ProjectDiagnostics:
    """Looks at the projects' own files and publishes what is wrong with them."""

    def __init__(self, server: "OrchServer") -> None:
        self._server = server
        self._seen: dict[Path, _Seen] = {}
        self._looking = False
        self._again = False

    def look(self, pause: float = PAUSE) -> None:
        """Something may have changed. Called on the event loop."""
        self._again = True
        if not self._looking:
            self._looking = True
            self._server.start(self._look(pause))

    async def _look(self, pause: float) -> None:
        try:
            while self._again:
                await asyncio.sleep(pause)
                while self._waits():
                    await asyncio.sleep(pause)
                self._again, pause = False, PAUSE
                for root, before, after in await self._server.in_thread(self._changes):
                    self._publish(before, after)
                    self._seen[root].found = after
        finally:
            self._looking = False

    def _changes(self) -> list[tuple[Path, Found, Found]]:
        """(root, what is shown, what is to be shown) for each project. Runs in a thread."""
        made: list[tuple[Path, Found, Found]] = []
        for project in self._server.projects.known():
            seen = self._seen.setdefault(project.root, _Seen())
            try:
                made.append((project.root, seen.found, dict(_found(project, seen, self._waits))))
            except StorageError as error:
                log.warning("the project's own files are left unchecked: %s", error)
        return made

    def _waits(self) -> bool:
        """Whether somebody waits for a command, which goes first."""
        return self._server.commands_at_work > 0 and not self._server.has_ended

    def _publish(self, before: Found, after: Found) -> None:
        from orch.storage.rule_pages import rule_page

        for path in dict.fromkeys((*before, *after)):
            if before.get(path) == after.get(path):
                continue
            text, findings = after.get(path, ("", []))
            sheet = Sheet(to_lsp_uri(path), LineIndex(text), self._server.documents.encoding)
            related = self._server.client.related
            shown = [to_lsp_diagnostic(sheet, one, rule_page(one.rule), related) for one in findings]
            self._server.text_document_publish_diagnostics(types.PublishDiagnosticsParams(sheet.uri, shown))


def _found(
    project: "Project", seen: _Seen, waits: Callable[[], bool]
) -> Iterator[tuple[Path, tuple[str, list[Finding]]]]:
    from orch.commands.project_file_findings import ProjectFiles, declared_paths
    from orch.commands.settings import project_library
    from orch.library.configuration import FILE_NAME
    from orch.rules.severities import settled

    library = project_library(project)
    files = ProjectFiles(project, library)
    paths = chain(declared_paths(project), [project.user_config / FILE_NAME], _changed_versions(files, seen, waits))
    for path in paths:
        read = _read(files, path)
        findings = settled(read[1], library.configuration.diagnostics) if read is not None else []
        if read is not None and findings:
            yield path, (read[0], findings)


def _changed_versions(files: "ProjectFiles", seen: _Seen, waits: Callable[[], bool]) -> Iterator[Path]:
    """The versions to be read: a file at a time, with pauses, since nobody waits for what is wrong in thousands."""
    from orch.commands.project_file_findings import own_version_folders

    known, seen.stamps = seen.stamps, {}
    read = 0
    for folder in own_version_folders(files.project, files.library):
        for name, stamp in files.project.storage.stamps(folder, ".toml", deep=True).items():
            path = folder / name
            seen.stamps[path] = stamp
            if known.get(path) != stamp or path in seen.found:
                yield path
                read += 1
                if read % AT_A_TIME == 0:
                    time.sleep(BETWEEN)
                    while waits():
                        time.sleep(BETWEEN)


def _read(files: "ProjectFiles", path: Path) -> tuple[str, list[Finding]] | None:
    from orch.commands.project_file_findings import project_file_findings

    try:
        text = files.project.storage.read(path)
        return (text, project_file_findings(files, path, text)) if text is not None else None
    except StorageError as error:
        log.warning("a file of the project is left unchecked: %s", error)
        return None
