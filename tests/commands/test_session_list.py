"""The list of sessions: the same from the ends of a file as from the whole, and fresh whatever changes on disk."""

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from orch.commands.list_sessions import ListParams, list_sessions
from orch.commands.outcome import Outcome, Refusal
from orch.commands.project import Project
from orch.commands.session_files import SessionFile, find
from orch.commands.session_list import HEAD_SIZE, TAIL_SIZE, _ended, _from_whole, last_step, listed_sessions
from orch.storage.disk import DiskStorage
from orch.storage.overlay import OverlayStorage
from support.projects import Desk, planning_answer

SESSION = """\
schema = 1
id = "8f14e45f-ceea-467f-a8d2-6f0c1b7a9e21"
title = "Add a page"
status = "completed"
feature_type = "feature"
project = "shop"
created = 2026-11-21T02:10:00Z

[request]
text = '''
Add a page, please.
'''

[outcome]
result = "success"
rating = 4
comment = '''
Fine.
'''

[notes]
complexity = "medium"
key_files = ["src/a.py"]
text = '''
Complexity: medium
'''

[[notes.risks]]
risk = "Breaks"

[planning]
template = "builtin:orchestrator@1-5d41402a"
experiment = "tone"
arm = "b"
response = '''
[[history]]
at = 2001-01-01T00:00:00Z
'''

[[history]]
at = 2026-11-21T02:10:00Z
step = "plan"

[[history]]
at = 2026-11-22T02:10:00+00:00
step = "process"

[[history]]
at = 2026-11-23T02:10:00Z
step = "complete"
by = "Ada"
kept = ["planning.response:9c1185a5"]
"""
RUN = """\
[[executions]]
step = "plan"
runner = "local"
model = "owl"
started = 2026-11-21T02:10:30Z
seconds = 41.2
status = "ok"
prompt_chars = 4597
answer_chars = 6012
input_tokens = 1200
output_tokens = 1500

"""
RUNS = SESSION.replace("\n[[history]]\nat = 2026", f"\n{RUN}{RUN}[[history]]\nat = 2026", 1)
VARIANTS = {
    "as it is": SESSION,
    "runs": RUNS,
    "runs that tell less": RUNS.replace("input_tokens = 1200\n", "").replace('model = "owl"\n', ""),
    "runs that tell nothing": RUNS.replace("seconds = 41.2\n", "").replace("input_tokens = 1200\n", ""),
    "many runs": RUNS.replace(RUN, RUN * 40),
    "runs behind values": RUNS.replace(
        "\n[[executions]]", '\n[implementation.values]\n"PROJECT NAME" = "shop"\n\n[[executions]]', 1
    ),
    "runs in another form": RUNS.replace("seconds = 41.2", "seconds = 41.2 # long"),
    "runs with a key more": RUNS.replace('runner = "local"', 'runner = "local"\nmine = 1'),
    "runs with long texts": RUNS.replace('runner = "local"', "runner = '''\nlocal'''"),
    "runs at the top": SESSION.replace("[request]", f"{RUN}[request]"),
    "runs behind the history": f"{SESSION}\n{RUN}",
    "runs between the history": RUNS.replace(
        "\n[[history]]\nat = 2026-11-23", f"\n{RUN}[[history]]\nat = 2026-11-23"
    ),
    "runs in a text": SESSION.replace("at = 2001-01-01T00:00:00Z\n", f"at = 2001-01-01T00:00:00Z\n\n{RUN}"),
    "a long history": RUNS.replace(
        "[[history]]\nat = 2026-11-22",
        '[[history]]\nat = 2026-11-21T02:10:00Z\nstep = "plan"\n\n' * 90 + "[[history]]\nat = 2026-11-22",
    ),
    "without a rating": SESSION.replace("rating = 4\n", ""),
    "abandoned": SESSION.replace('"completed"', '"abandoned"'),
    "open": SESSION.replace('"completed"', '"analysis"'),
    "a long request": SESSION.replace("Add a page, please.", "Please. " * HEAD_SIZE),
    "a long answer": SESSION.replace("2001-01-01T00:00:00Z", "x\n" * HEAD_SIZE),
    "no outcome": SESSION.replace("[outcome]", "[request.more]"),
    "the outcome at the end": SESSION.replace('[outcome]\nresult = "success"\nrating = 4\ncomment', "[x]\ncomment")
    + '\n[outcome]\nresult = "failure"\n',
    "a text behind the history": SESSION
    + "\n[implementation]\nresult = '''\n[[history]]\nat = 2001-01-01T00:00:00Z\n'''\n",
    "no history": SESSION.partition("[[history]]\nat = 2026")[0],
    "no notes": SESSION.replace("[notes]", "[noted]").replace("[[notes.risks]]", "[[noted.risks]]"),
    "no planning": SESSION.replace("[planning]", "[planned]"),
    "comments": SESSION.replace("schema = 1", "# mine\nschema = 1 # the first").replace("[notes]", "[notes] # all"),
    "quotes": SESSION.replace('"Add a page"', '"Add \\"a\\" page"').replace('"shop"', "'shop'"),
    "a local time": SESSION.replace("created = 2026-11-21T02:10:00Z", "created = 2026-11-21T02:10:00"),
    "CRLF": SESSION.replace("\n", "\r\n"),
    "inline": SESSION.replace('[outcome]\nresult = "success"\nrating = 4\n', "[outcome]\nresult = 5\n"),
    "no title": SESSION.replace('title = "Add a page"\n', ""),
    "a wrong type": SESSION.replace('project = "shop"', "project = 5"),
    "no schema": SESSION.replace("schema = 1\n", ""),
    "a newer schema": SESSION.replace("schema = 1", "schema = 2"),
    "an unknown key": SESSION.replace('status = "completed"', 'status = "completed"\nmine = [1, 2]'),
    "a key more in planning": SESSION.replace('arm = "b"', 'arm = "b"\nmine = "x"'),
    "broken": SESSION.replace('by = "Ada"', "by = Ada").replace('"completed"', '"analysis"'),
    "merge markers": SESSION.replace('status = "completed"', '<<<<<<< ours\nstatus = "completed"'),
}


