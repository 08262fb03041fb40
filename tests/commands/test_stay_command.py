"""stay: the session says that its prompt is to stay, and can be read as before."""

import tomllib
from pathlib import Path

import pytest

from support.projects import Desk


def planned(desk: Desk) -> tuple[str, Path]:
    done = desk.do("plan", request="Add a bell")
    return done["id"], Path(done["path"])


def test_the_reference_gets_a_comment_once(desk: Desk) -> None:
    session, path = planned(desk)
    before = tomllib.loads(desk.storage.files[path])
    assert desk.do("stay", session=session)["id"] == session
    (line,) = [line for line in desk.storage.files[path].splitlines() if line.startswith("template = ")]
    assert line.endswith('" # orch: ignore[newer-template]')
    assert tomllib.loads(desk.storage.files[path]) == before
    text = desk.storage.files[path]
    desk.do("stay", session=session, phase="planning")
    assert desk.storage.files[path] == text


def test_a_comment_that_stands_there_stays(desk: Desk) -> None:
    session, path = planned(desk)
    lines = desk.storage.files[path].splitlines(keepends=True)
    (at,) = [number for number, line in enumerate(lines) if line.startswith("template = ")]
    lines[at] = lines[at].rstrip("\n") + " # mine\n"
    desk.storage.files[path] = "".join(lines)
    desk.do("stay", session=session)
    after = desk.storage.files[path].splitlines(keepends=True)
    assert after == [*lines[:at], "# orch: ignore[newer-template]\n", *lines[at:]]
    desk.do("stay", session=session)
    assert desk.storage.files[path].splitlines(keepends=True) == after


def test_it_lasts_when_the_prompt_is_made_anew(desk: Desk) -> None:
    session, path = planned(desk)
    desk.do("stay", session=session)
    desk.do("plan", session=session)
    assert "# orch: ignore[newer-template]" in desk.storage.files[path]


@pytest.mark.parametrize("phase", ["analysis", "nope"])
def test_a_phase_without_a_template_is_refused(desk: Desk, phase: str) -> None:
    session, path = planned(desk)
    before = desk.storage.files[path]
    assert "no template" in desk.refused("stay", session=session, phase=phase).sentence
    assert desk.storage.files[path] == before


def test_an_inline_table_is_left_to_the_person(desk: Desk) -> None:
    _, path = planned(desk)
    reference = tomllib.loads(desk.storage.files[path])["planning"]["template"]
    desk.storage.files[path] = (
        f'id = "x1"\nstatus = "planning"\nplanning = {{ template = "{reference}", prompt = "p" }}\n'
    )
    desk.do("stay", session=str(path))
    assert desk.storage.files[path].startswith(
        'id = "x1"\nstatus = "planning"\n# orch: ignore[newer-template]\nplanning'
    )
