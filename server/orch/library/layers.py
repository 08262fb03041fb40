"""The layers that templates come from, nearest first: project, user, shared ones, built-in."""

import os
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from orch.model.config import Configuration, SharedLayer
from orch.model.reference import BUILTIN, PROJECT, USER
from orch.model.session import FEATURE_TYPES

TEMPLATES, VERSIONS = "templates", "versions"


class FilesError(Exception):
    """A file could not be read or written. Its text is one plain sentence for the user."""


class TemplateFiles(Protocol):
    """What the library asks of a store; the port of storage fulfils it, and may raise FilesError in each."""

    def read(self, path: Path) -> str | None:
        """The text at `path`, or None where there is no file."""

    def list(self, folder: Path, suffix: str, *, deep: bool = False) -> list[Path]:
        """The files in `folder` whose name ends in `suffix`, sorted; with `deep`, those in its folders too."""


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer: the folder of its working copies and the folder of its own versions."""

    name: str
    templates: Path
    versions: Path


@dataclass(frozen=True, slots=True)
class Library:
    """All templates that a project can use. `layers` has the nearest first.

    `recorded` is where versions are recorded, the project's `.orch/versions`: those of the layer `home` itself,
    and below `@<layer>` copies of other layers'.
    """

    layers: tuple[Layer, ...]
    files: TemplateFiles
    recorded: Path
    feature_types: tuple[str, ...] = FEATURE_TYPES
    configuration: Configuration = field(default_factory=Configuration)
    home: str = PROJECT

    def layer(self, name: str) -> Layer | None:
        """The layer called `name`."""
        return next((layer for layer in self.layers if layer.name == name), None)


def open_library(
    files: TemplateFiles, root: Path, user_config: Path, builtins: Path, configuration: Configuration
) -> Library:
    """The library of the project at `root`. Nothing is read yet.

    A shared layer's path is a folder with `templates/` and `versions/` in it, or that `templates/` itself.
    """
    own, user = root / ".orch", user_config
    shared = [
        _layer(layer.name, shared_folder(layer, root, user_config))
        for layer in configuration.layers
        # what is another layer already would hide itself, and extend itself
        if not any(points_back(shared_folder(layer, root, user_config), folder) for folder in (own, user))
    ]
    return Library(
        layers=(
            _layer(PROJECT, own),
            _layer(USER, user),
            *shared,
            Layer(BUILTIN, builtins, builtins / VERSIONS),
        ),
        files=files,
        recorded=root / ".orch" / VERSIONS,
        feature_types=tuple(dict.fromkeys((*FEATURE_TYPES, *configuration.feature_types))),
        configuration=configuration,
    )


def from_layer(library: Library, name: str) -> Library | None:
    """The library as the layer `name` has it by itself, in any project: without nearer layers, at home there."""
    names = [layer.name for layer in library.layers]
    if name not in names:
        return None
    layers = library.layers[names.index(name) :]
    return replace(library, layers=layers, recorded=layers[0].versions, home=name)


def shared_folder(layer: SharedLayer, root: Path, user_config: Path) -> Path:
    """The folder that holds a shared layer's `templates` and `versions`.

    Its path is relative to the folder of whose configuration names it, and may name `templates` itself. In the
    user's own configuration `~` is the user's home.
    """
    base = user_config if layer.from_user else root
    path = Path(os.path.expanduser(layer.path)) if layer.from_user else Path(layer.path)  # noqa: PTH111 - may fail
    folder = Path(os.path.normpath(base / path))
    return folder.parent if folder.name == TEMPLATES else folder


def points_back(folder: Path, own: Path) -> bool:
    """Whether the layer in `folder` is the one in `own`, or lies among its templates."""
    return folder == own or folder.is_relative_to(own / TEMPLATES)


def _layer(name: str, folder: Path) -> Layer:
    return Layer(name, folder / TEMPLATES, folder / VERSIONS)
