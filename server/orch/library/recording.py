"""Recording what a prompt is made from, so that its reference gives the same bytes for ever."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from orch.library.closure import Closure, closure_of, closures_by_type, parts_of
from orch.library.layers import Library
from orch.library.resolution import Found
from orch.library.version_files import (
    list_versions,
    load_parts,
    pinned_digest8,
    read_version_file,
    recorded_path,
    version_text,
)
from orch.model.reference import BUILTIN, OWN_LAYERS, BadReference, Reference, id_reference
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
    digest = digest_of(entry.text)
    same = entry if entry.version is not None else recording.same_prompt(closure, digest[:8])
    if same is not None:
        return Recorded(recording.keep(same), recording.planned())
    # pinned for sessions of every type, so that the file does not depend on which one came first
    closures = closures_by_type(library, entry)
    parts = recording.record_parts(parts_of([*closures.values(), closure]))
    if isinstance(parts, BadReference):
        return parts
    names = digest[:8], pinned_digest8(digest, parts)
    same = recording.same_prompt(closure, names[1])
    if same is not None:
        return Recorded(recording.keep(same), recording.planned())
    taken = {file.digest8 for file in list_versions(library, entry.id)}
    free = next((digest8 for digest8 in names if digest8 not in taken), None)
    if free is None:
        return changed_by_hand(library, entry, names[1])
    recording.write(entry, free, parts)
    return Recorded(id_reference(entry.id, 0, free), recording.planned())


def changed_by_hand(library: Library, found: Found, digest8: str) -> BadReference:
    """Why a text cannot be recorded: its place is taken by a file that holds another one."""
    path = recorded_path(library, found.id, 0, digest8)
    return BadReference(f"A version of `{found.id}` was changed after it was recorded; restore {path}.")


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

    def record_parts(self, parts: Mapping[str, Found]) -> list[Reference] | BadReference:
        """The references to `parts`. Those not recorded yet are planned, with all that they reach themselves."""
        founds = dict(parts)
        references: dict[str, Reference] = {}
        new: dict[str, list[str]] = {}
        queue = list(parts)
        while queue:
            key = queue.pop(0)
            if key in references:
                continue
            reference = self.part_reference(founds[key])
            if isinstance(reference, BadReference):
                return reference
            references[key] = reference
            if reference not in self.there:
                own = parts_of(closures_by_type(self.library, founds[key]).values())
                new[key] = list(own)
                founds |= own
                queue += own
        for key, own_keys in new.items():
            digest8 = digest_of(founds[key].text)[:8]
            own_parts = [references[other] for other in own_keys if other != key]
            self.write(founds[key], digest8, _in_layer_order(self.library, own_parts))
        return _in_layer_order(self.library, [references[key] for key in parts])

    def part_reference(self, found: Found) -> Reference | BadReference:
        """The reference to a part. It is pinned by its own text alone, so any version with that text will do."""
        if found.version is not None:
            return self.keep(found)
        digest8 = digest_of(found.text)[:8]
        same = next(self.versions(found, digest8), None)
        if same is not None:
            return self.keep(same)
        taken = any(file.digest8 == digest8 for file in list_versions(self.library, found.id))
        return changed_by_hand(self.library, found, digest8) if taken else id_reference(found.id, 0, digest8)

    def same_prompt(self, closure: Closure, digest8: str) -> Found | None:
        """The newest recorded version under these digits that makes the prompt that `closure` makes."""
        return next((one for one in self.versions(closure.entry, digest8) if self.gives(one, closure)), None)

    def keep(self, found: Found) -> Reference:
        """The reference to a recorded version; from another layer it is copied into the project, with its parts."""
        if found.version is not None and found.reference not in self.there:
            self.there.add(found.reference)
            self._copy(found)
            parts = load_parts(self.library, found.version)
            for part in [] if isinstance(parts, BadReference) else parts:
                self.keep(part)
        return found.reference

    def write(self, found: Found, digest8: str, parts: list[Reference]) -> None:
        """Plans the file of a new version 0."""
        path = recorded_path(self.library, found.id, 0, digest8)
        self.writes[path] = version_text(found.id, 0, found.text, parts)

    def _copy(self, found: Found) -> None:
        if found.version is None or found.digest8 is None:
            return
        builtin = self.library.layer(BUILTIN)
        if builtin is not None and found.path.is_relative_to(builtin.versions):
            return  # it ships with Orch
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
        recorded = closure_of(self.library, version, self.feature_type, dynamic=False)
        return not isinstance(recorded, BadReference) and _shape(recorded) == _shape(closure)


def _in_layer_order(library: Library, parts: list[Reference]) -> list[Reference]:
    """`parts`, those of a nearer shared layer first: their order tells later which layer was the nearer one."""
    shared = [layer.name for layer in library.layers if layer.name not in OWN_LAYERS]
    told = list(dict.fromkeys(part.layer for part in parts if part.layer in shared))
    if told == sorted(told, key=shared.index):
        return parts
    return sorted(parts, key=lambda part: shared.index(part.layer) if part.layer in shared else -1)


def _shape(closure: Closure) -> set[tuple[object, ...]]:
    """What makes two closures give the same prompt: the texts, and which text each name means."""
    texts = {key: (found.id, found.text) for key, found in closure.templates.items()}
    return {
        (texts[key], frozenset((name, texts[target]) for name, target in closure.routes[key].items()))
        for key in closure.templates
    }
