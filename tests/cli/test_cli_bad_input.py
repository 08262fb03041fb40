"""What is wrong in a project's files: one plain sentence at its place, nothing overwritten, all else goes on."""

import json
from pathlib import Path
from typing import Any

import pytest

from support.command_line import CommandLine
from support.projects import planning_answer


@pytest.fixture
def published(orch: CommandLine) -> CommandLine:
    """A project whose orchestrator has two versions, and an experiment between them."""
    for number in (1, 2):
        text = f'{{% extends "builtin:orchestrator" %}}\n{{% block role %}}\nWording {number}\n{{% endblock %}}\n'
        if number == 1:
            orch.do("template", "add", "orchestrator", "--from", "builtin:orchestrator")
        orch.do("template", "update", "orchestrator", "--message", f"m{number}", piped=text)
    orch.do("experiment", "start", "tone", "--template", "orchestrator", "--arm", "a=1", "--arm", "b=2")
    return orch


def version(orch: CommandLine, number: int) -> Path:
    (path,) = (orch.folder / ".orch/versions/orchestrator").glob(f"{number:04d}-*.toml")
    return path


def findings(orch: CommandLine) -> list[tuple[str, str, str]]:
    """(file, rule, severity) of each finding of `orch check`, hints left out."""
    found = orch("check", "--json").json["findings"]
    return [(one["path"], one["rule"], one["severity"]) for one in found if one["severity"] != "hint"]


def files(orch: CommandLine) -> dict[str, bytes]:
    own = orch.folder / ".orch"
    return {path.relative_to(own).as_posix(): path.read_bytes() for path in own.rglob("*") if path.is_file()}


def goes_on(orch: CommandLine) -> dict[str, Any]:
    """A session can be planned and worked on; gives what was said of it and its JSON."""
    planned = orch.do("plan", "Add a bell", "--json").json
    orch.do("process", "--session", planned["id"], piped=planning_answer(planned["id"][:8]))
    orch.do("template", "list")
    orch.do("list-sessions")
    return planned


def one_sentence(text: str) -> None:
    assert "\n" not in text
    assert "Traceback" not in text
    assert text.rstrip("`").endswith((".", "?")) or ": orch " in text, text


def test_a_version_that_was_edited_by_hand(published: CommandLine) -> None:
    path = version(published, 2)
    edited = path.read_bytes().replace(b"Wording 2", b"Wording 3")
    path.write_bytes(edited)
    name = path.relative_to(published.folder).as_posix()
    assert findings(published) == [
        (".orch/experiments/tone.toml", "invalid-experiment", "error"),
        (name, "invalid-version", "error"),
    ]
    for words in (
        ("template", "show", "orchestrator@2"),
        ("template", "diff", "orchestrator@1", "orchestrator@2"),
        ("template", "rollback", "orchestrator", "--to", "2"),
        ("plan", "x", "--template", "orchestrator@2"),
    ):
        said = published.refused(*words)
        one_sentence(said)
        assert "was changed after it was recorded; restore" in said
    assert "changed by hand" in published.do("template", "versions", "orchestrator").out
    goes_on(published)
    assert path.read_bytes() == edited


def test_an_experiment_whose_version_is_gone(published: CommandLine) -> None:
    version(published, 2).unlink()
    assert findings(published)[0] == (".orch/experiments/tone.toml", "invalid-experiment", "error")
    told = published.do("experiment", "report", "tone")
    assert "tone.toml:16: The arm `b` cannot be used. There is no version `project:orchestrator@2-" in told.err
    listed = published.do("experiment", "list", "--json").json["experiments"]
    assert [problem["line"] for problem in listed[0]["problems"]] == [16]
    for _ in range(4):
        planned = goes_on(published)
        assert planned["planning"].get("arm") in (None, "a")
    assert "Stopped tone" in published.do("experiment", "stop", "tone").err
    assert findings(published) == []


def test_a_parent_that_is_gone_is_told_and_does_no_harm(published: CommandLine) -> None:
    published.do("experiment", "stop", "tone")
    version(published, 1).unlink()
    name = version(published, 2).relative_to(published.folder).as_posix()
    assert findings(published) == [(name, "invalid-version", "info")]
    assert "Wording 2" in published.do("template", "show", "orchestrator@2").out
    goes_on(published)


@pytest.mark.parametrize("weight", ["0", "-2", "nan", "inf", "1e308", "1e-300", '"1"', "true", "[]"])
def test_a_weight_in_the_file(published: CommandLine, weight: str) -> None:
    path = published.folder / ".orch/experiments/tone.toml"
    text = path.read_text().replace("weight = 1", f"weight = {weight}", 1)
    path.write_text(text)
    (found,) = [one for one in published("check", "--json").json["findings"] if one["severity"] == "error"]
    assert (found["rule"], found["line"]) == ("invalid-experiment", 12)
    one_sentence(found["message"])
    assert "experiment" not in goes_on(published)["planning"]
    published.do("experiment", "report", "tone")
    assert path.read_text() == text


