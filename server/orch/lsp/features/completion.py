"""`textDocument/completion`."""

import json
from typing import TYPE_CHECKING

from lsprotocol import types

from orch.lsp.convert import to_lsp_completions
from orch.lsp.features.asking import in_thread, question
from orch.lsp.results import Written

if TYPE_CHECKING:
    from orch.lsp.language_server import OrchServer

TRIGGERS = ["[", ".", '"', "'", "=", "{", "|", "%", "<", ":", "/"]


def register(server: "OrchServer") -> None:
    """Registers the handler."""

    @server.feature(types.TEXT_DOCUMENT_COMPLETION, types.CompletionOptions(trigger_characters=TRIGGERS))
    async def completion(ls: "OrchServer", params: types.CompletionParams) -> Written | None:
        """What may stand at the cursor."""
        about = question(ls, params.text_document.uri, params.position)
        if about is None or about.language.completion is None:
            return None
        found = await in_thread(ls, about, about.language.completion)
        client = ls.client
        items = to_lsp_completions(about.sheet, found, client.snippets, client.completion_markup)
        return Written(f'{{"isIncomplete": false, "items": {json.dumps(items)}}}')
