"""The text of a working copy that stands above another template, and whether there is a place for it."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from orch.library.closure import closure_of
from orch.library.layers import Layer, Library
from orch.library.resolution import Found, find_working_copy, resolve_name
from orch.library.version_files import list_versions, load_version
from orch.model.reference import (
    EXTENSIONS,
    BadReference,
    Reference,
    TemplateId,
    name_problem,
    parse_reference,
    without_extension,
)
from orch.model.template import digest_of
from orch.syntax.jinja_tree import parse_template
from orch.syntax.jinja_uses import uses_of
from orch.text.span import Span, TextEdit, apply_edits


def extending_text(name: str, block: str | None, blocks: Iterable[str]) -> tuple[str, int]:
    """A template that extends `name`, and the offset where a person goes on to write.

    It makes the same prompt as what it extends: with a `block`, that one is there, holding what it held below.
    Without one a comment names the `blocks`.
    """
    top = f'{{% extends "{name}" %}}\n'
    if block is None:
        known = ", ".join(blocks)
        text = f"{top}{{# Its blocks, to be overridden here: {known} #}}\n" if known else top
        return text, len(text)
    # the comment's dash takes away the line ends behind it: what `super()` gives has one, and the empty line is to
    # be written on
    before = f"{top}{{% block {block} %}}\n{{{{ super() }}}}{{# Yours goes below. -#}}\n"
    return f"{before}\n{{% endblock %}}\n", len(before)


def copied_text(library: Library, original: Found, copy: TemplateId) -> str | BadReference:
    """The text of `original` for the working copy `copy`, made to ask for the same templates as before.

    A name that would mean another template there is written with its layer, or with its version where the layer is
    not enough: `{% extends "orchestrator" %}` in the built-in one for bug fixes means the general one, but in a
    copy of it `builtin:orchestrator` would still be the one for bug fixes.
    """
    feature_type = copy.feature_type or library.feature_types[0]
    closure = closure_of(library, original, feature_type, dynamic=False)
    if isinstance(closure, BadReference):
        return closure
    routes = closure.routes[original.key]
    edits: list[TextEdit] = []
    for name, span in _names(original.text, library.configuration.extensions):
        meant = closure.templates.get(routes.get(name, ""))
        if meant is None:
            continue
        names = (name, str(meant.id), *(str(reference) for reference in _versions_with(library, meant)))
        fit = next((one for one in names if _means(library, one, feature_type, copy, meant)), None)
        if fit is None:
            return BadReference(
                f"`{original.id}` asks for `{meant.id}`, which no name in a copy of it could mean; "
                f"publish `{meant.id}` first, or override a block instead."
            )
        if fit != name:
            edits.append(TextEdit(span, fit))
    return apply_edits(original.text, edits)


def _means(library: Library, name: str, feature_type: str, asking: TemplateId, meant: Found) -> bool:
    """Whether `name`, in `asking`, means the template or the version `meant`."""
    reference = parse_reference(name, library.feature_types)
    if isinstance(reference, BadReference):
        return False
    if reference.version is not None:
        version = load_version(library, reference, feature_type)
        return isinstance(version, Found) and (version.id, version.text) == (meant.id, meant.text)
    found = resolve_name(library, reference, feature_type, lambda one: find_working_copy(library, one), asking)
    return found is not None and (found.id, found.text) == (meant.id, meant.text)


def _versions_with(library: Library, found: Found) -> Iterator[Reference]:
    """The versions that hold the text of `found`, the newest number first."""
    digest8 = found.digest8 or digest_of(found.text)[:8]
    for file in reversed(list_versions(library, found.id)):
        if file.digest8 == digest8:
            yield file.reference


def free_place(library: Library, template: TemplateId) -> Path | BadReference:
    """The file for a new working copy; why there cannot be one, where its name is taken or is none."""
    layer = library.layer(template.layer)
    if layer is None:
        return BadReference(f"There is no layer `{template.layer}`.")
    problem = name_problem(template.path)
    if problem:
        return BadReference(f"`{template.path}` cannot be a template's name: {problem}.")
    for other in _names_in(library, layer):
        if other == template.path:
            return BadReference(f"There is a template `{template}` already; nothing was changed.")
        if other.casefold() == template.path.casefold():
            return BadReference(
                f"There is a template `{layer.name}:{other}` already; `{template.path}` differs from it only in "
                "case, and some systems take the two for one file."
            )
    return layer.templates / f"{template.path}{EXTENSIONS[0]}"


def same_but_for_case(library: Library) -> list[tuple[str, str]]:
    """The templates of one layer whose names differ only in case, two by two: `layer:[type/]name`."""
    return [
        (f"{layer.name}:{one}", f"{layer.name}:{other}")
        for layer in library.layers
        for one, other in alike_but_for_case(_names_in(library, layer))
    ]


def alike_but_for_case(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The names that differ only in case, two by two."""
    seen: dict[str, str] = {}
    for name in sorted(set(names)):
        first = seen.setdefault(name.casefold(), name)
        if first != name:
            yield first, name


def _names(text: str, extensions: tuple[str, ...]) -> Iterator[tuple[str, Span]]:
    """The constant names of other templates in a text, each with the place between its quotes."""
    tree = parse_template(text, extensions)
    for index, tag in enumerate(tree.tags):
        wanted = uses_of(tag).wanted
        for name, span in wanted.names if wanted is not None else ():
            yield name, tree.place(index, span)


def _names_in(library: Library, layer: Layer) -> Iterator[str]:
    for path in library.files.list(layer.templates, EXTENSIONS[-1], deep=True):
        name = without_extension(path.relative_to(layer.templates).as_posix())
        if isinstance(parse_reference(name, library.feature_types), Reference):
            yield name
