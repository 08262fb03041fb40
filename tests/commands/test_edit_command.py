"""edit and followUp: the commands for clients that ask no questions."""

from pathlib import Path

import pytest

from orch.commands.outcome import Outcome
from orch.syntax.toml_tree import parse_toml
from support.projects import ROOT, Desk, planning_answer

PATH = ROOT / ".orch" / "sessions" / "hand-made.orch"


def shown(desk: Desk, text: str, key: str | None = None) -> tuple[str, str]:
    """(the file's new text, what is selected in it) after `edit`."""
    desk.storage.files[PATH] = text
    done = desk.attempt("edit", session=str(PATH), **({"key": key} if key else {}))
    assert isinstance(done, Outcome), done
    assert done.show is not None
    after = desk.storage.files[PATH]
    return after, done.show[1].slice(after)


def test_a_text_that_is_there_is_selected(desk: Desk) -> None:
    text = "[planning]\nprompt = '''\nPlan it\n'''\n"
    assert shown(desk, text, "planning.prompt") == (text, "Plan it\n")


@pytest.mark.parametrize(
    ("text", "key", "expected"),
    [
        ("", "request.text", "[request]\ntext = '''\n'''\n"),
        ("[planning]\n", "planning.response", "[planning]\nresponse = '''\n'''\n"),
        ("planning.prompt = 'p'\n", "planning.response", "planning.prompt = 'p'\nplanning.response = '''\n'''\n"),
        ("[analysis]\r\nbody = 'b'\r\n", "analysis.result", "[analysis]\r\nbody = 'b'\r\nresult = '''\r\n'''\r\n"),
    ],
)
def test_one_that_is_not_is_put_there_empty(desk: Desk, text: str, key: str, expected: str) -> None:
    after, selected = shown(desk, text, key)
    assert after == expected
    assert selected == ""
    table, name = key.split(".")
    assert parse_toml(after).data[table][name] == ""


def test_what_is_written_there_is_the_text(desk: Desk) -> None:
    after, _ = shown(desk, "[planning]\n", "planning.response")
    done = desk.attempt("edit", session=str(PATH), key="planning.response")
    assert isinstance(done, Outcome)
    assert done.show is not None
    at = done.show[1].start
    assert parse_toml(after[:at] + "The answer.\n" + after[at:]).data["planning"]["response"] == "The answer.\n"


def test_a_broken_file_is_opened_at_its_error_and_not_changed(desk: Desk) -> None:
    text = "title = 'x'\nstatus = planning\n"
    assert shown(desk, text) == (text, "planning")
    desk.storage.files[PATH] = text
    assert "Mend it first" in desk.refused("edit", session=str(PATH), key="planning.response").sentence
    assert desk.storage.files[PATH] == text


def test_only_texts_have_a_place_to_write(desk: Desk) -> None:
    desk.storage.files[PATH] = "title = 'x'\n"
    for key in ("status", "nothing.here", "planning.values.x", ""):
        if key:
            assert "has no text" in desk.refused("edit", session=str(PATH), key=key).sentence
    assert "no session file" in desk.refused("edit", session=str(ROOT / "gone.orch")).sentence
    assert "no session 'abc'" in desk.refused("edit", session="abc").sentence


def test_the_follow_up_is_a_file_to_copy_from(desk: Desk) -> None:
    session = str(desk.do("plan", request="Add a login")["id"])
    assert "lacks no part" in desk.refused("followUp", session=session).sentence
    desk.do("process", session=session, text=planning_answer(built=None))
    done = desk.attempt("followUp", session=session)
    assert isinstance(done, Outcome)
    assert "<implementation_template>" in done.result["text"]
    assert done.show is not None
    path, span = done.show
    assert path == Path(ROOT / ".orch" / "unfiled" / f"follow-up-{session[:8]}.md")
    assert span.slice(desk.storage.files[path]) == done.result["text"]
    desk.do("followUp", session=session, part="notes")
    assert "<execution_notes>" in desk.storage.files[path]
    assert "no part 'x'" in desk.refused("followUp", session=session, part="x").sentence


def test_a_broken_session_can_be_read(desk: Desk) -> None:
    desk.storage.files[PATH] = "status = planning\n[planning]\nprompt = 'Plan it'\n"
    assert desk.do("prompt", session=str(PATH), phase="planning")["text"] == "Plan it"
    assert desk.do("show", session=str(PATH))["planning"] == {"prompt": "Plan it"}


def test_a_file_of_a_newer_orch_is_opened_and_not_changed(desk: Desk) -> None:
    text = "schema = 99\n[planning]\nprompt = 'p'\n"
    assert shown(desk, text, "planning.prompt") == (text, "p")
    assert "newer Orch" in desk.refused("edit", session=str(PATH), key="planning.response").sentence
    assert desk.storage.files[PATH] == text
