"""The language server: `python -m orch lsp`, on standard input and output.

main -> language_server.py: documents, checker, projects
     -> features/<method>.py: one handler per LSP method, each decodes, calls one function, converts
     -> executing.py: the commands
"""

import gc
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path


def main(argv: Sequence[str]) -> int:
    """Serves until the client ends it; `--stdio` is taken and means nothing more. Gives the exit code."""
    unknown = [word for word in argv if word != "--stdio"]
    if unknown:
        print(f"orch lsp does not take {unknown[0]!r}; it speaks on standard input and output.", file=sys.stderr)
        return 2
    # importing the protocol makes a hundred thousand objects that live as long as the process: little need to look
    # for garbage among them (the server goes back to the usual once it has answered `initialize`)
    gc.set_threshold(5000, 20, 20)
    from orch.lsp.features import register
    from orch.lsp.language_server import OrchServer

    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s")
    server = OrchServer()
    register(server)
    return server.serve(*_own_streams())


def _own_streams() -> tuple[int, int]:
    """The descriptors to read from and to write to, which nothing else in the process has.

    What is no message must not get among the messages, nor take one away: programs that are started, stray prints.
    """
    read_fd, write_fd = os.dup(0), os.dup(1)
    with Path(os.devnull).open("rb") as nothing:
        os.dup2(nothing.fileno(), 0)
    os.dup2(2, 1)
    return read_fd, write_fd
