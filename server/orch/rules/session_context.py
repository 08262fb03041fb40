"""What the rules for sessions look at, as plain data. Whoever checks a session gathers it; rules read no files."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path as FilePath
from typing import NamedTuple, Protocol

from orch.model.session import Session
from orch.rules.registry import Registry
from orch.rules.session_paths import Spot, names_of, spot
from orch.syntax.toml_tree import Path, TomlEntry, TomlTree, TomlValue


@dataclass(frozen=True, slots=True)
class PartFinding:
    """A part of the planning answer that extraction misses or doubts.

    `part` is `analysis`, `implementation` or `notes`; `start` and `end` are offsets in the decoded answer (both 0
    where there is no place); `why` is extraction's own sentence; `blocks` are (title, start) of blocks that may be
    the part.
    """

    part: str
    doubtful: bool
    why: str = ""
    start: int = 0
    end: int = 0
    blocks: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class OpenPlace:
    """A placeholder of `[<phase>].body` without a value; `start` and `end` are offsets in the decoded body."""

    phase: str
    key: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Overlap:
    """Another open session that names some of the same key files."""

    path: FilePath
    title: str
    files: tuple[str, ...]


class Surroundings(Protocol):
    """What lies around a session: other sessions, files and templates of its project."""

    def missing_files(self, names: Sequence[str]) -> list[str]:
        """Those of `names`, relative to the project's root, that are not there."""

    def same_id(self, session_id: str) -> list[FilePath]:
        """The other session files with this id."""

    def overlapping(self, key_files: Sequence[str]) -> list[Overlap]:
        """The other open sessions that name some of these key files."""

    def template_problem(self, reference: str) -> str | None:
        """Why `reference` finds no template, as one plain sentence; None when it finds one."""


@dataclass(frozen=True)
class SessionContext:
    """One session file under check.

    `parts` and `places` are None while nobody has looked, and `surroundings` None where there is no project or
    nobody has looked: rules that need them stay silent then.
    """

    tree: TomlTree
    session: Session
    parts: tuple[PartFinding, ...] | None = None
    places: tuple[OpenPlace, ...] | None = None
    surroundings: Surroundings | None = None

    @property
    def text(self) -> str:
        """The whole text."""
        return self.tree.text

    @cached_property
    def entries(self) -> tuple["SchemaEntry", ...]:
        """Every key with what the schema knows of it, in document order."""
        return tuple(
            SchemaEntry(entry, entry.path, entry.value, names_of(entry.path), spot(entry.path))
            for entry in self.tree.entries
        )

    @property
    def is_draft(self) -> bool:
        """Whether this file is yet to be planned: a person began it, and no step made it a session."""
        return is_draft(self.tree)

    @property
    def is_newer(self) -> bool:
        """Whether a newer program wrote the file: only that program knows its keys."""
        from orch.model.session import SCHEMA_VERSION

        return self.session.schema > SCHEMA_VERSION


class SchemaEntry(NamedTuple):
    """An entry of the tree, its path with and without list elements, and where it stands in the schema."""

    entry: TomlEntry
    path: Path
    value: TomlValue
    names: tuple[str, ...]
    spot: Spot

    @property
    def is_key(self) -> bool:
        """Whether it is a key of the schema itself, and not something below one."""
        return self.spot.key is not None and self.names[-1] == self.spot.key.name


def is_draft(tree: TomlTree) -> bool:
    """Whether a file is yet to be planned. Only what a step writes makes it a session."""
    written_by_steps = ("schema", "id", "status", "created", "planning", "analysis", "implementation", "history")
    return not any(key in tree.data for key in written_by_steps)


session_rule: Registry[SessionContext] = Registry()
"""The rules for sessions: `@session_rule(name=..., ...)` above a function of a SessionContext registers one."""
