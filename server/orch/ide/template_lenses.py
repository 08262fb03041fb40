"""The lenses of a template, on its first line: which layer won, what it hides, and what can be done with it here.

Each carries a server command that works in any client. Where the client named a command of its own that does the
same with its input boxes, its list of blocks or its diff editor, the lens carries that one.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from orch.ide.results import Command, Lens
from orch.ide.template_view import Desk
from orch.library.choice import Standing, standing
from orch.library.layers import Library
from orch.library.upgrades import upgrades
from orch.library.version_files import list_versions
from orch.library.version_history import shared_numbers
from orch.model.reference import BUILTIN, Reference, TemplateId, parse_reference
from orch.model.template import digest_of, normal_text
from orch.text.span import Span

_TOP = Span(0, 0)


def template_lenses(desk: Desk, client_commands: frozenset[str]) -> list[Lens]:
    """The lenses of the template; none outside of a project's layers."""
    if desk.around is None:
        return []
    library, own = desk.around.library, desk.around.own
    known = desk.around.index.ids(library)
    # by its URI, which tells the project as well where several are open
    name = desk.path.as_uri() if desk.path is not None else str(own)
    maker = _Maker(library, own, name, _number(desk, library, own), client_commands)
    return [*maker.standing(standing(library, own, known)), *maker.actions(), *maker.trouble()]


def choice_line(desk: Desk, name: str) -> str:
    """What a name in the template means, and what that hides; empty where there is nothing to tell."""
    from orch.library.choice import choice_sentence, choose

    if desk.around is None:
        return ""
    library, own = desk.around.library, desk.around.own
    reference = parse_reference(name, library.feature_types)
    if not isinstance(reference, Reference) or reference.version is not None:
        return ""
    known = desk.around.index.ids(library)
    return choice_sentence(choose(library, reference, own.feature_type or "", known, asking=own))


@dataclass(frozen=True, slots=True)
class _Maker:
    """Makes the lenses of one template."""

    library: Library
    own: TemplateId
    name: str
    number: int
    client: frozenset[str]

    def standing(self, stands: Standing) -> Iterator[Lens]:
        """Which layer this is, whether it is used, and its version."""
        told = [f"{self.own.layer}, {self._version()}"]
        told.append(f"hidden by {stands.hidden_by}" if stands.hidden_by else "used")
        if stands.hides and stands.hidden_by is None:
            told.append(f"hides {', '.join(map(str, stands.hides))}")
        yield self._server(" - ".join(told), "show", name=self.name)

    def actions(self) -> Iterator[Lens]:
        """What a person does with a template of this layer."""
        if self.own.layer == BUILTIN:
            named = {"name": self.own.name, "featureType": self.own.feature_type}
            given = {key: value for key, value in named.items() if value is not None}
            yield self._ours("orch.customizeTemplate", "Customize", **given) or self._server(
                "Customize", "customize", **given
            )
            return
        for command, title in (("orch.previewTemplate", "Preview"), ("orch.publishTemplate", "Publish")):
            if command == "orch.publishTemplate" and self.number > 0:
                continue
            lens = self._ours(command, title, name=self.name)
            if lens is not None:
                yield lens

    def trouble(self) -> Iterator[Lens]:
        """Built-ins that were upgraded below it, and versions of it that share a number."""
        if self.own.layer == BUILTIN:
            return
        for one in upgrades(self.library, self.own):
            title = f"Built-in {one.part.path} {one.old} -> {one.new}: compare"
            sides = {"left": str(one.recorded), "right": self.name, "rendered": True}
            yield self._ours("orch.compareTemplates", title, **sides) or self._server(
                title, "diff", **sides, open=True
            )
        for number in shared_numbers(self.library, self.own):
            title = f"Two versions have the number {number}: give each its own"
            yield self._server(title, "publish", name=self.name, renumber=True)

    def _version(self) -> str:
        return f"version {self.number}" if self.number else "not published"

    def _ours(self, command: str, title: str, **given: object) -> Lens | None:
        return Lens(_TOP, Command(title, command, given)) if command in self.client else None

    def _server(self, title: str, command: str, **given: object) -> Lens:
        return Lens(_TOP, Command(title, f"orch.template.{command}", given))


def _number(desk: Desk, library: Library, own: TemplateId) -> int:
    """The published version that holds the template's text, 0 for none."""
    digest8 = desk.context.memory.get("digest8")
    if not isinstance(digest8, str):
        digest8 = desk.context.memory["digest8"] = digest_of(normal_text(desk.text))[:8]
    files = list_versions(library, own)
    return max((file.number for file in files if file.digest8 == digest8), default=0)
