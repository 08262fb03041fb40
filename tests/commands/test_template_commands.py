"""The template commands: what they tell, what they write, and what they refuse."""

import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from orch.commands.outcome import Outcome, Refusal
from orch.commands.registry import command, run
from orch.model.template import digest_of
from support.projects import ROOT, Desk, planning_answer

TEMPLATES, VERSIONS = ROOT / ".orch/templates", ROOT / ".orch/versions"
OWN = TEMPLATES / "orchestrator.md.j2"
EXTENDS = '{% extends "orchestrator" %}\n{% block role %}\n{{ super() -}}\nYou are Ada.\n{% endblock %}\n'


def do(desk: Desk, name: str, /, **params: Any) -> dict[str, Any]:
    """The JSON answer of `orch.template.<name>`, which must not be refused."""
    done = desk.attempt(f"orch.template.{name}", **params)
    assert isinstance(done, Outcome), done
    desk.said = list(done.notices)
    return dict(done.result)


def refused(desk: Desk, name: str, /, **params: Any) -> str:
    """The sentence of `orch.template.<name>`, which must be refused and write nothing."""
    before = dict(desk.storage.files)
    done = desk.attempt(f"orch.template.{name}", **params)
    assert isinstance(done, Refusal), done
    assert "\n" not in done.sentence
    kept = {path: text for path, text in desk.storage.files.items() if path.parent.name != "unfiled"}
    assert kept == before
    return done.sentence


def digest8(text: str) -> str:
    return digest_of(text)[:8]


def entry(desk: Desk, name: str) -> dict[str, Any]:
    """The entry of `layer:[type/]name` in `template list`."""
    found = [one for one in do(desk, "list")["templates"] if _key(one) == name]
    assert len(found) == 1, found
    return dict(found[0])


def _key(one: dict[str, Any]) -> str:
    kind = f"{one['feature_type']}/" if one["feature_type"] else ""
    return f"{one['layer']}:{kind}{one['name']}"


class TestList:
    def test_the_built_in_ones_with_their_versions(self, desk: Desk) -> None:
        found = entry(desk, "builtin:bugfix/orchestrator")
        assert set(found) >= {"name", "feature_type", "layer", "path", "version", "digest", "description"}
        assert (found["version"], found["hidden_by"]) == (1, None)
        assert found["description"].startswith("Plans a bug fix")
        assert len(found["digest"]) == 64
        assert do(desk, "list")["upgrades"] == []

    def test_what_hides_what(self, desk: Desk) -> None:
        desk.storage.files[OWN] = "text"
        assert entry(desk, "project:orchestrator")["version"] == 0
        for name in ("builtin:orchestrator", "builtin:bugfix/orchestrator"):
            assert entry(desk, name)["hidden_by"] == "project:orchestrator"
        assert entry(desk, "builtin:analysis")["hidden_by"] is None

    def test_names_that_differ_only_in_case_are_told(self, desk: Desk) -> None:
        desk.storage.files |= {TEMPLATES / "lib/a.md.j2": "x", TEMPLATES / "lib/A.md.j2": "y"}
        do(desk, "list")
        (said,) = desk.said
        assert said == (
            "`project:lib/A` and `project:lib/a` differ only in case; some systems take the two for one file, "
            "so rename one."
        )

    def test_nothing_is_written(self, desk: Desk) -> None:
        before = dict(desk.storage.files)
        do(desk, "list")
        assert desk.storage.files == before


