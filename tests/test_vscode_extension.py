"""What can drift between the extension's manifest, its code and the server is held together here."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import orch
from orch.commands.registry import COMMAND_NAMES

ROOT = Path(__file__).absolute().parents[1]
EXTENSION = ROOT / "vscode-extension"

MANIFEST: dict[str, Any] = json.loads((EXTENSION / "package.json").read_text(encoding="utf-8"))
SOURCES = {path: path.read_text(encoding="utf-8") for path in sorted((EXTENSION / "src").rglob("*.ts"))}
CODE = "\n".join(SOURCES.values())

TITLES = {
    "Plan Feature",
    "Next Step",
    "Run Prompt",
    "Send to Chat",
    "Paste Answer",
    "Fill In Prompt",
    "Copy Prompt",
    "Open Prompt",
    "Complete",
    "Reopen",
    "Abandon",
    "Show Sessions",
    "Customize Template",
    "Preview Template",
    "Publish Template",
    "Compare Template Versions",
    "Roll Back Template",
    "Start Experiment",
    "Experiment Report",
    "Stop Experiment",
    "Restart Server",
    "Show Log",
}
ONLY_FOR_LENSES = {"orch.copyText"}


def defined_commands() -> dict[str, str]:
    """The ids of the commands that the code defines, by the name of their file."""
    found = {}
    for path, text in SOURCES.items():
        if path.parent.name == "commands" and (match := re.search(r'^  id: "([\w.]+)"', text, re.MULTILINE)):
            found[path.stem] = match[1]
    return found


def client_commands() -> set[str]:
    """The ids that the server is told of at the start."""
    index = SOURCES[EXTENSION / "src" / "commands" / "index.ts"]
    names = re.findall(r"^  (\w+)\.id,$", index, re.MULTILINE)
    return {defined_commands()[name] for name in names}


def test_the_commands_are_those_of_the_manifest() -> None:
    offered = {command["command"]: command for command in MANIFEST["contributes"]["commands"]}
    assert set(defined_commands().values()) == set(offered) | ONLY_FOR_LENSES
    assert {command["title"] for command in offered.values()} == TITLES
    assert {command["category"] for command in offered.values()} == {"Orch"}
    menus = [entry["command"] for menu in MANIFEST["contributes"]["menus"].values() for entry in menu]
    assert set(menus) <= set(offered)


def test_a_command_file_is_called_as_its_command() -> None:
    for stem, name in defined_commands().items():
        assert name == f"orch.{stem}"


def test_the_mcp_server_is_offered_under_the_manifests_id() -> None:
    (offered,) = MANIFEST["contributes"]["mcpServerDefinitionProviders"]
    assert f'const PROVIDER = "{offered["id"]}";' in SOURCES[EXTENSION / "src" / "mcp.ts"]


def test_the_tools_and_the_participant_are_those_of_the_manifest() -> None:
    code = SOURCES[EXTENSION / "src" / "chat" / "tools.ts"]
    tools = {tool["name"]: tool for tool in MANIFEST["contributes"]["languageModelTools"]}
    assert set(tools) == set(re.findall(r'"(orch_\w+)"', code)) | set(re.findall(r"^  (orch_\w+): \{$", code, re.M))
    for name, sent in re.findall(r"^  (orch_\w+): \{$.*?sends: \[(.*?)\]", code, re.M | re.S):
        schema = tools[name]["inputSchema"]
        assert list(schema["properties"]) == re.findall(r'"(\w+)"', sent), name
        assert set(schema.get("required", ())) <= set(schema["properties"])
    assert all(tool["modelDescription"] and tool["userDescription"] for tool in tools.values())
    guide = (ROOT / "docs/guides/models-in-vscode.md").read_text("utf-8")
    for name, tool in tools.items():
        assert f"| `{name}` | `#{tool['toolReferenceName']}` |" in guide
    (participant,) = MANIFEST["contributes"]["chatParticipants"]
    code = SOURCES[EXTENSION / "src" / "chat" / "participant.ts"]
    assert f'const ID = "{participant["id"]}";' in code
    assert {one["name"] for one in participant["commands"]} == set(re.findall(r'case "(\w+)":', code))


def test_no_command_takes_the_id_of_a_server_command() -> None:
    assert not set(defined_commands().values()) & set(COMMAND_NAMES)


def test_the_server_knows_the_commands_that_the_extension_sends() -> None:
    sent = set(re.findall(r'"(orch\.(?:session|template|experiment)\.\w+)"', CODE))
    assert sent
    assert sent <= set(COMMAND_NAMES)


def test_the_extension_knows_the_commands_that_lenses_and_fixes_carry() -> None:
    texts = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "server" / "orch" / "ide").glob("*.py"))
    carried = set(re.findall(r'"(orch\.[a-z]\w*)"', texts))
    assert carried
    assert carried <= client_commands()


def test_the_settings_are_those_that_the_code_reads() -> None:
    declared = set(MANIFEST["contributes"]["configuration"]["properties"])
    read = {f"orch.{name}" for name in re.findall(r'getConfiguration\("orch"[^)]*\)\s*\.get\("(\w+)"', CODE)}
    # the language client reads this one by itself
    assert declared == read | {"orch.trace.server"}


def test_the_context_keys_of_the_menus_are_set() -> None:
    clauses = " ".join(
        entry.get("when", "")
        for group in ("menus", "views")
        for entries in MANIFEST["contributes"][group].values()
        for entry in entries
    )
    used = set(re.findall(r"\borch\.(?:can\.)?\w+", clauses)) - {"orch.sessions"}
    assert used
    assert used <= set(re.findall(r'"(orch\.[\w.]+)"', CODE))


def test_the_languages_are_bound_by_orch_and_the_templates_folder_only() -> None:
    session, template = MANIFEST["contributes"]["languages"]
    assert (session["id"], session["extensions"]) == ("orch", [".orch"])
    assert (template["id"], template["filenamePatterns"]) == ("orch-template", ["**/.orch/templates/**/*.j2"])
    assert not {"extensions", "filenames", "firstLine"} & set(template)


def test_it_stays_off_in_a_folder_that_is_not_trusted() -> None:
    assert MANIFEST["capabilities"]["untrustedWorkspaces"]["supported"] is False
    assert MANIFEST["extensionKind"] == ["workspace"]


def test_the_files_that_the_manifest_names_are_there() -> None:
    named = set(re.findall(r'"(?:\./)?((?:icons|syntaxes|walkthrough)/[\w./-]+)"', json.dumps(MANIFEST)))
    named |= {"language-configuration.json", "template-language-configuration.json", "LICENSE", "README.md"}
    assert [name for name in sorted(named) if not (EXTENSION / name).is_file()] == []


def test_there_is_one_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lock = json.loads((EXTENSION / "package-lock.json").read_text(encoding="utf-8"))
    assert {MANIFEST["version"], project["version"], lock["version"]} == {orch.__version__}


def test_what_is_pinned_is_pinned_exactly_and_names_no_address() -> None:
    pins = [*ROOT.glob("requirements-*.txt"), EXTENSION / "package-lock.json", ROOT / "tools/vscode/package.json"]
    for path in pins:
        text = path.read_text(encoding="utf-8")
        assert '"resolved": "' not in text, path
        assert not re.search(
            r"https?://|--(extra-)?index-url|\bfile:", re.sub(r'"(url|homepage)": .*', "", text)
        ), path
    for path in ROOT.glob("requirements-*.txt"):
        lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
        assert all(re.fullmatch(r"[\w.-]+==[\w.]+", line) for line in lines), path
    versions = (*MANIFEST["devDependencies"].values(), *json.loads(pins[-1].read_text())["dependencies"].values())
    assert all(re.fullmatch(r"\d[\w.-]*", version) for version in versions)
