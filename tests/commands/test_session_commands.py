"""A session from plan to complete through the commands, and everything that may be refused on the way."""

import tomllib
from pathlib import Path

import pytest

from orch.commands.outcome import Outcome
from orch.storage.port import StorageError
from support.projects import ANALYSIS, IMPLEMENTATION, Desk, planning_answer

GIVE_IT = "Give the prompt to a model, then process its answer."


def planned(desk: Desk, request: str = "Add user authentication") -> str:
    """The id of a session that has its planning prompt."""
    return str(desk.do("plan", request=request)["id"])


def processed(desk: Desk) -> str:
    """The id of a session whose answer has been processed."""
    session = planned(desk)
    desk.do("process", session=session, text=planning_answer())
    return session


def test_a_session_goes_from_plan_to_complete(desk: Desk) -> None:
    plan = desk.do("plan", request="Add user authentication")
    assert plan["status"] == "planning"
    assert plan["feature_type"] == "feature"
    assert plan["title"] == "Add user authentication"
    assert plan["project"] == "shop"
    assert Path(plan["path"]).name == "2026-11-21-add-user-authentication-00000001.orch"
    assert "Add user authentication" in plan["prompt"]
    assert "Orch-Session: 00000001" in plan["prompt"]
    assert plan["missing"] == []

    process = desk.do("process", text=planning_answer("00000001"))
    assert {name: part["state"] for name, part in process["parts"].items()} == {
        "analysis": "found",
        "implementation": "found",
        "notes": "found",
    }
    assert process["analysis"]["body"] == ANALYSIS.strip("\n")
    assert process["notes"]["complexity"] == "medium-high"
    assert process["notes"]["key_files"] == ["src/auth.py"]
    assert process["notes"]["risks"] == [{"risk": "Sessions break", "mitigation": "Keep the old ones for a week"}]

    analyze = desk.do("analyze", session="00000001")
    assert analyze["status"] == "analysis"
    assert "src/auth.py of shop" in analyze["prompt"]
    assert analyze["missing"] == []

    desk.do("saveAnalysis", session="00000001", text="It uses sessions.")
    implement = desk.do("implement", session="00000001")
    assert implement["status"] == "implementation"
    assert implement["prompt"].count("It uses sessions.") == 1

    desk.do("saveImplementation", session="00000001", text="Built it.")
    complete = desk.do("complete", session="00000001", outcome="success", rating=4, comment="Good.")
    assert complete["status"] == "completed"
    assert complete["outcome"] == {"result": "success", "rating": 4, "comment": "Good."}
    assert [entry["step"] for entry in complete["history"]] == [
        "plan", "process", "analyze", "save-analysis", "implement", "save-implementation", "complete",
    ]  # fmt: skip
    assert {entry["by"] for entry in complete["history"]} == {"Ada"}
    assert {entry["commit"] for entry in complete["history"]} == {"3f2a91c"}
    assert tomllib.loads(desk.text("00000001"))["schema"] == 1


def test_next_and_answer_do_it_all(desk: Desk) -> None:
    session = planned(desk)
    prompts = []
    for text in (planning_answer(), "The analysis.", "What was built."):
        prompts.append(desk.do("next", session=session)["prompt"])
        desk.do("answer", session=session, text=text)
    assert len(set(prompts)) == 3
    done = desk.do("next", session=session)
    assert done["status"] == "completed"
    assert "prompt" not in done
    assert desk.do("complete", session=session, outcome="partial")["outcome"] == {"result": "partial"}
    assert "(reopen)" in desk.refused("complete", session=session, outcome="success").sentence


def test_next_gives_the_same_prompt_until_its_answer_comes(desk: Desk) -> None:
    session = planned(desk)
    before = desk.text(session)
    first, second = desk.do("next", session=session), desk.do("next", session=session)
    assert first["prompt"] == second["prompt"]
    assert desk.text(session) == before


def test_a_part_that_the_answer_lacks_is_asked_for_and_added(desk: Desk) -> None:
    session = planned(desk)
    done = desk.attempt("process", session=session, text=planning_answer(built=None))
    assert isinstance(done, Outcome)
    assert not done.complete
    follow_up = desk.do("next", session=session)["prompt"]
    assert "IMPLEMENTATION TEMPLATE" in follow_up
    assert "ANALYSIS TEMPLATE" not in follow_up
    added = f"Orch-Session: 00000001\n\n<implementation_template>\n{IMPLEMENTATION}</implementation_template>\n"
    completed = desk.attempt("answer", text=added)
    assert isinstance(completed, Outcome)
    assert "ANALYSIS TEMPLATE: not in this answer; the one from before stays." in completed.notices
    whole = completed.result
    assert whole["analysis"]["body"] == ANALYSIS.strip("\n")
    assert whole["implementation"]["body"] == IMPLEMENTATION.strip("\n")
    assert planning_answer(built=None) in desk.kept()
    assert desk.do("next", session=session)["status"] == "analysis"


