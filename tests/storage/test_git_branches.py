"""The files of other branches, out of real repositories."""

import subprocess
from pathlib import Path

import pytest

from orch.storage import git
from orch.storage.git_branches import branch_files

FOLDER = ".orch/sessions"


def run_git(folder: Path, *words: str) -> None:
    subprocess.run(["git", "-C", str(folder), *words], check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with one commit, away from the configuration of whoever runs the tests."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", "/dev/null")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    git._program.cache_clear()
    folder = tmp_path / "shop"
    folder.mkdir()
    run_git(folder, "init", "-q", "-b", "main")
    run_git(folder, "config", "user.name", "Ada")
    run_git(folder, "config", "user.email", "ada@example.org")
    commit(folder, "one.orch", b"one")
    return folder


def commit(folder: Path, name: str, data: bytes) -> None:
    path = folder / FOLDER / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    run_git(folder, "add", "-A")
    run_git(folder, "commit", "-q", "-m", name)


def found(folder: Path) -> tuple[int, set[tuple[str, str]]]:
    files = branch_files(folder, FOLDER, ".orch")
    assert files is not None
    return files[0], {(file.path, file.text) for file in files[1]}


def test_every_different_text_of_every_branch_once(repository: Path) -> None:
    run_git(repository, "checkout", "-q", "-b", "side")
    commit(repository, "one.orch", b"one more")
    commit(repository, "two é.orch", b"two\n\nlines\n")
    commit(repository, "note.txt", b"no session")
    run_git(repository, "checkout", "-q", "main")
    assert found(repository) == (
        2,
        {
            (f"{FOLDER}/one.orch", "one"),
            (f"{FOLDER}/one.orch", "one more"),
            (f"{FOLDER}/two é.orch", "two\n\nlines\n"),
        },
    )


def test_branches_of_other_clones_and_head_is_no_branch(repository: Path, tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    run_git(tmp_path, "clone", "-q", str(repository), str(clone))
    commit(repository, "later.orch", b"later")
    run_git(clone, "fetch", "-q")
    number, texts = found(clone)
    assert number == 2
    assert {text for _, text in texts} == {"one", "later"}


def test_what_is_no_text_or_no_ordinary_file_is_passed_over(repository: Path) -> None:
    (repository / FOLDER / "link.orch").symlink_to("one.orch")
    commit(repository, "binary.orch", b"\xff\xfe\0")
    assert {text for _, text in found(repository)[1]} == {"one"}


def test_a_project_below_the_root_of_its_repository(repository: Path) -> None:
    inner = repository / "inner"
    commit(inner, "deep.orch", b"deep")
    assert found(inner)[1] == {(f"{FOLDER}/deep.orch", "deep")}


def test_without_commits_and_without_git(tmp_path: Path, repository: Path) -> None:
    assert branch_files(tmp_path, FOLDER, ".orch") is None
    empty = tmp_path / "empty"
    empty.mkdir()
    run_git(empty, "init", "-q")
    assert found(empty) == (0, set())
    assert found(repository)[0] == 1
