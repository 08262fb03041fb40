"""Where things are: the project, the user's own layer, the built-in templates."""

import os
from pathlib import Path

import orch
from orch.storage.git import git_root

FOLDER = ".orch"
"""The folder that makes a folder a project."""


def find_project(start: Path) -> Path | None:
    """The nearest folder, from the file or folder `start` upwards, that holds `.orch`; None where there is none."""
    start = start.absolute()
    return next((folder for folder in (start, *start.parents) if (folder / FOLDER).is_dir()), None)


def new_project(start: Path) -> Path:
    """Where `plan` makes `.orch`: the project's root, else the root of the git repository, else `start` itself."""
    return find_project(start) or git_root(start) or start.absolute()


def user_config() -> Path:
    """The folder of the user's own layer: `ORCH_CONFIG_HOME`, else the platform's configuration folder for orch."""
    named = os.environ.get("ORCH_CONFIG_HOME")
    if named:
        return Path(named).absolute()
    # only here, because looking for the folder takes longer than importing this module
    from platformdirs import user_config_path

    return user_config_path("orch", appauthor=False)


def builtin_templates() -> Path:
    """The folder of the built-in templates: inside the package when installed, `templates/` in a checkout."""
    package = Path(orch.__file__).absolute().parent
    installed = package / "builtin_templates"
    return installed if installed.is_dir() else package.parents[1] / "templates"