class TestShow:
    def test_where_it_comes_from_and_what_it_is_made_of(self, desk: Desk) -> None:
        desk.storage.files[OWN] = EXTENDS
        shown = do(desk, "show", name="orchestrator")
        assert (shown["layer"], shown["text"]) == ("project", EXTENDS)
        assert shown["explanation"] == "`project:orchestrator` is used; it hides `builtin:orchestrator`."
        assert desk.said == [shown["explanation"]]
        assert [block["name"] for block in shown["blocks"]] == [
            "role",
            "context",
            "task",
            "guidelines",
            "answer_form",
        ]
        assert {block["name"]: block["template"] for block in shown["blocks"]}["role"] == "project:orchestrator"
        assert shown["made_of"] == ["builtin:orchestrator"]
        assert [asked["name"] for asked in shown["inputs"]] == ["depth"]
        assert [(one["layer"], one["used"]) for one in shown["candidates"] if one["path"]] == [
            ("project", True),
            ("builtin", False),
        ]

    def test_what_a_session_of_a_type_would_get(self, desk: Desk) -> None:
        assert do(desk, "show", name="orchestrator", featureType="bugfix")["feature_type"] == "bugfix"
        assert desk.said == ["`builtin:bugfix/orchestrator` is used; it hides `builtin:orchestrator`."]
        assert do(desk, "show", name="orchestrator", featureType="feature")["feature_type"] is None

    def test_a_template_that_is_hidden(self, desk: Desk) -> None:
        desk.storage.files[OWN] = EXTENDS
        shown = do(desk, "show", name="builtin:orchestrator")
        assert shown["explanation"] == "`builtin:orchestrator` is hidden by `project:orchestrator`."

    def test_a_version(self, desk: Desk) -> None:
        desk.storage.files[OWN] = EXTENDS
        do(desk, "publish", name="orchestrator", message="first")
        desk.storage.files[OWN] = "other"
        shown = do(desk, "show", name="project:orchestrator@1")
        assert (shown["text"], shown["author"], shown["message"]) == (EXTENDS, "Ada", "first")
        assert shown["explanation"].endswith(f"@1-{digest8(EXTENDS)}` was published by Ada: first")

    @pytest.mark.parametrize("name", [str(OWN), OWN.as_uri()])
    def test_a_file(self, desk: Desk, name: str) -> None:
        desk.storage.files[OWN] = EXTENDS
        assert do(desk, "show", name=name)["text"] == EXTENDS

    @pytest.mark.parametrize(
        ("params", "words"),
        [
            ({"name": "orchestrater"}, "did you mean `orchestrator`?"),
            ({"name": "nope:x"}, "There is no layer `nope`"),
            ({"name": "../x"}, "cannot be absolute"),
            ({"name": "C:/x"}, "cannot be absolute"),
            ({"name": "/etc/passwd"}, "is no template"),
            ({"name": "orchestrator@7"}, "There is no version `orchestrator@7`."),
            ({"name": "orchestrator", "featureType": "bugfux"}, "There is no feature type 'bugfux'"),
        ],
    )
    def test_what_is_not_there(self, desk: Desk, params: dict[str, str], words: str) -> None:
        assert words in refused(desk, "show", **params)


