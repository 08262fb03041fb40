"""The command that makes a template of one's own."""

from pathlib import Path
from typing import Any

import pytest

from orch.commands.outcome import Outcome
from orch.commands.registry import command, run
from support.projects import Desk
from support.template_commands import EXTENDS, OWN, TEMPLATES, do, refused


class TestCustomize:
    def test_one_block(self, desk: Desk) -> None:
        done = do(desk, "customize", name="orchestrator", block="guidelines")
        text = desk.storage.files[OWN]
        override = "{% block guidelines %}\n{{ super() }}{# Yours goes below. -#}\n\n{% endblock %}\n"
        assert text == f'{{% extends "orchestrator" %}}\n{override}'
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
        assert done.edits[0].after[span.start :] == "\n{% endblock %}\n"

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
