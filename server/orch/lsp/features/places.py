"""Places in files as LSP locations. What another file's offsets mean is read in a thread."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from lsprotocol import types

from orch.lsp.convert import Sheet, to_lsp_uri
from orch.text.lines import LineIndex
from orch.text.span import Span

if TYPE_CHECKING:
    from orch.ide.results import Place
    from orch.lsp.language_server import OrchServer


async def to_lsp_locations(ls: "OrchServer", sheet: Sheet, places: "Sequence[Place]") -> list[types.Location]:
    """The locations of `places`; `sheet` is the document that a place without a path is in."""
    paths = {place.path for place in places if place.path is not None and place.span is not None}
    sheets = await ls.in_thread(_read_sheets, ls, paths) if paths else {}
    found: list[types.Location] = []
    for place in places:
        at = sheet if place.path is None else sheets.get(place.path)
        if at is not None:
            found.append(types.Location(at.uri, at.range(place.span or Span(0, 0))))
        elif place.path is not None:
            start = types.Position(0, 0)
            found.append(types.Location(to_lsp_uri(place.path), types.Range(start, start)))
    return found


def _read_sheets(ls: "OrchServer", paths: set[Path]) -> dict[Path, Sheet]:
    """The files' texts, those open in the editor first. Runs in a thread."""
    sheets: dict[Path, Sheet] = {}
    for path in paths:
        text = ls.projects.read(path)
        if text is not None:
            document = ls.documents.at(path)
            uri = document.uri if document is not None else to_lsp_uri(path)
            sheets[path] = Sheet(uri, LineIndex(text), ls.documents.encoding)
    return sheets
