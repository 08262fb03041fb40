"""The session commands on the command line: what goes where, and with which exit code."""

import tomllib
from pathlib import Path

import pytest

from support.command_line import CommandLine
from support.projects import planning_answer

HEAD = ["id", "path", "title", "status", "feature_type", "project", "created", "updated"]


def plan(orch: CommandLine, request: str = "Add user authentication") -> str:
    return str(orch.do("plan", request, "--json").json["id"])


def process(orch: CommandLine) -> str:
    session = plan(orch)
    orch.do("process", "-s", session, piped=planning_answer())
    return session


def test_plan_prints_the_prompt_alone_and_speaks_on_the_other_stream(orch: CommandLine, folder: Path) -> None:
    planned = orch.do("plan", "Add user authentication", "--type", "feature", "--project", "till")
    (path,) = (folder / ".orch/sessions").iterdir()
    session = tomllib.loads(path.read_text())
    assert planned.out == session["planning"]["prompt"].removesuffix("\n") + "\n"
    assert session["id"][:8] in planned.err
    assert "\x1b" not in planned.out + planned.err
    assert (session["project"], session["feature_type"]) == ("till", "feature")
    assert (folder / ".orch/.gitignore").exists()


def test_json_of_a_step(orch: CommandLine) -> None:
    planned = orch.do("plan", "Add user authentication", "--json")
    assert planned.err == ""
    assert list(planned.json)[:8] == HEAD
    assert {"request", "planning", "history", "prompt", "missing"} <= set(planned.json)
    assert planned.json["prompt"] == planned.json["planning"]["prompt"]
    assert planned.json["missing"] == []
    done = orch.do("process", "--json", piped=planning_answer()).json
    assert set(done["parts"]) == {"analysis", "implementation", "notes"}
    for part in done["parts"].values():
        assert {"state", "by", "start", "end"} <= set(part)
        assert part["state"] == "found"
    assert done["notes"]["complexity"] == "medium-high"
    assert isinstance(done["notes"]["sections"], dict)


def test_json_is_accepted_before_the_command_too(orch: CommandLine) -> None:
    assert orch.do("--json", "plan", "Add it").json["title"] == "Add it"
    assert len(orch.do("--json").json["sessions"]) == 1


def test_the_whole_way(orch: CommandLine, folder: Path) -> None:
    session = process(orch)
    analysis = orch.do("analyze", "--set", "PROJECT NAME=the shop")
    assert "src/auth.py of the shop" in analysis.out
    (folder / "result.md").write_text("It uses cookies.\n")
    orch.do("save-analysis", "--file", "result.md")
    assert orch.do("implement").out.count("It uses cookies.") == 1
    orch.do("save-implementation", piped="Built.")
    done = orch.do("complete", "--outcome", "success", "--rating", "4", "--comment", "Good.", "--json").json
    assert (done["id"], done["status"]) == (session, "completed")
    assert done["outcome"] == {"result": "success", "rating": 4, "comment": "Good."}
    orch.do("reopen", "--phase", "analysis", "--session", session)
    orch.do("abandon")
    assert orch.do("show", session, "--json").json["status"] == "abandoned"


def test_next_and_answer_do_the_same(orch: CommandLine) -> None:
    planned = orch.do("plan", "Add it").out
    assert orch.do("next").out == planned
    orch.do("answer", piped=planning_answer())
    assert "# Analyse" in orch.do("next").out
    orch.do("answer", piped="It uses cookies.")
    assert "It uses cookies." in orch.do("next").out
    orch.do("answer", piped="Built.")
    assert orch.do("next", "--json").json["status"] == "completed"
    assert orch.refused("next").startswith("No session is open here")


def test_an_answer_that_lacks_a_part_ends_with_1_and_is_stored(orch: CommandLine) -> None:
    plan(orch)
    result = orch("process", "--json", piped=planning_answer(built=None))
    assert result.code == 1
    assert result.json["parts"]["implementation"]["state"] == "missing"
    assert result.json["planning"]["response"] == planning_answer(built=None)
    again = orch("process", piped=planning_answer(built=None))
    assert again.code == 1
    assert again.out == ""
    assert "IMPLEMENTATION TEMPLATE: missing" in again.err


def test_without_a_pipe_the_text_in_the_session_is_taken(orch: CommandLine, folder: Path) -> None:
    session = plan(orch)
    (path,) = (folder / ".orch/sessions").iterdir()
    text = path.read_text()
    path.write_text(text.replace("[planning]\n", "[planning]\nresponse = '''\n" + planning_answer() + "'''\n", 1))
    assert orch.do("process", "--json").json["analysis"]["body"]
    assert orch.do("show", session, "--json").json["planning"]["response"] == planning_answer()


def test_an_empty_pipe_is_none_where_an_answer_was_pasted_into_the_file(orch: CommandLine, folder: Path) -> None:
    session = plan(orch)
    assert "The answer is empty" in orch.refused("process", piped="")
    (path,) = (folder / ".orch/sessions").iterdir()
    text = path.read_text()
    path.write_text(text.replace("[planning]\n", "[planning]\nresponse = '''\n" + planning_answer() + "'''\n", 1))
    assert orch.do("process", "--session", session, "--json", piped="").json["analysis"]["body"]
    assert "The answer is empty" in orch.refused("process", piped="\n")
    orch.do("analyze")
    assert "The answer is empty" in orch.refused("answer", piped="")


