"""What the handlers have in common: from a request to what an ability is asked, on the loop or in a thread."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

from lsprotocol import types

from orch.lsp.convert import Sheet
from orch.lsp.documents import Document
from orch.lsp.languages import Asked, Language, language, view_of
from orch.lsp.protocol import RefusedError
from orch.storage.port import StorageError
from orch.text.span import Span

if TYPE_CHECKING:
    from orch.lsp.language_server import OrchServer

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Question:
    """One request about one document: the document, the abilities of its kind, and what is asked."""

    document: Document
    sheet: Sheet
    language: Language
    asked: Asked


def question(
    ls: "OrchServer", uri: str, position: types.Position | None = None, range_: types.Range | None = None
) -> Question | None:
    """The question about the document at `uri`; None when it is not open or its kind has no abilities."""
    document = ls.documents.get(uri)
    known = language(document.kind) if document is not None else None
    if document is None or known is None:
        return None
    sheet = ls.sheet(document)
    span = Span(0, 0)
    if position is not None:
        span = Span(sheet.offset(position), sheet.offset(position))
    elif range_ is not None:
        span = sheet.span(range_)
    choice = ls.client.choice
    run_choice = (choice.runner, choice.title) if choice is not None else None
    asked = Asked(view_of(document), uri, span, None, ls.client.commands, run_choice)
    return Question(document, sheet, known, asked)


async def in_thread(ls: "OrchServer", about: Question, ability: Callable[..., T], *more: Any) -> T:
    """What `ability` answers, in a thread and with the document's project at hand."""

    def work() -> T:
        try:
            project = ls.projects.around(about.document)
            return ability(replace(about.asked, project=project), *more)
        except StorageError as error:
            raise RefusedError(str(error)) from error

    return await ls.in_thread(work)
