"""Calls that cannot be carried out: one plain sentence each, nothing lost, and the server goes on."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from orch.mcp import calling
from orch.mcp.calling import Call, reply_to
from orch.mcp.projects import Projects
from orch.mcp.replies import Reply
from orch.mcp.schemas import output_schema
from orch.mcp.tools import TOOLS
from support.mcp_client import connected, data, refused
from support.projects import planning_answer
from support.unfiled import unfiled

LONG = "# My answer\n\nIt stands in `src/auth.py`.\n"


def call(projects: Projects, folder: Path, tool: str, /, **given: Any) -> Reply:
    return reply_to(projects, Call(tool, given, [folder]))


def done(projects: Projects, folder: Path, tool: str, /, **given: Any) -> dict[str, Any]:
    reply = call(projects, folder, tool, **given)
    assert not reply.is_error, reply
    return dict(reply.data)


def sentence(projects: Projects, folder: Path, tool: str, /, **given: Any) -> str:
    """The sentence of a call that must be refused."""
    reply = call(projects, folder, tool, **given)
    assert reply.is_error, reply
    assert reply.text.startswith(reply.data["error"])
    said: str = reply.data["error"]
    assert "Traceback" not in said
    assert "\n" not in said
    return said


@pytest.fixture
def session(projects: Projects, folder: Path) -> str:
    """The id of a session in planning."""
    return str(done(projects, folder, "plan", request="Add a bell")["id"])


FIRST = "This session is in planning; process the model's answer first (process)"

WRONG = [
    ("plan", {"request": 5}, "plan wants a text for 'request'."),
    ("plan", {"request": ["a"]}, "plan wants a text for 'request'."),
    ("plan", {"request": " \n"}, "There is no request yet; say what you want in one or more sentences."),
    ("plan", {"request": "Add it", "values": "depth"}, "plan wants an object of texts for 'values'."),
    ("plan", {"request": "Add it", "values": {"depth": 3}}, "plan wants an object of texts for 'values'."),
    ("plan", {"request": "Add it", "type": "bugfix"}, "plan does not take 'type'; it takes request, session, "),
    ("next", {"session": 8}, "next wants a text for 'session'."),
    ("next", {"session": "0000000"}, "There is no session '0000000' in this project; list_sessions lists them."),
    ("answer", {}, "answer needs 'text'."),
    ("answer", {"text": None}, "answer needs 'text'."),
    ("answer", {"text": " "}, "The answer is empty; nothing was changed."),
    ("save_analysis", {"text": "x"}, f"No session waits for the step save_analysis. {FIRST}. The text is kept in "),
    ("save_implementation", {"text": "x"}, "No session waits for the step save_implementation. "),
    ("implement", {"force": "yes"}, "implement wants true or false for 'force'."),
    ("complete", {"rating": "good"}, "complete wants a whole number for 'rating'."),
    ("complete", {"rating": 4.5}, "complete wants a whole number for 'rating'."),
    ("complete", {"rating": 9}, "The rating goes from 1 to 5; 9 is outside."),
    ("complete", {"outcome": "great"}, "The outcome is one of success, partial, failure, not 'great'."),
    (
        "complete",
        {},
        "This session is in planning; process the model's answer first (process), or complete it with",
    ),
    ("reopen", {}, "reopen needs 'phase'."),
    ("reopen", {"phase": "testing"}, "There is no phase 'testing' to go back to; it is one of planning, "),
    ("fill", {}, "fill needs 'values'."),
    ("fill", {"values": {"COLOUR": "red"}}, "The prompt asks for no value `COLOUR`; "),
    ("list_sessions", {"limit": True}, "list_sessions wants a whole number for 'limit'."),
    ("fill", {"values": "[" * 100_000}, "fill wants an object of texts for 'values'."),
    ("list_sessions", {"limit": 0}, "The limit is a number from 1 on; 0 is not."),
    ("list_sessions", {"status": "done"}, "There is no status 'done'; it is open or one of planning, "),
    (
        "show_session",
        {"texts": "prompt"},
        "show_session wants a list for 'texts', of 'all' or some of request.text, ",
    ),
    ("show_session", {"texts": [["all"]]}, "show_session wants a list for 'texts', of 'all' or some of "),
    ("list_templates", {"name": "x"}, "list_templates does not take 'name'; it takes nothing."),
    ("check", {"paths": [3]}, "check wants a list of texts for 'paths'."),
    ("check", {"paths": ["nowhere.orch"]}, None),
    ("drop", {}, "There is no tool 'drop'; there are plan, next, answer, "),
    ("next", {"root": "elsewhere"}, "There is no folder 'elsewhere' here; `root` is one of shop."),
]


IDS = [f"{tool}-{str(given)[:40]}" for tool, given, _ in WRONG]


@pytest.mark.parametrize(("tool", "given", "said"), WRONG, ids=IDS)
def test_wrong_arguments(
    projects: Projects, folder: Path, session: str, tool: str, given: dict[str, Any], said: str | None
) -> None:
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    if said is None:
        assert done(projects, folder, tool, **given)["unread"] == ["There is no file or folder nowhere.orch."]
    else:
        assert sentence(projects, folder, tool, **given).startswith(said)
    after = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert {path: text for path, text in after.items() if "unfiled" not in path.parts} == before
    assert done(projects, folder, "show_session", session=session)["status"] == "planning"


OUTSIDE = [
    "../other.orch",
    "{other}",
    "file://{other}",
    "a/../../other.orch",
    "linked.orch",
    ".orch/sessions/linked.orch",
]


@pytest.mark.parametrize("path", OUTSIDE)
def test_a_path_outside_the_project(projects: Projects, folder: Path, session: str, path: str) -> None:
    (real,) = (folder / ".orch/sessions").iterdir()
    other = folder.parent / "other.orch"
    other.write_bytes(real.read_bytes().replace(session.encode(), b"ffffffff-0000-4000-8000-000000000000"))
    (folder / "linked.orch").symlink_to(other)
    (folder / ".orch/sessions/linked.orch").symlink_to(other)
    before = other.read_bytes()
    given = path.format(other=other)
    for tool in ("next", "show_session", "abandon", "plan"):
        assert sentence(projects, folder, tool, session=given).endswith(
            "lies outside the project; name the session by its id."
        )
    assert "lies outside the project; name the session by its id. The text is kept in .orch/unfiled/" in sentence(
        projects, folder, "answer", session=given, text=LONG
    )
    assert unfiled(folder) == [LONG]
    assert other.read_bytes() == before


@pytest.mark.usefixtures("session")
@pytest.mark.parametrize("path", ["..", "/", "../other.orch", "out", "out/other.orch", "\0"])
def test_what_lies_outside_is_not_checked(projects: Projects, folder: Path, path: str) -> None:
    (folder.parent / "other.orch").write_text("broken = ")
    (folder / "out").symlink_to(folder.parent)
    assert sentence(projects, folder, "check", paths=[path]).endswith("lies outside the project.")
    assert done(projects, folder, "check")["findings"] == []


@pytest.mark.usefixtures("session")
def test_a_file_that_is_no_session_is_not_shown(projects: Projects, folder: Path) -> None:
    (folder / ".env").write_text("secret = 1\n")
    for path in ("./.env", "src/../.env", (folder / ".env").as_uri()):
        said = sentence(projects, folder, "show_session", session=path)
        assert said == f"{path} is no session file; name the session by its id."


def test_a_session_elsewhere_in_the_project_works_by_path(projects: Projects, folder: Path, session: str) -> None:
    (real,) = (folder / ".orch/sessions").iterdir()
    (folder / "docs").mkdir()
    real.rename(folder / "docs/mine.orch")
    told = done(projects, folder, "answer", session="docs/mine.orch", text=planning_answer())
    assert (told["id"], told["parts"]["analysis"]["state"]) == (session, "found")


def test_a_text_that_came_with_a_refused_step_is_kept(projects: Projects, folder: Path, session: str) -> None:
    said = sentence(projects, folder, "save_analysis", session=session[:8], text=LONG)
    assert said.startswith(
        "This session is in planning; process the model's answer first (process). The text is kept in "
    )
    assert (folder / said.split("kept in ")[1].split(";")[0]).read_text() == LONG
    for tool, given in (
        ("answer", {"session": "00000000", "text": f"{LONG}1"}),
        ("answer", {"session": 3, "text": f"{LONG}2"}),
        ("answer", {"text": f"{LONG}3", "note": "mine"}),
        ("plan", {"request": f"{LONG}4", "feature_type": 1}),
    ):
        assert "The text is kept in .orch/unfiled/" in sentence(projects, folder, tool, **given)
    assert unfiled(folder) == [LONG, *(f"{LONG}{number}" for number in range(1, 5))]
    sentence(projects, folder, "answer", session="00000000", text=LONG)
    assert len(unfiled(folder)) == 5, "a model that tries again leaves no second copy"


def test_an_answer_where_there_is_no_project_is_kept_too(projects: Projects, folder: Path) -> None:
    assert sentence(projects, folder, "next") == "There are no sessions here yet; plan starts one."
    assert not (folder / ".orch").exists()
    assert sentence(projects, folder, "answer", text=LONG).startswith(
        "No session waits for an answer. The text is kept"
    )
    assert unfiled(folder) == [LONG]


@pytest.mark.usefixtures("session")
def test_the_prompt_itself_is_no_answer(projects: Projects, folder: Path) -> None:
    prompt = done(projects, folder, "next")["prompt"]
    assert sentence(projects, folder, "answer", text=prompt).startswith(
        "That is the prompt, not the model's answer."
    )


def test_an_error_of_ours_loses_no_text(
    projects: Projects, folder: Path, session: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(calling, "carry_out", broken)
    assert sentence(projects, folder, "answer", session=session, text=LONG).startswith(calling.UNEXPECTED)
    assert unfiled(folder) == [LONG]
    monkeypatch.setattr(calling, "decode", broken)
    assert sentence(projects, folder, "next") == calling.UNEXPECTED


def test_a_text_that_no_session_has_room_for_is_kept(projects: Projects, folder: Path, session: str) -> None:
    text = "word \n" * 1_400_000
    said = sentence(projects, folder, "answer", session=session, text=text)
    assert said.startswith("The text is larger than 8 MiB. It is kept in .orch/unfiled/")
    assert unfiled(folder) == [text]


def test_what_a_tool_returns_is_what_its_schema_says(projects: Projects, folder: Path, session: str) -> None:
    """Also for files that a person broke: a client that checks would show its own error in place of ours."""
    (path,) = (folder / ".orch/sessions").iterdir()
    text = path.read_text("utf-8")
    for number, (old, new) in enumerate(
        (
            ('status = "planning"', 'status = "testing"'),
            ('title = "Add a bell"', "title = 5\nrating = []"),
            ("[planning]", "[planning"),
            ("[planning]", "notes = 3\noutcome = 2021-01-01\n[planning]"),
        )
    ):
        own = f"{number:08x}"
        made = path.with_name(path.name.replace(session[:8], own))
        made.write_text(text.replace(session[:8], own).replace(old, new), "utf-8")
    (folder / ".orch/templates").mkdir()
    (folder / ".orch/templates/orchestrator.md.j2").write_bytes(b"\xff\xfe")
    checked = 0
    for tool in TOOLS:
        for name in [session, *(f"{number:08x}" for number in range(4))]:
            whole = {"session": name, "texts": ["all"], "text": "Well.\n", "values": {}, "phase": "planning"}
            reply = call(projects, folder, tool.name, **{key: whole[key] for key in tool.arguments if key in whole})
            if not reply.is_error:
                Draft202012Validator(output_schema(tool)).validate(json.loads(json.dumps(reply.data)))
                checked += 1
    assert checked > 20


def test_a_broken_session_is_shown_and_what_to_do_is_to_mend_it(
    projects: Projects, folder: Path, session: str
) -> None:
    (path,) = (folder / ".orch/sessions").iterdir()
    path.write_text(f"{path.read_text('utf-8')}broken = = 1\n", "utf-8")
    name = f".orch/sessions/{path.name}"
    assert done(projects, folder, "show_session", session=session)["do"] == (
        f'Mend {name} first: it is not valid TOML, so no step can be taken. check(paths=["{name}"]) tells where.'
    )
    found = done(projects, folder, "check", paths=[name])["findings"]
    assert "toml-syntax" in [one["rule"] for one in found]


def test_nothing_is_planned_in_the_home_folder(projects: Projects, folder: Path) -> None:
    for place in (Path.home(), Path(folder.anchor)):
        said = sentence(projects, place, "plan", request="Add a bell")
        assert said == f"{place} is no project; start the server with --root and the project's folder."
        assert not (place / ".orch").exists()


@pytest.mark.usefixtures("session")
def test_what_a_model_surely_meant(projects: Projects, folder: Path) -> None:
    done(projects, folder, "answer", text=planning_answer(analysis="# Analyse\n\nLook at [THE MODULE].\n"))
    told = done(projects, folder, "analyze", values='{"THE MODULE": "src"}')
    assert (told["missing"], "Look at src." in told["prompt"]) == ([], True)
    done(projects, folder, "show_session", texts='["all"]')
    done(projects, folder, "complete", force=True, rating=4.0)


def test_no_sentence_names_the_command_line(projects: Projects, folder: Path, session: str) -> None:
    """A model has the tools; only the command that files a kept text is the command line's."""
    done(projects, folder, "plan", request="Add a horn")
    replies = [call(projects, folder, tool.name, text="x", values={}, phase="analysis") for tool in TOOLS]
    replies += [call(projects, folder, tool.name) for tool in TOOLS]
    replies += [call(projects, folder, tool.name, session=session, phase="planning") for tool in TOOLS]
    replies += [call(projects, folder, tool.name, session=session, text="Well.\n") for tool in TOOLS]
    for reply in replies:
        said = re.sub(r"; to file it: orch [^\n]*", "", reply.text.partition("--- prompt ---")[0])
        assert not re.search(r"\borch (?!mcp)[a-z]|--session|to a model|paste", said), said


@pytest.mark.asyncio
async def test_the_server_goes_on(folder: Path) -> None:
    async with connected(folder) as client:
        assert await refused(client, "plan", request=5) == "plan wants a text for 'request'."
        assert (await refused(client, "drop")).startswith("There is no tool 'drop'; ")
        session = (await data(client, "plan", request="Add a bell"))["id"]
        assert "lies outside" in await refused(client, "show_session", session="../../etc/passwd.orch")
        assert "The text is kept in " in await refused(client, "save_analysis", session=session, text=LONG)
        told = await data(client, "answer", session=session, text=planning_answer())
        assert told["parts"]["notes"]["state"] == "found"
    assert unfiled(folder) == [LONG]
