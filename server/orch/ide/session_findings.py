"""The findings of a session: the quick ones at each keystroke, the slow ones when there is time."""

from orch.ide.session_view import SessionView
from orch.rules.finding import Finding
from orch.rules.session_context import SessionContext, Surroundings
from orch.rules.session_rules import check_session


def quick_findings(view: SessionView) -> list[Finding]:
    """What the text alone tells, in a few milliseconds at most."""
    return check_session(SessionContext(view.tree, view.session), slow=False)


def slow_findings(view: SessionView, surroundings: Surroundings | None) -> list[Finding]:
    """What needs the answer's parts, the placeholders, or other files. For a thread."""
    open_session = view.session.is_open and not view.is_draft
    context = SessionContext(
        tree=view.tree,
        session=view.session,
        parts=view.parts if open_session else (),
        places=view.open_places if open_session else (),
        surroundings=surroundings,
    )
    return check_session(context, slow=True)
