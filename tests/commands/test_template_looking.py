"""The commands that tell of templates: list and show."""

import pytest

from support.projects import Desk
from support.template_commands import EXTENDS, OWN, TEMPLATES, digest8, do, entry, refused


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

    def test_files_that_no_name_can_mean_are_told(self, desk: Desk) -> None:
        desk.storage.files |= {TEMPLATES / "my tone.md.j2": "x", TEMPLATES / "lib/nul.j2": "y"}
        assert {one["layer"] for one in do(desk, "list")["templates"]} == {"builtin"}
        assert desk.said == [
            ".orch/templates/my tone.md.j2 is not used: a name holds letters, digits, `.`, `_`, `-` and `/` only.",
            ".orch/templates/lib/nul.j2 is not used: `nul` cannot be a file name on Windows.",
        ]

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
