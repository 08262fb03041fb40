"""The project that a command works on, with everything from outside passed in."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from orch.commands.file_cache import FileCache
from orch.render.port import Renderer
from orch.storage.port import Storage


@dataclass(frozen=True, slots=True)
class Project:
    """One project: its root (the folder that holds `.orch`) and what the commands need from outside.

    `clock` gives an aware time in UTC; `new_id` a UUID as text; `user` the name of who takes a step (git's
    `user.name`) or None; `commit` the short hash of HEAD or None; `user_config` the folder of the user's layer;
    `builtins` the folder of the built-in templates. `heads` and `listed` keep what was read of the sessions until
    their files change, `templates` what was read of the templates.
    """

    root: Path
    storage: Storage
    renderer: Renderer
    clock: Callable[[], datetime]
    new_id: Callable[[], str]
    user: Callable[[], str | None]
    commit: Callable[[], str | None]
    user_config: Path
    builtins: Path
    heads: FileCache[Any, Any] = field(default_factory=FileCache, compare=False, repr=False)
    listed: FileCache[Any, Any] = field(default_factory=FileCache, compare=False, repr=False)
    templates: FileCache[Any, Any] = field(default_factory=FileCache, compare=False, repr=False)

    @property
    def folder(self) -> Path:
        """The project's `.orch` folder."""
        return self.root / ".orch"

    @property
    def sessions(self) -> Path:
        """Where the sessions are."""
        return self.folder / "sessions"
