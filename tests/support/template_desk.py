"""Templates under test as the editor's abilities see them; the document is the one with the cursor."""

from dataclasses import dataclass
from pathlib import Path

from orch.ide.template_surroundings import LibrarySurroundings, template_id
from orch.ide.template_view import Desk, TemplateView, desk_of
from orch.model.config import Configuration
from orch.text.span import Span
from support.annotations import Fixture, parse_fixture
from support.templates import library, place


@dataclass(frozen=True, slots=True)
class Opened:
    """A document among others. `name` is its short name."""

    desk: Desk
    name: str
    fixture: Fixture

    @property
    def offset(self) -> int:
        """The cursor's place."""
        return self.fixture.offset

    def name_of(self, path: Path | None) -> str:
        """The short name of the template at `path`; None is the document itself."""
        return self.name if path is None else next(n for n in self.fixture.files if place(n) == path)

    def text_at(self, path: Path | None, span: Span | None) -> str:
        """`name:line:text` of a place."""
        name = self.name_of(path)
        if span is None:
            return name
        text = self.fixture.files[name]
        return f"{name}:{text.count(chr(10), 0, span.start) + 1}:{span.slice(text)}"


def opened(source: str, configuration: Configuration | None = None) -> Opened:
    """The document with the cursor, else the first; a text without `//-` is the template `main`."""
    fixture = parse_fixture(source)
    name = fixture.cursor[0] if fixture.cursor is not None else next(iter(fixture.files))
    made = library(fixture.files, configuration)
    path = place(name)
    own = template_id(made, path)
    assert own is not None
    view = TemplateView(fixture.files[name], path)
    return Opened(desk_of(view, LibrarySurroundings(made, own)), name, fixture)
