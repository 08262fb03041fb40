"""The files of versions: where they lie, what they hold, and reading one back. See the contract's "Version"."""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tomli_w

from orch.library.layers import FilesError, Library
from orch.library.merged_versions import merged_data
from orch.library.resolution import Found, candidates
from orch.model.reference import PROJECT, BadReference, Reference, TemplateId, id_reference, parse_reference
from orch.model.template import Version, digest_of, read_version, version_data
from orch.model.toml import exact_toml_data

_FILE_NAME = re.compile(r"(\d{4,9})-([0-9a-f]{8})\.toml")


@dataclass(frozen=True, slots=True)
class VersionFile:
    """A version's file, by its name alone: number, the eight digits of the reference, and where it lies."""

    id: TemplateId
    number: int
    digest8: str
    path: Path

    @property
    def reference(self) -> Reference:
        """The full reference to this version."""
        return id_reference(self.id, self.number, self.digest8)


def list_versions(library: Library, template: TemplateId) -> list[VersionFile]:
    """The versions of exactly this template, by number; the project's copies go before the layer's own."""
    found: dict[tuple[int, str], VersionFile] = {}
    for folder in _folders(library, template):
        for path in library.files.list(folder, ".toml"):
            key = numbered_file(path.name)
            if key is not None:
                found.setdefault(key, VersionFile(template, *key, path))
    return [found[key] for key in sorted(found)]


def numbered_file(name: str) -> tuple[int, str] | None:
    """The number and the eight digits in the name of a version's file; None for any other name."""
    match = _FILE_NAME.fullmatch(name)
    return (int(match[1]), match[2]) if match else None


def load_version(library: Library, reference: Reference, feature_type: str) -> Found | BadReference:
    """The version that `reference` names, exactly as it was recorded.

    What the reference leaves out is looked for in the order of the layers. A number that two versions share, and
    a file that was changed after it was recorded, are refused.
    """
    ids = candidates(library, reference, feature_type)
    if reference.layer is not None and reference.digest is not None:
        ids.reverse()  # a full reference without a type means the general template
    for template in ids:
        files = [
            file
            for file in list_versions(library, template)
            if file.number == reference.version and reference.digest in (None, file.digest8)
        ]
        if len(files) > 1:
            copied = renumbered(library, list_versions(library, template))
            files = [file for file in files if file not in copied]
        if len(files) > 1:
            names = " and ".join(str(file.reference) for file in files)
            return BadReference(f"`{reference}` could be {names}; write the digits behind the number as well.")
        if files and reference.digest is None and _ambiguous(library, files[0]):
            return BadReference(
                f"`{reference}` could be either of two versions that two branches recorded as "
                f"`{files[0].reference}`, with different parts; `{renumber_command(template)}` gives each a number "
                "of its own."
            )
        if files:
            return read_version_file(library, files[0])
    return BadReference(f"There is no version `{reference}`.")


def read_version_file(library: Library, file: VersionFile) -> Found | BadReference:
    """The template that a version's file holds. Of one that git merged it is the one that was published first.

    One that cannot be read is refused like one that was changed by hand: all other versions go on working.
    """
    try:
        text = library.files.read(file.path) or ""
    except FilesError as error:
        return BadReference(str(error))
    data = exact_toml_data(text)
    versions = [version] if data and (version := whole_version(file, data)) else _merged(file, text)
    if not versions:
        return BadReference(
            f"The version `{file.reference}` was changed after it was recorded; restore {file.path}."
        )
    return Found(file.id, versions[0].body, file.path, versions[0], file.digest8)


def merged_versions(library: Library, file: VersionFile) -> list[Version]:
    """What two branches have written into one version's file, the first published first; empty for any other."""
    try:
        return _merged(file, library.files.read(file.path) or "")
    except FilesError:
        return []


def _ambiguous(library: Library, file: VersionFile) -> bool:
    return len({version.parts for version in merged_versions(library, file)}) > 1


def _merged(file: VersionFile, text: str) -> list[Version]:
    found = [version for data in merged_data(text) if (version := whole_version(file, data)) is not None]
    return sorted(found, key=_first)


def _first(version: Version) -> tuple[str, str, str, tuple[str, ...]]:
    """Sorts versions by when they were published; what else differs decides between two of one second."""
    created = version.created.isoformat() if version.created is not None else ""
    return created, version.author or "", version.message or "", version.parts


