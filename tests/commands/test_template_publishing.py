"""The commands that number versions, compare them and go back to them."""

import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from orch.commands.outcome import Outcome
from orch.commands.registry import command, run
from orch.storage.port import StorageError
from support.projects import Desk
from support.template_commands import EXTENDS, OWN, TEMPLATES, VERSIONS, digest8, do, entry, refused


class TestPublish:
    def test_the_next_number(self, desk: Desk) -> None:
        desk.storage.files[OWN] = EXTENDS
        done = do(desk, "publish", name="orchestrator", message=" Ada \n speaks ")
        path = VERSIONS / f"orchestrator/0001-{digest8(EXTENDS)}.toml"
        assert (done["version"], done["path"], done["published"]) == (1, str(path), True)
        data = tomllib.loads(desk.storage.files[path])
        assert (data["author"], data["message"], data["body"]) == ("Ada", "Ada speaks", EXTENDS)
        assert "builtin:orchestrator@1-f4eb45ad" in data["parts"]
        assert desk.said == [f"Published project:orchestrator@1-{digest8(EXTENDS)}: Ada speaks"]
        again = do(desk, "publish", name="orchestrator", message="again")
        assert (again["version"], again["published"], again["path"]) == (1, False, None)
        assert desk.said == ["This text is version 1 already, so nothing was published."]
        assert entry(desk, "project:orchestrator")["version"] == 1

    def test_a_text_becomes_the_working_copy_and_what_it_held_is_kept(self, desk: Desk) -> None:
        desk.storage.files[OWN] = "old"
        done = do(desk, "publish", name="orchestrator", message="new", text="\ufeffnew {{ request }}\r\n")
        assert desk.storage.files[OWN] == "new {{ request }}\n"
        assert done["reference"] == f"project:orchestrator@1-{digest8(desk.storage.files[OWN])}"
        assert desk.kept() == {"old"}
        do(desk, "publish", name="orchestrator", message="third", text="third {{ request }}\n")
        assert desk.kept() == {"old"}  # the second is a version

    def test_the_text_that_is_published_is_read_by_its_own_parts(self, desk: Desk) -> None:
        desk.storage.files |= {
            OWN: "{{ request }}",
            TEMPLATES / "p.md.j2": "{% if 0 %}{% include 'orchestrator' %}{% endif %}",
        }
        do(desk, "publish", name="orchestrator", message="m", text="{% include 'p' %}!")
        data = tomllib.loads(
            desk.storage.files[VERSIONS / f"orchestrator/0001-{digest8(desk.storage.files[OWN])}.toml"]
        )
        assert [part.partition("@")[0] for part in data["parts"]] == ["project:p"]

    def test_a_hidden_one_is_told(self, desk: Desk) -> None:
        user = desk.project.user_config / "templates/orchestrator.md.j2"
        desk.storage.files |= {OWN: EXTENDS, user: "{{ request }}"}
        done = do(desk, "publish", name="user:orchestrator", message="mine")
        assert done["path"].startswith(str(desk.project.user_config))
        assert desk.said[1:] == ["No session uses it: `project:orchestrator` goes before it."]

    def test_a_text_that_cannot_be_published_is_kept_with_the_command_that_would(self, desk: Desk) -> None:
        do(desk, "customize", name="orchestrator", featureType="bugfix")
        asked = {"name": "orchestrator", "featureType": "bugfix", "message": "It's\nmine", "text": "{% if %}"}
        said = refused(desk, "publish", **asked)
        (path,) = (path for path in desk.storage.files if path.parent.name == "unfiled")
        assert desk.storage.files[path] == "{% if %}"
        assert said.endswith(
            "; to file it: orch template update orchestrator --type bugfix --message 'It'\"'\"'s mine' "
            f"--file .orch/unfiled/{path.name}"
        )

    def test_an_experiment_that_goes_before_it_is_told(self, desk: Desk) -> None:
        desk.storage.files[OWN] = EXTENDS
        do(desk, "publish", name="orchestrator", message="one")
        arms = {"a": "1", "b": "builtin:orchestrator@1"}
        desk.do("orch.experiment.start", name="tone", template="orchestrator", arms=arms)
        told = "The experiment `tone` runs, so new sessions get its arms; to end it: orch experiment stop tone"
        desk.storage.files[OWN] = f"{EXTENDS}\n"
        do(desk, "publish", name="orchestrator", message="two")
        assert told in desk.said
        do(desk, "rollback", name="orchestrator", version=1)
        assert told in desk.said
        desk.do("orch.experiment.stop", name="tone")
        do(desk, "rollback", name="orchestrator", version=2)
        assert told not in desk.said

    @pytest.mark.parametrize(
        ("text", "params", "words"),
        [
            (EXTENDS, {"message": " "}, "wants a message"),
            (EXTENDS, {}, "wants a message"),
            ("a\n{% if %}\n", {"message": "m"}, ".orch/templates/orchestrator.md.j2 cannot be published; line 2: "),
            ("+++\nx = \n+++\n", {"message": "m"}, "line 2: "),
            (" \n", {"message": "m"}, "is empty"),
            (EXTENDS, {"name": "analysis", "message": "m"}, "orch template add analysis"),
            (EXTENDS, {"name": "bugfix/analysis", "message": "m"}, "orch template add analysis --type bugfix"),
            (EXTENDS, {"name": "nope", "message": "m"}, "There is no template `nope`."),
        ],
    )
    def test_what_is_refused(self, desk: Desk, text: str, params: dict[str, Any], words: str) -> None:
        desk.storage.files[OWN] = text
        assert words in refused(desk, "publish", **{"name": "orchestrator", **params})

    def test_a_text_that_is_refused_is_kept(self, desk: Desk) -> None:
        desk.storage.files[OWN] = EXTENDS
        assert "line 1: " in refused(desk, "publish", name="orchestrator", message="m", text="{% for %}")
        assert desk.unfiled() == {"{% for %}"}

    def test_a_version_that_was_changed_by_hand_is_not_overwritten(self, desk: Desk) -> None:
        desk.storage.files[OWN] = "one {{ request }}"
        path = Path(do(desk, "publish", name="orchestrator", message="m")["path"])
        desk.storage.files[path] = edited = desk.storage.files[path].replace("one", "won")
        assert do(desk, "publish", name="orchestrator", message="m")["version"] == 2
        assert desk.storage.files[path] == edited
        (two, one) = do(desk, "versions", name="orchestrator")["versions"]
        assert (two["problem"], two["current"]) == (None, True)
        assert "changed after it was recorded" in one["problem"]
        assert "changed after it was recorded" in refused(desk, "rollback", name="orchestrator", version=1)

    def test_a_part_that_cannot_be_recorded(self, desk: Desk) -> None:
        desk.storage.files |= {OWN: "{% include 'p' %}", TEMPLATES / "p.md.j2": "one"}
        do(desk, "publish", name="orchestrator", message="m")
        part = VERSIONS / f"p/0000-{digest8('one')}.toml"
        desk.storage.files[part] = desk.storage.files[part].replace("one", "won")
        desk.storage.files[OWN] = "{% include 'p' %} 2"
        assert "changed after it was recorded" in refused(desk, "publish", name="orchestrator", message="m")


