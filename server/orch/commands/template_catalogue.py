"""All templates of a project with their versions, in one look at the folders; kept until a file changes.

A thousand templates with five versions each are six thousand files. Their names and stamps are had in a few
milliseconds, so every look takes them anew; a text is read only when its stamp is another one.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orch.commands.project import Project
from orch.commands.templates import id_json
from orch.library.choice import Ids, standing
from orch.library.closure import front_matter
from orch.library.configuration import FILE_NAME
from orch.library.customizing import alike_but_for_case
from orch.library.layers import Layer, Library
from orch.library.resolution import template_in
from orch.library.upgrades import Upgrade, upgrades
from orch.library.version_files import numbered_file
from orch.model.reference import EXTENSIONS, TemplateId, name_problem, without_extension
from orch.model.template import digest_of, normal_text
from orch.storage.port import StorageError

Stamps = dict[str, tuple[int, ...]]

_TEMPLATE, _VERSION, _OTHER = "t", "v", "o"


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The templates as in `template list`, the nearest layer first, and the upgrades below them.

    `alike` are names that differ only in case; `misnamed` files that no name can mean, each with the reason.
    """

    templates: list[Mapping[str, Any]]
    upgrades: tuple[Upgrade, ...]
    alike: tuple[tuple[str, str], ...]
    misnamed: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class _Text:
    """What is told of a working copy's text; `problem` says why it cannot be read."""

    digest: str = ""
    description: str = ""
    problem: str | None = None


def catalogue(project: Project, library: Library) -> Catalogue:
    """The catalogue as the files are now. It is the same object as the last time when no file has changed."""
    folders = {f"{_TEMPLATE}{layer.name}": layer.templates for layer in library.layers}
    folders |= {f"{_VERSION}{library.home}": library.recorded}
    folders |= {f"{_VERSION}{layer.name}": layer.versions for layer in library.layers if layer.name != library.home}

    def read(name: str) -> _Text | None:
        place, _, below = name.partition("\n")
        return _text(project, folders[place] / below) if place.startswith(_TEMPLATE) else None

    found: Catalogue = project.templates.look(
        _stamps(project, library, folders), read, lambda texts: _arranged(library, folders, texts)
    )
    return found


def _stamps(project: Project, library: Library, folders: Mapping[str, Path]) -> Stamps:
    """Every file that the catalogue depends on: a name is its place, a line end, and its path below that."""
    stamps: Stamps = {}
    for place, folder in folders.items():
        suffix = EXTENSIONS[-1] if place.startswith(_TEMPLATE) else ".toml"
        below = project.storage.stamps(folder, suffix, deep=True)
        stamps |= {f"{place}\n{name}": stamp for name, stamp in below.items()}
    for at, config in enumerate((project.folder / FILE_NAME, project.user_config / FILE_NAME)):
        stamps[f"{_OTHER}{at}"] = project.storage.stamp(config) or ()
    # an open configuration counts as well, and so does what a shared layer's path leads to
    layers = tuple((layer.name, layer.templates) for layer in library.layers)
    stamps[f"{_OTHER}\nlayers"] = (hash((layers, library.feature_types, library.configuration.extensions)),)
    return stamps


def _text(project: Project, path: Path) -> _Text:
    try:
        text = normal_text(project.storage.read(path) or "")
    except StorageError as error:
        return _Text(problem=str(error))
    return _Text(digest_of(text), front_matter(text).description)


def _arranged(library: Library, folders: Mapping[str, Path], texts: Mapping[str, _Text | None]) -> Catalogue:
    known: dict[TemplateId, Path] = {}
    told: dict[TemplateId, _Text] = {}
    names: dict[str, list[str]] = {}
    misnamed: list[tuple[str, str]] = []
    for layer in library.layers:
        place = f"{_TEMPLATE}{layer.name}\n"
        for below in sorted(_below(texts, place), key=lambda name: (not name.endswith(EXTENSIONS[0]), name)):
            template = template_in(library, layer.name, below)
            if template is None:
                why = name_problem(without_extension(below)) or "its name cannot be written as a reference"
                misnamed.append((str(folders[place[:-1]] / below), why))
            elif template not in known:
                known[template] = folders[place[:-1]] / below
                told[template] = texts[place + below] or _Text()
                names.setdefault(layer.name, []).append(template.path)
    numbers = _numbers(library, texts)
    listed = (_entry(library, known, template, told[template], numbers.get(template, {})) for template in known)
    alike = (pair for layer in library.layers for pair in _alike(layer, names.get(layer.name, [])))
    return Catalogue(list(listed), tuple(upgrades(library)), tuple(alike), tuple(misnamed))


def _entry(
    library: Library,
    known: Ids,
    template: TemplateId,
    text: _Text,
    numbers: Mapping[str, int],
) -> Mapping[str, Any]:
    hidden_by = standing(library, template, known).hidden_by
    return {
        **id_json(template),
        "path": str(known[template]),
        "version": numbers.get(text.digest[:8], 0),
        "digest": text.digest,
        "description": text.description,
        **({"problem": text.problem} if text.problem is not None else {}),
        "hidden_by": str(hidden_by) if hidden_by else None,
    }


def _numbers(library: Library, texts: Mapping[str, object]) -> dict[TemplateId, dict[str, int]]:
    """The highest number that each text of each template has, by the eight digits of the text."""
    found: dict[TemplateId, dict[str, int]] = {}
    for name in texts:
        place, _, below = name.partition("\n")
        if not place.startswith(_VERSION):
            continue
        folder, _, file = below.rpartition("/")
        layer, path = place[1:], folder
        if folder.startswith("@"):
            layer, _, path = folder[1:].partition("/")
        numbered = numbered_file(file)
        template = template_in(library, layer, path) if numbered is not None and path else None
        if numbered is not None and template is not None:
            number, digest8 = numbered
            own = found.setdefault(template, {})
            own[digest8] = max(own.get(digest8, 0), number)
    return found


def _below(texts: Mapping[str, object], place: str) -> Iterator[str]:
    return (name[len(place) :] for name in texts if name.startswith(place))


def _alike(layer: Layer, names: list[str]) -> Iterator[tuple[str, str]]:
    return ((f"{layer.name}:{one}", f"{layer.name}:{other}") for one, other in alike_but_for_case(names))
