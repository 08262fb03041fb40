"""`orch` and `python -m orch`: the language server, the MCP server, or the command line."""

import sys


def main() -> int:
    """Runs what the arguments ask for. Gives the exit code.

    The servers are started before anything of the command line is imported: Typer and Rich take time, and the
    editor's extension does not carry them.
    """
    arguments = sys.argv[1:]
    if arguments[:1] == ["lsp"]:
        from orch.lsp.server import main as serve

        return serve(arguments[1:])
    if arguments[:1] == ["mcp"]:
        from orch.mcp.main import main as serve_model

        return serve_model(arguments[1:])
    try:
        from orch.cli.app import main as run
    except ModuleNotFoundError as error:
        if error.name not in ("typer", "rich"):
            raise
        print("Only the language server is installed here; for the rest: pip install orch-lsp", file=sys.stderr)
        return 1
    return run(arguments)


if __name__ == "__main__":
    sys.exit(main())