class TestSharedNumbers:
    @pytest.fixture
    def merged(self, desk: Desk) -> Desk:
        """A project after a merge: two versions 1, "theirs" published first."""
        other = replace(desk, storage=desk.storage)
        desk.storage.files[OWN] = "theirs {{ request }}"
        do(other, "publish", name="orchestrator", message="theirs")
        path = VERSIONS / f"orchestrator/0001-{digest8('theirs {{ request }}')}.toml"
        theirs = desk.storage.files.pop(path)
        desk.storage.files[OWN] = "ours {{ request }}"
        do(desk, "publish", name="orchestrator", message="ours")
        desk.storage.files[path] = theirs
        return desk

    def test_they_are_told_and_mended(self, merged: Desk) -> None:
        ours, theirs = digest8("ours {{ request }}"), digest8("theirs {{ request }}")
        told = do(merged, "versions", name="orchestrator")["versions"]
        assert all(one["same_number"] for one in told)
        mend = "orch template publish orchestrator --renumber"
        assert merged.said == [f"Two versions have the number 1; to give each its own: {mend}"]
        assert "could be" in refused(merged, "rollback", name="orchestrator", version=1)
        done = do(merged, "publish", name="orchestrator", renumber=True)
        (one,) = done["renumbered"]
        assert (one["from"], one["to"]) == (f"project:orchestrator@1-{ours}", f"project:orchestrator@2-{ours}")
        told = do(merged, "versions", name="orchestrator")["versions"]
        assert merged.said == []
        assert {one["reference"]: one["renumbered"] for one in told} == {
            f"project:orchestrator@2-{ours}": None,
            f"project:orchestrator@1-{ours}": f"project:orchestrator@2-{ours}",
            f"project:orchestrator@1-{theirs}": None,
        }
        assert do(merged, "show", name="orchestrator@1")["message"] == "theirs"
        do(merged, "publish", name="orchestrator", renumber=True)
        assert merged.said == ["No two versions of `project:orchestrator` share a number."]

    def test_publishing_tells_of_them(self, merged: Desk) -> None:
        merged.storage.files[OWN] = "new {{ request }}"
        assert do(merged, "publish", name="orchestrator", message="m")["version"] == 2
        assert merged.said[1].startswith("Two versions have the number 1;")


