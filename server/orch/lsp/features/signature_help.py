"""`textDocument/signatureHelp`: how the call around the cursor is written."""

from typing import TYPE_CHECKING

from lsprotocol import types

from orch.lsp.features.asking import in_thread, question

if TYPE_CHECKING:
    from orch.ide.results import SignatureHelp
    from orch.lsp.language_server import OrchServer


def register(server: "OrchServer") -> None:
    """Registers the handler."""
    options = types.SignatureHelpOptions(trigger_characters=["("], retrigger_characters=[",", "="])

    @server.feature(types.TEXT_DOCUMENT_SIGNATURE_HELP, options)
    async def signature_help(ls: "OrchServer", params: types.SignatureHelpParams) -> types.SignatureHelp | None:
        """The signature, and the parameter at the cursor."""
        about = question(ls, params.text_document.uri, params.position)
        if about is None or about.language.signature is None:
            return None
        found = await in_thread(ls, about, about.language.signature)
        return _to_lsp(found) if found is not None else None


def _to_lsp(found: "SignatureHelp") -> types.SignatureHelp:
    # parameters as texts, not as ranges: those would have to be counted in UTF-16, whatever was negotiated
    parameters = [types.ParameterInformation(label=span.slice(found.label)) for span in found.parameters]
    doc = types.MarkupContent(types.MarkupKind.Markdown, found.documentation) if found.documentation else None
    signature = types.SignatureInformation(found.label, doc, parameters)
    return types.SignatureHelp([signature], active_signature=0, active_parameter=found.active)
