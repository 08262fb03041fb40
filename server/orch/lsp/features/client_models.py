"""`orch/model/piece` and `orch/run/chosen`: what a client tells of its own models."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from orch.lsp.client import run_choice

if TYPE_CHECKING:
    from orch.lsp.language_server import OrchServer

PIECE = "orch/model/piece"
CHOSEN = "orch/run/chosen"


def register(server: "OrchServer") -> None:
    """Registers the handlers."""

    @server.feature(PIECE)
    def piece(ls: "OrchServer", params: Any) -> None:
        """A piece of what a model writes; one that no run waits for, or that is no text, is passed over."""
        token, text = getattr(params, "token", None), getattr(params, "text", None)
        heard = ls.model_pieces.get(token) if isinstance(token, str) else None
        if heard is not None and isinstance(text, str):
            heard(text)

    @server.feature(CHOSEN)
    async def chosen(ls: "OrchServer", params: Any) -> None:
        """The person chose what prompts are run with: the lenses name it from now on."""
        ls.client = replace(ls.client, choice=run_choice(params))
        if ls.client.refresh_lenses:
            await ls.workspace_code_lens_refresh_async(None)