class TestRollback:
    def test_the_working_copy_is_the_old_text_again(self, desk: Desk) -> None:
        desk.storage.files[OWN] = "one {{ request }}\n"
        do(desk, "publish", name="orchestrator", message="1")
        desk.storage.files[OWN] = "two {{ request }}\n"
        do(desk, "publish", name="orchestrator", message="2")
        desk.storage.files[OWN] = "mine {{ request }}\n"
        done = do(desk, "rollback", name="orchestrator", version="1")
        assert desk.storage.files[OWN] == "one {{ request }}\n"
        assert (done["version"], done["changed"]) == (1, True)
        assert desk.kept() == {"mine {{ request }}\n"}
        assert do(desk, "publish", name="orchestrator", message="back")["version"] == 1
        do(desk, "rollback", name="orchestrator", version=2)
        assert desk.storage.files[OWN] == "two {{ request }}\n"
        assert desk.kept() == {"mine {{ request }}\n"}
        assert do(desk, "rollback", name="orchestrator", version=2)["changed"] is False
        assert desk.said[0].endswith("already; nothing was changed.")

    def test_it_is_one_edit_of_what_differs(self, desk: Desk) -> None:
        desk.storage.files[OWN] = "begin\none {{ request }}\nend\n"
        do(desk, "publish", name="orchestrator", message="1")
        desk.storage.files[OWN] = "begin\ntwo {{ request }}\nend\n"
        params = command("orch.template.rollback").params(name="orchestrator", version=1)
        done = run(desk.project, "orch.template.rollback", params)
        assert isinstance(done, Outcome)
        (file,) = done.edits
        (edit,) = file.edits
        assert file.before == desk.storage.files[OWN]
        assert file.before[: edit.span.start] + edit.text + file.before[edit.span.end :] == file.after
        assert edit.text == "one"

    def test_a_working_copy_that_was_removed_comes_back(self, desk: Desk) -> None:
        desk.storage.files[OWN] = EXTENDS
        do(desk, "publish", name="orchestrator", message="1")
        del desk.storage.files[OWN]
        do(desk, "rollback", name="orchestrator", version=f"1-{digest8(EXTENDS)}")
        assert desk.storage.files[OWN] == EXTENDS

    def test_other_parts_are_told(self, desk: Desk) -> None:
        part = TEMPLATES / "p.md.j2"
        desk.storage.files |= {OWN: "{% include 'p' %} {{ request }}", part: "one"}
        do(desk, "publish", name="orchestrator", message="1")
        desk.storage.files |= {OWN: "other", part: "two"}
        do(desk, "rollback", name="orchestrator", version="project:orchestrator@1")
        (said,) = desk.said
        assert said == (
            f"orchestrator is the text of project:orchestrator@1-{digest8(desk.storage.files[OWN])} again. That "
            "version was made with another `project:p`, so its prompts may differ now."
        )

    @pytest.mark.parametrize(
        ("name", "version", "words"),
        [
            ("orchestrator", "7", "There is no version `project:orchestrator@7`."),
            ("orchestrator", "latest", "names no version"),
            ("orchestrator", "analysis@1", "is not a version of `project:orchestrator`"),
            ("orchestrator", "user:orchestrator@1", "is not a version of `project:orchestrator`"),
            ("orchestrator", "1-zz", "names no version"),
            ("analysis", "1", "is built in and cannot be rolled back"),
            ("nope", "1", "There is no template `nope`."),
        ],
    )
    def test_what_is_refused(self, desk: Desk, name: str, version: str, words: str) -> None:
        desk.storage.files[OWN] = EXTENDS
        do(desk, "publish", name="orchestrator", message="1")
        assert words in refused(desk, "rollback", name=name, version=version)