@pytest.mark.parametrize("text", VARIANTS.values(), ids=VARIANTS)
def test_the_ends_of_a_file_tell_what_the_whole_tells(text: str) -> None:
    path = Path("/x.orch")
    quick = _ended(path, text[:HEAD_SIZE], text[-TAIL_SIZE:])
    whole = _from_whole(path, text)
    assert quick is None or quick == whole


@pytest.mark.parametrize(
    "name",
    [
        "as it is", "without a rating", "a long answer", "quotes", "abandoned", "runs", "runs that tell less",
        "runs that tell nothing", "runs behind values",
    ],
)  # fmt: skip
def test_most_are_told_by_their_ends(name: str) -> None:
    text = VARIANTS[name]
    assert _ended(Path("/x.orch"), text[:HEAD_SIZE], text[-TAIL_SIZE:]) is not None


def test_an_entry_tells_what_its_runs_took() -> None:
    listed = _from_whole(Path("/x.orch"), RUNS)
    assert listed is not None
    cost = {key: listed.entry.get(key) for key in ("seconds", "input_tokens", "output_tokens")}
    assert cost == {"seconds": 82.4, "input_tokens": 2400, "output_tokens": 3000}


def test_an_entry_has_the_short_keys_of_the_contract() -> None:
    listed = _from_whole(Path("/x.orch"), SESSION)
    assert listed is not None
    assert listed.entry == {
        "id": "8f14e45f-ceea-467f-a8d2-6f0c1b7a9e21",
        "path": "/x.orch",
        "title": "Add a page",
        "status": "completed",
        "feature_type": "feature",
        "project": "shop",
        "created": "2026-11-21T02:10:00Z",
        "updated": "2026-11-23T02:10:00Z",
        "outcome": {"result": "success", "rating": 4},
        "notes": {"complexity": "medium", "key_files": ["src/a.py"]},
        "planning": {"template": "builtin:orchestrator@1-5d41402a", "experiment": "tone", "arm": "b"},
        "next": "nothing; it has ended",
    }


@pytest.mark.parametrize(("name", "words"), [("broken", "mend the file"), ("a newer schema", "newer Orch")])
def test_what_cannot_go_on_says_why(name: str, words: str) -> None:
    listed = _from_whole(Path("/x.orch"), VARIANTS[name])
    assert listed is not None
    assert words in listed.entry["next"]


@pytest.mark.parametrize(
    "tail", ["", "[[history]]\n", "\n[[history]]\nat = soon\n", "\n[[history]]\nat = 2026-13-01T00:00:00Z\n"]
)
def test_a_tail_that_does_not_tell(tail: str) -> None:
    assert last_step(tail) is None


@pytest.fixture
def disk(desk: Desk, tmp_path: Path) -> Project:
    """The desk's project with its files on a disk."""
    (tmp_path / ".orch/sessions").mkdir(parents=True)
    return replace(desk.project, root=tmp_path, storage=DiskStorage(tmp_path))


def entries(project: Project, **params: Any) -> list[dict[str, Any]]:
    done = list_sessions(project, ListParams(**params))
    assert isinstance(done, Outcome)
    return [dict(entry) for entry in done.result["sessions"]]


def put(project: Project, name: str, **changes: str) -> Path:
    text = SESSION
    for key, value in changes.items():
        text = "\n".join(f'{key} = "{value}"' if line.startswith(f"{key} =") else line for line in text.split("\n"))
    path = project.sessions / name
    path.write_text(text)
    return path


