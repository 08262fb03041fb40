"""What can drift: the commands and features that the server names."""

from lsprotocol import types

from orch.commands.names import COMMAND_NAMES
from orch.commands.registry import command
from orch.lsp.features import MODULES, register
from orch.lsp.language_server import OrchServer

CONTRACT = {
    "plan": "request session feature_type project template values",
    "process": "session text",
    "analyze": "session values",
    "saveAnalysis": "session text",
    "implement": "session values force",
    "saveImplementation": "session text",
    "complete": "session outcome rating comment force",
    "reopen": "session phase",
    "abandon": "session",
    "next": "session",
    "answer": "session text",
    "run": "session runner force",
    "fill": "session phase values",
    "prompt": "session phase",
    "list": "status project query limit",
    "show": "session",
}


def server() -> OrchServer:
    made = OrchServer()
    register(made)
    return made


def test_the_commands_of_the_contract_are_there_with_their_parameters() -> None:
    named = server().protocol.fm.commands
    assert set(named) == set(COMMAND_NAMES)
    for name, parameters in CONTRACT.items():
        fields = command(f"orch.session.{name}").params.__dataclass_fields__
        assert set(parameters.split()) <= set(fields), name


def test_every_command_can_be_imported_and_says_what_it_does() -> None:
    for name in COMMAND_NAMES:
        assert command(name).summary
        assert not command(name).summary.endswith(".")


def test_the_features_of_the_contract_are_there() -> None:
    features = server().protocol.fm.features
    for method in (
        types.TEXT_DOCUMENT_CODE_LENS,
        types.TEXT_DOCUMENT_HOVER,
        types.TEXT_DOCUMENT_COMPLETION,
        types.TEXT_DOCUMENT_DEFINITION,
        types.TEXT_DOCUMENT_REFERENCES,
        types.TEXT_DOCUMENT_DOCUMENT_SYMBOL,
        types.WORKSPACE_SYMBOL,
        types.TEXT_DOCUMENT_FOLDING_RANGE,
        types.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL,
        types.TEXT_DOCUMENT_CODE_ACTION,
        types.TEXT_DOCUMENT_DOCUMENT_LINK,
    ):
        assert method in features, method
    # push only: a client that supports both would show every finding twice
    assert types.TEXT_DOCUMENT_DIAGNOSTIC not in features
    assert len(set(MODULES)) == len(MODULES)


def test_pygls_keeps_no_documents_of_its_own() -> None:
    builtin = server().protocol.fm.builtin_features
    for method in (types.TEXT_DOCUMENT_DID_OPEN, types.TEXT_DOCUMENT_DID_CHANGE, types.TEXT_DOCUMENT_DID_CLOSE):
        assert method not in builtin


def test_start_up_imports_nothing_that_initialize_does_not_need() -> None:
    import subprocess
    import sys

    script = (
        "import sys\n"
        "from orch.lsp.features import register\n"
        "from orch.lsp.language_server import OrchServer\n"
        "register(OrchServer())\n"
        "print(*sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-P", "-c", script], capture_output=True, text=True, check=True)
    modules = set(done.stdout.split())
    unwanted = (
        "jinja2",
        "typer",
        "rich",
        "tomllib",
        "tomli_w",
        "platformdirs",
        "orch.syntax.toml_tree",
        "orch.workflow",
    )
    assert [name for name in unwanted if name in modules] == []
