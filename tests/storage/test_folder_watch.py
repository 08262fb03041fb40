"""Changes below folders are seen by the times of the folders."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from orch.storage.folder_watch import FEW, FolderWatch


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    _tick(path)


def _tick(path: Path) -> None:
    """The next change is at another time, however coarse the clock of the disk is."""
    for touched in (path, path.parent):
        if touched.exists():
            now = touched.stat().st_mtime_ns
            os.utime(touched, ns=(now + 10_000_000, now + 10_000_000))


@pytest.fixture
def own(tmp_path: Path) -> Path:
    write(tmp_path / ".orch/config.toml", "")
    write(tmp_path / ".orch/templates/lib/a.md.j2", "a")
    write(tmp_path / ".orch/versions/orchestrator/0001-aaaaaaaa.toml", "x")
    write(tmp_path / ".orch/sessions/a.orch", "x")
    return tmp_path / ".orch"


def _removed(own: Path) -> None:
    (own / "templates/lib/a.md.j2").unlink()
    _tick(own / "templates/lib/a.md.j2")


@pytest.mark.parametrize(
    "change",
    [
        lambda own: write(own / "config.toml", "y"),
        lambda own: write(own / "templates/lib/a.md.j2", "b"),
        lambda own: write(own / "templates/lib/b.md.j2", "b"),
        lambda own: write(own / "versions/orchestrator/0002-bbbbbbbb.toml", "b"),
        lambda own: write(own / "versions/bugfix/analysis/0001-bbbbbbbb.toml", "b"),
        lambda own: write(own / "sessions/b.orch", "b"),
        _removed,
    ],
)
def test_a_change_is_seen_once(own: Path, change: Callable[[Path], None]) -> None:
    watch = FolderWatch()
    assert watch.changed([own])
    assert not watch.changed([own])
    change(own)
    assert watch.changed([own])
    assert not watch.changed([own])


def test_a_folder_that_comes_and_goes(tmp_path: Path) -> None:
    watch, own = FolderWatch(), tmp_path / ".orch"
    watch.changed([own])
    write(own / "config.toml", "")
    assert watch.changed([own])
    own.rename(tmp_path / "away")
    assert watch.changed([own])
    assert not watch.changed([own])


def test_of_many_files_only_the_folder_counts(own: Path) -> None:
    for number in range(FEW + 1):
        (own / f"sessions/{number}.orch").write_text("x")
    watch = FolderWatch()
    watch.changed([own])
    (own / "sessions/a.orch").write_text("other")
    assert not watch.changed([own])
    write(own / "sessions/new.orch", "x")
    assert watch.changed([own])


def test_links_are_not_followed(own: Path, tmp_path: Path) -> None:
    write(tmp_path / "other/x.md.j2", "x")
    (own / "templates/link").symlink_to(tmp_path / "other", target_is_directory=True)
    watch = FolderWatch()
    watch.changed([own])
    write(tmp_path / "other/x.md.j2", "y")
    assert not watch.changed([own])
