"""From a name to a template: the contract's "Layers"."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from orch.library.layers import Library
from orch.model.reference import (
    EXTENSIONS,
    BadReference,
    Reference,
    TemplateId,
    id_reference,
    parse_reference,
    split_path,
    without_extension,
)
from orch.model.template import Version, normal_text


@dataclass(frozen=True, slots=True)
class Found:
    """A template that was found: whose it is, its normalised text, and the file that holds it.

    `version` is set when it was read from a version's file; `digest8` is then the one in the file's name.
    """

    id: TemplateId
    text: str
    path: Path
    version: Version | None = None
    digest8: str | None = None

    @property
    def key(self) -> str:
        """What it is called among the templates of one prompt: with the version where it is one."""
        return str(self.reference)

    @property
    def reference(self) -> Reference:
        """The reference that finds it again."""
        return id_reference(self.id, self.version.number if self.version else None, self.digest8)


Lookup = Callable[[TemplateId], Found | None]


def find_working_copy(library: Library, template: TemplateId) -> Found | None:
    """The working copy of exactly this template."""
    layer = library.layer(template.layer)
    if layer is None:
        return None
    for extension in EXTENSIONS:
        path = layer.templates / f"{template.path}{extension}"
        text = library.files.read(path)
        if text is not None:
            return Found(template, normal_text(text), path)
    return None


def candidates(library: Library, reference: Reference, feature_type: str) -> list[TemplateId]:
    """The templates that `reference` may mean in a session of `feature_type`, nearest first.

    A feature type that the configuration does not know is no folder: it may be anything that a person wrote.
    """
    own_type = feature_type if feature_type in library.feature_types else None
    layers = [reference.layer] if reference.layer is not None else [layer.name for layer in library.layers]
    types = list(
        dict.fromkeys([reference.feature_type] if reference.feature_type is not None else [own_type, None])
    )
    return [TemplateId(layer, reference.name, kind) for layer in layers for kind in types]


def resolve_name(
    library: Library, name: Reference, feature_type: str, lookup: Lookup, asking: TemplateId | None = None
) -> Found | None:
    """The template that the unversioned `name` means, to the template `asking` where one asks.

    Where the name could reach the asking template itself, only what lies below that counts: so a template may
    extend its own name, and a circle of such templates cannot come about.
    """
    ids = candidates(library, name, feature_type)
    if asking in ids:
        ids = ids[ids.index(asking) + 1 :]
    return next((found for found in map(lookup, ids) if found is not None), None)


def resolve_working_copy(library: Library, reference: str, feature_type: str) -> Found | BadReference:
    """The working copy that an unversioned reference means in a session of `feature_type`."""
    name = parse_reference(reference, library.feature_types)
    if isinstance(name, BadReference):
        return name
    found = resolve_name(library, name, feature_type, lambda template: find_working_copy(library, template))
    return found or no_such_template(library, name)


def all_templates(library: Library) -> list[tuple[TemplateId, Path]]:
    """Every working copy of every layer and its file, nearest layer first. Impossible names are passed over."""
    found: dict[TemplateId, Path] = {}
    for layer in library.layers:
        # `.md.j2` sorts after `.j2` only by chance, so the preferred extension is looked at first
        paths = library.files.list(layer.templates, EXTENSIONS[-1], deep=True)
        for path in sorted(paths, key=lambda path: (not path.name.endswith(EXTENSIONS[0]), path)):
            template = template_in(library, layer.name, path.relative_to(layer.templates).as_posix())
            if template is not None:
                found.setdefault(template, path)
    return list(found.items())


def template_in(library: Library, layer: str, path: str) -> TemplateId | None:
    """The template whose file, or folder of versions, is at `path` in the layer; None for no good name."""
    name = without_extension(path)
    if not isinstance(parse_reference(name, library.feature_types), Reference):
        return None
    feature_type, rest = split_path(name, library.feature_types)
    return TemplateId(layer, rest, feature_type)


def no_such_template(library: Library, name: Reference) -> BadReference:
    """Why `name` was not found, with the nearest name that exists."""
    if name.layer is not None and library.layer(name.layer) is None:
        known = ", ".join(layer.name for layer in library.layers)
        return BadReference(f"There is no layer `{name.layer}`; there are {known}.")
    return BadReference(f"There is no template `{name}`{_meant(str(name), _known_names(library))}")


def _known_names(library: Library) -> Iterable[str]:
    for template, _ in all_templates(library):
        yield from (template.path, str(template))


def _meant(name: str, known: Iterable[str]) -> str:
    close = get_close_matches(name, dict.fromkeys(known), n=1, cutoff=0.6)
    return f"; did you mean `{close[0]}`?" if close else "."
