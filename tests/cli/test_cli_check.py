"""`orch check` on the command line: its formats, its exit codes, and what is said to a person."""

import json
from pathlib import Path

import pytest

from orch.rules.project_files import PROJECT_FILE_RULES
from orch.rules.session_rules import SESSION_RULES
from orch.rules.template_rules import TEMPLATE_RULES
from support.command_line import CommandLine, run_real

BAD = ".orch/templates/bad one.md.j2"


@pytest.fixture
def templates(folder: Path) -> Path:
    """The project's templates: one has an error in line 2 and a warning in line 3."""
    made = folder / ".orch/templates"
    made.mkdir(parents=True)
    (made / "good.md.j2").write_text("{{ request }}\n", encoding="utf-8")
    text = "# Role\n{{ requst }}\n{% macro m(a) %}{{ a }}{% set b = a %}{% endmacro %}{{ m(1) }}\n"
    (folder / BAD).write_text(text, encoding="utf-8")
    return made


@pytest.mark.usefixtures("templates")
def test_text_has_a_line_for_each_finding_and_a_summary(orch: CommandLine) -> None:
    done = orch("check")
    assert done.code == 1
    assert done.out.splitlines() == [
        f"{BAD}:2:4: error undefined-variable `requst` is not defined; did you mean `request`?",
        f"{BAD}:3:31: warning unused-variable `b` is set and never read.",
    ]
    assert done.err.splitlines() == [
        "Found 1 error and 1 warning in 1 of 2 files.",
        "  1 undefined-variable",
        "  1 unused-variable",
    ]


@pytest.mark.usefixtures("templates")
def test_a_clean_check_says_so(orch: CommandLine) -> None:
    done = orch.do("check", ".orch/templates/good.md.j2")
    assert (done.out, done.err) == ("", "No problems in 1 file.\n")


def test_fail_on_says_what_counts(orch: CommandLine, templates: Path) -> None:
    (templates / "bad one.md.j2").write_text("{% set b = request %}\n{{ tone | d(1) }}\n", encoding="utf-8")
    (templates.parent / "config.toml").write_text('[diagnostics]\nunused-variable = "info"\n', encoding="utf-8")
    (templates / "m.md.j2").write_text(
        "{% macro m(a) %}{% set b = a %}{{ a }}{% endmacro %}{{ m(1) }}", encoding="utf-8"
    )
    codes = [orch("check", "--fail-on", least).code for least in ("error", "warning", "info", "hint")]
    assert codes == [0, 0, 1, 1]


@pytest.mark.usefixtures("templates")
@pytest.mark.parametrize("argv", [["--format", "json"], ["--json"]])
def test_json_is_as_the_contract_has_it(orch: CommandLine, argv: list[str]) -> None:
    done = orch("check", *argv)
    assert done.code == 1
    assert done.err == ""
    assert done.json["findings"][0] == {
        "path": BAD,
        "line": 2,
        "column": 4,
        "end_line": 2,
        "end_column": 10,
        "rule": "undefined-variable",
        "severity": "error",
        "message": "`requst` is not defined; did you mean `request`?",
    }
    assert list(done.json) == ["findings"]


@pytest.mark.usefixtures("templates")
def test_github_has_workflow_commands(orch: CommandLine) -> None:
    done = orch("check", "--format", "github")
    assert done.out.splitlines() == [
        (
            f"::error file={BAD},line=2,endLine=2,col=4,endColumn=10,title=Orch (undefined-variable)"
            "::`requst` is not defined; did you mean `request`?"
        ),
        (
            f"::warning file={BAD},line=3,endLine=3,col=31,endColumn=32,title=Orch (unused-variable)"
            "::`b` is set and never read."
        ),
    ]


