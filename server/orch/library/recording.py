"""Recording what a prompt is made from, so that its reference gives the same bytes for ever."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from orch.library.closure import Closure, closure_of, reached_from
from orch.library.layers import Library
from orch.library.resolution import Found
from orch.library.version_files import (
    list_versions,
    pinned_digest8,
    read_version_file,
    recorded_path,
    version_text,
)
from orch.model.reference import BUILTIN, BadReference, Reference, id_reference
from orch.model.template import digest_of


@dataclass(frozen=True, slots=True)
class Recorded:
    """The full reference to what was rendered, and the files (path, text) to write for it."""

    reference: Reference
    writes: tuple[tuple[Path, str], ...] = ()


def record(library: Library, closure: Closure, feature_type: str) -> Recorded | BadReference:
    """The recorded version of `closure`; nothing is written here.

    A version that gives the same prompt is used again, the newest number first. Else the text becomes version 0.
    Such a file holds neither time nor author: two branches that use one text make the same file, and merge.
    Parts, too, are recorded, and what another layer holds is copied into the project. A BadReference says that
    a recorded file was changed by hand.
    """
    recording = Recording(library, feature_type)
    entry = closure.entry
    if entry.version is not None:
        return Recorded(recording.keep(entry), recording.planned())
    parts = recording.record_parts([closure])
    if isinstance(parts, BadReference):
        return parts
    reference = recording.entry_reference(closure, parts)
    if isinstance(reference, BadReference):
        return reference
    if reference not in recording.there:
        recording.write(entry, reference, parts)
    return Recorded(reference, recording.planned())


@dataclass(slots=True)
class Recording:
    """What is collected on the way: the files to write, and the references that are recorded already."""

    library: Library
    feature_type: str
    writes: dict[Path, str] = field(default_factory=dict)
    there: set[Reference] = field(default_factory=set)

    def planned(self) -> tuple[tuple[Path, str], ...]:
        """The files to write, as (path, text)."""
        return tuple(self.writes.items())

    def record_parts(self, closures: Sequence[Closure]) -> list[Reference] | BadReference:
        """The references to all parts of `closures`, which have one entry; those not recorded yet are planned."""
        parts = {key: found for closure in closures for key, found in list(closure.templates.items())[1:]}
        references: dict[str, Reference] = {}
        for key, found in parts.items():
            reference = self.part_reference(found)
            if isinstance(reference, BadReference):
                return reference
            references[key] = reference
        for key, found in parts.items():
            if references[key] not in self.there:
                reached = (
                    other for closure in closures if key in closure.routes for other in reached_from(closure, key)
                )
                self.write(
                    found,
                    references[key],
                    [references[other] for other in dict.fromkeys(reached) if other in references],
                )
        return list(references.values())

    def part_reference(self, found: Found) -> Reference | BadReference:
        """The reference to a part. It is pinned by its own text alone, so any version with that text will do."""
        if found.version is not None:
            return self.keep(found)
        digest8 = digest_of(found.text)[:8]
        same = next(self.versions(found, digest8), None)
        if same is not None:
            return self.keep(same)
        taken = any(file.digest8 == digest8 for file in list_versions(self.library, found.id))
        return self._changed(found, digest8) if taken else id_reference(found.id, 0, digest8)

    def entry_reference(self, closure: Closure, parts: list[Reference]) -> Reference | BadReference:
        """The reference to the entry. It must give the same prompt, so its parts count as well."""
        found = closure.entry
        digest = digest_of(found.text)
        names = digest[:8], pinned_digest8(digest, parts)
        for digest8 in names:
            for version in self.versions(found, digest8):
                if self.gives(version, closure):
                    return self.keep(version)
        taken = {file.digest8 for file in list_versions(self.library, found.id)}
        free = next((digest8 for digest8 in names if digest8 not in taken), None)
        return id_reference(found.id, 0, free) if free else self._changed(found, names[1])

    def keep(self, found: Found) -> Reference:
        """The reference to a recorded version; from another layer it is copied into the project, with its parts."""
        self.there.add(found.reference)
        closure = closure_of(self.library, found, self.feature_type)
        for one in (found,) if isinstance(closure, BadReference) else closure.templates.values():
            self._copy(one)
        return found.reference

    def write(self, found: Found, reference: Reference, parts: list[Reference]) -> None:
        """Plans the file of a new version 0."""
        assert reference.digest is not None
        path = recorded_path(self.library, found.id, 0, reference.digest)
        self.writes[path] = version_text(found.id, 0, found.text, parts)

    def _copy(self, found: Found) -> None:
        if found.version is None or found.digest8 is None or found.id.layer == BUILTIN:
            return
        path = recorded_path(self.library, found.id, found.version.number, found.digest8)
        if found.path != path:
            text = self.library.files.read(found.path)
            if text is not None:
                self.writes[path] = text

    def versions(self, found: Found, digest8: str) -> Iterator[Found]:
        """The recorded versions under these digits that hold the text of `found`, the newest number first."""
        for file in reversed(list_versions(self.library, found.id)):
            if file.digest8 == digest8:
                version = read_version_file(self.library, file)
                if isinstance(version, Found) and version.text == found.text:
                    yield version

    def gives(self, version: Found, closure: Closure) -> bool:
        """Whether a recorded version makes the same prompts as `closure`."""
        recorded = closure_of(self.library, version, self.feature_type)
        return not isinstance(recorded, BadReference) and _shape(recorded) == _shape(closure)

    def _changed(self, found: Found, digest8: str) -> BadReference:
        path = recorded_path(self.library, found.id, 0, digest8)
        return BadReference(f"A version of `{found.id}` was changed after it was recorded; restore {path}.")


def _shape(closure: Closure) -> set[tuple[object, ...]]:
    """What makes two closures give the same prompt: the texts, and which text each name means."""
    texts = {key: (found.id, found.text) for key, found in closure.templates.items()}
    return {
        (texts[key], frozenset((name, texts[target]) for name, target in closure.routes[key].items()))
        for key in closure.templates
    }