class TestCustomize:
    def test_one_block(self, desk: Desk) -> None:
        done = do(desk, "customize", name="orchestrator", block="guidelines")
        text = desk.storage.files[OWN]
        assert text == '{% extends "orchestrator" %}\n{% block guidelines %}\n{{ super() -}}\n{% endblock %}\n'
        assert (done["below"], done["version"], done["path"]) == ("builtin:orchestrator", 0, str(OWN))

    def test_the_prompt_is_the_same_until_something_is_written(self, desk: Desk) -> None:
        for kind in ("feature", "bugfix"):
            before = do(desk, "preview", name="orchestrator", session="sample", featureType=kind)["text"]
            for block in ("role", "context", "task", "guidelines", "answer_form", None):
                desk.storage.files.pop(OWN, None)
                do(desk, "customize", name="orchestrator", **({"block": block} if block else {}))
                now = do(desk, "preview", name="orchestrator", session="sample", featureType=kind)
                assert now["template"] == "project:orchestrator"
                assert now["text"] == before

    def test_the_cursor_stands_where_one_goes_on_to_write(self, desk: Desk) -> None:
        params = command("orch.template.customize").params(name="orchestrator", block="role")
        done = run(desk.project, "orch.template.customize", params)
        assert isinstance(done, Outcome)
        assert done.show is not None
        path, span = done.show
        assert path == OWN
        assert done.edits[0].after[span.start :] == "{% endblock %}\n"

    def test_without_a_block_they_are_named(self, desk: Desk) -> None:
        do(desk, "customize", name="bugfix/analysis")
        assert desk.storage.files[TEMPLATES / "bugfix/analysis.md.j2"].startswith(
            '{% extends "analysis" %}\n{# Its blocks, to be overridden here: '
        )

    def test_a_feature_type_stands_above_its_own_template(self, desk: Desk) -> None:
        done = do(desk, "customize", name="orchestrator", featureType="bugfix", block="task")
        assert done["below"] == "builtin:bugfix/orchestrator"
        assert TEMPLATES / "bugfix/orchestrator.md.j2" in desk.storage.files

    def test_the_whole(self, desk: Desk) -> None:
        before = do(desk, "preview", name="orchestrator", session="sample", featureType="bugfix")["text"]
        do(desk, "customize", name="bugfix/orchestrator", copy=True)
        text = desk.storage.files[TEMPLATES / "bugfix/orchestrator.md.j2"]
        assert '{% extends "builtin:orchestrator@1-f4eb45ad" %}' in text
        now = do(desk, "preview", name="orchestrator", session="sample", featureType="bugfix")
        assert (now["template"], now["text"]) == ("project:bugfix/orchestrator", before)

    def test_a_copy_of_another_template_or_version(self, desk: Desk) -> None:
        do(desk, "customize", name="strict", source="builtin:orchestrator@1")
        assert desk.storage.files[TEMPLATES / "strict.md.j2"] == (
            (desk.project.builtins / "orchestrator.md.j2").read_text("utf-8")
        )
        assert desk.said == [
            "Made the template strict of the layer project from `builtin:orchestrator@1-f4eb45ad`."
        ]

    def test_a_name_that_is_new(self, desk: Desk) -> None:
        done = do(desk, "customize", name="lib/tone")
        assert (done["below"], desk.storage.files[TEMPLATES / "lib/tone.md.j2"]) == (
            None,
            '+++\ndescription = ""\n+++\n',
        )

    def test_a_template_without_blocks_is_copied(self, desk: Desk) -> None:
        desk.storage.files[desk.project.user_config / "templates/lib/m.md.j2"] = "{% macro m() %}{% endmacro %}"
        do(desk, "customize", name="lib/m")
        assert desk.storage.files[TEMPLATES / "lib/m.md.j2"] == "{% macro m() %}{% endmacro %}"

    def test_the_users_own_layer(self, desk: Desk) -> None:
        do(desk, "customize", name="user:analysis", block="role")
        assert desk.project.user_config / "templates/analysis.md.j2" in desk.storage.files

    @pytest.mark.parametrize(
        ("params", "words"),
        [
            ({"name": "orchestrator"}, "There is a template `project:orchestrator` already"),
            ({"name": "Orchestrator", "source": "analysis"}, "differs from it only in case"),
            ({"name": "analysis", "block": "rule"}, "has no block `rule`; did you mean `role`?"),
            ({"name": "analysis", "block": "zzz"}, "has no block `zzz`; it has role, "),
            ({"name": "analysis", "block": "role", "copy": True}, "Either a block"),
            ({"name": "nothing", "copy": True}, "There is no template `nothing`."),
            ({"name": "builtin:analysis"}, "is built in and cannot be changed"),
            ({"name": "docs/analysis", "featureType": "bugfix"}, "is a template for docs, not for bugfix"),
            ({"name": "x", "featureType": "nope"}, "There is no feature type 'nope'"),
            ({"name": "../../x"}, "cannot be absolute"),
            ({"name": "/x"}, "is no template"),
            ({"name": "C:\\x"}, "is no template" if Path("C:\\x").is_absolute() else "is not a reference"),
            ({"name": "a b"}, "letters, digits"),
            ({"name": "nul"}, "on Windows"),
            ({"name": "nope:x"}, "There is no layer `nope`."),
            ({"name": "x", "source": "nope"}, "There is no template `nope`"),
        ],
    )
    def test_what_is_refused(self, desk: Desk, params: dict[str, Any], words: str) -> None:
        desk.storage.files[OWN] = EXTENDS
        assert words in refused(desk, "customize", **params)


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