def test_github_commands_are_escaped(orch: CommandLine, templates: Path) -> None:
    (templates / "bad one.md.j2").rename(templates / "a,b%c.md.j2")
    done = orch("check", "--format", "github", "gone%.j2", ".orch/templates/a,b%c.md.j2")
    assert done.out.startswith("::error file=.orch/templates/a%2Cb%25c.md.j2,line=2,")
    assert "::error title=Orch::There is no file or folder gone%25.j2.\n" in done.out


@pytest.mark.usefixtures("templates")
def test_sarif_has_every_rule_and_every_finding(orch: CommandLine) -> None:
    report = orch("check", "--format", "sarif").json
    assert report["version"] == "2.1.0"
    (run,) = report["runs"]
    driver = run["tool"]["driver"]
    assert {rule["id"] for rule in driver["rules"]} == {*SESSION_RULES, *TEMPLATE_RULES, *PROJECT_FILE_RULES}
    assert all(
        rule["helpUri"].endswith(f"{rule['id']}.md") and rule["help"]["markdown"] for rule in driver["rules"]
    )
    assert run["columnKind"] == "unicodeCodePoints"
    assert run["invocations"] == [{"executionSuccessful": True, "toolExecutionNotifications": []}]
    result = run["results"][0]
    assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"] == "undefined-variable"
    assert result["level"] == "error"
    assert result["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": ".orch/templates/bad%20one.md.j2"},
                "region": {"startLine": 2, "startColumn": 4, "endLine": 2, "endColumn": 10},
            }
        }
    ]


def test_sarif_tells_related_places_and_what_could_not_be_read(orch: CommandLine, templates: Path) -> None:
    (templates / "bad one.md.j2").write_text(
        "{% block a %}{% endblock %}\n{% block a %}{% endblock %}\n", encoding="utf-8"
    )
    (run,) = orch("check", "--format", "sarif", BAD, "gone.j2").json["runs"]
    (related,) = run["results"][0]["relatedLocations"]
    assert related["physicalLocation"]["region"]["startLine"] == 1
    assert run["invocations"][0]["executionSuccessful"] is False
    (told,) = run["invocations"][0]["toolExecutionNotifications"]
    assert told["message"]["text"] == "There is no file or folder gone.j2."


def test_paths_are_told_from_the_working_folder(
    orch: CommandLine, templates: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner = templates.parent.parent / "src"
    inner.mkdir()
    monkeypatch.chdir(inner)
    assert {found["path"] for found in orch("check", "--json").json["findings"]} == {f"../{BAD}"}
    assert {found["path"] for found in orch("check", "--json", "..").json["findings"]} == {f"../{BAD}"}


def test_what_cannot_be_read_is_one_sentence_and_exit_1(orch: CommandLine, templates: Path) -> None:
    (templates / "bad one.md.j2").write_bytes(b"\xff\xff")
    assert "bad one.md.j2" in orch.refused("check", BAD)
    assert len(orch.refused("check", BAD).splitlines()) == 1
    done = orch("check", "--json", "gone.j2")
    assert (done.code, done.json, done.err) == (1, {"findings": []}, "There is no file or folder gone.j2.\n")


def test_without_a_project_and_without_paths_it_is_refused(orch: CommandLine) -> None:
    assert orch.refused("check") == "There is no project of Orch here; name the files or folders to check."


@pytest.mark.parametrize("argv", [["--format", "xml"], ["--fail-on", "never"], ["--nothing"]])
def test_usage_is_exit_2(orch: CommandLine, argv: list[str]) -> None:
    assert orch("check", *argv).code == 2


def test_a_folder_without_anything_of_orch_is_clean(orch: CommandLine, folder: Path) -> None:
    (folder / "a.j2").write_text("{% if %}", encoding="utf-8")
    done = orch.do("check", ".")
    assert done.err == "There is nothing to check: no sessions, and no templates in a layer.\n"


@pytest.mark.usefixtures("templates")
def test_it_runs_as_a_program(folder: Path) -> None:
    done = run_real(folder, "check", "--format", "json")
    assert done.returncode == 1
    assert len(json.loads(done.stdout)["findings"]) == 2