@pytest.mark.parametrize("weight", ["0", "-2", "nan", "inf", "1e308", "x", ""])
def test_a_weight_on_the_command_line(published: CommandLine, weight: str) -> None:
    before = files(published)
    start = ("experiment", "start", "other", "--template", "analysis", "--arm", "b=builtin:analysis@1")
    one_sentence(published.refused(*start, "--arm", f"a=builtin:analysis@1:{weight}"))
    assert files(published) == before


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("gone", "has no templates: there are none in gone/templates."),
        (".orch", "points back at the project's own folder"),
        (".orch/templates", "points back at the project's own folder"),
        ("./x/../.orch", "points back at the project's own folder"),
        ("..", "lies outside the project"),
        ("/", "lies outside the project"),
    ],
)
def test_a_layer_that_leads_nowhere_or_back(orch: CommandLine, path: str, words: str) -> None:
    orch.do("template", "add", "orchestrator", "--block", "role")
    (orch.folder / ".orch/config.toml").write_text(
        f'project = "shop"\nlayers = [{{ name = "team", path = "{path}" }}]\n'
    )
    (found,) = orch("check", "--json").json["findings"]
    assert (found["rule"], found["line"], found["severity"]) == ("invalid-configuration", 2, "warning")
    assert words in found["message"]
    one_sentence(found["message"])
    assert {one["layer"] for one in orch.do("template", "list", "--json").json["templates"]} == {
        "project",
        "builtin",
    }
    assert goes_on(orch)["project"] == "shop"
    one_sentence(orch.refused("template", "show", "team:orchestrator"))


@pytest.mark.parametrize(
    "name", ["../x", "a/../b", "/etc/x", "C:/x", "C:\\x", "x/", ".", "a b", "nul", "x@", "x@-1", "a//b", "~/x"]
)
def test_a_name_that_leads_elsewhere(orch: CommandLine, name: str) -> None:
    orch.do("template", "add", "orchestrator")
    before, around = files(orch), set(orch.folder.parent.iterdir())
    for words in (
        ("template", "add", name),
        ("template", "publish", name, "--message", "m"),
        ("template", "show", name),
        ("template", "versions", name),
        ("template", "rollback", name, "--to", "1"),
        ("plan", "x", "--template", name),
        ("experiment", "start", "t", "--template", name, "--arm", "a=1", "--arm", "b=1"),
    ):
        one_sentence(orch.refused(*words))
    assert files(orch) == before
    assert set(orch.folder.parent.iterdir()) == around


def test_two_names_that_differ_only_in_case(orch: CommandLine) -> None:
    orch.do("template", "add", "lib/tone")
    before = files(orch)
    one_sentence(orch.refused("template", "add", "lib/Tone"))
    assert files(orch) == before
    (orch.folder / ".orch/templates/lib/Tone.md.j2").write_text("other")
    if len(list((orch.folder / ".orch/templates/lib").iterdir())) == 2:
        for words in (("template", "list"), ("template", "test", "project:lib/tone")):
            assert "`project:lib/Tone` and `project:lib/tone` differ only in case" in orch.do(*words).err
    goes_on(orch)


OLDER = {
    "session_id": "0f8fad5b-d9cb-469f-a165-70867728950e",
    "feature_request": "Add a bell",
    "status": "completed",
    "orchestrator_template": "prompt",
    "analysis_template": "Look at [MODULE].",
    "implementation_template": "Build it.",
    "execution_notes": "Complexity: low",
    "analysis_results": "Found it.",
    "complexity": "low",
    "time_estimate": "2 hours",
    "created_at": "2025-01-02T03:04:05",
    "updated_at": "2025-01-02T04:04:05",
    "project": "shop",
}


ANYTHING = [None, 3, 2.5, True, [], {}, [None], {"a": None}, "\u0000", "\ud800", "x" * 100_000]


@pytest.mark.parametrize("value", ANYTHING)
def test_an_older_session_with_anything_in_any_field(orch: CommandLine, value: Any) -> None:
    """One session for each field that is wrong, and a good one after them."""
    ids = [f"{number:08x}-d9cb-469f-a165-70867728950e" for number in range(len(OLDER) + 1)]
    wrong = [{**OLDER, "session_id": own, key: value} for own, key in zip(ids, OLDER, strict=False)]
    path = orch.folder / "older.json"
    path.write_text(json.dumps([*wrong, {**OLDER, "session_id": ids[-1], "feature_request": "Add a horn"}]))
    given = path.read_bytes()
    done = orch("import", "older.json", "--json").json
    assert len(done["taken"]) + len(done["refused"]) == len(ids)
    for one in done["refused"]:
        one_sentence(one["reason"])
    titles = [one["title"] for one in orch.do("list-sessions", "--json").json["sessions"]]
    assert "Add a horn" in titles
    assert len(titles) == len(done["taken"])
    assert not [one for one in findings(orch) if one[2] == "error"]
    assert path.read_bytes() == given
    before = files(orch)
    orch("import", "older.json")
    assert files(orch) == before
