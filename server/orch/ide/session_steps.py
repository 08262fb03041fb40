"""The steps as actions at the cursor, for editors that show no lenses (Helix, Emacs)."""

from collections.abc import Iterator, Sequence

from orch.ide.results import Action, Command, Lens
from orch.ide.session_view import SessionView
from orch.model.session import PHASES
from orch.text.span import Span

_KEYS = ("prompt", "response", "body", "result")
_NEXT = " - next: "


def session_step_actions(view: SessionView, lenses: Sequence[Lens], span: Span) -> Iterator[Action]:
    """What the lenses of line 1 offer, wherever the cursor is, and those of the part that it is in; each once.

    They are of the kind `source`, so that editors which do show lenses do not light a bulb for them.
    """
    spans = [
        entry.span for phase in PHASES for key in _KEYS if (entry := view.tree.entry((phase, key))) is not None
    ]
    part = next((found for found in spans if found.start <= span.start <= found.end), None)
    offered: list[Command] = []
    for lens in lenses:
        command = lens.command
        here = lens.span.start == 0 or (part is not None and part.start <= lens.span.start < part.end)
        known = any((command.name, command.arguments) == (other.name, other.arguments) for other in offered)
        if here and not known and command.name != "orch.session.show":
            offered.append(command)
            yield Action(_title(command.title), "source", command=command)


def _title(title: str) -> str:
    """`Planning - next: paste the answer` as something to choose: `Paste the answer`."""
    _, separator, step = title.partition(_NEXT)
    return step[:1].upper() + step[1:] if separator else title
