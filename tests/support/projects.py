"""A project in memory for tests: a clock that ticks by the minute, ids that count, and the real renderer."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from orch.commands.apply import perform
from orch.commands.command import decode
from orch.commands.outcome import Outcome, Refusal
from orch.commands.project import Project
from orch.commands.registry import command
from orch.render.port import Renderer
from orch.storage.locate import builtin_templates
from orch.storage.memory import MemoryStorage

ROOT = Path("/shop").absolute()

ANALYSIS = "# Analyse\n\nLook at src/auth.py of [PROJECT NAME].\n"
IMPLEMENTATION = "# Build\n\nFollow the analysis:\n\n[PASTE ANALYSIS RESULTS HERE]\n"
NOTES = """\
Complexity: Medium-High
Time estimate: 16-20 hours

Key files:
- src/auth.py

Risks:
- Risk: Sessions break
  Mitigation: Keep the old ones for a week
"""


def planning_answer(
    session_id: str | None = None, *, analysis: str | None = ANALYSIS, built: str | None = IMPLEMENTATION
) -> str:
    """A planning answer in the form that the built-in templates ask for; a part that is None is left out."""
    parts = [f"Orch-Session: {session_id}\n\n" if session_id else ""]
    if analysis is not None:
        parts.append(f"<analysis_template>\n{analysis}</analysis_template>\n\n")
    if built is not None:
        parts.append(f"<implementation_template>\n{built}</implementation_template>\n\n")
    parts.append(f"<execution_notes>\n{NOTES}</execution_notes>\n")
    return "".join(parts)


def _ids() -> Iterator[str]:
    number = 0
    while True:
        number += 1
        yield f"{number:08x}-0000-4000-8000-000000000000"


@dataclass
class Desk:
    """A project and what is on its store. `do` takes a command by its whole name, or without `orch.session.`."""

    project: Project
    storage: MemoryStorage
    said: list[str] = field(default_factory=list)

    def do(self, name: str, /, **params: Any) -> dict[str, Any]:
        """The JSON answer of a command that must not be refused."""
        done = self.attempt(name, **params)
        assert isinstance(done, Outcome), done
        self.said = list(done.notices)
        return dict(done.result)

    def refused(self, name: str, /, **params: Any) -> Refusal:
        """The refusal of a command that must be refused."""
        done = self.attempt(name, **params)
        assert isinstance(done, Refusal), done
        return done

    def attempt(self, name: str, /, **params: Any) -> Outcome | Refusal:
        """What the command hands back, carried out. Parameters are as in JSON."""
        full = name if name.startswith("orch.") else f"orch.session.{name}"
        decoded = decode(command(full).params, params, full)
        return decoded if isinstance(decoded, Refusal) else perform(self.project, full, decoded)

    def text(self, session: str) -> str:
        """The text of the session's file."""
        return self.storage.files[Path(self.do("show", session=session)["path"])]

    def kept(self) -> set[str]:
        """The texts in `.orch/kept/`."""
        return {text for path, text in self.storage.files.items() if path.parent.name == "kept"}

    def unfiled(self) -> set[str]:
        """The texts in `.orch/unfiled/`."""
        return {text for path, text in self.storage.files.items() if path.parent.name == "unfiled"}


def desk(renderer: Renderer) -> Desk:
    """An empty project in memory."""
    # the built-in templates are read like any other file
    storage = MemoryStorage(
        {path: path.read_text("utf-8") for path in builtin_templates().rglob("*.*") if path.is_file()}
    )
    ids = _ids()
    now = [datetime(2026, 11, 21, 2, 10, tzinfo=UTC)]

    def clock() -> datetime:
        now[0] += timedelta(minutes=1)
        return now[0]

    project = Project(
        root=ROOT,
        storage=storage,
        renderer=renderer,
        clock=clock,
        new_id=lambda: next(ids),
        user=lambda: "Ada",
        commit=lambda: "3f2a91c",
        user_config=Path("/nobody/config").absolute(),
        builtins=builtin_templates(),
    )
    return Desk(project, storage)
