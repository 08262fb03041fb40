"""template versions: all versions of one template, the newest first."""

from dataclasses import dataclass
from typing import Any

from orch.commands.command import Command
from orch.commands.outcome import Outcome, Refusal
from orch.commands.project import Project
from orch.commands.session_json import as_json
from orch.commands.settings import project_library
from orch.commands.templates import id_json, named, template_with_versions
from orch.library.resolution import find_working_copy
from orch.library.version_files import publish_command
from orch.library.version_history import VersionEntry, shared_sentences, version_history


@dataclass(frozen=True, slots=True)
class VersionsParams:
    """`name` is a reference, or a template's file."""

    name: str
    feature_type: str | None = None


def versions(project: Project, params: VersionsParams) -> Outcome | Refusal:
    """`{name, feature_type, layer, path, versions: [...]}`; `path` is the working copy's, None where it is gone.

    Each version is `{version, digest, reference, created, author, message, parent, parts, path, current,
    same_number, renumbered, merged, problem}`: `current` when the working copy holds its text, `same_number` the
    versions that share its number, `renumbered` its reference under another one, `merged` the messages of
    those that git merged into one file, `problem` why it cannot be used.
    """
    library = project_library(project)
    reference = named(library, params.name, params.feature_type)
    template = reference if isinstance(reference, Refusal) else template_with_versions(library, reference)
    if isinstance(template, Refusal):
        return template
    found = find_working_copy(library, template)
    entries = version_history(library, template)
    notices = [entry.problem for entry in entries if entry.problem]
    if not entries:
        notices.append(f"`{template}` has no versions yet; to make one: {publish_command(template)} --message M")
    notices += shared_sentences(library, template)
    return Outcome(
        {
            **id_json(template),
            "path": str(found.path) if found is not None else None,
            "versions": [_entry_json(entry, found.text if found is not None else None) for entry in entries],
        },
        notices=tuple(notices),
    )


COMMAND = Command("orch.template.versions", VersionsParams, versions, "List a template's versions", changes=False)


def _entry_json(entry: VersionEntry, text: str | None) -> dict[str, Any]:
    version = entry.version
    return {
        "version": entry.file.number,
        "digest": version.digest if version is not None else entry.file.digest8,
        "reference": str(entry.file.reference),
        "created": as_json(version.created) if version is not None else None,
        "author": version.author if version is not None else None,
        "message": version.message if version is not None else None,
        "parent": version.parent if version is not None else None,
        "parts": list(version.parts) if version is not None else [],
        "path": str(entry.file.path),
        "current": version is not None and version.body == text,
        "same_number": [str(reference) for reference in entry.same_number],
        "renumbered": str(entry.renumbered) if entry.renumbered is not None else None,
        "merged": [version.message for version in entry.merged],
        "problem": entry.problem,
    }
