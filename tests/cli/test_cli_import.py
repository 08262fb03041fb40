"""orch import on the command line."""

import json

from support.command_line import CommandLine

SESSION = {"session_id": "8f14e45f-ceea-467f-a8d2-6f0c1b7a9e21", "feature_request": "Add a page", "tags": ["x"]}


def test_import_makes_the_project_and_tells_what_it_did(orch: CommandLine) -> None:
    sessions = orch.folder / "orchestrator_workspace/sessions"
    sessions.mkdir(parents=True)
    (sessions / "a.json").write_text(json.dumps(SESSION))
    (sessions / "b.json").write_text("[]")
    done = orch.do("import", "orchestrator_workspace/sessions")
    assert done.out.splitlines() == [
        "taken\t8f14e45f\tplanning\tAdd a page",
        "aside\t8f14e45f\t\t`tags` has no place in a session; it is kept under [imported].",
    ]
    assert done.err == "1 session taken, 0 here already, 0 not taken.\n"
    before = {path: path.read_bytes() for path in (orch.folder / ".orch").rglob("*") if path.is_file()}
    again = orch.do("import", "orchestrator_workspace/sessions", "--json").json
    assert (again["taken"], len(again["known"])) == ([], 1)
    assert {path: path.read_bytes() for path in (orch.folder / ".orch").rglob("*") if path.is_file()} == before
    assert orch.do("list-sessions", "--json").json["sessions"][0]["title"] == "Add a page"
    assert "8f14e45f" in orch.do("plan", "--session", "8f14e45f").out


def test_what_is_refused_ends_with_1(orch: CommandLine) -> None:
    (orch.folder / "list.json").write_text(json.dumps([SESSION, {"name": "shop"}]))
    done = orch("import", "list.json")
    assert done.code == 1
    assert "refused" in done.out
    assert "list.json, entry 2: It has no `session_id`" in done.out
    assert "taken" in done.out


def test_nothing_there(orch: CommandLine) -> None:
    assert "There is no file or folder" in orch.refused("import", "none.json")
    assert not (orch.folder / ".orch").exists()
    assert orch("import").code == 2
