"""A text that arrived with a refused step: kept once, and gone from there once it stands in a session."""

from pathlib import Path

import pytest

from orch.storage.port import StorageError
from support.projects import Desk, planning_answer


def planned(desk: Desk) -> str:
    """The id of a session that has its planning prompt."""
    return str(desk.do("plan", request="Add user authentication")["id"])[:8]


def test_a_text_is_kept_once_and_no_longer_than_until_it_is_filed(desk: Desk) -> None:
    session = planned(desk)
    text = planning_answer(session)
    first = desk.refused("process", session="ffffffff", text=text)
    (path,) = desk.storage.list(desk.project.folder / "unfiled", ".md")
    assert desk.refused("saveAnalysis", session=session, text=text.replace("\n", "\r\n")).writes == ()
    assert first.sentence.partition("The text is kept in ")[2].startswith(f".orch/unfiled/{path.name};")
    desk.refused("answer", session="ffffffff", text=f"{text}More.\n")
    assert desk.unfiled() == {text, f"{text}More.\n"}
    desk.do("answer", session=session, text=text)
    assert desk.unfiled() == {f"{text}More.\n"}


def test_a_copy_stays_where_the_text_does_not_stand_in_the_session(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = planned(desk)
    desk.refused("process", session="ffffffff", text=planning_answer())

    def full(path: Path, text: str, *, replaces: str | None) -> None:  # noqa: ARG001 - the port's parameters
        raise StorageError("The disk is full.")

    monkeypatch.setattr(desk.storage, "write", full)
    said = desk.refused("process", session=session, text=planning_answer()).sentence
    assert said.startswith("The disk is full. The text is kept in .orch/unfiled/")
    assert desk.unfiled() == {planning_answer()}


def test_a_folder_that_cannot_be_looked_at_is_in_no_steps_way(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    session = planned(desk)
    listed = desk.storage.list

    def closed(folder: Path, suffix: str, *, deep: bool = False) -> list[Path]:
        if folder.name == "unfiled":
            raise StorageError("There is no permission.")
        return listed(folder, suffix, deep=deep)

    monkeypatch.setattr(desk.storage, "list", closed)
    desk.refused("process", session="ffffffff", text=planning_answer())
    assert desk.unfiled() == {planning_answer()}
    assert desk.do("process", session=session, text=planning_answer())["analysis"]["body"]
