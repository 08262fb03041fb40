"""Where a session stands: what an editor's menus and status line are made of."""

from support.projects import Desk, planning_answer


def test_a_planned_session_waits_for_its_answer(desk: Desk) -> None:
    planned = desk.do("plan", request="Add login")
    assert desk.do("standing", session=planned["id"]) == {
        "id": planned["id"],
        "title": "Add login",
        "status": "planning",
        "next": "paste the answer",
        "due": "process",
        "waits": True,
        "steps": ["plan", "process", "abandon"],
        "reopen": [],
        "prompts": ["planning"],
        "fill": "planning",
        "missing": [],
        "written": {},
    }


def test_a_processed_session_has_places_to_fill_in_and_may_start_the_analysis(desk: Desk) -> None:
    planned = desk.do("plan", request="Add login")
    answer = planning_answer(analysis="# Analyse\n\nLook at [MAIN FILE] and [OTHER FILE].\n")
    desk.do("answer", session=planned["id"], text=answer)
    told = desk.do("standing")
    assert (told["due"], told["waits"], told["fill"]) == ("analyze", False, "analysis")
    assert told["missing"] == ["MAIN FILE", "OTHER FILE"]
    assert told["written"] == {"MAIN FILE": "[MAIN FILE]", "OTHER FILE": "[OTHER FILE]"}
    later = desk.do("standing", phase="implementation")
    assert (later["fill"], later["missing"]) == ("implementation", [])
    assert "no phase" in desk.refused("standing", phase="testing").sentence
    desk.do("next")
    assert desk.do("standing")["prompts"] == ["planning", "analysis"]


def test_an_ended_session_can_only_be_reopened(desk: Desk) -> None:
    planned = desk.do("plan", request="Add login")
    desk.do("abandon", session=planned["id"])
    told = desk.do("standing", session=planned["id"])
    assert (told["due"], told["steps"], told["fill"], told["missing"]) == (None, ["reopen"], None, [])
    assert told["reopen"] == ["planning", "analysis", "implementation"]
