"""Which session is meant when none is named, and what a refusal then tells."""

import pytest

from support.projects import ROOT, Desk, planning_answer


def planned(desk: Desk, request: str = "Add it") -> str:
    """The id of a new session."""
    return str(desk.do("plan", request=request)["id"])


@pytest.mark.parametrize("step", ["saveAnalysis", "saveImplementation"])
def test_a_text_that_comes_too_early_is_told_the_step_to_take_first(desk: Desk, step: str) -> None:
    session = planned(desk)
    refused = desk.refused(step, text="A result")
    assert "process the model's answer first (process)" in refused.sentence
    assert f"--session {session[:8]} --file .orch/unfiled/" in refused.in_terminal
    assert [card["id"] for card in refused.candidates] == [session]


def test_an_ended_session_is_meant_where_none_is_open(desk: Desk) -> None:
    session = planned(desk)
    desk.do("abandon")
    assert desk.refused("analyze").sentence == "This session is abandoned; reopen it first (reopen)."
    reopened = desk.do("reopen", phase="planning")
    assert (reopened["id"], reopened["status"]) == (session, "planning")


def test_a_session_that_next_completed_is_given_its_outcome(desk: Desk) -> None:
    planned(desk)
    desk.do("complete", force=True)
    assert desk.do("complete", outcome="success")["outcome"] == {"result": "success"}


def test_several_ended_sessions_are_listed_for_reopen(desk: Desk) -> None:
    sessions = {planned(desk, "One"), planned(desk, "Two")}
    for session in sessions:
        desk.do("abandon", session=session)
    assert {card["id"] for card in desk.refused("reopen", phase="planning").candidates} == sessions
    assert desk.refused("analyze").sentence.startswith("No open session can take the step analyze")


def test_prompts_of_other_sessions_and_earlier_ones_are_no_answers(desk: Desk) -> None:
    first, second = desk.do("plan", request="One"), desk.do("plan", request="Two")
    words = "That is the prompt, not the model's answer."
    assert desk.refused("process", session=second["id"], text=first["prompt"]).sentence.startswith(words)
    again = desk.do("plan", session=first["id"], request="One, and more of it")
    assert again["prompt"] != first["prompt"]
    assert desk.refused("answer", text=first["prompt"] + "\n").sentence.startswith(words)


def test_the_command_that_files_a_text_does_not_name_a_session_that_is_not_there(desk: Desk) -> None:
    planned(desk)
    refused = desk.refused("process", session="zzzz", text=planning_answer())
    assert "to file it: orch process --file .orch/unfiled/" in refused.in_terminal
    assert refused.sentence.endswith("; file it from there (process).")
    assert refused.kept is not None
    assert desk.storage.files[refused.kept] == planning_answer()


def test_the_command_for_an_answer_to_a_missing_file_does_not_name_that_file(desk: Desk) -> None:
    refused = desk.refused("process", session=str(ROOT / "gone.orch"), text=planning_answer())
    assert "There is no session file gone.orch." in refused.sentence
    assert "to file it: orch process --file .orch/unfiled/" in refused.in_terminal


def test_a_refusal_has_the_words_of_the_command_line_for_a_terminal_alone(desk: Desk) -> None:
    planned(desk, "One")
    planned(desk, "Two")
    for name, params in (("next", {}), ("answer", {"text": "Said"}), ("show", {"session": "zzzz"})):
        refused = desk.refused(name, **params)
        assert "--" not in refused.sentence
        assert "`orch" not in refused.sentence
        assert "--" in refused.in_terminal or "`orch" in refused.in_terminal
