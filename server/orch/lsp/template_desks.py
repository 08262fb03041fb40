"""The desks of open templates: made once for a text, and again when what lies around it may have changed."""

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from orch.commands.settings import project_library
from orch.commands.template_surroundings import surroundings_of
from orch.ide.template_index import TemplateIndex
from orch.ide.template_view import Desk, TemplateView, desk_of
from orch.library.configuration import FILE_NAME
from orch.library.layers import Library
from orch.storage.overlay import OverlayStorage

if TYPE_CHECKING:
    from orch.commands.project import Project

_PLACES: dict[Path, "_Place"] = {}


class _Moment(NamedTuple):
    """While all of this stays the same, so does what lies around a template."""

    library: int
    files: int
    open_texts: int


class _Place:
    """One project: its library, which changes with the configuration, and the index of its templates."""

    def __init__(self) -> None:
        self.index = TemplateIndex()
        self._made: tuple[object, Library] | None = None
        self._count = 0

    def library(self, project: "Project") -> Library:
        """The library, made anew when a file of the configuration changed."""
        storage = project.storage
        configured = (project.root / ".orch" / FILE_NAME, project.user_config / FILE_NAME)
        state = (storage, *map(storage.stamp, configured))
        made = self._made
        if made is None or made[0] != state:
            made = self._made = state, project_library(project)
            self._count += 1
        return made[1]

    def moment(self, project: "Project") -> _Moment | None:
        """What a desk that is made now depends on; None where it cannot be told."""
        if not isinstance(project.storage, OverlayStorage):
            return None
        self.library(project)
        return _Moment(self._count, self.index.looks, project.storage.changes)


def files_changed() -> None:
    """What was read of files counts no more."""
    for place in list(_PLACES.values()):
        place.index.forget()


def index_of(project: "Project") -> TemplateIndex:
    """What is remembered of the project's templates."""
    return _PLACES.setdefault(project.root, _Place()).index


def desk_in(view: TemplateView, project: "Project | None") -> Desk:
    """The desk of the template in `view`. Requests and checks of one text share it."""
    if project is None or view.path is None:
        return desk_of(view, None)
    place = _PLACES.setdefault(project.root, _Place())
    # looked at first: what changes while the desk is made makes it an old one
    moment = place.moment(project)
    kept = view.kept
    if kept is not None and kept[0] == moment:
        return kept[1]
    around = surroundings_of(place.library(project), place.index, view.path)
    if around is not None:
        place.index.note(view.path, view.text)
    desk = desk_of(view, around)
    view.kept = (moment, desk) if moment is not None else None
    return desk
