"""Experiments through the commands: started, taken part in, reported, stopped; and everything that may go wrong."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from orch.commands.outcome import Outcome, Refusal
from support.projects import ROOT, Desk, planning_answer

FOLDER = ROOT / ".orch/experiments"
MINE = "Mine: {{ request }}\n"


def attempt(desk: Desk, name: str, /, **params: Any) -> Outcome | Refusal:
    """What `orch.experiment.<name>` hands back, carried out."""
    return desk.attempt(f"orch.experiment.{name}", **params)


def do(desk: Desk, name: str, /, **params: Any) -> dict[str, Any]:
    """The JSON answer of an experiment command that must not be refused."""
    done = attempt(desk, name, **params)
    assert isinstance(done, Outcome), done
    desk.said = list(done.notices)
    return dict(done.result)


def refused(desk: Desk, name: str, /, **params: Any) -> str:
    """The sentence of an experiment command that must be refused."""
    done = attempt(desk, name, **params)
    assert isinstance(done, Refusal), done
    assert "\n" not in done.sentence
    return done.sentence


def started(desk: Desk, name: str = "tone", **more: Any) -> dict[str, Any]:
    """Two versions of the orchestrator, one built in and one of the project, and an experiment between them."""
    desk.storage.files[ROOT / ".orch/templates/orchestrator.md.j2"] = MINE
    own = desk.do("plan", request="Add a page", template="project:orchestrator")["planning"]["template"]
    arms = {"a": "builtin:orchestrator@1", "b": f"{own}:1"}
    return do(desk, "start", **{"name": name, "template": "orchestrator", "arms": arms, **more})


def planned(desk: Desk, request: str = "Add a login page", **more: Any) -> dict[str, Any]:
    """A session that was just planned."""
    return desk.do("plan", request=request, **more)


def test_an_experiment_from_start_to_stop(desk: Desk) -> None:
    made = started(desk, minPerArm=2)
    assert made["status"] == "running"
    assert [arm["name"] for arm in made["arms"]] == ["a", "b"]
    assert all("-" in arm["version"] for arm in made["arms"]), "references are full"
    text = desk.storage.files[FOLDER / "tone.toml"]
    assert text.count("[[arms]]") == 2
    assert list(tomllib.loads(text)) == [
        "schema", "name", "template", "status", "salt", "started", "min_per_arm", "arms",
    ]  # fmt: skip

    arms = {arm["name"]: arm["version"] for arm in made["arms"]}
    sessions = [planned(desk, f"Add page {number}") for number in range(12)]
    for session in sessions:
        assert session["planning"]["experiment"] == "tone"
        assert session["planning"]["template"] == arms[session["planning"]["arm"]]
        assert session["prompt"].startswith("Mine:") == (session["planning"]["arm"] == "b")
    assert {session["planning"]["arm"] for session in sessions} == {"a", "b"}

    for session in sessions[:-2]:
        result = "success" if session["planning"]["arm"] == "b" else "failure"
        desk.do("complete", session=session["id"], outcome=result, force=True)
    desk.do("abandon", session=sessions[-1]["id"])
    told = do(desk, "report", name="tone")
    assert told["enough"]
    by_name = {arm["name"]: arm for arm in told["arms"]}
    assert sum(arm["assigned"] for arm in told["arms"]) == 12
    assert sum(arm["completed"] for arm in told["arms"]) == 10
    assert sum(arm["abandoned"] for arm in told["arms"]) == sum(arm["open"] for arm in told["arms"]) == 1
    assert (by_name["a"]["rate"], by_name["b"]["rate"]) == (0.0, 1.0)
    assert by_name["b"]["p_best"] > 0.9
    assert told["doubts"] == told["problems"] == []
    assert set(told) >= {"name", "template", "status", "min_per_arm", "enough", "split_p", "winner", "arms"}
    assert list(told["arms"][0])[:12] == [
        "name", "version", "weight", "assigned", "completed", "success", "abandoned",
        "rate", "low", "high", "p_best", "expected_loss",
    ]  # fmt: skip

    stopped = do(desk, "stop", name="tone")
    assert (stopped["status"], stopped["ended"] is not None) == ("stopped", True)
    assert tomllib.loads(desk.storage.files[FOLDER / "tone.toml"])["salt"] == tomllib.loads(text)["salt"]
    assert "experiment" not in planned(desk)["planning"]
    assert do(desk, "report", name="tone")["status"] == "stopped"


def test_planning_again_keeps_the_arm_also_after_the_end(desk: Desk) -> None:
    started(desk)
    session = planned(desk)
    do(desk, "stop", name="tone")
    again = desk.do("plan", session=session["id"], request="Add a better login page")
    for key in ("experiment", "arm", "template"):
        assert again["planning"][key] == session["planning"][key]
    del desk.storage.files[FOLDER / "tone.toml"]
    assert desk.do("plan", session=session["id"])["planning"]["arm"] == session["planning"]["arm"]


def test_an_explicit_template_is_not_part_of_it(desk: Desk) -> None:
    started(desk)
    session = planned(desk)
    own = desk.do("plan", session=session["id"], template="builtin:orchestrator")
    assert "experiment" not in own["planning"]
    assert "arm" not in own["planning"]
    assert sum(arm["assigned"] for arm in do(desk, "report", name="tone")["arms"]) == 0


def test_filling_a_value_in_keeps_the_arm(desk: Desk) -> None:
    started(desk)
    session = planned(desk)
    desk.do("process", session=session["id"], text=planning_answer())
    filled = desk.do("fill", session=session["id"], phase="planning", values={})
    assert filled["planning"]["arm"] == session["planning"]["arm"]


def test_other_phases_have_experiments_of_their_own(desk: Desk) -> None:
    do(desk, "start", name="deep", template="analysis", arms={"a": "builtin:analysis@1", "b": "1"})
    session = planned(desk)
    assert "experiment" not in session["planning"]
    desk.do("process", session=session["id"], text=planning_answer())
    analyzed = desk.do("analyze", session=session["id"])
    assert analyzed["analysis"]["experiment"] == "deep"
    assert sum(arm["assigned"] for arm in do(desk, "report", name="deep")["arms"]) == 1


def test_the_page(desk: Desk) -> None:
    started(desk)
    planned(desk)
    assert "html" not in do(desk, "report", name="tone")
    page = do(desk, "report", name="tone", html=True)["html"]
    assert page.startswith("<!DOCTYPE html>")
    assert "<svg" in page


def test_versions_of_the_users_layer_are_copied_into_the_project(desk: Desk) -> None:
    own = desk.project.user_config
    desk.storage.files[own / "templates/orchestrator.md.j2"] = MINE
    session = planned(desk, template="user:orchestrator")
    version = session["planning"]["template"]
    (copy,) = [path for path in desk.storage.files if "@user" in path.parts]
    there = own / "versions/orchestrator" / copy.name
    desk.storage.files[there] = desk.storage.files.pop(copy)
    do(desk, "start", name="tone", template="orchestrator", arms={"a": "builtin:orchestrator@1", "b": version})
    assert desk.storage.files[copy] == desk.storage.files[there]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": "../x"}, "cannot be called"),
        ({"name": "a/b"}, "cannot be called"),
        ({"name": "con"}, "Windows"),
        ({"template": "macros"}, "orchestrator, analysis, implementation"),
        ({"template": "orchestrator@1"}, "orchestrator, analysis, implementation"),
        ({"template": "../orchestrator"}, "not a reference"),
        ({"featureType": "nonsense"}, "no feature type"),
        ({"template": "bugfix/orchestrator", "featureType": "docs"}, "another feature type"),
        ({"minPerArm": 0}, "from 1 on"),
        ({"arms": {}}, "two arms"),
        ({"arms": 5}, "two arms"),
        ({"arms": {"a": "1"}}, "two arms"),
        ({"arms": [{"name": "a", "version": "1"}, {"name": "a", "version": "1"}]}, "two arms called 'a'"),
        ({"arms": [{"name": "a"}, "b"]}, "a name and a version"),
        ({"arms": {"a": "1", "b": "1:0"}}, "above zero"),
        ({"arms": {"a": "1", "b": "1:-2"}}, "above zero"),
        ({"arms": {"a": "1", "b": "1:nan"}}, "above zero"),
        ({"arms": {"a": "1", "b": "1:lots"}}, "no number"),
        ({"arms": {"a": "1", "b": "99"}}, "no version `orchestrator@99`"),
        ({"arms": {"a": "1", "b": "builtin:orchestrator@1-00000000"}}, "no version"),
        ({"arms": {"a": "1", "b": "project:orchestrator"}}, "publish"),
        ({"arms": {"a": "1", "b": "analysis@1"}}, "about `orchestrator`"),
        ({"arms": {"a": "1", "b": "C:/x@1"}}, "not a reference"),
    ],
)
def test_a_start_that_cannot_be(desk: Desk, changes: dict[str, Any], words: str) -> None:
    params = {"name": "tone", "template": "orchestrator", "arms": {"a": "1", "b": "1:2"}, **changes}
    assert words in refused(desk, "start", **params)
    assert not any(path.parent == FOLDER for path in desk.storage.files)


def test_arms_as_the_command_line_writes_them(desk: Desk) -> None:
    version = "builtin:analysis@1"
    started = desk.do(
        "orch.experiment.start",
        name="tone",
        template="analysis",
        arms=[f"a={version}", f"b={version}:3", {"name": "c", "version": 1}],
    )
    assert [(arm["name"], arm["weight"]) for arm in started["arms"]] == [("a", 1), ("b", 3), ("c", 1)]
    assert {arm["version"].partition("-")[0] for arm in started["arms"]} == {version}


def test_arms_as_a_list_with_weights(desk: Desk) -> None:
    arms = [{"name": "a", "version": "1", "weight": 3}, {"name": "b", "version": "@1"}]
    made = do(desk, "start", name="same", template="bugfix/orchestrator", arms=arms, minPerArm=None)
    assert [arm["weight"] for arm in made["arms"]] == [3.0, 1.0]
    assert all(arm["version"].startswith("builtin:bugfix/orchestrator@1-") for arm in made["arms"])
    assert planned(desk, "Fix the login")["planning"]["experiment"] == "same"
    assert "experiment" not in planned(desk, "Add a login")["planning"]


def test_one_name_and_one_template_are_taken_once(desk: Desk) -> None:
    started(desk)
    arms = {"a": "1", "b": "1"}
    assert "already" in refused(desk, "start", name="Tone", template="analysis", arms=arms)
    assert "stop it first" in refused(desk, "start", name="more", template="orchestrator", arms=arms)
    do(desk, "start", name="own", template="docs/orchestrator", arms=arms)


def test_two_that_run_after_a_merge_assign_nobody_and_are_told(desk: Desk) -> None:
    started(desk)
    text = desk.storage.files[FOLDER / "tone.toml"]
    desk.storage.files[FOLDER / "theirs.toml"] = "\n".join(
        line for line in text.replace('"tone"', '"theirs"').splitlines() if "salt" not in line
    ).replace('status = "running"', 'status = "running"\nsalt = "other"')
    session = planned(desk)
    assert "experiment" not in session["planning"]
    assert any("`theirs` and `tone` both run" in said for said in desk.said)
    listed = do(desk, "list")["experiments"]
    assert all("both run for orchestrator" in one["problems"][0]["message"] for one in listed)


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("weight = 1", "weight = 0", 12, "above zero"),
        ("weight = 1", "weight = 2", 9, "changed since"),
        ("min_per_arm = 20", "min_per_arm = 3", 9, "changed since"),
        ('status = "running"', 'status = "runing"', 4, "running, stopped"),
        ('name = "b"', 'name = "a"', 15, "already"),
        ("[[arms]]", "[[arms", 9, ""),
    ],
)
def test_an_experiment_edited_by_hand_stops_no_planning_and_biases_nothing(
    desk: Desk, old: str, new: str, line: int, words: str
) -> None:
    started(desk)
    path = FOLDER / "tone.toml"
    text = desk.storage.files[path]
    assert old in text
    desk.storage.files[path] = text.replace(old, new, 1)
    session = planned(desk)
    assert "experiment" not in session["planning"]
    assert any("cannot be used" in said and words in said for said in desk.said)
    (listed,) = do(desk, "list")["experiments"]
    problem = listed["problems"][0]
    assert problem["line"] == line
    assert words in problem["message"]


def test_a_version_that_is_gone_stops_no_planning(desk: Desk) -> None:
    made = started(desk)
    (gone,) = [path for path in desk.storage.files if "versions" in path.parts and ROOT in path.parents]
    del desk.storage.files[gone]
    del desk.storage.files[ROOT / ".orch/templates/orchestrator.md.j2"]
    seen = set()
    for number in range(12):
        session = planned(desk, f"Add page {number}")
        arm = session["planning"].get("arm")
        seen.add(arm)
        if arm is None:
            assert any(made["arms"][1]["version"] in said and "not part of it" in said for said in desk.said)
    assert seen == {"a", None}
    assert do(desk, "report", name="tone")["arms"][1]["assigned"] == 0


def test_a_version_edited_by_hand_stops_no_planning(desk: Desk) -> None:
    started(desk)
    (path,) = [path for path in desk.storage.files if "versions" in path.parts and ROOT in path.parents]
    desk.storage.files[path] = desk.storage.files[path].replace("Mine", "Yours")
    del desk.storage.files[ROOT / ".orch/templates/orchestrator.md.j2"]
    arms = {planned(desk, f"Add page {number}")["planning"].get("arm") for number in range(12)}
    assert arms == {"a", None}


def test_sessions_whose_arm_was_changed_by_hand_are_told(desk: Desk) -> None:
    made = started(desk)
    session = planned(desk)
    path = Path(session["path"])
    arm = session["planning"]["arm"]
    other = next(one for one in made["arms"] if one["name"] != arm)
    desk.storage.files[path] = desk.storage.files[path].replace(f'arm = "{arm}"', f'arm = "{other["name"]}"')
    doubts = do(desk, "report", name="tone")["doubts"]
    assert any("another version" in doubt for doubt in doubts)
    assert any("another arm" in doubt for doubt in doubts)


def test_a_session_whose_file_was_copied_counts_once_in_its_newest_state(desk: Desk) -> None:
    started(desk)
    session = planned(desk)
    path = Path(session["path"])
    desk.storage.files[path.with_name("0-copy.orch")] = desk.storage.files[path]
    desk.do("complete", session=session["path"], outcome="success", force=True)
    found = do(desk, "report", name="tone")["arms"]
    assert [sum(arm[key] for arm in found) for key in ("assigned", "success")] == [1, 1]


def test_names_that_are_not_there(desk: Desk) -> None:
    assert refused(desk, "report", name="tone") == "There is no experiment in this project; start one first."
    started(desk)
    assert "there are tone" in refused(desk, "stop", name="ton")
    do(desk, "stop", name="tone")
    assert "already" in refused(desk, "stop", name="tone")


def test_a_file_that_is_no_toml(desk: Desk) -> None:
    desk.storage.files[FOLDER / "tone.toml"] = "<<<<<<< ours\n"
    assert "cannot be read" in refused(desk, "report", name="tone")
    assert "cannot be changed" in refused(desk, "stop", name="tone")
    assert desk.storage.files[FOLDER / "tone.toml"] == "<<<<<<< ours\n"
    assert planned(desk)["status"] == "planning"


def test_without_git_there_are_no_branches(desk: Desk) -> None:
    started(desk)
    assert "no git repository" in refused(desk, "report", name="tone", allBranches=True)
