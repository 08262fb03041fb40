"""The names of all version files of a library: which versions there are, without reading any."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from orch.library.layers import Library
from orch.library.resolution import template_in
from orch.library.version_files import VersionFile, numbered_file, whole_version
from orch.model.reference import Reference, TemplateId, parse_reference
from orch.model.toml import exact_toml_data


@dataclass(frozen=True, slots=True)
class VersionIndex:
    """(number, eight digits) of every version, by template."""

    names: dict[TemplateId, set[tuple[int, str]]]

    def has(self, reference: Reference) -> bool:
        """Whether there is a file of the version that the full `reference` names."""
        template = TemplateId(reference.layer or "", reference.name, reference.feature_type)
        return (reference.version, reference.digest) in self.names.get(template, ())

    def shares(self, file: VersionFile) -> bool:
        """Whether another version has the number of `file`, which version 0 may."""
        return file.number > 0 and sum(number == file.number for number, _ in self.names.get(file.id, ())) > 1


def version_index(library: Library) -> VersionIndex:
    """The index of all layers' versions and of the project's copies of them."""
    names: dict[TemplateId, set[tuple[int, str]]] = {}
    for folder, layer in version_folders(library):
        for path in library.files.list(folder, ".toml", deep=True):
            file = version_at(library, folder, layer, path)
            if file is not None:
                names.setdefault(file.id, set()).add((file.number, file.digest8))
    return VersionIndex(names)


def version_folders(library: Library) -> Iterator[tuple[Path, str]]:
    """Each folder of versions with the layer that it is of; in it, `@<layer>` has copies of another one's."""
    yield library.recorded, library.home
    for layer in library.layers:
        if layer.versions != library.recorded:
            yield layer.versions, layer.name


def version_at(library: Library, folder: Path, layer: str, path: Path) -> VersionFile | None:
    """The version whose file is at `path` in the `folder` of versions of a layer; None for any other file."""
    numbered = numbered_file(path.name)
    below = path.relative_to(folder).parent.as_posix()
    if below.startswith("@"):
        layer, _, below = below[1:].partition("/")
    template = template_in(library, layer, below) if numbered is not None else None
    return VersionFile(template, *numbered, path) if numbered is not None and template is not None else None


def is_fine(library: Library, index: VersionIndex, file: VersionFile, text: str) -> bool:
    """Whether the `text` of a version's file is what was recorded, its number its own, and all that it names there.

    What a version names is looked for by its name alone: a file that was changed is told of by itself.
    """
    version = whole_version(file, exact_toml_data(text))
    if version is None or index.shares(file):
        return False
    named = (*version.parts, *((version.parent,) if version.parent else ()))
    references = (parse_reference(name, library.feature_types) for name in named)
    return all(isinstance(reference, Reference) and index.has(reference) for reference in references)