class TestTest:
    def test_all_built_in_templates_work(self, desk: Desk) -> None:
        done = do(desk, "test")
        assert done["ok"] is True
        assert all(one["ok"] and one["renders"] for one in done["templates"])
        assert desk.said == ["16 templates, 76 prompts: all work."]

    def test_what_does_not_work_is_told(self, desk: Desk) -> None:
        desk.storage.files[OWN] = "+++\n[inputs.tone]\nchoices = ['dry', 'warm']\n+++\n{{ request }}{{ tone.x }}"
        params = command("orch.template.test").params("orchestrator")
        done = run(desk.project, "orch.template.test", params)
        assert isinstance(done, Outcome)
        assert done.complete is False
        (own, *_) = [one for one in done.result["templates"] if not one["ok"]]
        assert own["layer"] == "project"
        assert [problem["line"] for problem in own["problems"]] == [5]

    def test_an_orchestrator_that_does_not_ask_for_a_part(self, desk: Desk) -> None:
        desk.storage.files[OWN] = "{{ request }}: an ANALYSIS PROMPT and an IMPLEMENTATION PROMPT"
        (own,) = do(desk, "test", name="project:orchestrator")["templates"]
        assert [problem["sentence"] for problem in own["problems"]] == [
            "Nothing in the prompt asks for the EXECUTION NOTES by a name that Orch finds in the answer."
        ]

    def test_examples_and_choices_are_rendered(self, desk: Desk) -> None:
        desk.storage.files[TEMPLATES / "analysis.md.j2"] = (
            "+++\n[inputs.depth]\nchoices = ['low', 'high']\n[[examples]]\nname = 'mine'\nrequest = 'r'\n"
            "values = { deepth = 'low' }\n+++\n{{ body }}{% if depth == 'high' %}{{ oops }}{% endif %}"
        )
        (own,) = do(desk, "test", name="project:analysis")["templates"]
        assert [(problem["sample"], problem["sentence"]) for problem in own["problems"]] == [
            ("depth = high", "`oops` is not defined in project:analysis, line 9."),
            ("example mine", "The template has no input `deepth`; did you mean `depth`?"),
        ]

    def test_an_empty_project_shows_what_takes_files_for_granted(self, desk: Desk) -> None:
        desk.storage.files[TEMPLATES / "analysis.md.j2"] = "{{ body }}{{ project.files[0].path }}"
        (own,) = do(desk, "test", name="project:analysis")["templates"]
        assert [problem["sample"] for problem in own["problems"]] == ["an empty project"]

    def test_partials(self, desk: Desk) -> None:
        desk.storage.files |= {
            TEMPLATES / "lib/list.md.j2": "{% for file in files %}{{ file }}{% endfor %}",
            TEMPLATES / "lib/ok.md.j2": "{{ project.name }}",
            TEMPLATES / "lib/bad.md.j2": "{{ 1 / 0 }}",
        }
        told = {one["name"]: one for one in do(desk, "test")["templates"] if one["name"].startswith("lib/")}
        assert told["lib/list"]["skipped"] == "It is a partial: `files` comes from what includes it."
        assert (told["lib/ok"]["ok"], told["lib/ok"]["skipped"]) == (True, None)
        assert told["lib/bad"]["ok"] is False

    def test_an_unknown_name(self, desk: Desk) -> None:
        assert refused(desk, "test", name="orchestrater").endswith("did you mean `orchestrator`?")


