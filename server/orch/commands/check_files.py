"""Which files `orch check` looks at, and the projects that they belong to."""

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

from orch.commands.outcome import Refusal
from orch.commands.project import Project
from orch.commands.project_file_findings import ProjectFiles, project_file_paths
from orch.commands.session_surroundings import SessionIndex
from orch.commands.settings import project_library
from orch.ide.template_index import TemplateIndex
from orch.ide.template_view import TemplateView
from orch.library.layers import TEMPLATES as LAYER
from orch.library.layers import Library
from orch.model.reference import BUILTIN, USER
from orch.storage.locate import find_project, user_config
from orch.storage.port import Storage, StorageError
from orch.storage.walk import files_below

SESSION, PROJECT_FILE = ".orch", ".toml"
TEMPLATES = (".j2", ".jinja2", ".jinja")
"""What the name of a template ends in; in a folder only those of a layer count, and they end in the first."""


class Around:
    """A project and what is kept of it while its files are checked."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.sessions = SessionIndex()
        self.templates = TemplateIndex()

    @cached_property
    def files(self) -> ProjectFiles:
        """What the project's configuration, experiments and versions are checked with."""
        return ProjectFiles(self.project, self.library)

    def has(self, path: Path) -> bool:
        """Whether the file at `path` is the project's configuration, or an experiment or a version of it."""
        return path in self._own_files

    @cached_property
    def _own_files(self) -> frozenset[Path]:
        return frozenset(project_file_paths(self.project, self.library))

    @cached_property
    def library(self) -> Library:
        """All templates of the project. Raises StorageError when the configuration cannot be read."""
        return project_library(self.project)

    @cached_property
    def first_view(self) -> TemplateView:
        """A view that knows the project's Jinja extensions, for those of the templates to come after."""
        view = TemplateView("", None)
        view.learn(self.library.configuration.extensions)
        return view


@dataclass(frozen=True, slots=True)
class Place:
    """A file to check. `around` is None for one that lies in no project."""

    path: Path
    kind: Literal["session", "template", "project file"]
    around: Around | None


@dataclass(frozen=True, slots=True)
class Chosen:
    """The files to check, and a plain sentence for each path that gives none."""

    places: tuple[Place, ...]
    unread: tuple[str, ...] = ()


class Workspace:
    """The folder `here` that the check is made in. `open_at` opens the project at a root.

    `storage` reads what lies in no project.
    """

    def __init__(self, here: Path, open_at: Callable[[Path], Project], storage: Storage) -> None:
        self.here = here
        self._open_at = open_at
        self._storage = storage
        self._roots: dict[Path, Path | None] = {}
        self._projects: dict[Path, Around] = {}

    def around(self, folder: Path) -> Around | None:
        """The project that `folder` lies in."""
        if folder not in self._roots:
            self._roots[folder] = find_project(folder)
        root = self._roots[folder]
        if root is None:
            return None
        if root not in self._projects:
            self._projects[root] = Around(self._open_at(root))
        return self._projects[root]

    def shown(self, path: Path) -> str:
        """A path as a person reads it from here, with forward slashes."""
        try:
            return Path(os.path.relpath(path, self.here)).as_posix()
        except ValueError:  # on another drive
            return path.as_posix()

    def read(self, place: Place) -> str:
        """The text of a file. Raises StorageError, also where there is none."""
        text = (place.around.project.storage if place.around is not None else self._storage).read(place.path)
        if text is None:
            raise StorageError(f"There is no file {self.shown(place.path)}.")
        # an editor keeps the mark to itself; TOML forbids it, so in a session it is a finding
        return text.removeprefix("\ufeff") if place.kind == "template" else text


def project_files(workspace: Workspace) -> Chosen | Refusal:
    """The sessions of the project here, the templates of its own layer and of shared ones inside of it, and the
    configuration, the experiments and the versions."""
    around = workspace.around(workspace.here)
    if around is None:
        return Refusal("There is no project of Orch here; name the files or folders to check.")
    project, library = around.project, around.library
    places = [Place(path, "session", around) for path in project.storage.list(project.sessions, SESSION)]
    for layer in library.layers:
        if layer.name not in (USER, BUILTIN) and layer.templates.is_relative_to(project.root):
            found = project.storage.list(layer.templates, TEMPLATES[0], deep=True)
            places += (Place(path, "template", around) for path in found)
    places += (Place(path, "project file", around) for path in project_file_paths(project, library))
    return Chosen(tuple(dict.fromkeys(places)))


def chosen_files(workspace: Workspace, paths: Sequence[Path]) -> Chosen:
    """The files at `paths`, which are absolute, and those of Orch in the folders among them."""
    places: dict[Path, Place] = {}
    unread: list[str] = []
    for path in paths:
        try:
            found = files_below(path, (SESSION, TEMPLATES[0], PROJECT_FILE))
        except StorageError as error:
            unread.append(str(error))
            continue
        if found is None:
            unread.append(f"There is no file or folder {workspace.shown(path)}.")
        elif found == [path]:
            place = _named(workspace, path)
            if isinstance(place, str):
                unread.append(place)
            else:
                places[path] = place
        else:
            places.update((place.path, place) for place in _below(workspace, found))
    return Chosen(tuple(places.values()), tuple(unread))


def _named(workspace: Workspace, path: Path) -> Place | str:
    """A file that was named itself: a template may lie anywhere."""
    around = workspace.around(path.parent)
    if path.name.endswith(SESSION):
        return Place(path, "session", around)
    if path.name.endswith(TEMPLATES):
        return Place(path, "template", around)
    if _is_project_file(around, path):
        return Place(path, "project file", around)
    return f"{workspace.shown(path)} is neither a session (.orch) nor a template (.j2)."


def _is_project_file(around: Around | None, path: Path) -> bool:
    return around is not None and path.name.endswith(PROJECT_FILE) and around.has(path)


def _below(workspace: Workspace, paths: Sequence[Path]) -> Iterator[Place]:
    """Those of `paths` that are sessions, templates of a layer, or other files of a project."""
    here = _layers(workspace.around(workspace.here))
    for path in paths:
        around = workspace.around(path.parent)
        if path.name.endswith(SESSION):
            yield Place(path, "session", around)
        elif path.name.endswith(PROJECT_FILE):
            if _is_project_file(around, path):
                yield Place(path, "project file", around)
        elif any(path.is_relative_to(folder) for folder in (*_layers(around), *here)):
            yield Place(path, "template", around)


def _layers(around: Around | None) -> list[Path]:
    """The `templates` folders of a project's layers; without a project there is the user's own."""
    if around is None:
        return [user_config() / LAYER]
    return [layer.templates for layer in around.library.layers]
