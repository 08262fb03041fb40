"""All versions of one template, and what to do where two have one number.

Two branches may each publish a version 4. Nothing is lost by that, and nothing is rewritten to mend it: the one
that was published first keeps the number, and of each other one a copy is recorded under the next free number. Its
file under the old number stays, so that what a session has recorded is found for ever; the number alone means the
one that kept it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from orch.library.layers import Library, from_layer
from orch.library.resolution import Found
from orch.library.version_files import (
    VersionFile,
    by_number,
    list_versions,
    read_version_file,
    recorded_path,
    renumbered,
    version_text,
)
from orch.model.reference import BadReference, Reference, TemplateId, id_reference, parse_reference
from orch.model.template import Version


@dataclass(frozen=True, slots=True)
class VersionEntry:
    """One version. `version` is None where its file cannot be trusted; `problem` then says why.

    `same_number` are the other versions that share its number and are not recorded under another one yet;
    `renumbered` is the reference under which this one is.
    """

    file: VersionFile
    version: Version | None
    problem: str | None = None
    same_number: tuple[Reference, ...] = ()
    renumbered: Reference | None = None


def version_history(library: Library, template: TemplateId) -> list[VersionEntry]:
    """The versions of `template`, the newest number first; those that were never published come last."""
    files = list_versions(library, template)
    shared = shared_numbers(library, template, files)
    copies = renumbered(library, files)
    found: list[VersionEntry] = []
    for file in reversed(files):
        read = read_version_file(library, file)
        same = tuple(other.reference for other in shared.get(file.number, ()) if other != file)
        entry = VersionEntry(
            file,
            read.version if isinstance(read, Found) else None,
            read.sentence if isinstance(read, BadReference) else None,
            same if file in shared.get(file.number, ()) else (),
            copies.get(file),
        )
        found.append(entry)
    return found


def shared_numbers(
    library: Library, template: TemplateId, files: Sequence[VersionFile] | None = None
) -> dict[int, list[VersionFile]]:
    """The published numbers that several versions of `template` have, without those that were mended."""
    found = by_number(list_versions(library, template) if files is None else files)
    if all(len(same) < 2 for same in found.values()):
        return {}
    copies = renumbered(library, [file for same in found.values() for file in same])
    left = {number: [file for file in same if file not in copies] for number, same in found.items()}
    return {number: same for number, same in left.items() if len(same) > 1}


@dataclass(frozen=True, slots=True)
class Renumbered:
    """A version that got a number of its own: the reference it had, the one it has now, and its new file."""

    old: Reference
    new: Reference
    path: Path
    text: str


def renumber(library: Library, template: TemplateId) -> list[Renumbered] | BadReference:
    """What mends the numbers that several versions of `template` share. Nothing is written here.

    It follows from the files alone, so two branches that both mend the same versions write the same files.
    """
    own = from_layer(library, template.layer)
    if own is None:
        return BadReference(f"There is no layer `{template.layer}`.")
    files = list_versions(own, template)
    next_number = max((file.number for file in files), default=0) + 1
    made: list[Renumbered] = []
    for _, same in sorted(shared_numbers(own, template, files).items()):
        founds: list[tuple[VersionFile, Found]] = []
        for file in same:
            read = read_version_file(own, file)
            if isinstance(read, BadReference):
                return read
            founds.append((file, read))
        for file, read in sorted(founds, key=_age)[1:]:
            made.append(_renumbered(own, file, read, next_number))
            next_number += 1
    return made


def _renumbered(library: Library, file: VersionFile, found: Found, number: int) -> Renumbered:
    version = found.version
    assert version is not None
    parsed = (parse_reference(part, library.feature_types) for part in version.parts)
    parts = [part for part in parsed if isinstance(part, Reference)]
    text = version_text(
        file.id,
        number,
        version.body,
        parts,
        created=version.created,
        author=version.author,
        message=version.message,
        parent=version.parent,
    )
    path = recorded_path(library, file.id, number, file.digest8)
    return Renumbered(file.reference, id_reference(file.id, number, file.digest8), path, text)


def _age(entry: tuple[VersionFile, Found]) -> tuple[datetime, str]:
    """Sorts versions by when they were published; the digits decide between two of one second."""
    file, found = entry
    created = found.version.created if found.version is not None else None
    if created is None:
        return datetime.max.replace(tzinfo=UTC), file.digest8
    return (created if created.tzinfo else created.replace(tzinfo=UTC)), file.digest8
