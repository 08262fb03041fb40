"""The named blocks of a template, which are its public interface: its own, and those of what it extends."""

from collections.abc import Iterator

from orch.library.closure import Closure
from orch.library.layers import Library
from orch.library.resolution import Found
from orch.library.template_names import TemplateNames, template_names
from orch.model.reference import TemplateId
from orch.model.template import jinja_text


def names_in(library: Library, found: Found) -> TemplateNames:
    """The names of templates and blocks that a template's text holds."""
    return template_names(jinja_text(found.text), library.configuration.extensions)


def extended(library: Library, closure: Closure) -> Iterator[Found]:
    """The template of the closure and what it extends, nearest first."""
    seen: set[str] = set()
    key: str | None = closure.entry.key
    while key is not None and key not in seen:
        seen.add(key)
        found = closure.templates[key]
        yield found
        routes = closure.routes[key]
        key = next((routes[name] for name in names_in(library, found).extends if name in routes), None)


def blocks_of(library: Library, closure: Closure) -> dict[str, TemplateId]:
    """The blocks that a template extending this one can override, each with the nearest template that has it.

    They come in the order of the outermost template: that is where their place in the prompt is decided.
    """
    chain = list(extended(library, closure))
    nearest: dict[str, TemplateId] = {}
    for found in chain:
        for block in names_in(library, found).blocks:
            nearest.setdefault(block, found.id)
    order = dict.fromkeys(block for found in reversed(chain) for block in names_in(library, found).blocks)
    return {block: nearest[block] for block in order}
