"""Reading the configuration: the project's `.orch/config.toml` before the user's own `config.toml`."""

from dataclasses import replace
from pathlib import Path

from orch.library.layers import TemplateFiles, points_back, shared_folder
from orch.model.config import Configuration, SharedLayer, merged, read_configuration
from orch.model.reading import Problem
from orch.model.toml import toml_data

FILE_NAME = "config.toml"


def load_configuration(files: TemplateFiles, root: Path, user_config: Path) -> Configuration:
    """The configuration that counts in the project at `root`. What is wrong in a file is passed over."""
    project, _ = project_configuration(files.read(root / ".orch" / FILE_NAME) or "", root)
    user, _ = user_configuration(files.read(user_config / FILE_NAME) or "")
    return merged(project, user)


def project_configuration(text: str, root: Path) -> tuple[Configuration, tuple[Problem, ...]]:
    """What a project's `config.toml` says, and what is wrong with it.

    Layers outside the project do not count, nor does one that points back at the project's own folder.
    """
    configuration, problems = read_configuration(toml_data(text), user=False)
    wrong = {layer.name: sentence for layer in configuration.layers if (sentence := _wrong(layer, root))}
    kept = tuple(layer for layer in configuration.layers if layer.name not in wrong)
    return replace(configuration, layers=kept), (*problems, *(layer_problem(text, *one) for one in wrong.items()))


def user_configuration(text: str) -> tuple[Configuration, tuple[Problem, ...]]:
    """What the user's `config.toml` says, and what is wrong with it."""
    return read_configuration(toml_data(text), user=True)


def layer_problem(text: str, name: str, sentence: str) -> Problem:
    """What is wrong with the layer `name`, at its path."""
    layers = toml_data(text).get("layers")
    entries = layers if isinstance(layers, list) else []
    at = next((at for at, one in enumerate(entries) if isinstance(one, dict) and one.get("name") == name), 0)
    return Problem(("layers", at, "path"), sentence)


def _wrong(layer: SharedLayer, root: Path) -> str | None:
    folder, own = shared_folder(layer, root, root), root / ".orch"
    if not folder.is_relative_to(root):
        return f"The layer `{layer.name}` lies outside the project; name it in your own config.toml to use it."
    if points_back(folder, own):
        return f"The layer `{layer.name}` points back at the project's own folder; give it a folder of its own."
    return None
