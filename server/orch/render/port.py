"""The port to the renderer: templates and variables in, text out, away from this process."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class RenderJob:
    """What to render. `templates` holds every template that may be reached, by its key, front matter taken out.

    `entry` is the key of the template to render. `routes` says what a name means in the template that asks for
    it: `routes[asking key][name as written]` is a key of `templates`. `names` is the same for every template, for
    names that only turn up while rendering; `routes` goes before it. `variables` is JSON: texts, numbers, truth
    values, None, lists and mappings with texts for keys. `extensions` are Jinja extensions by their short names
    (`do`, `loopcontrols`).
    """

    entry: str
    templates: Mapping[str, str]
    routes: Mapping[str, Mapping[str, str]]
    variables: Mapping[str, Any]
    extensions: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rendered:
    """The text that came out."""

    text: str


@dataclass(frozen=True, slots=True)
class RenderFailure:
    """Why nothing came out: one plain sentence, and the place where it is known (`line` is 1-based).

    `undefined` is the name of the variable that was not defined, when that is why.
    """

    sentence: str
    template: str | None = None
    line: int | None = None
    undefined: str | None = None


class Renderer(Protocol):
    """Renders under limits of time, memory and output; never raises for what a template does."""

    def render(self, job: RenderJob) -> Rendered | RenderFailure:
        """Renders `job`. Blocks for at most the time limit, so it is never called on the event loop."""

    def close(self) -> None:
        """Ends the worker process, if one is running."""
