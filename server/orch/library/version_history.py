"""All versions of one template, and what to do where two have one number.

Two branches may each publish a version 4. Nothing is lost by that, and nothing is rewritten to mend it: the one
that was published first keeps the number, and of each other one a copy is recorded under the next free number. Its
file under the old number stays, so that what a session has recorded is found for ever; the number alone means the
one that kept it.

Where both published the same text, git has put both into one file (see `merged_versions`). That file is mended to
what the first had written; the other is recorded under the next free number only if it has other parts.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from orch.library.layers import Library, from_layer
from orch.library.resolution import Found
from orch.library.version_files import (
    VersionFile,
    by_number,
    list_versions,
    merged_versions,
    pinned_digest8,
    read_version_file,
    recorded_path,
    renumber_command,
    renumbered,
    version_text,
)
from orch.model.reference import BadReference, Reference, TemplateId, parse_reference
from orch.model.template import Version


@dataclass(frozen=True, slots=True)
class VersionEntry:
    """One version. `version` is None where its file cannot be trusted; `problem` then says why.

    `same_number` are the other versions that share its number and are not recorded under another one yet;
    `renumbered` is the reference under which this one is. `merged` are the versions that git merged into one file.
    """

    file: VersionFile
    version: Version | None
    problem: str | None = None
    same_number: tuple[Reference, ...] = ()
    renumbered: Reference | None = None
    merged: tuple[Version, ...] = ()


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
            tuple(merged_versions(library, file)),
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


def merged_files(library: Library, template: TemplateId) -> list[tuple[VersionFile, list[Version]]]:
    """The version files of `template` into which git merged what two branches had written, with what that was."""
    read = ((file, merged_versions(library, file)) for file in list_versions(library, template))
    return [(file, versions) for file, versions in read if versions]


def shared_sentences(library: Library, template: TemplateId) -> list[str]:
    """What is to be said of the numbers that several versions of `template` share, and how that is mended."""
    mend = renumber_command(template)
    numbers = shared_numbers(library, template)
    shared = (f"Two versions have the number {number}; to give each its own:" for number in numbers)
    merged = (f"{merged_sentence(*found)} To mend it:" for found in merged_files(library, template))
    return [f"{sentence} {mend}" for sentence in (*shared, *merged)]


def merged_sentence(file: VersionFile, versions: Sequence[Version]) -> str:
    """What git made of a version that two branches published alike."""
    who = [version.author for version in versions if version.author]
    by = f" ({' and '.join(dict.fromkeys(who))})" if who else ""
    others = " and with different parts" if len({version.parts for version in versions}) > 1 else ""
    return f"Two branches{by} recorded `{file.reference}` with the same text{others}, and git merged the two."


@dataclass(frozen=True, slots=True)
class Renumbered:
    """A version that was mended: the reference it had, the one it has now, and its file.

    `replaces` is the text of a file that git merged and that is mended to what it was, None for a new file.
    """

    old: Reference
    new: Reference
    path: Path
    text: str
    replaces: str | None = None


def renumber(library: Library, template: TemplateId) -> list[Renumbered] | BadReference:
    """What mends the numbers that several versions of `template` share. Nothing is written here.

    It follows from the files alone, so two branches that both mend the same versions write the same files.
    """
    own = from_layer(library, template.layer)
    if own is None:
        return BadReference(f"There is no layer `{template.layer}`.")
    files = list_versions(own, template)
    made = _unmerged(library, template, max((file.number for file in files), default=0))
    next_number = max((*(file.number for file in files), *(one.new.version or 0 for one in made)), default=0) + 1
    for _, same in sorted(shared_numbers(own, template, files).items()):
        founds: list[tuple[VersionFile, Found]] = []
        for file in same:
            read = read_version_file(own, file)
            if isinstance(read, BadReference):
                return read
            founds.append((file, read))
        for file, read in sorted(founds, key=_age)[1:]:
            assert read.version is not None
            copy = VersionFile(template, next_number, file.digest8, recorded_path(own, template, 0, ""))
            made.append(replace(_recorded_as(own, copy, read.version), old=file.reference))
            next_number += 1
    return made


def _unmerged(library: Library, template: TemplateId, number: int) -> list[Renumbered]:
    """What git merged, as it was: in its file what was first, and what has other parts in a file of its own.

    `number` is the highest number so far. Of the project's copies of another layer's versions, and of texts that
    were never published, the second stands beside the first, told from it by its digits alone.
    """
    made: list[Renumbered] = []
    for file, versions in merged_files(library, template):
        counts = file.number > 0 and template.layer == library.home
        made.append(replace(_recorded_as(library, file, versions[0]), replaces=library.files.read(file.path)))
        others = {version.parts: version for version in reversed(versions) if version.parts != versions[0].parts}
        for version in others.values():
            number += counts
            digest8 = file.digest8 if counts else pinned_digest8(version.digest, version.parts)
            own = VersionFile(template, number if counts else file.number, digest8, file.path)
            made.append(replace(_recorded_as(library, own, version), old=file.reference))
    return made


def _recorded_as(library: Library, file: VersionFile, version: Version) -> Renumbered:
    """`version`, recorded under the number and the digits of `file`, in its folder."""
    parsed = (parse_reference(part, library.feature_types) for part in version.parts)
    parts = [part for part in parsed if isinstance(part, Reference)]
    text = version_text(
        file.id,
        file.number,
        version.body,
        parts,
        created=version.created,
        author=version.author,
        message=version.message,
        parent=version.parent,
    )
    path = file.path.with_name(f"{file.number:04d}-{file.digest8}.toml")
    return Renumbered(file.reference, file.reference, path, text)


def _age(entry: tuple[VersionFile, Found]) -> tuple[datetime, str]:
    """Sorts versions by when they were published; the digits decide between two of one second."""
    file, found = entry
    created = found.version.created if found.version is not None else None
    if created is None:
        return datetime.max.replace(tzinfo=UTC), file.digest8
    return (created if created.tzinfo else created.replace(tzinfo=UTC)), file.digest8
