"""The tools whose accuracy is measured, each run on all cases."""

import json
import re
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.client import Server
from orch import __version__
from orch.commands.check import Report, check
from orch.commands.check_files import Workspace
from orch.commands.open_project import open_project
from orch.commands.project import Project
from orch.render.worker_renderer import WorkerRenderer
from orch.rules.template_variables import RESERVED
from orch.storage.disk import DiskStorage

Found = list[tuple[str, int, int]]
"""What was reported of one case: (file, line, column), from 0; the column is -1 where it is not told."""
_SILENCE = 0.2
"""Seconds without a word after which a server has told all of a case."""
_STYLE_DJLINT = re.compile(r"H\d+|T001|T002|T003|T028|T032")
_DJLINT_LINE = re.compile(r"(?P<file>.+?)\|(?P<line>\d+):(?P<column>\d+)\|(?P<code>\w+)")


@dataclass(frozen=True, slots=True)
class Setup:
    """Where the peers' programs are, a folder that takes the cases, and the files of each case by name."""

    peers: Path
    folder: Path
    cases: Sequence[Mapping[str, str]]

    def lay_out(self, below: str = "", ending: str = "") -> list[Path]:
        """Writes every case into a folder of its own, its files in `below` there; gives those folders."""
        folders = [self.folder / f"{number:03}" for number in range(len(self.cases))]
        for folder, files in zip(folders, self.cases, strict=True):
            for name, text in files.items():
                path = folder / below / f"{name}{ending}"
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8", newline="")
        return folders


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool; `program` is its file among the peers. `ours` takes the cases as they are; it tells `columns`."""

    name: str
    run: Callable[[Setup], list[Found]]
    program: str = ""
    ours: bool = False
    columns: bool = False

    def is_there(self, peers: Path) -> bool:
        """Whether it can be run."""
        return not self.program or (peers / self.program).exists()


def _orch(setup: Setup) -> list[Found]:
    return [_checked(folder) for folder in setup.lay_out(".orch/templates", ".md.j2")]


def _checked(folder: Path) -> Found:
    renderer = WorkerRenderer()

    def opened(root: Path) -> Project:
        return open_project(root, DiskStorage(root), renderer)

    report = check(Workspace(folder, opened, DiskStorage(folder)), [])
    renderer.close()
    assert isinstance(report, Report)
    assert not report.unread, report.unread
    return [
        (problem.path.name.removesuffix(".md.j2"), problem.region.line - 1, problem.region.column - 1)
        for problem in report.problems
    ]


class _Listening(Server):
    """The client, keeping what was published."""

    def __init__(self, command: Sequence[str], folder: Path, log: Path) -> None:
        self.told: dict[str, list[Any]] = {}
        super().__init__(command, folder, log)

    def _receive(self, message: Mapping[str, Any], arrived: float) -> None:
        if message.get("method") == "textDocument/publishDiagnostics":
            self.told[message["params"]["uri"]] = message["params"]["diagnostics"]
        super()._receive(message, arrived)


def _jinja_lsp(setup: Setup) -> list[Found]:
    command = [str(setup.peers / "jinja-lsp"), "lsp"]
    folders = setup.lay_out("templates")
    return [_published(command, folder, files) for folder, files in zip(folders, setup.cases, strict=True)]


def _published(command: Sequence[str], folder: Path, files: Mapping[str, str]) -> Found:
    uris = {name: (folder / "templates" / name).as_uri() for name in files}
    with _Listening(command, folder, folder / "stderr.log") as server:
        server.initialize(folder, {"templates": ["templates"]})
        for name, text in files.items():
            document = {"uri": uris[name], "languageId": "jinja", "version": 1, "text": text}
            server.notify("textDocument/didOpen", {"textDocument": document})
        for uri in uris.values():
            server.wait_for_publish(uri, 1, 0)
        server.drain(_SILENCE)
        return [
            (name, entry["range"]["start"]["line"], entry["range"]["start"]["character"])
            for name, uri in uris.items()
            for entry in server.told.get(uri, ())
            if not any(entry["message"] == f"'{known}' is not defined" for known in RESERVED)
        ]


def _j2lint(setup: Setup) -> list[Found]:
    folders = setup.lay_out()
    told = json.loads(_run([setup.peers / "j2lint", "--json", setup.folder]))
    by_folder: dict[str, Found] = {folder.name: [] for folder in folders}
    for entry in (*told["ERRORS"], *told["WARNINGS"]):
        if entry["id"] == "S0":
            path = Path(entry["filename"])
            by_folder[path.parent.name].append((path.name, entry["line_number"] - 1, -1))
    return list(by_folder.values())


def _djlint(setup: Setup) -> list[Found]:
    folders = setup.lay_out()
    form = "{filename}|{line}|{code}"
    options = ["--lint", "-e", "j2", "--profile", "jinja", "--quiet", "--linter-output-format", form]
    by_folder: dict[str, Found] = {folder.name: [] for folder in folders}
    for match in _lines(_run([setup.peers / "djlint", setup.folder, *options])):
        if not _STYLE_DJLINT.fullmatch(match["code"]):
            path = Path(match["file"])
            by_folder[path.parent.name].append((path.name, int(match["line"]) - 1, -1))
    return list(by_folder.values())


def _lines(output: str) -> Iterator[re.Match[str]]:
    return (match for line in output.splitlines() if (match := _DJLINT_LINE.match(line.strip())))


def _run(command: Sequence[str | Path]) -> str:
    done = subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, encoding="utf-8", check=False, timeout=300
    )
    return done.stdout


TOOLS = (
    Tool("Orch", _orch, ours=True, columns=True),
    Tool("jinja-lsp", _jinja_lsp, "jinja-lsp", columns=True),
    Tool("j2lint", _j2lint, "j2lint"),
    Tool("djlint", _djlint, "djlint"),
)


def versions(peers: Path) -> dict[str, str]:
    """Every tool with its version."""
    names = [tool.name for tool in TOOLS if tool.program]
    listed = json.loads(_run([peers / "python", "-m", "pip", "list", "--format", "json"]) or "[]")
    known = {entry["name"].lower(): entry["version"] for entry in listed}
    return {"Orch": f"Orch {__version__}", **{name: f"{name} {known.get(name, '')}".strip() for name in names}}
