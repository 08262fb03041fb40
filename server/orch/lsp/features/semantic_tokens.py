"""`textDocument/semanticTokens/full`."""

from typing import TYPE_CHECKING

from lsprotocol import types

from orch.ide.token_kinds import TOKEN_KINDS, TOKEN_MODIFIERS
from orch.lsp.convert import to_lsp_tokens
from orch.lsp.features.asking import in_thread, question

if TYPE_CHECKING:
    from orch.lsp.language_server import OrchServer


def register(server: "OrchServer") -> None:
    """Registers the handler."""
    legend = types.SemanticTokensLegend(list(TOKEN_KINDS), list(TOKEN_MODIFIERS))

    @server.feature(types.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL, legend)
    async def semantic_tokens(ls: "OrchServer", params: types.SemanticTokensParams) -> types.SemanticTokens | None:
        """The coloured places of the whole document."""
        about = question(ls, params.text_document.uri)
        if about is None or about.language.tokens is None:
            return None
        found = await in_thread(ls, about, about.language.tokens)
        return types.SemanticTokens(to_lsp_tokens(about.sheet, found))
