"""Findings, kept up to date: at once those that need the text alone, later those that need time or other files.

- Many edits at once are one check: it is made when no message waits any more, so nothing is checked twice and there
  is no fixed pause.
- Until the slow findings of a version are there, the earlier ones are shown where the edits have moved them.
- A slow check starts only after as long a rest as its last one took, and one at a time for each document: so a
  large file is not analysed at every keystroke, and a small one is at once.
"""

import asyncio
import logging
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from orch.lsp.documents import Document, edit_between
from orch.lsp.languages import Language, import_later, language, languages_in_use, view_of
from orch.rules.finding import Finding, Related
from orch.rules.severities import settled
from orch.storage.port import StorageError
from orch.text.span import Span, TextEdit

if TYPE_CHECKING:
    from orch.lsp.language_server import OrchServer

log = logging.getLogger(__name__)

LONGEST_REST = 1.0
"""Seconds that a slow check waits at most for the typing to pause."""


class Checker:
    """Checks the documents that changed and publishes what was found."""

    def __init__(self, server: "OrchServer") -> None:
        self._server = server
        self._dirty: dict[str, Document] = {}
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._epoch = 0
        self._lenses_are_old = False
        self._severities: dict[str, dict[str, str]] = {}
        self._offered: dict[str, Any] = {}
        self._ready: set[str | None] = set()

    def touch(self, document: Document) -> None:
        """Remembers that `document` is to be checked when the messages that wait are handled."""
        self._dirty[document.uri] = document

    def files_changed(self) -> None:
        """Other files changed: what depends on them is checked anew in every open document, and its lenses."""
        self.look_again()
        self._lenses_are_old = True
        for document in self._server.documents:
            self.touch(document)
        asyncio.get_running_loop().call_soon(self.idle)

    def look_again(self) -> None:
        """Other files may have changed: what was read of them counts no more at the next check."""
        self._epoch += 1
        self._server.project_diagnostics.look()
        for known in languages_in_use():
            if known.files_changed is not None:
                known.files_changed()

    def idle(self) -> None:
        """Checks every document that was touched. Called when no message waits."""
        dirty, self._dirty = self._dirty, {}
        for document in dirty.values():
            if self._server.documents.get(document.uri) is document:
                try:
                    self._check(document)
                except Exception as error:  # one document's trouble must not keep the others unchecked
                    self._server.report_unexpected(error)
        if self._lenses_are_old:
            self._lenses_are_old = False
            self._server.refresh_lenses()

    def forget(self, document: Document) -> None:
        """A document was closed: its findings are taken back."""
        self._dirty.pop(document.uri, None)
        if timer := self._timers.pop(document.uri, None):
            timer.cancel()
        self._severities.pop(document.uri, None)
        self._offered.pop(document.uri, None)
        self._server.publish(document, ())

    def shown(self, document: Document) -> Sequence[Finding]:
        """The findings of `document` as they stand, in its present text."""
        known = language(document.kind)
        if known is None:
            return ()
        return self._settled(document, (*known.quick(view_of(document)), *_moved(document)))

    def _check(self, document: Document) -> None:
        known = language(document.kind)
        if known is None:
            return
        self._server.publish(document, self.shown(document))
        if known.slow is not None:
            self._plan_slow(document, known)

    def _plan_slow(self, document: Document, known: Language) -> None:
        if timer := self._timers.pop(document.uri, None):
            timer.cancel()
        if document.slow_running or document.slow_key == self._key(document, known):
            return
        rest = min(document.slow_seconds, LONGEST_REST)
        self._timers[document.uri] = asyncio.get_running_loop().call_later(rest, self._start_slow, document, known)

    def _key(self, document: Document, known: Language) -> tuple[int, Any]:
        return self._epoch, known.slow_key(view_of(document))

    def _start_slow(self, document: Document, known: Language) -> None:
        self._timers.pop(document.uri, None)
        document.slow_running = True
        self._server.start(self._slow(document, known))

    async def _slow(self, document: Document, known: Language) -> None:
        key, view = self._key(document, known), view_of(document)
        began = time.perf_counter()
        try:
            found, severities, offered = await self._server.in_thread(self._look, view, document, known)
        except Exception as error:  # the quick findings stand, whatever happened
            document.slow_key = key
            self._server.report_unexpected(error)
            return
        finally:
            document.slow_running = False
            document.slow_seconds = time.perf_counter() - began
        if self._server.documents.get(document.uri) is not document:
            return
        self._severities[document.uri] = severities
        if self._offered.setdefault(document.uri, offered) != offered:
            self._offered[document.uri] = offered
            self._others_changed(document, known)
        if self._key(document, known) == key:
            # what they depend on is as it was, so they hold, once moved along with what was edited elsewhere
            since = [edit_between(view.text, document.text)]
            document.slow, document.slow_key, document.edits = relocated(found, since), key, []
            self._server.publish(document, self.shown(document), unless_same=True)
        else:
            self._plan_slow(document, known)
        if document.kind not in self._ready:
            self._ready.add(document.kind)
            self._server.start(self._server.in_thread(import_later, known))

    def _others_changed(self, document: Document, known: Language) -> None:
        """What others see of `document` changed: the other open documents of its kind are checked again."""
        others = [
            other for other in self._server.documents if other.kind == document.kind and other is not document
        ]
        if others and known.files_changed is not None:
            known.files_changed()
        for other in others:
            other.slow_key = None
            self.touch(other)
        asyncio.get_running_loop().call_soon(self.idle)

    def _look(
        self, view: Any, document: Document, known: Language
    ) -> tuple[Sequence[Finding], dict[str, str], Any]:
        """The slow findings, what the project's configuration makes of severities, and what others see.

        Runs in a thread.
        """
        assert known.slow is not None
        projects = self._server.projects
        offered = known.offered(view) if known.offered is not None else None
        try:
            project = projects.around(document)
            return known.slow(view, project), projects.severities(project), offered
        except StorageError as error:
            log.warning("other files are left out of the check: %s", error)
            return known.slow(view, None), {}, offered

    def _settled(self, document: Document, findings: Sequence[Finding]) -> list[Finding]:
        """`findings` as the project wants them: severities changed, and those that are off left out."""
        return settled(findings, self._severities.get(document.uri, {}))