def test_changes_on_disk_are_seen(disk: Project) -> None:
    path = put(disk, "one.orch")
    put(disk, "two.orch", id="two")
    assert [entry["status"] for entry in entries(disk)] == ["completed", "completed"]
    assert listed_sessions(disk) is listed_sessions(disk)
    put(disk, "two.orch", id="two", status="planning")
    assert [entry["status"] for entry in entries(disk)] == ["planning", "completed"]
    path.unlink()
    put(disk, "three.orch", id="three")
    assert [entry["id"] for entry in entries(disk)] == ["two", "three"]


def test_a_file_of_the_same_size_and_time_is_another_one(disk: Project) -> None:
    path = put(disk, "one.orch", title="Old")
    os.utime(path, ns=(1, 1))
    assert entries(disk)[0]["title"] == "Old"
    other = put(disk, "other", title="New")
    os.utime(other, ns=(1, 1))
    other.replace(path)
    assert entries(disk)[0]["title"] == "New"


def test_the_open_ones_alone(disk: Project) -> None:
    for number, status in enumerate(("planning", "completed", "analysis", "abandoned", "nonsense")):
        put(disk, f"{number}.orch", id=str(number), status=status)
    (disk.sessions / "5.orch").write_text(SESSION.replace("schema = 1\n", "# moved\n") + "schema = 1\n")
    cold = entries(disk, status="open")
    assert [entry["id"] for entry in cold] == ["4", "2", "0"]
    entries(disk)
    assert entries(disk, status="open") == cold


def test_files_that_are_no_sessions_are_passed_over(disk: Project) -> None:
    put(disk, "one.orch")
    (disk.sessions / "binary.orch").write_bytes(b"\xff\xfe\x00")
    (disk.sessions / "empty.orch").write_text("")
    (disk.sessions / "folder.orch").mkdir()
    (disk.sessions / "gone.orch").symlink_to("nowhere")
    (disk.sessions / "out.orch").symlink_to(__file__)
    assert len(entries(disk)) == 1


def test_what_is_open_in_the_editor_goes_before_the_disk(disk: Project) -> None:
    path = put(disk, "one.orch")
    overlay = OverlayStorage(disk.storage)
    project = replace(disk, storage=overlay)
    assert entries(project)[0]["title"] == "Add a page"
    overlay.open(path, SESSION.replace("Add a page", "Typed"))
    overlay.open(disk.sessions / "new.orch", SESSION.replace("8f14e45f", "ffffffff"))
    assert [entry["title"] for entry in entries(project)] == ["Typed", "Add a page"]
    overlay.open(path, SESSION.replace("Add a page", "Again"))
    assert "Again" in [entry["title"] for entry in entries(project)]
    overlay.close(path)
    overlay.close(disk.sessions / "new.orch")
    assert [entry["title"] for entry in entries(project)] == ["Add a page"]


def test_what_is_looked_for_in_requests(disk: Project) -> None:
    put(disk, "one.orch")
    assert len(entries(disk, query="PLEASE")) == 1
    assert len(entries(disk, query="2001-01-01")) == 0, "the answer is not the request"


def named(project: Project, reference: str) -> str:
    found = find(project, reference)
    assert isinstance(found, SessionFile), found
    return found.path.name


def refused(project: Project, reference: str) -> str:
    found = find(project, reference)
    assert isinstance(found, Refusal)
    return found.sentence


def test_sessions_are_found_by_the_names_of_their_files_and_without(disk: Project) -> None:
    put(disk, "2026-11-21-add-8f14e45f.orch")
    put(disk, "renamed.orch", id="aaaa0000-0000-4000-8000-000000000000")
    put(disk, "2026-11-21-lies-bbbb0000.orch", id="cccc0000-0000-4000-8000-000000000000")
    assert named(disk, "8f14e45f") == named(disk, "8f14") == named(disk, "8") == "2026-11-21-add-8f14e45f.orch"
    assert named(disk, "8F14E45F-CEEA-467F-a8d2-6f0c1b7a9e21") == "2026-11-21-add-8f14e45f.orch"
    assert named(disk, "aaaa0000") == "renamed.orch"
    assert named(disk, "cccc0000-0000") == "2026-11-21-lies-bbbb0000.orch"
    assert "no session" in refused(disk, "bbbb0000")
    put(disk, "copy.orch")
    assert "Two files have the session id" in refused(disk, "8f14e45f-ceea-467f-a8d2-6f0c1b7a9e21")
    assert "2 sessions begin with" in refused(disk, "8f14")


def test_a_list_and_a_show_agree(desk: Desk) -> None:
    session = desk.do("plan", request="Add a page")["id"]
    desk.do("process", session=session, text=planning_answer())
    (listed,) = desk.do("list")["sessions"]
    shown = desk.do("show", session=session)
    for key in ("id", "title", "status", "created", "updated", "project", "feature_type", "path"):
        assert listed[key] == shown[key]
    assert listed["next"] == desk.do("standing", session=session)["next"]
