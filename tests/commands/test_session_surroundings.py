"""What lies around a session in its project."""

from pathlib import Path

from orch.commands.project import Project
from orch.commands.session_surroundings import ProjectSurroundings, SessionIndex
from orch.text.span import Span
from support.projects import ROOT, Desk

SESSIONS = ROOT / ".orch" / "sessions"


def write(desk: Desk, name: str, text: str) -> Path:
    path = SESSIONS / name
    desk.storage.files[path] = text
    return path


def session(number: int, status: str = "planning", files: str = '"src/auth.py"') -> str:
    return (
        f'schema = 1\nid = "{number:08d}-0000"\ntitle = "Number {number}"\nstatus = "{status}"\n'
        f"[notes]\nkey_files = [{files}]\n"
    )


def around(project: Project, path: Path, index: SessionIndex | None = None) -> ProjectSurroundings:
    return ProjectSurroundings(project, index or SessionIndex(), path, "feature")


def test_other_files_with_the_same_id(desk: Desk) -> None:
    one = write(desk, "a.orch", session(1))
    two = write(desk, "b.orch", session(1, "completed"))
    write(desk, "c.orch", session(2))
    assert around(desk.project, one).same_id("00000001-0000") == [two]
    assert around(desk.project, two).same_id("00000001-0000") == [one]
    assert around(desk.project, one).same_id("nobody") == []


def test_only_open_sessions_overlap(desk: Desk) -> None:
    mine = write(desk, "a.orch", session(1))
    other = write(desk, "b.orch", session(2, files='"./src/auth.py", "src/b.py"'))
    write(desk, "c.orch", session(3, "abandoned"))
    write(desk, "d.orch", session(4, files='"src/d.py"'))
    found = around(desk.project, mine).overlapping(["src/auth.py", "src/x.py"])
    assert [(entry.path, entry.title, entry.files) for entry in found] == [(other, "Number 2", ("src/auth.py",))]


def test_files_are_read_again_only_when_they_may_have_changed(desk: Desk) -> None:
    mine = write(desk, "a.orch", session(1))
    index = SessionIndex()
    assert around(desk.project, mine, index).same_id("00000002-0000") == []
    other = write(desk, "b.orch", session(2))
    assert around(desk.project, mine, index).same_id("00000002-0000") == []
    index.forget()
    assert around(desk.project, mine, index).same_id("00000002-0000") == [other]


def test_a_status_inside_a_text_ends_no_session(desk: Desk) -> None:
    odd = "note = '''\nid = \"other\"\nstatus = \"completed\"\n'''\nid = '00000007-0000'\nstatus = 'planning'\n"
    mine = write(desk, "a.orch", session(1))
    path = write(desk, "b.orch", odd)
    assert around(desk.project, mine).same_id("00000007-0000") == [path]
    assert around(desk.project, mine).same_id("other") == []


def test_files_that_are_there(desk: Desk) -> None:
    mine = write(desk, "a.orch", session(1))
    desk.storage.files[ROOT / "src" / "auth.py"] = ""
    here = around(desk.project, mine)
    assert here.missing_files(["src/auth.py", "./src/auth.py", "src/auth.py:12", "src/*.py", "gone.py"]) == [
        "gone.py"
    ]
    assert here.key_file("src/auth.py:3-9") == ROOT / "src" / "auth.py"
    for outside in (ROOT.parent / "passwd", ROOT / ".." / "passwd"):
        desk.storage.files[outside] = ""
        assert here.key_file(str(outside)) is None
    assert here.kept_file("00000000") is None


def test_templates(desk: Desk) -> None:
    here = around(desk.project, write(desk, "a.orch", session(1)))
    assert here.template_problem("builtin:orchestrator") is None
    problem = here.template_problem("builtin:orchestratr")
    assert problem is not None
    assert "orchestrator" in problem
    assert here.template_problem("no@such@thing") is not None
    assert isinstance(here.template_path("analysis"), Path)
    assert "builtin:orchestrator" in dict(here.templates())
    desk.storage.files[ROOT / ".orch" / "config.toml"] = '[feature_types]\nspike = "Finding out"\n'
    assert ("spike", "Finding out") in here.feature_types()


def test_mentions(desk: Desk) -> None:
    mine = write(desk, "a.orch", session(1))
    other = write(desk, "b.orch", session(2))
    start = session(2).index("src/auth.py")
    assert around(desk.project, mine).mentions("src/auth.py") == [(other, Span(start, start + 11))]