class TestReplay:
    @pytest.fixture
    def sessions(self, desk: Desk) -> tuple[str, str]:
        """A feature whose answer has all parts, and a bug fix whose answer lacks one."""
        first = desk.do("plan", request="Add a bell", featureType="feature")["id"]
        desk.do("process", session=first, text=planning_answer())
        second = desk.do("plan", request="Fix the bell", featureType="bugfix")["id"]
        desk.do("process", session=second, text=planning_answer(built=None))
        return first, second

    def test_what_changes_in_each_prompt(self, desk: Desk, sessions: tuple[str, str]) -> None:
        desk.storage.files[OWN] = EXTENDS
        before = dict(desk.storage.files)
        done = do(desk, "replay", name="orchestrator")
        second, first = done["sessions"]
        assert (first["id"], second["id"]) == sessions
        assert (first["added"], first["removed"], first["compared"]) == (1, 0, "version")
        assert "+You are Ada.\n" in first["unified"]
        assert first["parts"] == {"analysis": "found", "implementation": "found", "notes": "found"}
        assert (first["extracts"], second["extracts"]) == (True, False)
        assert first["asks"] == []
        assert desk.said == [
            "`project:orchestrator` changes 2 of 2 prompts.",
            f"The stored answers of {sessions[1][:8]} lack a template.",
        ]
        assert desk.storage.files == before

    def test_only_sessions_that_would_get_it(self, desk: Desk, sessions: tuple[str, str]) -> None:
        done = do(desk, "replay", name="builtin:bugfix/orchestrator")
        assert [(one["id"], one["changed"]) for one in done["sessions"]] == [(sessions[1], False)]
        desk.storage.files[OWN] = EXTENDS
        assert do(desk, "replay", name="builtin:orchestrator")["sessions"] == []
        assert "there is nothing to replay" in desk.said[0]

    def test_the_newest_first_and_no_more_than_ten(self, desk: Desk) -> None:
        for number in range(12):
            desk.do("plan", request=f"Add {number}", featureType="feature")
        told = do(desk, "replay", name="orchestrator")["sessions"]
        assert len(told) == 10
        assert {one["extracts"] for one in told} == {None}
        assert len(do(desk, "replay", name="orchestrator", sessions=3)["sessions"]) == 3

    def test_a_working_copy_that_makes_no_prompt(self, desk: Desk, sessions: tuple[str, str]) -> None:
        desk.storage.files[OWN] = "{{ nothing }}"
        done = do(desk, "replay", name="orchestrator")
        assert all("`nothing` is not defined" in one["problem"] for one in done["sessions"])
        assert desk.said[1].startswith(f"It makes no prompt for {sessions[1][:8]}, {sessions[0][:8]}: `nothing`")

    def test_one_that_no_longer_asks_for_a_part(self, desk: Desk, sessions: tuple[str, str]) -> None:
        assert sessions
        desk.storage.files[OWN] = "{{ request }}"
        do(desk, "replay", name="orchestrator")
        assert desk.said[-1] == (
            "Nothing in the new prompts asks for the ANALYSIS template and the IMPLEMENTATION template and the "
            "EXECUTION NOTES by a name that Orch finds in the answer."
        )

    def test_a_version_that_is_gone_leaves_the_stored_prompt(self, desk: Desk) -> None:
        desk.storage.files[OWN] = "mine {{ request }}"
        desk.do("plan", request="Add a bell")
        desk.storage.files = {
            path: text for path, text in desk.storage.files.items() if VERSIONS not in path.parents
        }
        desk.storage.files[OWN] = "yours {{ request }}"
        (one,) = do(desk, "replay", name="orchestrator")["sessions"]
        assert one["compared"] == "stored"
        assert "-mine Add a bell\n" in one["unified"]

    def test_a_broken_session_file_is_passed_over(self, desk: Desk, sessions: tuple[str, str]) -> None:
        path = Path(desk.do("show", session=sessions[0])["path"])
        desk.storage.files[path.with_name("2026-11-22-bad-00000000.orch")] = 'id = "x"\nstatus = [\n'
        assert len(do(desk, "replay", name="orchestrator")["sessions"]) == 1

    @pytest.mark.parametrize(
        ("params", "words"),
        [
            ({"name": "lib/x"}, "makes no prompt by itself"),
            ({"name": "nope"}, "There is no template `nope`"),
            ({"name": "orchestrator", "sessions": 0}, "from 1 to"),
        ],
    )
    def test_what_is_refused(self, desk: Desk, params: dict[str, Any], words: str) -> None:
        desk.storage.files[TEMPLATES / "lib/x.md.j2"] = "x"
        assert words in refused(desk, "replay", **params)


