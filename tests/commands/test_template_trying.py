"""The commands that try a template out: test, replay and preview."""

from pathlib import Path
from typing import Any

import pytest

from orch.commands.outcome import Outcome
from orch.commands.registry import command, run
from support.projects import Desk, planning_answer
from support.template_commands import EXTENDS, OWN, TEMPLATES, VERSIONS, do, refused


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
