"""Finding the project and asking git, with git and without."""

import subprocess
from pathlib import Path

import pytest

from orch.storage import git
from orch.storage.git import git_commit, git_files, git_root, git_user
from orch.storage.locate import builtin_templates, find_project, new_project, user_config


def run_git(folder: Path, *words: str) -> str:
    done = subprocess.run(["git", "-C", str(folder), *words], check=True, capture_output=True, text=True)
    return done.stdout.strip()


@pytest.fixture(autouse=True)
def _alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Away from the configuration of whoever runs the tests."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", "/dev/null")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    git._program.cache_clear()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    folder.mkdir()
    run_git(folder, "init", "-q", "-b", "main")
    run_git(folder, "config", "user.name", "Ada")
    run_git(folder, "config", "user.email", "ada@example.org")
    return folder


def test_user_and_commit(repository: Path) -> None:
    assert git_user(repository) == "Ada"
    assert git_commit(repository) is None
    (repository / "a").write_text("x")
    run_git(repository, "add", "a")
    run_git(repository, "commit", "-q", "-m", "one")
    commit = git_commit(repository)
    assert commit
    assert len(commit) == 7
    assert run_git(repository, "rev-parse", "HEAD").startswith(commit)


def test_a_hooks_environment_does_not_lead_elsewhere(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    run_git(other, "init", "-q")
    run_git(other, "config", "user.name", "Eve")
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    assert git_user(repository) == "Ada"


def test_without_a_repository(tmp_path: Path) -> None:
    assert git_user(tmp_path) is None
    assert git_commit(tmp_path) is None
    assert git_files(tmp_path, 10) is None


def test_without_git(repository: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    git._program.cache_clear()
    assert git_user(repository) is None
    assert git_commit(repository) is None
    assert git_files(repository, 10) is None
    assert git_root(repository / "deep") == repository


def test_a_git_that_lies_in_the_project_is_not_run(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (repository / "git").write_text("#!/bin/sh\ntouch ran\n")
    (repository / "git").chmod(0o755)
    monkeypatch.setenv("PATH", str(repository))
    git._program.cache_clear()
    assert git_user(repository) is None
    assert not (repository / "ran").exists()


def test_a_git_that_never_answers_is_given_up(
    tmp_path: Path, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/git").write_text("#!/bin/sh\nexec sleep 60\n")
    (tmp_path / "bin/git").chmod(0o755)
    monkeypatch.setattr(git, "_TIME_LIMIT", 0.05)
    monkeypatch.setattr(git, "_FILES_TIME_LIMIT", 0.05)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    git._program.cache_clear()
    assert git_user(repository) is None
    assert git_files(repository, 10) is None


def test_the_repositorys_own_file_monitor_is_not_run(repository: Path) -> None:
    run_git(repository, "config", "core.fsmonitor", f"touch {repository}/ran; false")
    (repository / "a").touch()
    assert git_files(repository, 10) == (["a"], True)
    assert not (repository / "ran").exists()


def test_files_are_those_that_git_knows_or_would_add(repository: Path) -> None:
    for name in ("a.py", "ä b.py", "ignored.log", "sub/c.py"):
        (repository / name).parent.mkdir(exist_ok=True)
        (repository / name).touch()
    (repository / ".gitignore").write_text("*.log\n")
    run_git(repository, "add", "a.py")
    found = git_files(repository, 10)
    assert found
    assert (sorted(found[0]), found[1]) == ([".gitignore", "a.py", "sub/c.py", "ä b.py"], True)
    assert git_files(repository / "sub", 10) == (["c.py"], True)
    few = git_files(repository, 2)
    assert few
    assert (len(few[0]), few[1]) == (2, False)


def test_the_project_is_looked_for_upwards(tmp_path: Path) -> None:
    root = tmp_path / "shop"
    (root / ".orch/sessions").mkdir(parents=True)
    (root / "src/deep").mkdir(parents=True)
    for start in (root, root / "src/deep", root / "src/missing.py", root / ".orch/sessions/a.orch", root / ".orch"):
        assert find_project(start) == root
    assert find_project(tmp_path) is None


def test_a_file_called_orch_is_no_project(tmp_path: Path) -> None:
    (tmp_path / ".orch").touch()
    assert find_project(tmp_path) is None


def test_a_new_project_begins_at_the_repository(repository: Path, tmp_path: Path) -> None:
    (repository / "src").mkdir()
    (tmp_path / "plain").mkdir()
    assert new_project(repository / "src") == repository
    assert new_project(tmp_path / "plain") == tmp_path / "plain"
    (repository / "src/.orch").mkdir()
    assert new_project(repository / "src") == repository / "src"


def test_the_users_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORCH_CONFIG_HOME", str(tmp_path))
    assert user_config() == tmp_path
    monkeypatch.setenv("ORCH_CONFIG_HOME", "")
    assert user_config().name == "orch"


def test_the_built_in_templates_are_beside_the_package() -> None:
    assert builtin_templates().name in ("templates", "builtin_templates")
    assert builtin_templates().is_absolute()
