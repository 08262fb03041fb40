"""What the template commands share: which template is meant, how it is told in JSON, how its text changes."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from orch.commands.outcome import FileEdit, FileWrite, Refusal
from orch.commands.project import Project
from orch.commands.session_files import path_of_uri
from orch.commands.stepping import keep
from orch.ide.template_surroundings import template_id
from orch.library.closure import front_matter
from orch.library.layers import Library, TemplateFiles
from orch.library.resolution import Found, find_working_copy, no_such_template, resolve_name
from orch.library.version_files import list_versions, load_version, read_version_file
from orch.model.reference import BUILTIN, BadReference, Reference, TemplateId, parse_reference
from orch.model.session import ROLES
from orch.model.template import digest_of
from orch.text.difference import difference
from orch.text.span import Span, TextEdit


def named(library: Library, name: str, feature_type: str | None = None) -> Reference | Refusal:
    """The reference that `name` writes: `[layer:][type/]name[@N]`, or the URI or path of a template's file.

    `feature_type` is that of the template, for who does not write it into the name.
    """
    path = path_of_uri(name) if name.startswith("file:") else Path(name) if Path(name).is_absolute() else None
    template = template_id(library, path) if path is not None else None
    if path is not None and template is None:
        return Refusal(f"{path} is no template: it does not lie in the templates folder of a layer.")
    parsed = parse_reference(str(template) if template is not None else name, library.feature_types)
    if isinstance(parsed, BadReference):
        return Refusal(parsed.sentence)
    if not feature_type:
        return parsed
    if feature_type not in library.feature_types:
        known = ", ".join(library.feature_types)
        return Refusal(f"There is no feature type {feature_type!r}; it is one of {known}.")
    if parsed.feature_type not in (None, feature_type):
        return Refusal(f"`{name}` is a template for {parsed.feature_type}, not for {feature_type}.")
    return replace(parsed, feature_type=feature_type)


def find_template(library: Library, reference: Reference, feature_type: str = "") -> Found | Refusal:
    """The version that `reference` names, else the working copy that a session of `feature_type` would get.

    Without a type in either only the general template counts.
    """
    if reference.version is not None:
        version = load_version(library, reference, feature_type)
        return Refusal(version.sentence) if isinstance(version, BadReference) else version
    found = resolve_name(library, reference, feature_type, lambda one: find_working_copy(library, one))
    return found or Refusal(no_such_template(library, reference).sentence)


def look_up(library: Library, name: str, feature_type: str = "") -> Found | Refusal:
    """The template or version that `name` means in a session of `feature_type`."""
    reference = named(library, name)
    return reference if isinstance(reference, Refusal) else find_template(library, reference, feature_type)


def template_with_versions(library: Library, reference: Reference) -> TemplateId | Refusal:
    """The nearest template of exactly this name and type that has a working copy or versions."""
    layers = [reference.layer] if reference.layer is not None else [layer.name for layer in library.layers]
    for layer in layers:
        template = TemplateId(layer, reference.name, reference.feature_type)
        if find_working_copy(library, template) is not None or list_versions(library, template):
            return template
    return Refusal(no_such_template(library, reference.unversioned).sentence)


def built_in(template: TemplateId, doing: str) -> Refusal | None:
    """Why a built-in template cannot be `doing` ("published"); None for any other."""
    if template.layer != BUILTIN:
        return None
    kind = f" --type {template.feature_type}" if template.feature_type else ""
    why = f"`{template.path}` is built in and cannot be {doing}"
    return Refusal(
        f"{why}; customize it first.",
        terminal=f"{why}; make one of your own first: orch template add {template.name}{kind}",
    )


def template_json(library: Library, found: Found) -> dict[str, Any]:
    """A working copy as in `template list`. `version` is 0 while its text has never been published."""
    digest = digest_of(found.text)
    numbers = [file.number for file in list_versions(library, found.id) if file.digest8 == digest[:8]]
    return {
        **id_json(found.id),
        "path": str(found.path),
        "version": max(numbers, default=0),
        "digest": digest,
        "description": front_matter(found.text).description,
    }


def id_json(template: TemplateId) -> dict[str, Any]:
    """Which template it is."""
    return {"name": template.name, "feature_type": template.feature_type, "layer": template.layer}


def phase_of(template: TemplateId) -> str | None:
    """The phase whose prompt the template makes; None for a partial."""
    return next((phase for phase, role in ROLES.items() if role == template.name), None)


@dataclass(frozen=True, slots=True)
class Changed:
    """A working copy that gets another text: the edit, and the write that keeps the old one where it is needed."""

    edits: tuple[FileEdit, ...]
    writes: tuple[FileWrite, ...] = ()


def changed(project: Project, library: Library, found: Found, text: str) -> Changed:
    """The edit that makes `text` of the working copy `found`; a file that is not there yet is made.

    What it held goes to `.orch/kept/`, unless a version has it.
    """
    before = project.storage.read(found.path)
    if before == text:
        return Changed(())
    if before is None:
        return Changed((FileEdit(found.path, None, text),))
    start, end, new_end = difference(before, text)
    edit = FileEdit(found.path, before, text, (TextEdit(Span(start, end), text[start:new_end]),))
    read = (read_version_file(library, file) for file in list_versions(library, found.id))
    recorded = any(isinstance(version, Found) and version.text == found.text for version in read)
    if recorded or not before.strip():
        return Changed((edit,))
    _, write = keep(project, before)
    return Changed((edit,), (write,) if write is not None else ())


def with_text(library: Library, path: Path, text: str) -> Library:
    """The library as it is when the file at `path` holds `text`."""
    return replace(library, files=_With(library.files, path, text))


def given_values(values: Mapping[str, str] | None) -> dict[str, str]:
    """The values that are there: an empty one counts as none."""
    return {key: value for key, value in (values or {}).items() if value}


@dataclass(frozen=True, slots=True)
class _With:
    """Files, one of which holds another text than it does."""

    files: TemplateFiles
    path: Path
    text: str

    def read(self, path: Path) -> str | None:
        return self.text if path == self.path else self.files.read(path)

    def list(self, folder: Path, suffix: str, *, deep: bool = False) -> list[Path]:
        found = self.files.list(folder, suffix, deep=deep)
        inside = self.path.is_relative_to(folder) if deep else self.path.parent == folder
        if not inside or not self.path.name.endswith(suffix) or self.path in found:
            return found
        return sorted([*found, self.path])
