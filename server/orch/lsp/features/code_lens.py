"""`textDocument/codeLens`: the commands above the parts of a document."""

from typing import TYPE_CHECKING

from lsprotocol import types

from orch.lsp.features.asking import in_thread, question

if TYPE_CHECKING:
    from orch.lsp.language_server import OrchServer


def register(server: "OrchServer") -> None:
    """Registers the handler."""

    @server.feature(types.TEXT_DOCUMENT_CODE_LENS)
    async def code_lens(ls: "OrchServer", params: types.CodeLensParams) -> list[types.CodeLens] | None:
        """The lenses of one document."""
        from orch.lsp.convert import to_lsp_command

        about = question(ls, params.text_document.uri)
        if about is None or about.language.lenses is None:
            return None
        return [
            types.CodeLens(about.sheet.range(lens.span), to_lsp_command(lens.command))
            for lens in await in_thread(ls, about, about.language.lenses)
        ]
