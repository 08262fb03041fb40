"""orch import: files, lists and folders; twice; and what went on meanwhile."""

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from support.projects import Desk

ID = "8f14e45f-ceea-467f-a8d2-6f0c1b7a9e21"


def old(number: int = 0, **changes: Any) -> dict[str, Any]:
    return {
        "session_id": f"{number:08x}-ceea-467f-a8d2-6f0c1b7a9e21",
        "feature_request": f"Add page {number}",
        "status": "planning",
        "orchestrator_template": "Plan it.",
        "analysis_template": "Analyse it.",
        "implementation_template": "Build it.",
        "created_at": "2024-05-01T08:00:00Z",
        "updated_at": "2024-05-02T08:00:00Z",
        **changes,
    }


def written(folder: Path, name: str, value: Any) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value), "utf-8")
    return path


def test_a_file_with_one_session(desk: Desk, tmp_path: Path) -> None:
    path = written(tmp_path, "one.json", old(1))
    done = desk.do("import", path=str(path))
    (taken,) = done["taken"]
    assert (taken["title"], taken["status"], taken["aside"], taken["from"]) == (
        "Add page 1",
        "planning",
        [],
        str(path),
    )
    assert Path(taken["path"]).name == "2024-05-01-add-page-1-00000001.orch"
    assert desk.said == ["1 session taken, 0 here already, 0 not taken."]
    session = desk.do("show", session="00000001")
    assert session["updated"] == "2024-05-02T08:00:00Z"
    assert session["history"][0]["by"] == "Ada"
    assert desk.do("standing", session="00000001")["next"] == "start the analysis"
    assert desk.do("analyze", session="00000001")["prompt"]


def test_importing_twice_changes_nothing(desk: Desk, tmp_path: Path) -> None:
    path = written(tmp_path, "list.json", [old(number) for number in range(5)])
    assert len(desk.do("import", path=str(path))["taken"]) == 5
    before = dict(desk.storage.files)
    again = desk.do("import", path=str(path))
    assert (again["taken"], len(again["known"]), again["refused"]) == ([], 5, [])
    assert desk.storage.files == before


def test_a_session_that_went_on_is_left_alone(desk: Desk, tmp_path: Path) -> None:
    path = written(tmp_path, "one.json", old(1))
    desk.do("import", path=str(path))
    desk.do("analyze", session="00000001")
    desk.do("saveAnalysis", session="00000001", text="Mine.")
    before = dict(desk.storage.files)
    written(tmp_path, "one.json", old(1, updated_at="2030-01-01", analysis_results="Theirs."))
    assert desk.do("import", path=str(path))["known"][0]["id"].startswith("00000001")
    assert desk.storage.files == before


def test_a_folder_at_any_depth(desk: Desk, tmp_path: Path) -> None:
    sessions = tmp_path / "orchestrator_workspace/sessions"
    written(sessions, "a.json", old(1))
    written(sessions, "deep/b.json", {"sessions": [old(2), old(3)]})
    written(sessions, "package.json", {"name": "shop"})
    (sessions / "broken.json").write_text('{"session_id": \n oops}')
    (sessions / "binary.json").write_bytes(b"\xff\x00")
    (sessions / "empty.json").write_text("")
    (sessions / "note.txt").write_text("no session")
    done = desk.do("import", path=str(tmp_path / "orchestrator_workspace"))
    assert len(done["taken"]) == 3
    reasons = {Path(one["from"]).name: one["reason"] for one in done["refused"]}
    assert set(reasons) == {"package.json", "broken.json", "binary.json", "empty.json"}
    assert "line 2, column 2" in reasons["broken.json"]
    assert "UTF-8" in reasons["binary.json"]
    assert "session_id" in reasons["package.json"]


def test_an_entry_that_cannot_be_taken_keeps_no_other_from_being_taken(desk: Desk, tmp_path: Path) -> None:
    path = written(tmp_path, "list.json", [old(1), None, {}, old(2), 5])
    done = desk.do("import", path=str(path))
    assert len(done["taken"]) == 2
    assert [one["from"] for one in done["refused"]] == [f"{path}, entry {number}" for number in (2, 3, 5)]


def test_of_two_with_one_id_the_newer_counts(desk: Desk, tmp_path: Path) -> None:
    path = written(
        tmp_path, "list.json", [old(1, updated_at="2024-06-01"), old(1, feature_request="Older"), old(2), old(2)]
    )
    done = desk.do("import", path=str(path))
    assert [one["title"] for one in done["taken"]] == ["Add page 1", "Add page 2"]
    (refused,) = done["refused"]
    assert refused["from"] == f"{path}, entry 2"
    assert f"{path}, entry 1, which is newer" in refused["reason"]


def test_ids_that_begin_alike_get_files_of_their_own(desk: Desk, tmp_path: Path) -> None:
    one, two = (old(1, session_id=f"{ID[:24]}{number:012x}") for number in range(2))
    done = desk.do("import", path=str(written(tmp_path, "list.json", [one, two])))
    names = {Path(entry["path"]).name for entry in done["taken"]}
    assert len(names) == 2


def test_unknown_keys_are_told_and_kept(desk: Desk, tmp_path: Path) -> None:
    path = written(tmp_path, "one.json", old(1, tags=["a"], status="stuck"))
    (taken,) = desk.do("import", path=str(path))["taken"]
    assert len(taken["aside"]) == 2
    assert tomllib.loads(desk.storage.files[Path(taken["path"])])["imported"] == {"status": "stuck", "tags": ["a"]}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_files_that_windows_wrote(desk: Desk, tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "one.json"
    path.write_bytes(json.dumps(old(1, feature_request="Größe"), ensure_ascii=False).encode(encoding))
    assert desk.do("import", path=str(path))["taken"][0]["title"] == "Größe"


def test_there_is_nothing_to_import(desk: Desk, tmp_path: Path) -> None:
    assert "no file or folder" in desk.refused("import", path=str(tmp_path / "none")).sentence
    assert "no JSON file" in desk.refused("import", path=str(tmp_path)).sentence


def test_a_text_nested_without_end(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "deep.json"
    path.write_text("[" * 100_000)
    assert "nested too deeply" in desk.do("import", path=str(path))["refused"][0]["reason"]
