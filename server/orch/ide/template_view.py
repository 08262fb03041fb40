"""What is known of one text of a template: its tree at once, and what takes longer when it is asked for.

A view never changes, so a thread may look at it while the next one is made.
"""

from collections.abc import Hashable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from orch.ide.template_surroundings import LibrarySurroundings
from orch.model.config import JINJA_EXTENSIONS
from orch.rules.template_context import Analysis, Other, TemplateContext
from orch.syntax.jinja_tree import TemplateTree, parse_template


@dataclass(slots=True)
class _Shared:
    """What all views of one document share. The extensions are known once someone has read the configuration."""

    extensions: tuple[str, ...] = JINJA_EXTENSIONS


class TemplateView:
    """One text of a template. `path` is None for a document that is no file."""

    def __init__(self, text: str, path: Path | None, previous: "TemplateView | None" = None) -> None:
        self.text = text
        self.path = path
        self._shared: _Shared = previous._shared if previous is not None else _Shared()
        before = previous.tree if previous is not None else None
        self.tree: TemplateTree = parse_template(text, self._shared.extensions, before)
        self._with_others: Analysis | None = None
        self.kept: tuple[Hashable, Desk] | None = None
        """The desk that was made of this text last, and what it depends on."""

    @cached_property
    def analysis(self) -> Analysis:
        """The names in the template."""
        return Analysis(self.tree)

    def learn(self, extensions: tuple[str, ...]) -> Analysis:
        """The analysis with the Jinja extensions that the project has; the views to come are read with these."""
        self._shared.extensions = extensions
        if self.tree.extensions == extensions:
            return self.analysis
        if self._with_others is None or self._with_others.tree.extensions != extensions:
            self._with_others = Analysis(parse_template(self.text, extensions))
        return self._with_others


@dataclass(frozen=True, slots=True)
class Desk:
    """A template with all that lies around it. `around` is None without a project."""

    context: TemplateContext
    path: Path | None = None
    around: LibrarySurroundings | None = None

    @property
    def text(self) -> str:
        """The template's text."""
        return self.context.text

    def at(self, other: Other) -> "Desk":
        """The desk of another template of the same project."""
        around = self.around.of(other.key) if self.around is not None else None
        return Desk(TemplateContext(other.analysis, other.name, around), other.path, around)


def desk_of(view: TemplateView, around: LibrarySurroundings | None) -> Desk:
    """The desk of the template in `view`."""
    analysis = view.analysis
    if around is not None:
        analysis = view.learn(around.library.configuration.extensions)
    name = around.own.name if around is not None else None
    return Desk(TemplateContext(analysis, name, around), view.path, around)
