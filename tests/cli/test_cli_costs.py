"""What runs took: in lists, in a session, and in the report of an experiment."""

import json
from pathlib import Path

import pytest

from support.command_line import CommandLine, on_terminal, plain
from support.projects import planning_answer

RUNS = """\
[[executions]]
step = "plan"
runner = "local"
model = "owl"
started = 2026-11-21T02:10:30Z
seconds = 41.2
status = "timeout"

[[executions]]
step = "plan"
runner = "local"
started = 2026-11-21T02:12:30Z
seconds = 100
status = "ok"
prompt_chars = 4000
answer_chars = 6000
input_tokens = 5100
output_tokens = 1400

[[history]]"""
COST = {"seconds": 141.2, "input_tokens": 5100, "output_tokens": 1400}


@pytest.fixture
def ran(orch: CommandLine, folder: Path) -> str:
    """The short id of a session that was run twice; another one was not."""
    orch.do("plan", "Add another page")
    short = str(orch.do("plan", "Add a login page", "--json").json["id"])[:8]
    (path,) = (folder / ".orch/sessions").glob(f"*{short}.orch")
    path.write_text(path.read_text("utf-8").replace("[[history]]", RUNS, 1), "utf-8")
    return short


def cost(entry: dict[str, object]) -> dict[str, object]:
    return {key: entry[key] for key in COST if key in entry}


@pytest.mark.parametrize("ended", [False, True])
def test_lists(orch: CommandLine, ran: str, ended: bool) -> None:
    if ended:
        orch.do("process", "-s", ran, piped=planning_answer())
        orch.do("abandon", "-s", ran)
    entries = orch.do("list-sessions", "--json").json["sessions"]
    assert {entry["id"][:8] == ran: cost(entry) for entry in entries} == {True: COST, False: {}}
    rows = {line[:8]: line.split("\t") for line in orch.do("list-sessions").out.splitlines()}
    assert rows.pop(ran)[6:] == ["2.4 min, 5.1k tokens in, 1.4k out"]
    assert [row[6:] for row in rows.values()] == [[""]]


def test_what_comes_next_has_no_room_for_it(orch: CommandLine, ran: str) -> None:
    assert [len(row.split("\t")) for row in orch.do().out.splitlines()] == [6, 6]
    assert ran in orch.do().out


def test_a_list_without_runs_has_no_column_for_them(orch: CommandLine) -> None:
    orch.do("plan", "Add a page")
    assert len(orch.do("list-sessions").out.splitlines()[0].split("\t")) == 6


def test_a_terminal_says_what_the_column_is(ran: str, folder: Path) -> None:
    assert ran in plain(on_terminal(folder, "list-sessions"))
    assert "runs took" in " ".join(plain(on_terminal(folder, "list-sessions")).split())


def test_one_session(orch: CommandLine, ran: str) -> None:
    shown = orch.do("show", ran, "--json").json
    assert cost(shown) == COST
    assert [run["status"] for run in shown["executions"]] == ["timeout", "ok"]
    page = orch.do("show", ran, "--format", "md").out
    assert "## Runs\n\n- 2026-11-21T02:10:30Z: plan with local (owl): timeout, 41 s\n" in page
    assert "- 2026-11-21T02:12:30Z: plan with local: ok, 100 s, 5.1k tokens in, 1.4k out\n" in page
    assert "- together: 2 runs, 2.4 min, 5.1k tokens in, 1.4k out\n" in page
    assert "seconds = 41.2" in orch.do("show", ran).out


def test_the_report_of_an_experiment(orch: CommandLine, folder: Path) -> None:
    orch.do("template", "add", "orchestrator")
    orch.do("template", "publish", "orchestrator", "-m", "one")
    arms = ("--arm", "a=1", "--arm", "b=builtin:orchestrator@1")
    orch.do("experiment", "start", "tone", "--template", "orchestrator", *arms)
    without = orch.do("experiment", "report", "tone")
    assert all(len(row.split("\t")) == 13 for row in without.out.splitlines())
    for _ in range(2):
        session = orch.do("plan", "Add a page", "--json").json["id"][:8]
        (path,) = (folder / ".orch/sessions").glob(f"*{session}.orch")
        path.write_text(path.read_text("utf-8").replace("[[history]]", RUNS, 1), "utf-8")
        orch.do("complete", "-s", session, "--outcome", "success", "--force")
    report = orch.do("experiment", "report", "tone", "--json").json
    figures = [(arm["run_seconds"], arm["input_tokens"], arm["output_tokens"]) for arm in report["arms"]]
    assert (141.2, 5100, 1400) in figures
    assert set(figures) <= {(141.2, 5100, 1400), (None, None, None)}
    rows = [row.split("\t")[13:] for row in orch.do("experiment", "report", "tone").out.splitlines()]
    assert ["2.4 min", "5.1k", "1.4k"] in rows
    assert json.dumps(report)
