"""Experiments on the command line, with git around them."""

import re
import subprocess
from pathlib import Path

from support.command_line import CommandLine, on_terminal, plain

START = ("experiment", "start", "tone", "--template", "orchestrator", "--arm", "a=1")
OWN = "Mine: {{ request }}\n"


def git(folder: Path, *words: str) -> None:
    identity = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org")
    subprocess.run(["git", "-C", str(folder), *identity, *words], check=True, capture_output=True)


def started(orch: CommandLine, *more: str) -> None:
    """An experiment between the built-in orchestrator and one of the project."""
    templates = orch.folder / ".orch/templates"
    templates.mkdir(parents=True)
    (templates / "orchestrator.md.j2").write_text(OWN)
    template = orch.do("plan", "Add a page", "--template", "project:orchestrator", "--json").json["planning"]
    orch.do(*START[:-1], "a=builtin:orchestrator@1", "--arm", f"b={template['template']}:1", *more)


def test_from_start_to_report(orch: CommandLine) -> None:
    started(orch, "--min-per-arm", "2")
    assert orch.do("experiment", "list").out.startswith("tone\trunning\torchestrator\ta=builtin:orchestrator@1-")
    sessions = [orch.do("plan", f"Add page {number}", "--json").json for number in range(6)]
    for session in sessions[1:]:
        orch.do("complete", "--session", session["id"], "--outcome", "success", "--force")
    told = orch.do("experiment", "report", "tone")
    rows = [line.split("\t") for line in told.out.splitlines()]
    assert [row[0] for row in rows] == ["a", "b"]
    assert sum(int(row[1]) for row in rows) == 6
    assert told.err
    as_json = orch.do("experiment", "report", "tone", "--json").json
    assert [arm["name"] for arm in as_json["arms"]] == ["a", "b"]
    assert as_json["verdict"] == told.err.splitlines()[0]
    assert "Stopped tone" in orch.do("experiment", "stop", "tone").err
    assert orch.do("experiment", "list", "--json").json["experiments"][0]["status"] == "stopped"


def test_on_a_terminal_the_arms_stand_side_by_side(orch: CommandLine) -> None:
    started(orch)
    orch.do("plan", "Add one more page")
    seen = plain(on_terminal(orch.folder, "experiment", "report", "tone"))
    lines = [line.split() for line in seen.splitlines() if line.strip()]
    assert lines[0] == ["arm", "a", "b"]
    assert [line[0] for line in lines[2:9]] == [
        "assigned",
        "open",
        "abandoned",
        "success",
        "partial",
        "failure",
        "rate",
    ]
    assert sum(int(number) for number in lines[2][1:]) == 1


def test_without_any(orch: CommandLine) -> None:
    assert "no experiment yet" in orch.do("experiment", "list").err
    assert orch.do("experiment", "list", "--json").json == {"experiments": []}
    orch.do("plan", "Add a page")
    assert "no experiment in this project" in orch.refused("experiment", "report", "tone")


def test_what_is_misused_ends_with_2(orch: CommandLine) -> None:
    assert orch(*START, "--arm", "b").code == 2
    assert orch(*START, "--arm", "=1").code == 2
    assert orch("experiment", "start", "tone", "--template", "orchestrator").code == 2
    assert orch(*START, "--arm", "b=1", "--min-per-arm", "0").code == 2
    assert not (orch.folder / ".orch/experiments").exists()


def test_what_cannot_be_is_one_sentence(orch: CommandLine) -> None:
    orch.do("plan", "Add a page")
    assert "above zero" in orch.refused(*START, "--arm", "b=1:0")
    assert "two arms" in orch.refused(*START)
    assert "no version" in orch.refused(*START, "--arm", "b=77")


def test_all_branches_count_the_newest_state_of_each_session(orch: CommandLine) -> None:
    git(orch.folder, "init", "-q", "-b", "main")
    started(orch)
    first, second = (orch.do("plan", f"Add page {number}", "--json").json["id"] for number in range(2))
    git(orch.folder, "add", "-A")
    git(orch.folder, "commit", "-q", "-m", "one")
    git(orch.folder, "checkout", "-q", "-b", "side")
    third = orch.do("plan", "Add page 3", "--json").json["id"]
    orch.do("complete", "--session", first, "--outcome", "success", "--force")
    _pretend_a_year_passes(orch.folder, first)
    orch.do("abandon", "--session", third)
    git(orch.folder, "add", "-A")
    git(orch.folder, "commit", "-q", "-m", "two")
    git(orch.folder, "checkout", "-q", "main")
    orch.do("abandon", "--session", second)

    def counts(*more: str) -> tuple[int, int, int, int]:
        arms = orch.do("experiment", "report", "tone", "--json", *more).json["arms"]
        keys = ("assigned", "success", "abandoned", "open")
        found = [sum(arm[key] for arm in arms) for key in keys]
        return found[0], found[1], found[2], found[3]

    assert counts() == (2, 0, 1, 1)
    assert counts("--all-branches") == (3, 1, 2, 0)
    assert orch.do("experiment", "report", "tone", "--json", "--all-branches").json["branches"] == 2
    assert (
        "Counted in 2 branches and this folder.\n" in orch.do("experiment", "report", "tone", "--all-branches").err
    )


def _newest(orch: CommandLine) -> str:
    sessions = orch.do("list-sessions", "--json").json["sessions"]
    return str(next(one["id"] for one in sessions if one["title"] == "Add another page"))


def _pretend_a_year_passes(folder: Path, session: str) -> None:
    """Steps within one second have the same time; here the last one is surely later."""
    (path,) = (folder / ".orch/sessions").glob(f"*{session[:8]}.orch")
    text = path.read_text()
    at = text.rindex("\nat = ")
    path.write_text(text[:at] + re.sub(r"at = \d{4}", "at = 2199", text[at:], count=1))


def test_two_branches_that_start_experiments_merge_without_a_conflict(orch: CommandLine) -> None:
    git(orch.folder, "init", "-q", "-b", "main")
    orch.do("plan", "Add a page")
    git(orch.folder, "add", "-A")
    git(orch.folder, "commit", "-q", "-m", "one")
    git(orch.folder, "checkout", "-q", "-b", "theirs")
    orch.do("experiment", "start", "theirs", "--template", "orchestrator", "--arm", "a=1", "--arm", "b=1")
    git(orch.folder, "add", "-A")
    git(orch.folder, "commit", "-q", "-m", "theirs")
    git(orch.folder, "checkout", "-q", "main")
    orch.do("experiment", "start", "ours", "--template", "orchestrator", "--arm", "a=1", "--arm", "b=1")
    git(orch.folder, "add", "-A")
    git(orch.folder, "commit", "-q", "-m", "ours")
    git(orch.folder, "merge", "-q", "theirs")
    listed = orch.do("experiment", "list")
    assert listed.err.count("`ours` and `theirs` both run for orchestrator") == 2
    assert "both run" in orch.do("plan", "Add another page").err
    assert "experiment" not in orch.do("show", "--json", _newest(orch)).json["planning"]
    orch.do("experiment", "stop", "theirs")
    assert orch.do("plan", "Add one more", "--json").json["planning"]["experiment"] == "ours"
