"""The servers that are measured, and how each wants the same document: its path, its language id."""

import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.inputs import Case

BARE = "bare pygls"
ORCH = "orch"
TOMBI = "tombi"
JINJA_LSP = "jinja-lsp"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a server expects a case: paths from the project's root, and the document's language id."""

    document: str
    templates: str
    language: str


@dataclass(frozen=True, slots=True)
class Contender:
    """A server's command line and where it wants the documents of each kind ("session", "template") that it takes.

    `options` are its initializationOptions.
    """

    name: str
    command: Sequence[str]
    places: dict[str, Place]
    options: dict[str, Any] = field(default_factory=dict)


def contenders(peers: Path) -> tuple[Contender, ...]:
    """Orch, the bare server and the peers whose programs are in the folder `peers`.

    The two Python servers run in this interpreter, isolated (`-I`), so that both pay the same to start.
    """
    ours = {
        "session": Place(
            ".orch/sessions/2026-11-21-add-user-authentication-8f14e45f.orch", ".orch/templates", "orch"
        ),
        "template": Place(".orch/templates/measured.md.j2", ".orch/templates", "orch-template"),
    }
    bare = str(Path(__file__).with_name("bare_server.py"))
    return (
        Contender(BARE, (sys.executable, "-I", bare), ours),
        Contender(
            TOMBI,
            (str(peers / "tombi"), "lsp", "--offline"),
            {"session": Place("session.toml", "templates", "toml")},
        ),
        Contender(
            JINJA_LSP,
            (str(peers / "jinja-lsp"), "lsp"),
            {"template": Place("templates/measured.md.j2", "templates", "jinja")},
            {"templates": ["templates"]},
        ),
        Contender(ORCH, (sys.executable, "-I", "-m", "orch", "lsp"), ours),
    )


def installed(contender: Contender) -> bool:
    """Whether its program is there."""
    return shutil.which(contender.command[0]) is not None


def lay_out(case: Case, place: Place, root: Path) -> Path:
    """Write a project for the case into the empty folder `root`; gives the document's path."""
    document = root / place.document
    document.parent.mkdir(parents=True)
    document.write_text(case.text, encoding="utf-8", newline="\n")
    for name, text in case.others.items():
        path = root / place.templates / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    return document