def test_open_places_are_named_with_how_to_fill_them(orch: CommandLine) -> None:
    session = plan(orch)
    orch.do("process", piped=planning_answer(analysis="# Analyse\n\nLook at [THE FILE] and [THE LOG].\n"))
    said = orch.do("analyze").err
    assert "THE FILE, THE LOG" in said
    assert f"orch analyze --session {session[:8]} --set 'THE FILE=...' --set 'THE LOG=...'" in said
    assert orch.do("analyze", "--json").json["missing"] == ["THE FILE", "THE LOG"]


def test_values_from_files(orch: CommandLine, folder: Path) -> None:
    plan(orch)
    orch.do("process", piped=planning_answer(analysis="# Analyse\n\nRead [THE LOG] for [AN AT SIGN].\n"))
    (folder / "error.log").write_text("line 1\nline 2\n")
    prompt = orch.do("analyze", "--set", "THE LOG=@error.log", "--set", "AN AT SIGN=@@home").out
    assert "Read line 1\nline 2 for @home." in prompt
    assert orch.refused("analyze", "--set", "THE LOG=@none.log") == "There is no file none.log."
    usage = orch("analyze", "--set", "no equals sign")
    assert (usage.code, usage.out) == (2, "")
    assert "KEY=VALUE" in usage.err


def test_a_request_from_a_pipe(orch: CommandLine) -> None:
    planned = orch.do("plan", "-", "--json", piped="Add a page\n\nwith a form\r\n").json
    assert planned["request"]["text"] == "Add a page\n\nwith a form\n"
    assert planned["title"] == "Add a page"


def test_planning_again(orch: CommandLine) -> None:
    session = plan(orch, "Add it")
    again = orch.do("plan", "Add it now", "--session", session[:6], "--json").json
    assert (again["id"], again["request"]["text"]) == (session, "Add it now")
    assert orch.do("plan", "--session", session, "--json").json["request"]["text"] == "Add it now"


def test_several_candidates_are_listed(orch: CommandLine) -> None:
    one, two = plan(orch, "Add one"), plan(orch, "Add two")
    result = orch("next")
    assert (result.code, result.out) == (1, "")
    sentence, *rows = result.err.splitlines()
    assert sentence == "2 sessions are open; say which one (--session)."
    assert sorted(rows) == sorted([f"{one[:8]}\tplanning\tAdd one", f"{two[:8]}\tplanning\tAdd two"])
    told = orch("next", "--json")
    assert told.code == 1
    assert told.json["error"] == sentence
    assert {card["id"] for card in told.json["candidates"]} == {one, two}


def test_a_session_is_named_by_path_from_wherever_one_is(
    orch: CommandLine, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = plan(orch)
    (path,) = (folder / ".orch/sessions").iterdir()
    (folder / "src/deep").mkdir(parents=True)
    monkeypatch.chdir(folder / "src/deep")
    for name in (
        str(path),
        f"../../.orch/sessions/{path.name}",
        f".orch/sessions/{path.name}",
        path.as_uri(),
        session,
        session[:5],
    ):
        assert orch.do("show", name, "--json").json["id"] == session
    monkeypatch.chdir(folder.parent)
    assert orch.do("show", f"shop/.orch/sessions/{path.name}", "--json").json["id"] == session
    assert "lies in no project" in orch.refused("show", "elsewhere.orch")


def test_a_session_file_elsewhere_in_the_project(orch: CommandLine, folder: Path) -> None:
    plan(orch)
    (folder / "plans").mkdir()
    (path,) = (folder / ".orch/sessions").iterdir()
    path.rename(folder / "plans/login.orch")
    orch.do("process", "--session", "plans/login.orch", piped=planning_answer())
    assert tomllib.loads((folder / "plans/login.orch").read_text())["analysis"]["body"]


@pytest.mark.parametrize(
    "argv",
    [
        ("plan",),
        ("nonsense",),
        ("complete", "--outcome", "great"),
        ("complete", "--rating", "6"),
        ("reopen",),
        ("reopen", "--phase", "completed"),
        ("show", "--prompt", "notes"),
        ("show", "--format", "xml"),
        ("list-sessions", "--limit", "0"),
        ("list-sessions", "--status", "done"),
        ("next", "too", "many"),
        ("--no-such-option",),
    ],
)
def test_wrong_usage_ends_with_2(orch: CommandLine, argv: tuple[str, ...], folder: Path) -> None:
    result = orch(*argv)
    assert (result.code, result.out) == (2, "")
    assert result.err
    assert not (folder / ".orch").exists()


@pytest.mark.parametrize(
    "words",
    [("plan",), ("nosuch",), ("analyze", "--set", "foo"), ("experiment", "start"), ("list-sessions", "--bogus")],
)
def test_a_usage_error_is_one_json_object_too(orch: CommandLine, words: tuple[str, ...]) -> None:
    result = orch(*words, "--json")
    assert result.code == 2
    assert result.json.keys() == {"error", "candidates"}
    assert result.json["error"] in result.err
    assert orch(*words).out == ""
