"""Giving a text its number: a published version, with what it is made of pinned."""

from datetime import datetime

from orch.library.closure import Closure, closures_by_type, parts_of
from orch.library.layers import Library, from_layer
from orch.library.recording import Recorded, Recording
from orch.library.resolution import Found
from orch.library.version_files import VersionFile, list_versions, recorded_path, version_text
from orch.model.reference import BadReference, Reference, id_reference
from orch.model.template import digest_of


def publish(
    library: Library, found: Found, *, message: str, author: str | None, created: datetime
) -> Recorded | BadReference:
    """The next version of the working copy `found`, in its own layer; nothing is written here.

    A published version that gives the same prompts in sessions of every feature type is used again: then there is
    nothing to write. Else its parts are those that it reaches in any of them, in its own layer and below: another
    project has other nearer ones.
    """
    own = from_layer(library, found.id.layer)
    if own is None:
        return BadReference(f"There is no layer `{found.id.layer}` to publish in.")
    library = own
    closures = closures_by_type(library, found)
    published = [file for file in list_versions(library, found.id) if file.number > 0]
    same = _same(library, found, closures)
    if same is not None:
        return Recorded(same)
    recording = Recording(library, "")
    parts = recording.record_parts(parts_of(closures.values()))
    if isinstance(parts, BadReference):
        return parts
    number = published[-1].number + 1 if published else 1
    reference = id_reference(found.id, number, digest_of(found.text)[:8])
    text = version_text(
        found.id,
        number,
        found.text,
        parts,
        created=created.replace(microsecond=0),
        author=author,
        message=message,
        parent=_parent(published),
    )
    path = recorded_path(library, found.id, number, digest_of(found.text)[:8])
    return Recorded(reference, (*recording.planned(), (path, text)))


def _same(library: Library, found: Found, closures: dict[str, Closure]) -> Reference | None:
    for version in Recording(library, "").versions(found, digest_of(found.text)[:8]):
        published = version.version is not None and version.version.number > 0
        if published and all(
            Recording(library, kind).gives(version, closure) for kind, closure in closures.items()
        ):
            return version.reference
    return None


def _parent(published: list[VersionFile]) -> str | None:
    return str(published[-1].reference) if published else None
