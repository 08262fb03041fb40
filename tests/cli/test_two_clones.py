"""Two clones of one repository, with real git: both publish version 4 and work, then the branches are merged."""

import subprocess
from pathlib import Path
from typing import Any

import pytest

from support.command_line import CommandLine
from support.projects import planning_answer


def wording(text: str) -> str:
    """A whole orchestrator that says `text`."""
    return f'{{% extends "builtin:orchestrator" %}}\n{{% block role %}}\n{text}\n{{% endblock %}}\n'


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
        return self.orch("template", "update", "orchestrator", "--message", text, piped=wording(text))

    def rules(self) -> set[str]:
        """The rules of what `orch check` finds, hints about a session's values left out."""
        return {one["rule"] for one in self.orch("check")["findings"] if one["severity"] != "hint"}

    def merge(self, other: "Clone", branch: str, *options: str) -> None:
        """Merges another clone's branch, which must not conflict."""
        self.git("fetch", "--quiet", "--force", str(other.folder), f"{branch}:{branch}")
        self.git("merge", "--quiet", *options, "--message", "merge", branch)

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
    ada.orch("experiment", "start", "hers", "--template", "orchestrator", "--arm", "a=3", "--arm", "b=4")
    ada.commit("Ada")

    his = _session(bob, "Bob's")
    bob_published = bob.publish("Bob's wording")
    bob.orch("process", "--session", his, piped=planning_answer(his[:8]))
    bob.orch("analyze", "--session", his, "--set", "PROJECT NAME=shop")
    recorded = bob.orch("plan", "Another of Bob's")["planning"]["template"]
    bob.orch("experiment", "start", "his", "--template", "analysis", "--arm", "a=1", "--arm", "b=1")
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
    assert [one["name"] for one in ada.orch("experiment", "list")["experiments"]] == ["hers", "his"]
    assert ada.rules() == {"duplicate-version"}

    ada.orch("template", "publish", "orchestrator", "--renumber")
    ada.commit("a number of its own")
    assert ada.rules() == set()
    assert not any(one["problems"] for one in ada.orch("experiment", "list")["experiments"])
    versions = ada.orch("template", "versions", "orchestrator")["versions"]
    assert not any(one["same_number"] for one in versions)
    assert {one["version"] for one in versions} == {1, 2, 3, 4, 5}
    texts = {ada.text("template", "show", f"project:orchestrator@{number}") for number in (4, 5)}
    assert texts == {wording("Ada's wording"), wording("Bob's wording")}
    # what a session has recorded is found under the name that it recorded
    assert ada.text("template", "show", recorded) == wording("Bob's wording")


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


SAME = ("template", "update", "orchestrator", "--message")


def test_both_publish_the_same_text_under_the_same_number(clones: tuple[Clone, Clone]) -> None:
    ada, bob = clones
    text = wording("The same")
    for clone, name in ((ada, "Ada"), (bob, "Bob")):
        done = clone.orch(*SAME, f"{name} says", piped=text)
        clone.orch("plan", f"Of {name}")
        clone.commit(name)
        assert done["version"] == 4
    ada.merge(bob, "Bob")
    bob.merge(ada, "Ada")
    for clone in (ada, bob):
        (merged,) = (one for one in clone.orch("template", "versions", "orchestrator")["versions"] if one["merged"])
        assert (merged["version"], merged["problem"]) == (4, None)
        assert sorted(merged["merged"]) == ["Ada says", "Bob says"]
        assert clone.text("template", "show", "project:orchestrator@4") == text
        assert clone.text("template", "show", done["reference"]) == text
        assert "Two branches (" in clone.said("template", "versions", "orchestrator")
        assert clone.rules() == {"duplicate-version"}
        clone.orch("template", "publish", "orchestrator", "--renumber")
        clone.commit("mended")
        assert clone.rules() == set()
        (four, *_) = clone.orch("template", "versions", "orchestrator")["versions"]
        assert (four["version"], four["merged"]) == (4, [])
        assert four["message"] in merged["merged"]
    assert ada.files() == bob.files()
    ada.merge(bob, "Bob")
    assert ada.files() == bob.files()


def test_conflict_markers_where_git_has_no_union_are_read_and_mended(clones: tuple[Clone, Clone]) -> None:
    ada, bob = clones
    text = wording("The same")
    for clone, name in ((ada, "Ada"), (bob, "Bob")):
        attributes = clone.folder / ".orch/.gitattributes"
        attributes.write_text(attributes.read_text().replace(" merge=union", ""))
        done = clone.orch(*SAME, f"{name} says", piped=text)
        clone.commit(name)
    ada.git("fetch", "--quiet", str(bob.folder), "Bob:Bob")
    merged = subprocess.run(["git", "merge", "Bob"], cwd=ada.folder, capture_output=True, check=False)
    assert merged.returncode == 1
    assert ada.text("template", "show", done["reference"]) == text
    ada.orch("template", "publish", "orchestrator", "--renumber")
    ada.commit("mended")
    (four, *_) = ada.orch("template", "versions", "orchestrator")["versions"]
    assert (four["version"], four["merged"], four["problem"]) == (4, [], None)


def test_both_publish_the_same_text_with_different_parts(clones: tuple[Clone, Clone]) -> None:
    ada, bob = clones
    text = "{{ request }} {% include 'lib/tone' %}\n"
    for clone, name in ((ada, "Ada"), (bob, "Bob")):
        tone = clone.folder / ".orch/templates/lib/tone.md.j2"
        tone.parent.mkdir()
        tone.write_text(f"Speak like {name}.\n")
        recorded = clone.orch(*SAME, f"{name} says", piped=text)["reference"]
        clone.commit(name)
    ada.merge(bob, "Bob", "--strategy-option", "ours")
    assert "could be either" in ada.refused("template", "show", "project:orchestrator@4")
    assert ada.text("template", "show", recorded) == text
    assert "with different parts" in ada.said("template", "versions", "orchestrator")
    ada.orch("template", "publish", "orchestrator", "--renumber")
    ada.commit("mended")
    assert "duplicate-version" not in ada.rules()
    prompts = {
        ada.text("template", "preview", f"project:orchestrator@{number}", "--session", "sample").split()[-1]
        for number in (4, 5)
    }
    assert prompts == {"Ada.", "Bob."}


def _session_files(clone: Clone, title: str) -> set[str]:
    """The names of the session files whose title begins like this."""
    listed = clone.orch("list-sessions")["sessions"]
    own = clone.folder / ".orch"
    return {Path(one["path"]).relative_to(own).as_posix() for one in listed if one["title"].startswith(title)}
