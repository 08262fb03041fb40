"""Two clones of one repository, with real git: both publish version 4 and work, then the branches are merged."""

import subprocess
from pathlib import Path
from typing import Any

import pytest

from support.command_line import CommandLine
from support.projects import planning_answer


class Clone:
    """One person's clone: `orch` and `git` in it."""

    def __init__(self, folder: Path, orch: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self._orch = orch
        self._patch = monkeypatch

    def orch(self, *argv: str, piped: str | None = None) -> Any:
        """The JSON of a command that must not be refused."""
        return self._ran(*argv, "--json", piped=piped).json

    def said(self, *argv: str) -> str:
        """What a command says to the person."""
        return str(self._ran(*argv).err)

    def text(self, *argv: str) -> str:
        """What a command writes to standard output."""
        return str(self._ran(*argv).out)

    def refused(self, *argv: str) -> str:
        """Why a command is refused."""
        self._patch.chdir(self.folder)
        return self._orch.refused(*argv)

    def git(self, *argv: str) -> str:
        """What git says; it must not fail."""
        done = subprocess.run(["git", *argv], cwd=self.folder, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done
        return done.stdout

    def commit(self, message: str) -> None:
        """Commits everything."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", message)

    def publish(self, text: str) -> Any:
        """Publishes a text of the project's orchestrator."""
        return self.orch(
            "template", "update", "orchestrator", "--message", text, piped=f"{text} {{{{ request }}}}\n"
        )

    def files(self) -> dict[str, bytes]:
        """All files of the project's `.orch`, by name."""
        own = self.folder / ".orch"
        return {
            path.relative_to(own).as_posix(): path.read_bytes()
            for path in own.rglob("*")
            if path.is_file() and path.name != ".lock"
        }

    def _ran(self, *argv: str, piped: str | None = None) -> Any:
        self._patch.chdir(self.folder)
        return self._orch.do(*argv, piped=piped)


@pytest.fixture
def clones(folder: Path, orch: CommandLine, monkeypatch: pytest.MonkeyPatch) -> tuple[Clone, Clone]:
    """Ada's and Bob's clones of a project with three versions of its orchestrator and a session of each."""
    origin = Clone(folder, orch, monkeypatch)
    origin.git("init", "--quiet", "--initial-branch", "main")
    _sign(origin, "Ada")
    origin.orch("template", "add", "orchestrator", "--from", "builtin:orchestrator")
    for number in (1, 2, 3):
        assert origin.publish(f"version {number}")["version"] == number
    origin.orch("plan", "Ada's feature")
    origin.orch("plan", "Bob's feature")
    origin.commit("start")
    made: list[Clone] = []
    for name in ("Ada", "Bob"):
        there = folder.parent / name
        subprocess.run(["git", "clone", "--quiet", str(folder), str(there)], check=True)
        clone = Clone(there, orch, monkeypatch)
        _sign(clone, name)
        clone.git("switch", "--quiet", "--create", name)
        made.append(clone)
    return made[0], made[1]


def _sign(clone: Clone, name: str) -> None:
    clone.git("config", "user.name", name)
    clone.git("config", "user.email", f"{name}@example.invalid")


def _session(clone: Clone, title: str) -> str:
    listed = clone.orch("list-sessions")["sessions"]
    return str(next(one["id"] for one in listed if one["title"].startswith(title)))


def test_both_publish_version_4_and_work_and_nothing_is_lost(clones: tuple[Clone, Clone]) -> None:
    ada, bob = clones
    hers = _session(ada, "Ada's")
    ada_published = ada.publish("Ada's wording")
    ada.orch("process", "--session", hers, piped=planning_answer(hers[:8]))
    ada.orch("plan", "Another of Ada's")
    ada.commit("Ada")

    his = _session(bob, "Bob's")
    bob_published = bob.publish("Bob's wording")
    bob.orch("process", "--session", his, piped=planning_answer(his[:8]))
    bob.orch("analyze", "--session", his, "--set", "PROJECT NAME=shop")
    recorded = bob.orch("plan", "Another of Bob's")["planning"]["template"]
    bob.commit("Bob")
    assert (ada_published["version"], bob_published["version"]) == (4, 4)
    assert recorded == bob_published["reference"]

    before = {**ada.files(), **bob.files()}
    ada.git("fetch", "--quiet", str(bob.folder), "Bob:Bob")
    # the working copy is a person's own text, which both have edited: that is for a person to settle
    ada.git("merge", "--quiet", "--strategy-option", "ours", "--message", "merge", "Bob")
    after = ada.files()
    assert set(after) == set(before)
    changed = {name for name in after if after[name] != before[name]}
    assert changed <= {"templates/orchestrator.md.j2", *_session_files(ada, "Ada's")}
    assert not any(b"<<<<<<<" in text for text in after.values())

    listed = ada.orch("list-sessions")["sessions"]
    assert len(listed) == 4
    assert {one["title"]: one["status"] for one in listed if one["id"] in (hers, his)} == {
        "Ada's feature": "planning",
        "Bob's feature": "analysis",
    }
    versions = ada.orch("template", "versions", "orchestrator")["versions"]
    fours = [one for one in versions if one["version"] == 4]
    assert {one["message"] for one in fours} == {"Ada's wording", "Bob's wording"}
    assert {one["author"] for one in fours} == {"Ada", "Bob"}
    assert all(one["same_number"] for one in fours)
    assert "--renumber" in ada.said("template", "versions", "orchestrator")
    assert "could be" in ada.refused("template", "rollback", "orchestrator", "--to", "4")

    ada.orch("template", "publish", "orchestrator", "--renumber")
    ada.commit("a number of its own")
    versions = ada.orch("template", "versions", "orchestrator")["versions"]
    assert not any(one["same_number"] for one in versions)
    assert {one["version"] for one in versions} == {1, 2, 3, 4, 5}
    texts = {ada.text("template", "show", f"project:orchestrator@{number}") for number in (4, 5)}
    assert texts == {"Ada's wording {{ request }}\n", "Bob's wording {{ request }}\n"}
    # what a session has recorded is found under the name that it recorded
    assert ada.text("template", "show", recorded) == "Bob's wording {{ request }}\n"


def test_both_mend_it_by_themselves_and_merge_again(clones: tuple[Clone, Clone]) -> None:
    ada, bob = clones
    ada.publish("Ada's wording")
    ada.commit("Ada")
    bob.publish("Bob's wording")
    bob.commit("Bob")
    ada.git("fetch", "--quiet", str(bob.folder), "Bob:Bob")
    bob.git("fetch", "--quiet", str(ada.folder), "Ada:Ada")
    ada.git("merge", "--quiet", "--strategy-option", "ours", "--message", "merge", "Bob")
    bob.git("merge", "--quiet", "--strategy-option", "theirs", "--message", "merge", "Ada")
    for clone in (ada, bob):
        clone.orch("template", "publish", "orchestrator", "--renumber")
        clone.commit("mended")
    assert ada.files() == bob.files()
    ada.git("fetch", "--quiet", "--force", str(bob.folder), "Bob:Bob")
    ada.git("merge", "--quiet", "--message", "merge again", "Bob")
    assert ada.files() == bob.files()


def _session_files(clone: Clone, title: str) -> set[str]:
    """The names of the session files whose title begins like this."""
    listed = clone.orch("list-sessions")["sessions"]
    own = clone.folder / ".orch"
    return {Path(one["path"]).relative_to(own).as_posix() for one in listed if one["title"].startswith(title)}
