"""What lies around a template, taken from the library of its project: see `rules/template_context.py`."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from orch.ide.template_index import TemplateIndex, meanings
from orch.library.layers import Library
from orch.library.resolution import Found, find_working_copy, no_such_template
from orch.library.version_files import load_version
from orch.library.version_history import merged_files, merged_sentence, shared_numbers
from orch.model.reference import BadReference, Reference, TemplateId, parse_reference, split_path, without_extension
from orch.model.session import ROLES
from orch.model.template import Input
from orch.rules.template_context import Other, Unresolved
from orch.text.similar import closest


class LibrarySurroundings:
    """The surroundings of the template `own`. Made for one check; what it reads it reads once."""

    def __init__(self, library: Library, own: TemplateId, index: TemplateIndex | None = None) -> None:
        self.library = library
        self.own = own
        self.index = index or TemplateIndex()
        self._found: dict[tuple[str, str], Other | Unresolved] = {}
        self._others: dict[TemplateId, Other | None] = {}
        self._dependents: list[Other] | None = None

    @property
    def key(self) -> str:
        """See the protocol."""
        return str(self.own)

    @property
    def inputs(self) -> Mapping[str, Input]:
        """See the protocol."""
        return self.library.configuration.inputs

    def resolve(self, name: str, asking: str) -> Other | Unresolved:
        """See the protocol."""
        if (name, asking) not in self._found:
            self._found[name, asking] = self._resolve(name, asking)
        return self._found[name, asking]

    def dependents(self) -> Sequence[Other]:
        """See the protocol. What is only known while rendering is not taken to reach a prompt's own template."""
        if self._dependents is None:
            dynamic = self.own.name not in ROLES.values()
            ids = self.index.dependents(self.library, self.own, dynamic=dynamic)
            self._dependents = [other for id_ in ids if (other := self._other(id_)) is not None]
        return self._dependents

    def shared_versions(self) -> Sequence[tuple[int, Sequence[str]]]:
        """See the protocol. Version 0, which was never published, may be many."""
        shared = shared_numbers(self.library, self.own)
        return [(number, [str(file.reference) for file in files]) for number, files in shared.items()]

    def merged_versions(self) -> Sequence[str]:
        """See the protocol."""
        return [merged_sentence(*merged) for merged in merged_files(self.library, self.own)]

    def of(self, key: str) -> "LibrarySurroundings":
        """The surroundings of another template of the same library."""
        return LibrarySurroundings(self.library, self._id(key), self.index)

    def names(self) -> list[str]:
        """What may be written as the name of a template, nearest layer first."""
        return list(dict.fromkeys(template.path for template in self.index.ids(self.library)))

    def _other(self, template: TemplateId) -> Other | None:
        if template not in self._others:
            found = find_working_copy(self.library, template)
            self._others[template] = self._of(found) if found is not None else None
        return self._others[template]

    def _of(self, found: Found) -> Other:
        text = found.text
        if found.version is None:
            # as the file holds it: the places in it are those of the file
            raw = self.library.files.read(found.path)
            text = raw if raw is not None and not raw.startswith("\ufeff") else text
        return Other(found.key, found.id.name, text, found.path, self.library.configuration.extensions)

    def _resolve(self, name: str, asking: str) -> Other | Unresolved:
        reference = parse_reference(name, self.library.feature_types)
        if isinstance(reference, BadReference):
            return Unresolved(reference.sentence)
        by = self._id(asking)
        if reference.version is not None:
            return self._version(reference, by)
        ids = meanings(self.library, name, by, self.index.ids(self.library))
        other = self._other(ids[0]) if ids else None
        if other is not None:
            return other
        if reference.name == by.name and self.index.ids(self.library).get(by) is not None:
            return Unresolved(f"There is no other `{name}` below this one: a template cannot ask for itself.")
        known = self.names()
        meant = closest(name, [entry for entry in known if entry != by.path], 0.6)
        sentence = no_such_template(self.library, reference).sentence if meant is None else ""
        return Unresolved(sentence or f"There is no template `{name}`; did you mean `{meant}`?", meant)

    def _version(self, reference: Reference, by: TemplateId) -> Other | Unresolved:
        found = load_version(self.library, reference, by.feature_type or "")
        if isinstance(found, Found):
            return self._of(found)
        return Unresolved(found.sentence, ambiguous=reference.digest is None and " could be " in found.sentence)

    def _id(self, key: str) -> TemplateId:
        reference = parse_reference(key, self.library.feature_types)
        assert isinstance(reference, Reference)
        return TemplateId(reference.layer or self.own.layer, reference.name, reference.feature_type)


def template_id(library: Library, path: Path) -> TemplateId | None:
    """Which template the file at `path` is; None for one outside of all layers."""
    for layer in library.layers:
        if path.is_relative_to(layer.templates):
            name = without_extension(path.relative_to(layer.templates).as_posix())
            if isinstance(parse_reference(name, library.feature_types), Reference):
                feature_type, rest = split_path(name, library.feature_types)
                return TemplateId(layer.name, rest, feature_type)
    return None
