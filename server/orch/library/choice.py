"""The layers explained: which template a name comes to, what it hides, and what hides it."""

from dataclasses import dataclass
from pathlib import Path

from orch.library.layers import Library
from orch.library.resolution import all_templates, candidates
from orch.model.reference import EXTENSIONS, Reference, TemplateId

Ids = dict[TemplateId, Path]
"""The templates that exist, each with its file."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A template that a name may mean; `path` is its file, None where there is none."""

    id: TemplateId
    path: Path | None


@dataclass(frozen=True, slots=True)
class Choice:
    """All that a name may mean in a session of one feature type, nearest first."""

    candidates: tuple[Candidate, ...]

    @property
    def existing(self) -> tuple[TemplateId, ...]:
        """The templates that are there, nearest first: the first one wins."""
        return tuple(candidate.id for candidate in self.candidates if candidate.path is not None)

    @property
    def winner(self) -> TemplateId | None:
        """The template that is used."""
        return self.existing[0] if self.existing else None

    @property
    def hidden(self) -> tuple[TemplateId, ...]:
        """The templates that the winner hides, nearest first."""
        return self.existing[1:]


@dataclass(frozen=True, slots=True)
class Standing:
    """How one template stands in the layers: what hides it (nothing: it is used), and what it hides itself."""

    id: TemplateId
    hidden_by: TemplateId | None
    hides: tuple[TemplateId, ...]


def choose(
    library: Library,
    name: Reference,
    feature_type: str,
    known: Ids | None = None,
    *,
    asking: TemplateId | None = None,
) -> Choice:
    """What `name`, whatever version it has, may mean in a session of `feature_type`, to the template `asking`.

    Only the files that could win are looked for, each by its name; none where `known` tells what there is.
    """
    ids = candidates(library, name.unversioned, feature_type)
    if asking in ids:
        ids = ids[ids.index(asking) + 1 :]
    return Choice(
        tuple(Candidate(one, known.get(one) if known is not None else _file(library, one)) for one in ids)
    )


def standing(library: Library, template: TemplateId, known: Ids | None = None) -> Standing:
    """How `template`, which exists, stands in the sessions that it is made for.

    These are those of its feature type; for a general one, those of a type that has no template of its own.
    """
    name = Reference(template.name)
    existing = choose(library, name, template.feature_type or "", known).existing
    if template not in existing:
        return Standing(template, None, ())
    at = existing.index(template)
    return Standing(template, existing[0] if at else None, existing[at + 1 :])


def known_templates(library: Library) -> Ids:
    """Every template of every layer, for looking many of them up."""
    return dict(all_templates(library))


def choice_sentence(choice: Choice) -> str:
    """Which layer won and what it hides, in words; empty when there is nothing to choose from."""
    winner = choice.winner
    return standing_sentence(Standing(winner, None, choice.hidden)) if winner is not None else ""


def standing_sentence(stands: Standing) -> str:
    """How a template stands, in words."""
    own = f"`{stands.id}`"
    where = f"{own} is used" if stands.hidden_by is None else f"{own} is hidden by `{stands.hidden_by}`"
    hides = f"it hides {_listed(stands.hides)}" if stands.hides else ""
    if not hides:
        return f"{where}." if stands.hidden_by else f"{where}; it hides no other."
    return f"{where}, which also hides {_listed(stands.hides)}." if stands.hidden_by else f"{where}; {hides}."


def _listed(ids: tuple[TemplateId, ...]) -> str:
    names = [f"`{template}`" for template in ids]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _file(library: Library, template: TemplateId) -> Path | None:
    layer = library.layer(template.layer)
    if layer is None:
        return None
    paths = (layer.templates / f"{template.path}{extension}" for extension in EXTENSIONS)
    return next((path for path in paths if library.files.read(path) is not None), None)
