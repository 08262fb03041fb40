"""The `.vsix` runs on any machine: unpacked, and started by a Python that has nothing installed."""

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

PYTHONS = ("python3.11", "python3.12", "python3.13", "python3.14")
BARE = "import sys, importlib.util as u; print('%d.%d.%d' % sys.version_info[:3], u.find_spec('pygls') is None)"
REQUEST = {"request": "Add user authentication"}
TEMPLATE = """\
{% extends "builtin:orchestrator" %}
{% block role %}
{% if feature_type == "bugfix" %}{{ super() }}{% else %}{{ "50 %" ~ requst | upper }}{% endif %}
{% endblock %}
"""


@pytest.fixture(scope="module")
def unpacked(vsix: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the extension, as VS Code unpacks it."""
    folder = tmp_path_factory.mktemp("vsix")
    with zipfile.ZipFile(vsix) as archive:
        archive.extractall(folder)
    return folder / "extension"


def bare_pythons() -> Iterator[tuple[str, str]]:
    """(version, program) of each version that can be had: on the PATH, through pyenv, or running this."""
    folders = [Path(folder) for folder in os.environ.get("PATH", "").split(os.pathsep) if folder]
    root = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    folders += sorted(root.glob("versions/*/bin"))
    seen = set()
    for program in [folder / name for folder in folders for name in PYTHONS] + [Path(sys.executable)]:
        if not program.is_file():
            continue
        asked = subprocess.run([str(program), "-I", "-S", "-c", BARE], capture_output=True, text=True, check=False)
        version, _, is_bare = asked.stdout.strip().partition(" ")
        if asked.returncode == 0 and is_bare == "True" and version not in seen:
            seen.add(version)
            yield version, str(program)


def send(process: "subprocess.Popen[bytes]", message: dict[str, Any]) -> None:
    """Send a request or a notification."""
    assert process.stdin is not None
    data = json.dumps({"jsonrpc": "2.0", **message}).encode()
    process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(data) + data)
    process.stdin.flush()


def heard(process: "subprocess.Popen[bytes]") -> dict[str, Any]:
    """The next message of the server."""
    assert process.stdout is not None
    length = 0
    while line := process.stdout.readline().strip():
        name, _, value = line.partition(b":")
        length = int(value) if name.lower() == b"content-length" else length
    assert length, "the server ended"
    message: dict[str, Any] = json.loads(process.stdout.read(length))
    return message


def talk(process: "subprocess.Popen[bytes]", message: dict[str, Any]) -> dict[str, Any]:
    """Send a request and give the response to it; what the server says besides is passed over."""
    send(process, message)
    while True:
        answer = heard(process)
        if answer.get("id") == message["id"] and "method" not in answer:
            return answer


def findings_in(process: "subprocess.Popen[bytes]", uri: str, text: str) -> list[str]:
    """What the server finds in a template that is opened as `uri`, by rule."""
    document = {"uri": uri, "languageId": "orch-template", "version": 1, "text": text}
    send(process, {"method": "textDocument/didOpen", "params": {"textDocument": document}})
    while True:
        message = heard(process)
        about = message["params"] if message.get("method") == "textDocument/publishDiagnostics" else {"uri": ""}
        # the first findings are those that need this text alone; a later message has the others too
        if about["uri"] == uri and (rules := [one["code"] for one in about["diagnostics"]]):
            return rules


def plan_something(process: "subprocess.Popen[bytes]", root: str) -> None:
    """Start a session with the server, plan a feature in the folder `root`, open a template, and ask it to end."""
    start = {"processId": None, "rootUri": root, "workspaceFolders": [{"uri": root, "name": "project"}]}
    answer = talk(process, {"id": 1, "method": "initialize", "params": {**start, "capabilities": {}}})
    assert "orch.session.plan" in answer["result"]["capabilities"]["executeCommandProvider"]["commands"]
    send(process, {"method": "initialized", "params": {}})
    plan = {"command": "orch.session.plan", "arguments": [REQUEST]}
    planned = talk(process, {"id": 2, "method": "workspace/executeCommand", "params": plan})
    assert "Add user authentication" in planned["result"]["prompt"], planned
    uri = f"{root}/.orch/templates/orchestrator.md.j2"
    assert findings_in(process, uri, TEMPLATE) == ["undefined-variable"]
    talk(process, {"id": 3, "method": "shutdown"})
    send(process, {"method": "exit"})


def test_it_carries_nothing_compiled_and_nothing_of_the_command_line(unpacked: Path) -> None:
    names = [path.relative_to(unpacked).as_posix() for path in unpacked.rglob("*") if path.is_file()]
    assert not [name for name in names if name.endswith((".so", ".pyd", ".dll", ".dylib", ".pyc", ".c"))]
    assert not [name for name in names if re.search(r"/typer|/rich|/orch/cli/|/orch/mcp/", name)]
    assert "bundled/libs/orch/builtin_templates/orchestrator.md.j2" in names
    assert "dist/extension.js" in names


def test_it_holds_no_path_of_the_machine_that_built_it(unpacked: Path) -> None:
    home = str(Path(__file__).absolute().parents[2]).encode()
    assert not [path for path in unpacked.rglob("*") if path.is_file() and home in path.read_bytes()]


@pytest.mark.parametrize("program", [pytest.param(program, id=version) for version, program in bare_pythons()])
def test_the_server_starts_and_plans_on_a_bare_python(program: str, unpacked: Path, tmp_path: Path) -> None:
    project = tmp_path / "project"
    (project / "orch").mkdir(parents=True)
    # what the server must never run, though it serves the folder
    for name in ("orch/__main__.py", "orch/__init__.py", "jinja2.py", "sitecustomize.py"):
        (project / name).write_text("raise SystemExit('the project was run')\n", encoding="utf-8")
    extension = tmp_path / "extension"
    shutil.copytree(unpacked, extension)
    command = [program, "-I", "-S", "-X", f"pycache_prefix={tmp_path / 'cache'}"]
    environment = {"PATH": os.environ.get("PATH", ""), "HOME": str(tmp_path), "PYTHONPATH": str(project)}
    if "SYSTEMROOT" in os.environ:
        environment["SYSTEMROOT"] = os.environ["SYSTEMROOT"]
    launch = [*command, str(extension / "bundled" / "launch.py"), "lsp"]
    with subprocess.Popen(
        launch, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=tmp_path, env=environment
    ) as process:
        try:
            plan_something(process, project.as_uri())
            assert process.wait(20) == 0
        finally:
            process.kill()
    assert not list(extension.rglob("__pycache__")), "byte code belongs outside the extension"
