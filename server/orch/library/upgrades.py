"""Built-in templates that were upgraded below a project's own ones.

Nothing is remembered for this: a recorded version pins the versions of the built-ins that it was made of, so those
recorded last tell what a template stood on before. Once a prompt is made on the new ones, that is recorded too.
"""

from dataclasses import dataclass

from orch.library.blocks import extended, names_in
from orch.library.closure import closures_by_type
from orch.library.layers import Library
from orch.library.resolution import Found, all_templates, find_working_copy
from orch.library.version_files import list_versions, read_version_file
from orch.model.reference import BUILTIN, PROJECT, USER, Reference, TemplateId, parse_reference
from orch.model.template import digest_of


@dataclass(frozen=True, slots=True)
class Upgrade:
    """`template` stands on the built-in `part`, version `new`; `recorded`, made last, stood on version `old`."""

    template: TemplateId
    part: TemplateId
    old: int
    new: int
    recorded: Reference
    extends: bool

    @property
    def sentence(self) -> str:
        """What happened, in words."""
        whose = {PROJECT: "your project's template", USER: "your own template"}.get(self.template.layer)
        own = f"{whose} `{self.template.path}`" if whose else f"the template `{self.template}`"
        how = "extends" if self.extends else "uses"
        return f"Built-in {self.part.path} {self.old} -> {self.new}; {own} {how} it."


def upgrades(library: Library, only: TemplateId | None = None) -> list[Upgrade]:
    """The upgrades below the templates that are not built in, or below `only`."""
    if not _any_upgrade(library):
        return []
    current = _current_builtins(library)
    ids = [only] if only is not None else [template for template, _ in all_templates(library)]
    found: list[Upgrade] = []
    for template in ids:
        if template.layer != BUILTIN:
            found += _below(library, template, current)
    return found


def _any_upgrade(library: Library) -> bool:
    """Whether any built-in has had a second version: one look at the names of files, as this is asked often."""
    layer = library.layer(BUILTIN)
    files = library.files.list(layer.versions, ".toml", deep=True) if layer is not None else []
    return any(int(file.name[:4]) > 1 for file in files if file.name[:4].isdigit())


def _current_builtins(library: Library) -> dict[TemplateId, int]:
    """The published number of each built-in's present text; those whose text was never published are left out."""
    current: dict[TemplateId, int] = {}
    for template, _ in all_templates(library):
        if template.layer == BUILTIN:
            found = find_working_copy(library, template)
            digest8 = digest_of(found.text)[:8] if found is not None else ""
            numbers = [file.number for file in list_versions(library, template) if file.digest8 == digest8]
            current[template] = max(numbers, default=0)
    return current


def _below(library: Library, template: TemplateId, current: dict[TemplateId, int]) -> list[Upgrade]:
    found = find_working_copy(library, template)
    if found is None or not names_in(library, found).constant:
        return []
    recorded = _recorded_parts(library, template)
    if not recorded:
        return []
    below: dict[TemplateId, Upgrade] = {}
    for closure in closures_by_type(library, found).values():
        chain = {one.id for one in extended(library, closure)}
        for part in closure.templates.values():
            old, reference = recorded.get(part.id, (0, None))
            new = current.get(part.id, 0)
            # a part that is named with its version stays what it is
            if part.version is None and reference is not None and 0 < old < new:
                below[part.id] = Upgrade(template, part.id, old, new, reference, part.id in chain)
    return list(below.values())


def _recorded_parts(library: Library, template: TemplateId) -> dict[TemplateId, tuple[int, Reference]]:
    """The newest version of each built-in that a recorded version of `template` stands on, and that version."""
    newest: dict[TemplateId, tuple[int, Reference]] = {}
    for file in list_versions(library, template):
        read = read_version_file(library, file)
        if not isinstance(read, Found) or read.version is None:
            continue
        for text in read.version.parts:
            part = parse_reference(text, library.feature_types)
            if not isinstance(part, Reference) or part.layer != BUILTIN:
                continue
            known = TemplateId(BUILTIN, part.name, part.feature_type)
            number = part.version or 0
            if number >= newest.get(known, (0, None))[0]:
                newest[known] = number, file.reference
    return newest
