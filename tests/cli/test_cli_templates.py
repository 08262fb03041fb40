"""The template commands on the command line: what stands on which stream, and the exit codes."""

from pathlib import Path

import pytest

from orch.cli.template_tables import complete_template
from support.command_line import CommandLine, on_terminal, plain, run_real
from support.projects import planning_answer

EXTENDS = '{% extends "orchestrator" %}\n{% block role %}\n{{ super() -}}\nYou are Ada.\n{% endblock %}\n'


@pytest.fixture
def own(folder: Path) -> Path:
    """The project's own orchestrator."""
    path = folder / ".orch/templates/orchestrator.md.j2"
    path.parent.mkdir(parents=True)
    path.write_text(EXTENDS)
    return path


def test_the_list_needs_no_project_and_makes_none(orch: CommandLine, folder: Path) -> None:
    rows = [line.split("\t") for line in orch.do("template", "list").out.splitlines()]
    assert ["bugfix/orchestrator", "builtin", "1", "used"] in [row[:4] for row in rows]
    assert not (folder / ".orch").exists()
    listed = orch.do("template", "list", "--json").json["templates"]
    assert len(listed) == len(rows)
    assert all(
        set(one) >= {"name", "feature_type", "layer", "path", "version", "digest", "description"} for one in listed
    )


def test_what_is_hidden(orch: CommandLine, own: Path) -> None:
    assert own.exists()
    rows = {tuple(line.split("\t")[:4]) for line in orch.do("template", "list").out.splitlines()}
    assert ("orchestrator", "project", "-", "used") in rows
    assert ("bugfix/orchestrator", "builtin", "1", "hidden by project:orchestrator") in rows


def test_show_gives_the_text_to_standard_output(orch: CommandLine, own: Path) -> None:
    result = orch.do("template", "show", "orchestrator")
    assert result.out == EXTENDS
    assert result.err == "`project:orchestrator` is used; it hides `builtin:orchestrator`.\n"
    assert orch.do("template", "show", str(own)).out == EXTENDS
    assert orch.do("template", "show", ".orch/templates/orchestrator.md.j2").out == EXTENDS
    shown = orch.do("template", "show", "orchestrator", "--type", "bugfix", "--json").json
    assert shown["layer"] == "project"
    assert orch.refused("template", "show", "nope") == "There is no template `nope`."


def test_add_prints_the_file(orch: CommandLine, folder: Path) -> None:
    result = orch.do("template", "add", "orchestrator", "--block", "guidelines", "--type", "bugfix")
    path = folder / ".orch/templates/bugfix/orchestrator.md.j2"
    assert result.out == f"{path}\n"
    assert "{{ super() }}" in path.read_text()
    assert result.err.startswith("Made the template bugfix/orchestrator of the layer project")
    assert "already" in orch.refused("template", "add", "bugfix/orchestrator")
    orch.do("template", "add", "lib/copy", "--from", "builtin:analysis@1")
    assert (folder / ".orch/templates/lib/copy.md.j2").read_text().startswith("+++")
    assert "cannot be absolute" in orch.refused("template", "add", "../../evil")
    assert not (folder.parent / "evil.md.j2").exists()


def test_publish_versions_and_roll_back(orch: CommandLine, own: Path) -> None:
    result = orch.do("template", "publish", "orchestrator", "--message", "first")
    assert result.out == ""
    assert result.err.startswith("Published project:orchestrator@1-")
    own.write_text("second {{ request }}\n")
    assert orch.do("template", "publish", "orchestrator", "-m", "second", "--json").json["version"] == 2
    rows = [line.split("\t") for line in orch.do("template", "versions", "orchestrator").out.splitlines()]
    assert [(row[0].partition("-")[0], row[3], row[4]) for row in rows] == [
        ("project:orchestrator@2", "current", "second"),
        ("project:orchestrator@1", "", "first"),
    ]
    assert orch.do("template", "rollback", "orchestrator", "--to", "1").err.endswith(" again.\n")
    assert own.read_text() == EXTENDS
    assert "no version" in orch.refused("template", "rollback", "orchestrator", "--to", "9")
    assert orch("template", "publish", "orchestrator").code == 2
    assert orch("template", "rollback", "orchestrator").code == 2


def test_update_takes_a_file_or_a_pipe(orch: CommandLine, own: Path, folder: Path) -> None:
    (folder / "new.md.j2").write_text("from a file {{ request }}\n")
    orch.do("template", "update", "orchestrator", "--file", "new.md.j2", "--message", "file")
    assert own.read_text() == "from a file {{ request }}\n"
    orch.do("template", "update", "orchestrator", "--message", "pipe", piped="from a pipe {{ request }}\n")
    assert own.read_text() == "from a pipe {{ request }}\n"
    versions = orch.do("template", "versions", "orchestrator", "--json").json["versions"]
    assert [(one["version"], one["message"]) for one in versions] == [(2, "pipe"), (1, "file")]
    assert orch.refused("template", "update", "orchestrator", "-m", "x").startswith("There is no text")
    assert (folder / ".orch/kept").is_dir()
    result = orch("template", "update", "orchestrator", "-m", "x y", piped="{% broken")
    assert result.code == 1
    (kept,) = orch.unfiled()
    assert kept in result.err
    assert own.read_text() == "from a pipe {{ request }}\n"


