"""Diagnostics of files that are no documents of Orch: the configuration, experiments and versions of a project.

They are published for the files as they are on disk (or open, as another language's), whenever something may have
changed them; a file that is mended, or gone, is published once more without any. One look goes on at a time. A
version is read again only when its file has another stamp, or had a finding: what it depends on may have changed.
"""

import asyncio
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
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
                made.append((project.root, seen.found, dict(_found(project, seen))))
            except StorageError as error:
                log.warning("the project's own files are left unchecked: %s", error)
        return made

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


def _found(project: "Project", seen: _Seen) -> Iterator[tuple[Path, tuple[str, list[Finding]]]]:
    from orch.commands.project_file_findings import look_at, project_file_kind, project_file_paths
    from orch.commands.settings import project_library
    from orch.library.configuration import FILE_NAME
    from orch.rules.project_files import VERSION
    from orch.rules.severities import settled

    library = project_library(project)
    files = look_at(project, library)
    known, seen.stamps = seen.stamps, {}
    paths = [*project_file_paths(project, library), project.user_config / FILE_NAME]
    for path in paths:
        if project_file_kind(project, path) == VERSION:
            seen.stamps[path] = stamp = project.storage.stamp(path)
            if known.get(path) == stamp and path not in seen.found:
                continue
        read = _read(files, path)
        if read is not None:
            text, findings = read[0], settled(read[1], library.configuration.diagnostics)
            if findings:
                yield path, (text, findings)


def _read(files: "ProjectFiles", path: Path) -> tuple[str, list[Finding]] | None:
    from orch.commands.project_file_findings import project_file_findings

    try:
        text = files.project.storage.read(path)
        return (text, project_file_findings(files, path, text)) if text is not None else None
    except StorageError as error:
        log.warning("a file of the project is left unchecked: %s", error)
        return None