def test_planning_again_keeps_the_old_prompt_and_waits_for_a_new_answer(desk: Desk) -> None:
    session = processed(desk)
    old = desk.do("show", session=session)
    new = desk.do("plan", session=session, request="Add single sign-on")
    assert new["prompt"] != old["planning"]["prompt"]
    assert new["analysis"]["body"] == old["analysis"]["body"]
    assert {old["planning"]["prompt"], "Add user authentication"} <= desk.kept()
    kept = new["history"][-1]["kept"]
    assert {name.split(":")[0] for name in kept} == {"request.text", "planning.prompt"}
    assert desk.do("show", session=session)["next"] == "paste the new answer"


def test_what_a_second_answer_replaces_is_kept(desk: Desk) -> None:
    session = processed(desk)
    desk.do("analyze", session=session)
    desk.do("saveAnalysis", session=session, text="First.")
    second = desk.do("saveAnalysis", session=session, text="Second.")
    assert second["analysis"]["result"] == "Second."
    assert "First." in desk.kept()
    assert second["history"][-1]["kept"][0].startswith("analysis.result:")


def test_reopening_keeps_the_texts(desk: Desk) -> None:
    session = processed(desk)
    desk.do("analyze", session=session)
    desk.do("abandon", session=session)
    back = desk.do("reopen", session=session, phase="planning")
    assert back["status"] == "planning"
    assert back["analysis"]["prompt"]


def test_a_refused_step_changes_nothing_and_keeps_the_text(desk: Desk) -> None:
    session = planned(desk)
    before = desk.text(session)
    refused = desk.refused("saveAnalysis", session=session, text="Too early.")
    assert "(process)" in refused.sentence
    assert f"--session {session[:8]} --file .orch/unfiled/" in refused.in_terminal
    assert desk.unfiled() == {"Too early."}
    assert desk.text(session) == before


def test_an_answer_finds_its_session(desk: Desk) -> None:
    first, second = planned(desk, "Add a login"), planned(desk, "Add a logout")
    assert desk.do("process", text=planning_answer(second[:8]))["id"] == second
    assert desk.do("process", text=planning_answer())["id"] == first, "the only one that still waits"


def test_an_answer_that_could_be_for_several_is_kept(desk: Desk) -> None:
    planned(desk, "Add a login"), planned(desk, "Add a logout")
    refused = desk.refused("process", text=planning_answer())
    assert [card["title"] for card in refused.candidates] == ["Add a login", "Add a logout"]
    assert desk.unfiled() == {planning_answer()}


def test_an_answer_that_names_an_unknown_session_is_kept(desk: Desk) -> None:
    planned(desk)
    refused = desk.refused("process", text=planning_answer("deadbeef"))
    assert "deadbeef" in refused.sentence
    assert desk.unfiled() == {planning_answer("deadbeef")}


@pytest.mark.parametrize("change", [str, lambda text: text.replace("\n", "  \r\n") + "\n\n"])
def test_the_prompt_itself_is_refused_as_an_answer(desk: Desk, change: object) -> None:
    prompt = desk.do("plan", request="Add a login")["prompt"]
    assert callable(change)
    assert "That is the prompt, not the model's answer." in desk.refused("answer", text=change(prompt)).sentence


@pytest.mark.parametrize("text", ["", " \n\t\n"])
def test_an_empty_answer_is_refused(desk: Desk, text: str) -> None:
    planned(desk)
    assert desk.refused("answer", text=text).sentence == "The answer is empty; nothing was changed."


def test_values_fill_placeholders_literally_and_once(desk: Desk) -> None:
    session = planned(desk)
    body = "Look at [THE FILE] and {{ other }}.\n"
    processed = desk.do("process", session=session, text=planning_answer(analysis=body))
    assert processed["missing"] == ["THE FILE", "other"]
    assert desk.do("analyze", session=session)["missing"] == ["THE FILE", "other"]
    filled = desk.do("fill", session=session, phase="analysis", values={"THE FILE": "{{ 7 * 7 }} [OTHER]"})
    assert "Look at {{ 7 * 7 }} [OTHER] and {{ other }}." in filled["prompt"]
    assert filled["missing"] == ["other"]
    assert filled["analysis"]["values"] == {"THE FILE": "{{ 7 * 7 }} [OTHER]"}


