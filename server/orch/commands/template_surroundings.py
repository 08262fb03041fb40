"""What lies around a template in a project: for the editor and for `orch check` alike."""

from pathlib import Path

from orch.ide.template_index import TemplateIndex
from orch.ide.template_surroundings import LibrarySurroundings, template_id
from orch.library.layers import Library


def surroundings_of(library: Library, index: TemplateIndex, path: Path | None) -> LibrarySurroundings | None:
    """The surroundings of the template at `path`; None for one outside of all layers."""
    own = template_id(library, path) if path is not None else None
    return LibrarySurroundings(library, own, index) if own is not None else None