def whole_version(file: VersionFile, data: Mapping[str, Any]) -> Version | None:
    """The version in a file's data; None where that is not what was recorded under the file's name."""
    version, problems = read_version(data)
    named = TemplateId(file.id.layer, version.template, version.feature_type)
    digits = version.digest[:8], pinned_digest8(version.digest, version.parts)
    same = (version.number, named.path) == (file.number, file.id.path) and file.digest8 in digits
    return version if same and not problems else None


def publish_command(template: TemplateId) -> str:
    """The command that publishes `template`, without what it wants to be told."""
    kind = f" --type {template.feature_type}" if template.feature_type else ""
    layer = "" if template.layer == PROJECT else f"{template.layer}:"
    return f"orch template publish {layer}{template.name}{kind}"


def renumber_command(template: TemplateId) -> str:
    """The command that gives versions which share a number one of their own."""
    return f"{publish_command(template)} --renumber"


def by_number(files: Iterable[VersionFile]) -> dict[int, list[VersionFile]]:
    """Published versions by their number."""
    found: dict[int, list[VersionFile]] = {}
    for file in files:
        if file.number > 0:
            found.setdefault(file.number, []).append(file)
    return found


def renumbered(library: Library, files: Sequence[VersionFile]) -> dict[VersionFile, Reference]:
    """Of versions that share a number, those that are recorded once more under a higher one: the reference to that.

    Only what shares its number is looked at: a text that was published again with other parts is no copy.
    """
    shared = [file for same in by_number(files).values() if len(same) > 1 for file in same]
    return {
        file: other.reference
        for file in shared
        for other in files
        if other.number > file.number and other.digest8 == file.digest8 and _same_version(library, file, other)
    }


def _same_version(library: Library, one: VersionFile, other: VersionFile) -> bool:
    first, second = read_version_file(library, one), read_version_file(library, other)
    if isinstance(first, BadReference) or isinstance(second, BadReference):
        return False
    assert first.version is not None
    assert second.version is not None
    return (first.text, first.version.parts) == (second.text, second.version.parts)


def load_parts(library: Library, version: Version) -> list[Found] | BadReference:
    """The parts of `version` as they were recorded."""
    parts: list[Found] = []
    for text in version.parts:
        reference = parse_reference(text, library.feature_types)
        part = reference if isinstance(reference, BadReference) else load_version(library, reference, "")
        if isinstance(part, BadReference):
            return BadReference(f"A part of `{version.template}` is missing. {part.sentence}")
        parts.append(part)
    return parts


def recorded_path(library: Library, template: TemplateId, number: int, digest8: str) -> Path:
    """Where the project keeps this version: below `@<layer>` when it is another layer's."""
    return _folders(library, template)[0] / f"{number:04d}-{digest8}.toml"


def version_text(template: TemplateId, number: int, body: str, parts: Sequence[Reference], **more: object) -> str:
    """The text of a version's file. `more` are `created`, `author`, `message` and `parent`."""
    version = Version(
        template=template.name,
        number=number,
        body=body,
        feature_type=template.feature_type,
        digest=digest_of(body),
        parts=tuple(map(str, parts)),
    )
    data = {**version_data(version), **more}
    ordered = {key: data[key] for key in _ORDER if data.get(key) is not None}
    # in its multi-line strings tomli-w makes LF of CRLF, which is not the text that was recorded
    written = tomli_w.dumps({**ordered, "parts": []}, multiline_strings="\r\n" not in body)
    # one line for one key: so what a merge of two branches puts together can be told apart again
    named = ", ".join(f'"{part}"' for part in version.parts)
    return written.replace("\nparts = []\n", f"\nparts = [{named}]\n", 1)


def pinned_digest8(digest: str, parts: Sequence[object]) -> str:
    """What stands for the digest where one text was recorded a second time, with other parts.

    The digest of a version is that of its body alone. A template that did not change while a part of it did is
    another prompt, so it needs a file and a reference of its own: eight digits of body and parts together.
    """
    return hashlib.sha256("\n".join((digest, *map(str, parts))).encode()).hexdigest()[:8]


_ORDER = (
    "schema", "template", "feature_type", "version", "digest",
    "created", "author", "message", "parent", "parts", "body",
)  # fmt: skip


def _folders(library: Library, template: TemplateId) -> list[Path]:
    """Where versions of `template` may lie; the first is where one is recorded."""
    if template.layer == library.home:
        return [library.recorded / template.path]
    layer = library.layer(template.layer)
    copies = [library.recorded, *(other.versions for other in library.layers if other is not layer)]
    own = [layer.versions / template.path] if layer else []
    return list(dict.fromkeys((*(folder / f"@{template.layer}" / template.path for folder in copies), *own)))