def test_fill_without_values_opens_the_file_at_the_first_missing_one(desk: Desk) -> None:
    session = planned(desk)
    desk.do("process", session=session, text=planning_answer(analysis="Look at [THE FILE] of [THE TEAM].\n"))
    done = desk.attempt("fill", session=session, phase="analysis")
    assert isinstance(done, Outcome)
    assert done.show is not None
    text = desk.text(session)
    assert text[: done.show[1].start].endswith('"THE FILE" = "')
    assert done.result["missing"] == ["THE FILE", "THE TEAM"]
    again = desk.do("fill", session=session, phase="analysis", values={"THE FILE": "a.py", "THE TEAM": "us"})
    assert again["missing"] == []


def test_a_draft_becomes_a_session(desk: Desk) -> None:
    path = desk.project.sessions / "draft.orch"
    desk.storage.files[path] = '# my draft\nfeature_type = "bugfix"\n\n[request]\ntext = "Fix the login" # soon\n'
    outcome = desk.attempt("plan", session=str(path))
    assert isinstance(outcome, Outcome)
    done = outcome.result
    assert outcome.notices == (f"Planned {done['id'][:8]}, Fix the login. {GIVE_IT}",)
    assert done["feature_type"] == "bugfix"
    assert done["status"] == "planning"
    assert "Fix the login" in done["prompt"]
    text = desk.storage.files[path]
    assert text.startswith("# my draft\n")
    assert '[request]\ntext = "Fix the login" # soon\n' in text


def test_a_broken_file_is_never_written_over(desk: Desk) -> None:
    session = planned(desk)
    path = Path(desk.do("show", session=session)["path"])
    broken = desk.storage.files[path].replace("[request]", "[request")
    desk.storage.files[path] = broken
    for name, params in (("process", {"text": planning_answer()}), ("analyze", {}), ("abandon", {}), ("next", {})):
        refused = desk.refused(name, session=str(path), **params)
        assert "is not valid TOML in line" in refused.sentence
    assert desk.storage.files[path] == broken
    assert desk.unfiled() == {planning_answer()}


def test_a_newer_schema_is_read_only(desk: Desk) -> None:
    session = planned(desk)
    path = Path(desk.do("show", session=session)["path"])
    desk.storage.files[path] = desk.storage.files[path].replace("schema = 1", "schema = 2")
    assert "newer Orch" in desk.refused("abandon", session=str(path)).sentence


@pytest.mark.parametrize("status", ["plannig", ""])
def test_a_status_that_there_is_not_is_mended_first(desk: Desk, status: str) -> None:
    session = planned(desk)
    path = Path(desk.do("show", session=session)["path"])
    desk.storage.files[path] = before = desk.storage.files[path].replace('"planning"', f'"{status}"', 1)
    texts = ("process", "answer", "saveAnalysis", "saveImplementation")
    steps = ("plan", "analyze", "implement", "complete", "abandon", "next", "fill")
    for name, params in (
        *((name, {"text": planning_answer()}) for name in texts),
        *((name, {}) for name in steps),
        ("complete", {"force": True}),
        ("implement", {"force": True}),
        ("reopen", {"phase": "planning"}),
    ):
        assert f"There is no status {status!r}" in desk.refused(name, session=session, **params).sentence, name
    assert desk.storage.files[path] == before
    assert desk.unfiled() == {planning_answer()}
    told = desk.do("standing", session=session)
    assert (told["next"], told["due"], told["steps"], told["reopen"]) == ("mend the status", None, [], [])


@pytest.mark.parametrize("deep", ["a." * 350 + "b = 1", "a." * 3000 + "b = 1", "a = " + "[" * 400 + "]" * 400])
def test_a_file_that_is_nested_deeply_is_one_plain_sentence(desk: Desk, deep: str) -> None:
    path = desk.project.sessions / "deep.orch"
    desk.storage.files[path] = before = f'{deep}\nid = "8f14e45f"\nstatus = "planning"\n[request]\ntext = "x"\n'
    for name in ("show", "plan", "next"):
        assert "nested too deeply" in desk.refused(name, session=str(path)).sentence
    assert desk.storage.files[path] == before


def test_comments_and_layout_of_a_person_stay(desk: Desk) -> None:
    session = planned(desk)
    path = Path(desk.do("show", session=session)["path"])
    mine = desk.storage.files[path].replace('status = "planning"', 'status   =   "planning"   # mine\n# and this')
    desk.storage.files[path] = mine
    desk.do("process", session=session, text=planning_answer())
    desk.do("analyze", session=session)
    assert 'status   =   "analysis"   # mine\n# and this\n' in desk.storage.files[path]


