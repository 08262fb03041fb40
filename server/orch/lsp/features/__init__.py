"""One module for each LSP method (or family of them), with a function `register(server)`."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from orch.lsp.language_server import OrchServer

MODULES = (
    "initialize",
    "synchronization",
    "watched_files",
    "code_lens",
    "hover",
    "completion",
    "definition",
    "references",
    "document_highlight",
    "document_symbol",
    "workspace_symbol",
    "folding_range",
    "semantic_tokens",
    "code_action",
    "document_link",
    "signature_help",
    "rename",
    "client_models",
)


def register(server: "OrchServer") -> None:
    """Registers every feature. Raises when two want the same method."""
    for name in MODULES:
        import_module(f"orch.lsp.features.{name}").register(server)
