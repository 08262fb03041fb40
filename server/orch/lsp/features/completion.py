"""`textDocument/completion`."""

from typing import TYPE_CHECKING

from lsprotocol import types

from orch.lsp.convert import to_lsp_completion
from orch.lsp.features.asking import in_thread, question

if TYPE_CHECKING:
    from orch.lsp.language_server import OrchServer

TRIGGERS = ["[", ".", '"', "'", "=", "{", "|", "%", "<", ":", "/"]


def register(server: "OrchServer") -> None:
    """Registers the handler."""

    @server.feature(types.TEXT_DOCUMENT_COMPLETION, types.CompletionOptions(trigger_characters=TRIGGERS))
    async def completion(ls: "OrchServer", params: types.CompletionParams) -> types.CompletionList | None:
        """What may stand at the cursor."""
        about = question(ls, params.text_document.uri, params.position)
        if about is None or about.language.completion is None:
            return None
        found = await in_thread(ls, about, about.language.completion)
        client = ls.client
        items = [
            to_lsp_completion(about.sheet, entry, client.snippets, client.completion_markup) for entry in found
        ]
        return types.CompletionList(is_incomplete=False, items=items)