class TestPreview:
    def test_a_sample_where_there_is_no_session(self, desk: Desk) -> None:
        done = do(desk, "preview", name="orchestrator")
        assert done["session"] is None
        assert "Add a logout button to the account menu." in done["text"]
        assert (done["missing"], done["problems"]) == ([], [])

    def test_the_newest_session_that_fits(self, desk: Desk) -> None:
        first = desk.do("plan", request="Add a bell", featureType="feature")["id"]
        second = desk.do("plan", request="Add a horn", featureType="feature")["id"]
        assert do(desk, "preview", name="orchestrator")["session"]["id"] == second
        assert do(desk, "preview", name="analysis")["session"] is None
        desk.do("process", session=first, text=planning_answer())
        done = do(desk, "preview", name="analysis")
        assert (done["session"]["id"], done["phase"]) == (first, "analysis")
        assert "Look at src/auth.py of shop." in done["text"]

    def test_a_request_stands_for_the_session_that_it_would_be(self, desk: Desk) -> None:
        desk.do("plan", request="Add a bell")
        before = dict(desk.storage.files)
        done = do(desk, "preview", name="orchestrator", request="Fix the horn\n", values={"depth": "deep"})
        assert (done["session"], done["template"]) == (None, "builtin:bugfix/orchestrator")
        assert "Fix the horn" in done["text"]
        assert "the project shop" in done["text"]
        assert desk.storage.files == before
        done = do(desk, "preview", name="orchestrator", request="Fix the horn", featureType="docs")
        assert done["template"] == "builtin:docs/orchestrator"
        assert "There is no request yet" in refused(desk, "preview", name="orchestrator", request=" ")

    def test_values_and_what_is_missing(self, desk: Desk) -> None:
        text = "+++\n[inputs.tone]\n[inputs.who]\n+++\n{{ tone }} {{ who }} {{ body }}"
        session = desk.do("plan", request="Add a bell")["id"]
        desk.do("process", session=session, text=planning_answer(analysis="# Look\n\nAt [MODULE].\n"))
        asked = {"name": "analysis", "text": text, "session": session}
        done = do(desk, "preview", **asked, values={"tone": "dry", "who": ""})
        assert (done["text"], done["missing"]) == ("", ["who", "MODULE"])
        assert "needs a value for its input `who`" in done["problems"][0]["sentence"]
        done = do(desk, "preview", **asked, values={"tone": "dry", "who": "all", "MODULE": "menu"})
        assert (done["text"], done["missing"]) == ("dry all # Look\n\nAt menu.", [])

    def test_a_text_in_place_of_its_file(self, desk: Desk) -> None:
        desk.storage.files[OWN] = "old"
        before = dict(desk.storage.files)
        done = do(desk, "preview", uri=OWN.as_uri(), text="{% extends 'orchestrator' %}", session="sample")
        assert done["text"].startswith("# Plan: Add a logout button")
        assert do(desk, "preview", text="{{ title }}!", session="sample")["text"] == "Add a logout button!"
        assert desk.storage.files == before

    def test_problems_have_their_place(self, desk: Desk) -> None:
        done = do(desk, "preview", name="orchestrator", text="\n{% if %}", session="sample")
        (problem,) = done["problems"]
        assert (done["text"], problem["template"], problem["line"]) == ("", "builtin:orchestrator", 2)

    def test_a_version_and_a_partial(self, desk: Desk) -> None:
        desk.storage.files[TEMPLATES / "lib/x.md.j2"] = "{{ notes.complexity }}"
        assert do(desk, "preview", name="builtin:bugfix/orchestrator@1")["phase"] == "planning"
        assert do(desk, "preview", name="lib/x", session="sample", phase="implementation")["text"]

    @pytest.mark.parametrize(
        ("params", "words"),
        [
            ({}, "Say which template to preview"),
            ({"name": "nope"}, "There is no template `nope`"),
            ({"name": "analysis", "session": "nope"}, "There is no session 'nope'"),
            ({"text": "x", "session": "sample", "phase": "nope"}, "There is no phase 'nope'"),
            ({"name": "analysis", "featureType": "nope"}, "There is no feature type 'nope'"),
            ({"uri": "file:///elsewhere/x.md.j2"}, "is no template"),
        ],
    )
    def test_what_is_refused(self, desk: Desk, params: dict[str, Any], words: str) -> None:
        assert words in refused(desk, "preview", **params)