@pytest.mark.parametrize("reference", ["..", "../../etc/passwd", "zzz", "", "file:///nowhere/x.orch"])
def test_an_unknown_session_is_one_plain_sentence(desk: Desk, reference: str) -> None:
    planned(desk), planned(desk)
    refused = desk.refused("abandon", session=reference)
    assert refused.sentence
    assert "\n" not in refused.sentence


def test_lists_show_the_newest_first_without_long_texts(desk: Desk) -> None:
    first, second = processed(desk), planned(desk, "Fix the logout")
    found = desk.do("list")["sessions"]
    assert [entry["id"] for entry in found] == [second, first]
    assert "prompt" not in found[0]["planning"]
    assert found[1]["notes"]["complexity"] == "medium-high"
    assert "text" not in found[1]["notes"]
    assert [entry["id"] for entry in desk.do("list", query="LOGOUT")["sessions"]] == [second]
    assert [entry["id"] for entry in desk.do("list", featureType="bugfix")["sessions"]] == [second]
    assert len(desk.do("list", limit=1)["sessions"]) == 1
    assert desk.do("list", status="completed")["sessions"] == []
    assert "status" in desk.refused("list", status="done").sentence


@pytest.mark.parametrize(
    ("name", "params", "words"),
    [
        ("plan", {"request": 5}, "a text"),
        ("plan", {"requst": "x"}, "does not take 'requst'"),
        ("plan", {"values": {"a": 1}}, "an object of texts"),
        ("complete", {"rating": True}, "a whole number"),
        ("complete", {"rating": 9}, "from 1 to 5"),
        ("complete", {"outcome": "great"}, "success, partial, failure"),
        ("reopen", {}, "needs 'phase'"),
        ("plan", {}, "There is no request yet"),
        ("plan", {"request": "Add x", "template": "nope"}, "nope"),
        ("plan", {"request": "Add x", "featureType": "bugfx"}, "did you mean 'bugfix'?"),
        ("plan", {"request": "Add x", "featureType": "zzz"}, "add it to [feature_types]"),
    ],
)
def test_wrong_parameters_are_one_plain_sentence(
    desk: Desk, name: str, params: dict[str, object], words: str
) -> None:
    assert words in desk.refused(name, **params).sentence


def test_the_words_of_the_command_line_are_taken(desk: Desk) -> None:
    shown = desk.do("orch.template.show", ref="orchestrator", type="bugfix")
    assert (shown["name"], shown["feature_type"]) == ("orchestrator", "bugfix")
    added = desk.do("orch.template.customize", **{"name": "mine", "from": "builtin:docs/orchestrator"})
    assert added["below"] == "builtin:docs/orchestrator"
    assert desk.do("plan", request="Write a guide", type="docs")["feature_type"] == "docs"


@pytest.mark.parametrize("name", ["process", "answer"])
def test_an_answer_survives_a_session_that_cannot_be_written(
    desk: Desk, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = planned(desk)
    before = desk.text(session)
    write = desk.storage.write

    def full(path: Path, text: str, *, replaces: str | None) -> None:
        if path.suffix == ".orch":
            raise StorageError("The disk is full.")
        write(path, text, replaces=replaces)

    monkeypatch.setattr(desk.storage, "write", full)
    refused = desk.refused(name, session=session, text=planning_answer())
    assert refused.sentence.startswith("The disk is full. The text is kept in .orch/unfiled/")
    assert f"orch {name} --session {session} --file .orch/unfiled/" in refused.in_terminal
    assert desk.unfiled() == {planning_answer()}
    assert desk.text(session) == before


def test_a_long_request_that_is_refused_is_kept(desk: Desk) -> None:
    request = "Add a login\n\nwith many words"
    refused = desk.refused("plan", request=request, template="nope")
    assert "orch plan - < .orch/unfiled/" in refused.in_terminal
    assert desk.unfiled() == {request}


@pytest.mark.parametrize("name", ["analyze", "fill"])
def test_a_misspelt_value_is_refused(desk: Desk, name: str) -> None:
    session = planned(desk)
    desk.do("process", session=session, text=planning_answer(analysis="Look at [THE FILE].\n"))
    extra = {"phase": "analysis"} if name == "fill" else {}
    refused = desk.refused(name, session=session, values={"THE FLIE": "a.py"}, **extra)
    assert "did you mean `THE FILE`?" in refused.sentence
