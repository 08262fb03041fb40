"""The steps as actions at the cursor, for editors without lenses."""

from orch.ide.session_lenses import session_lenses
from orch.ide.session_steps import session_step_actions
from orch.ide.session_view import SessionView
from orch.text.span import Span
from support.session_checks import head

URI = "file:///shop/s.orch"
ANSWERED = (
    head()
    + "[planning]\nprompt = 'Plan it'\nresponse = 'Planned'\n"
    + "[analysis]\nbody = '''\nRead [MODULE NAME].\n'''\n[implementation]\nbody = 'Build it.'\n"
)


def titles(text: str, at: str = "") -> list[str]:
    view = SessionView(text, None)
    offset = text.index(at)
    lenses = session_lenses(view, URI, frozenset(), None)
    actions = list(session_step_actions(view, lenses, Span(offset, offset)))
    assert all(action.kind == "source" and action.command is not None and not action.edits for action in actions)
    return [action.title for action in actions]


def test_the_next_step_is_offered_everywhere() -> None:
    assert titles(ANSWERED) == ["Start the analysis"]
    assert titles(ANSWERED, "id = ") == ["Start the analysis"]


def test_the_steps_of_the_part_at_the_cursor_come_with_it_each_once() -> None:
    assert titles(ANSWERED, "[MODULE") == ["Start the analysis", "Fill 1 value"]
    assert titles(ANSWERED, "Plan it") == ["Start the analysis", "Select prompt", "Paste answer"]


def test_a_draft_is_written_then_planned() -> None:
    assert titles("") == ["Write what you want"]
    assert titles("[request]\ntext = 'Add a login page'\n", "Add") == ["Plan"]


def test_a_broken_file_offers_its_error_and_nothing_more() -> None:
    assert titles(ANSWERED.replace("status = ", "status ")) == ["Mend an error in this file"]


def test_an_ended_session_offers_nothing_to_show() -> None:
    assert titles(ANSWERED.replace('"planning"', '"abandoned"', 1)) == []
