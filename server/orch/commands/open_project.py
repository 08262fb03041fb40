"""A project as it is in the world: the clock, git and the user's folder filled in."""

import uuid
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from orch.commands.project import Project
from orch.render.port import Renderer
from orch.storage.git import git_commit, git_user
from orch.storage.locate import builtin_templates, user_config
from orch.storage.port import Storage


def open_project(root: Path, storage: Storage, renderer: Renderer) -> Project:
    """The project at `root`, reading and writing through `storage` and rendering with `renderer`."""
    return Project(
        root=root,
        storage=storage,
        renderer=renderer,
        clock=partial(datetime.now, UTC),
        new_id=lambda: str(uuid.uuid4()),
        user=partial(git_user, root),
        commit=partial(git_commit, root),
        user_config=user_config(),
        builtins=builtin_templates(),
    )
