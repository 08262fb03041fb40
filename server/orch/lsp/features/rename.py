"""`textDocument/prepareRename` and `textDocument/rename`: a name, in all files that speak of it."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from lsprotocol import types

from orch.lsp.convert import Sheet, to_lsp_uri, to_lsp_workspace_edit
from orch.lsp.features.asking import Question, in_thread, question
from orch.lsp.protocol import RefusedError
from orch.text.lines import LineIndex
from orch.text.span import TextEdit

if TYPE_CHECKING:
    from orch.ide.results import FileChange
    from orch.lsp.language_server import OrchServer


def register(server: "OrchServer") -> None:
    """Registers the handlers."""

    @server.feature(types.TEXT_DOCUMENT_PREPARE_RENAME)
    async def prepare_rename(ls: "OrchServer", params: types.PrepareRenameParams) -> types.Range | None:
        """The name under the cursor, if it can be renamed."""
        about = question(ls, params.text_document.uri, params.position)
        if about is None or about.language.rename_span is None:
            return None
        span = await in_thread(ls, about, about.language.rename_span)
        return about.sheet.range(span) if span is not None else None

    @server.feature(types.TEXT_DOCUMENT_RENAME, types.RenameOptions(prepare_provider=True))
    async def rename(ls: "OrchServer", params: types.RenameParams) -> types.WorkspaceEdit | None:
        """The edits in every file. Refused with a sentence where the name cannot be changed so."""
        about = question(ls, params.text_document.uri, params.position)
        if about is None or about.language.rename is None:
            return None
        changes = await in_thread(ls, about, about.language.rename, params.new_name)
        if isinstance(changes, str):
            raise RefusedError(changes)
        edits = await ls.in_thread(_sheets, ls, about, changes)
        return to_lsp_workspace_edit(edits, ls.client.versioned_edits)


def _sheets(
    ls: "OrchServer", about: Question, changes: "Sequence[FileChange]"
) -> list[tuple[Sheet, int | None, tuple[TextEdit, ...]]]:
    """Each file's edits with what converts its places. Runs in a thread."""
    found: list[tuple[Sheet, int | None, tuple[TextEdit, ...]]] = []
    for change in changes:
        if change.path is None:
            found.append((about.sheet, about.document.version, change.edits))
        else:
            sheet, version = _sheet(ls, change.path)
            found.append((sheet, version, change.edits))
    return found


def _sheet(ls: "OrchServer", path: Path) -> tuple[Sheet, int | None]:
    document = ls.documents.at(path)
    if document is not None:
        return ls.sheet(document), document.version
    return Sheet(to_lsp_uri(path), LineIndex(ls.projects.read(path) or ""), ls.documents.encoding), None