def test_diff(orch: CommandLine, own: Path, folder: Path) -> None:
    orch.do("template", "publish", "orchestrator", "-m", "first")
    own.write_text(EXTENDS.replace("Ada", "Bob"))
    diff = orch.do("template", "diff", "orchestrator@1", "orchestrator")
    assert diff.out.splitlines()[-3:] == ["-You are Ada.", "+You are Bob.", " {% endblock %}"]
    same = orch.do("template", "diff", "orchestrator", "orchestrator")
    assert (same.out, same.err) == ("", "They are the same.\n")
    rendered = orch.do("template", "diff", "builtin:orchestrator", "orchestrator", "--rendered").out
    assert [line for line in rendered.splitlines()[2:] if line[0] in "+-"] == ["+You are Bob."]
    seen = on_terminal(folder, "template", "diff", "orchestrator@1", "orchestrator")
    assert "\x1b[" in seen
    assert "+You are Bob." in plain(seen)


def test_test_ends_with_one_when_something_does_not_work(orch: CommandLine, own: Path) -> None:
    result = orch.do("template", "test", "orchestrator")
    assert result.out.startswith("project:orchestrator\tok\t")
    own.write_text("{{ request }} {{ oops }}")
    result = orch("template", "test", "orchestrator")
    assert result.code == 1
    assert "project:orchestrator\tfailed\t0 prompts" in result.out
    assert "`oops` is not defined" in result.out
    assert result.err.endswith("with problems.\n")
    report = orch("template", "test", "--json")
    assert report.code == 1
    assert report.json["ok"] is False


def test_replay(orch: CommandLine, folder: Path) -> None:
    orch.do("plan", "Add a bell", "--type", "feature")
    orch.do("process", piped=planning_answer())
    result = orch.do("template", "replay", "orchestrator")
    assert result.out.endswith("Add a bell: no change; the stored answer extracts\n")
    orch.do("template", "add", "orchestrator", "--block", "role")
    path = folder / ".orch/templates/orchestrator.md.j2"
    path.write_text(path.read_text().replace("-#}\n\n", "-#}\nYou are Ada.\n"))
    result = orch.do("template", "replay", "orchestrator")
    assert "Add a bell: +1 -0 lines; the stored answer extracts\n---" in result.out
    assert "\n+You are Ada.\n" in result.out
    assert result.err == "`project:orchestrator` changes 1 of 1 prompt.\n"
    assert orch.do("template", "replay", "orchestrator", "--json").json["changed"] == 1
    assert orch.do("template", "replay", "docs/orchestrator").err.endswith("there is nothing to replay.\n")


def test_preview_prints_the_prompt_and_records_nothing(orch: CommandLine, own: Path, folder: Path) -> None:
    result = orch.do("template", "preview", "orchestrator", "--set", "depth=deep")
    assert "for a made-up session." in result.err
    assert "You are Ada.\n" in result.out
    assert "at least two ways to do it" in result.out
    assert not (folder / ".orch/versions").exists()
    own.write_text("{{ oops }}")
    result = orch("template", "preview", "orchestrator")
    assert (result.code, result.out) == (1, "")
    assert "`oops` is not defined" in result.err


def test_what_the_shell_completes(orch: CommandLine, own: Path) -> None:
    assert own.exists()
    assert ("orchestrator", "project") in complete_template("orch")
    assert [name for name, _ in complete_template("builtin:docs/")] == [
        "builtin:docs/analysis",
        "builtin:docs/implementation",
        "builtin:docs/orchestrator",
    ]
    assert orch.do("template", "--help").out.count("\n  ") >= 11


def test_as_a_process_of_its_own(own: Path, folder: Path) -> None:
    done = run_real(folder, "template", "publish", "orchestrator", "--message", "first")
    assert (done.returncode, done.stdout) == (0, b"")
    done = run_real(folder, "template", "show", "project:orchestrator@1")
    assert done.stdout.decode() == own.read_text()


@pytest.mark.usefixtures("own")
def test_a_text_that_was_used_and_then_published_is_told_so(orch: CommandLine) -> None:
    orch.do("plan", "Add a bell")
    orch.do("template", "publish", "orchestrator", "--message", "m")
    states = [line.split("\t")[3] for line in orch.do("template", "versions", "orchestrator").out.splitlines()]
    assert states == ["current", "published as 1"]
    assert "for session" in orch.do("template", "preview", "orchestrator").err