class TestVersionsAndDiff:
    def test_without_any_version_the_way_to_one_is_told(self, desk: Desk) -> None:
        do(desk, "customize", name="user:analysis", featureType="bugfix", block="role")
        assert do(desk, "versions", name="user:bugfix/analysis")["versions"] == []
        (said,) = desk.said
        assert said.startswith("`user:bugfix/analysis` has no versions yet; to make one: ")
        assert said.endswith(": orch template publish user:analysis --type bugfix --message M")

    def test_versions_of_a_built_in(self, desk: Desk) -> None:
        told = do(desk, "versions", name="bugfix/orchestrator")
        assert (told["layer"], [one["version"] for one in told["versions"]]) == ("builtin", [1])
        assert told["versions"][0]["current"] is True

    def test_a_version_is_recorded_by_use(self, desk: Desk) -> None:
        desk.storage.files[OWN] = EXTENDS
        desk.do("plan", request="Add it")
        (one,) = do(desk, "versions", name="orchestrator")["versions"]
        assert (one["version"], one["reference"]) == (0, f"project:orchestrator@0-{digest8(EXTENDS)}")

    def test_two_texts_side_by_side(self, desk: Desk) -> None:
        desk.storage.files[OWN] = "one\nsame\n"
        do(desk, "publish", name="orchestrator", message="1")
        desk.storage.files[OWN] = "two\nsame\n"
        done = do(desk, "diff", left="orchestrator@1", right="orchestrator")
        assert (done["left"]["text"], done["right"]["text"]) == ("one\nsame\n", "two\nsame\n")
        left = f"project:orchestrator@1-{digest8('one' + chr(10) + 'same' + chr(10))}"
        assert done["unified"] == (f"--- {left}\n+++ project:orchestrator\n@@ -1,2 +1,2 @@\n-one\n+two\n same\n")
        assert (done["added"], done["removed"]) == (1, 1)
        assert do(desk, "diff", left="orchestrator", right="orchestrator")["unified"] == ""
        assert desk.said == ["They are the same."]

    def test_an_editor_without_a_view_of_its_own_opens_them_as_a_file(self, desk: Desk) -> None:
        desk.storage.files[OWN] = EXTENDS
        sides = {"left": "builtin:orchestrator", "right": "orchestrator", "rendered": True}
        done = desk.attempt("orch.template.diff", **sides, open=True)
        assert isinstance(done, Outcome)
        assert done.show is not None
        assert desk.storage.files[done.show[0]] == done.result["unified"]
        assert done.show[0].is_relative_to(desk.project.folder / "unfiled")
        same = desk.attempt("orch.template.diff", left="orchestrator", right="orchestrator", open=True)
        assert isinstance(same, Outcome)
        assert same.show is None

    def test_two_prompts_side_by_side(self, desk: Desk) -> None:
        desk.storage.files[OWN] = EXTENDS
        done = do(desk, "diff", left="builtin:orchestrator", right="orchestrator", rendered=True)
        assert [line for line in done["unified"].splitlines() if line[0] in "+-"][2:] == ["+You are Ada."]
        session = desk.do("plan", request="Add a bell")["id"]
        done = do(desk, "diff", left="builtin:orchestrator", right="orchestrator", session=session)
        assert "Add a bell" in done["right"]["text"]

    @pytest.mark.parametrize(
        ("params", "words"),
        [
            ({"left": "nope", "right": "analysis"}, "There is no template `nope`"),
            ({"left": "analysis", "right": "analysis@9"}, "There is no version"),
            ({"left": "analysis", "right": "orchestrator", "rendered": True}, "Only two templates of one role"),
            ({"left": "analysis", "right": "analysis", "session": "nope"}, "There is no session"),
            ({"left": "analysis", "right": "broken/x", "rendered": True}, "There is no template"),
        ],
    )
    def test_what_is_refused(self, desk: Desk, params: dict[str, Any], words: str) -> None:
        assert words in refused(desk, "diff", **params)

    def test_a_prompt_that_cannot_be_made(self, desk: Desk) -> None:
        desk.storage.files[OWN] = "{{ nothing }}"
        params = {"left": "builtin:orchestrator", "right": "orchestrator", "rendered": True}
        assert "makes no prompt: `nothing` is not defined" in refused(desk, "diff", **params)


def test_a_version_that_cannot_be_read_stops_no_other_one(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.storage.files[OWN] = "zero {{ request }}"
    for number in ("one", "two"):
        do(desk, "publish", name="orchestrator", message=number, text=f"{number} {{{{ request }}}}")
    lost = VERSIONS / f"orchestrator/0001-{digest8('one {{ request }}')}.toml"
    assert lost in desk.storage.files
    read = desk.storage.read

    def reading(path: Path) -> str | None:
        if path == lost:
            raise StorageError("It is not a text file in UTF-8.")
        return read(path)

    monkeypatch.setattr(desk.storage, "read", reading)
    assert do(desk, "publish", name="orchestrator", message="three", text="three {{ request }}")["version"] == 3
    listed = do(desk, "versions", name="orchestrator")["versions"]
    assert [(one["version"], one["problem"]) for one in listed] == [
        (3, None),
        (2, None),
        (1, "It is not a text file in UTF-8."),
    ]
    assert do(desk, "rollback", name="orchestrator", version="2")["version"] == 2
    assert refused(desk, "rollback", name="orchestrator", version="1") == "It is not a text file in UTF-8."