def _moved(document: Document) -> tuple[Finding, ...]:
    """The slow findings, moved along with the edits made since they were found."""
    if document.edits:
        document.slow = relocated(document.slow, document.edits)
        document.edits = []
    return document.slow


def relocated(findings: Sequence[Finding], edits: Sequence[TextEdit]) -> tuple[Finding, ...]:
    """`findings` after `edits`, made one after the other. One whose own text was edited is dropped.

    Fixes are dropped with their place: a fix is offered again by the next check.
    """
    kept = list(findings)
    for edit in edits:
        if not edit.text and edit.span.start == edit.span.end:
            continue
        by = len(edit.text) - (edit.span.end - edit.span.start)
        kept = [moved for finding in kept if (moved := _shifted(finding, edit.span, by)) is not None]
    return tuple(kept)


def _shifted(finding: Finding, edited: Span, by: int) -> Finding | None:
    span = _moved_span(finding.span, edited, by)
    if span is None:
        return None
    related = tuple(moved for entry in finding.related if (moved := _moved_related(entry, edited, by)) is not None)
    return replace(finding, span=span, related=related, fixes=())


def _moved_related(entry: Related, edited: Span, by: int) -> Related | None:
    if entry.path is not None:
        return entry
    span = _moved_span(entry.span, edited, by)
    return replace(entry, span=span) if span is not None else None


def _moved_span(span: Span, edited: Span, by: int) -> Span | None:
    if edited.start >= span.end:
        return span
    return span.shifted(by) if edited.end <= span.start else None
