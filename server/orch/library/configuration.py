"""Reading the configuration: the project's `.orch/config.toml` before the user's own `config.toml`."""

from dataclasses import replace
from pathlib import Path

from orch.library.layers import TemplateFiles, shared_folder
from orch.model.config import Configuration, merged, read_configuration
from orch.model.reading import Problem
from orch.model.toml import toml_data

FILE_NAME = "config.toml"


def load_configuration(files: TemplateFiles, root: Path, user_config: Path) -> Configuration:
    """The configuration that counts in the project at `root`. What is wrong in a file is passed over."""
    project, _ = project_configuration(files.read(root / ".orch" / FILE_NAME) or "", root)
    user, _ = user_configuration(files.read(user_config / FILE_NAME) or "")
    return merged(project, user)


def project_configuration(text: str, root: Path) -> tuple[Configuration, tuple[Problem, ...]]:
    """What a project's `config.toml` says, and what is wrong with it. Layers outside the project do not count."""
    configuration, problems = read_configuration(toml_data(text), user=False)
    inside = tuple(layer for layer in configuration.layers if shared_folder(layer, root, root).is_relative_to(root))
    outside = tuple(
        Problem(
            ("layers",),
            f"The layer `{layer.name}` lies outside the project; name it in your own config.toml to use it.",
        )
        for layer in configuration.layers
        if layer not in inside
    )
    return replace(configuration, layers=inside), problems + outside


def user_configuration(text: str) -> tuple[Configuration, tuple[Problem, ...]]:
    """What the user's `config.toml` says, and what is wrong with it."""
    return read_configuration(toml_data(text), user=True)
