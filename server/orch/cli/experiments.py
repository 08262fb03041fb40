"""experiment: versions of a template tried side by side."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from orch.cli import terminal
from orch.cli.help import OrchGroup
from orch.cli.options import JsonOption
from orch.cli.work import Call, carry_out, opened, refuse, report, take_step
from orch.commands.outcome import Refusal
from orch.library.experiment_words import percent
from orch.text.figures import amount, duration

PANEL = "Templates"
_STYLES = {"running": "green", "stopped": "dim"}

NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="The experiment's name.")]


def register(app: typer.Typer) -> None:
    """Adds the commands of this file to `app`."""
    group = typer.Typer(cls=OrchGroup, no_args_is_help=True, help="Try versions of a template side by side.")
    for name, function in (("start", start), ("list", list_experiments), ("report", tell), ("stop", stop)):
        group.command(name)(function)
    app.add_typer(group, name="experiment", rich_help_panel=PANEL)


def _arms(given: list[str]) -> list[str]:
    for arm in given:
        name, equals, version = arm.partition("=")
        if not equals or not name.strip() or not version.strip():
            raise typer.BadParameter(f"{arm!r} has no name and version; write NAME=VERSION or NAME=VERSION:WEIGHT.")
    return given


def start(
    name: NameArgument,
    template: Annotated[
        str, typer.Option("--template", metavar="T", help="orchestrator, bugfix/analysis ... what is tried.")
    ],
    arm: Annotated[
        list[str],
        typer.Option(
            "--arm",
            metavar="N=VERSION[:WEIGHT]",
            callback=_arms,
            help="An arm: its name, a version (a number or a reference), its weight. Twice or more.",
        ),
    ],
    min_per_arm: Annotated[
        int | None,
        typer.Option(
            "--min-per-arm", metavar="N", min=1, help="Outcomes in each arm before anything is concluded."
        ),
    ] = None,
    json: JsonOption = False,
) -> None:
    """Start an experiment: sessions planned from now on are split between the arms.

    Example: orch experiment start tone --template orchestrator --arm a=1 --arm b=project:orchestrator@2:1
    """
    arms = [{"name": one.partition("=")[0].strip(), "version": one.partition("=")[2].strip()} for one in arm]
    params = {"name": name, "template": template, "arms": arms, "minPerArm": min_per_arm}
    take_step(Call("orch.experiment.start", params, json), create=True)


def list_experiments(json: JsonOption = False) -> None:
    """List the experiments, the running ones first."""
    found: list[Mapping[str, Any]] = []
    with opened(None) as project:
        here = project is not None
    if here:
        done = carry_out(Call("orch.experiment.list", {}, json))
        if isinstance(done, Refusal):
            refuse(done, as_json=json)
        found = done.result["experiments"]
    if json:
        terminal.write_json({"experiments": found})
    elif found:
        rows = [
            (one["name"], one["status"] or "?", _about(one), ", ".join(_arm_words(arm) for arm in one["arms"]))
            for one in found
        ]
        terminal.write_table("out", ("name", "status", "template", "arms"), rows, _STYLES)
        for one in found:
            for problem in one["problems"]:
                terminal.say(f"{one['path']}:{problem['line']}: {problem['message']}", "yellow")
    else:
        terminal.say(
            "There is no experiment yet. Start one with: orch experiment start NAME --template T --arm ..."
        )


def tell(
    name: NameArgument,
    all_branches: Annotated[
        bool, typer.Option("--all-branches", help="Count the sessions of the other branches too.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """Report what an experiment has shown so far.

    Example: orch experiment report tone --all-branches
    """
    done = carry_out(Call("orch.experiment.report", {"name": name, "allBranches": all_branches}, json))
    if not isinstance(done, Refusal) and not json:
        _write_report(done.result)
    raise typer.Exit(report(done, as_json=json))


def stop(name: NameArgument, json: JsonOption = False) -> None:
    """Stop an experiment; its report stays."""
    take_step(Call("orch.experiment.stop", {"name": name}, json))


def _about(experiment: Mapping[str, Any]) -> str:
    return "/".join(part for part in (experiment["feature_type"], experiment["template"]) if part)


def _arm_words(arm: Mapping[str, Any]) -> str:
    return f"{arm['name']}={arm['version']}:{arm['weight']:g}"


_HEADERS = (
    "arm", "assigned", "open", "abandoned", "success", "partial", "failure",
    "rate", "95 %", "best", "loss", "time", "re-plans",
)  # fmt: skip


_COST = ("model time", "tokens in", "tokens out")
"""What the models took: shown where runs are recorded."""


def _cost(arm: Mapping[str, Any]) -> tuple[str, ...]:
    return duration(arm["run_seconds"]), amount(arm["input_tokens"]), amount(arm["output_tokens"])


def _write_report(result: Mapping[str, Any]) -> None:
    rows = []
    for arm in result["arms"]:
        counts = [str(arm[key]) for key in ("assigned", "open", "abandoned", "success", "partial", "failure")]
        loss = arm["expected_loss"]
        again = arm["replans"]
        rows.append(
            (
                arm["name"],
                *counts,
                percent(arm["rate"]),
                f"{arm['low'] * 100:.0f}-{arm['high'] * 100:.0f} %",
                percent(arm["p_best"]),
                "-" if loss is None else f"{loss * 100:.1f}",
                duration(arm["seconds"]),
                "-" if again is None else f"{again:g}",
            )
        )
    cost = [_cost(arm) for arm in result["arms"]]
    known = [index for index in range(len(_COST)) if any(cells[index] != "-" for cells in cost)]
    rows = [(*row, *(cells[index] for index in known)) for row, cells in zip(rows, cost, strict=True)]
    headers = (*_HEADERS, *(_COST[index] for index in known))
    if terminal.is_terminal("out"):
        # a person compares the arms figure by figure, and a dozen columns fit on no terminal
        names, *figures = zip(headers, *rows, strict=True)
        headers, rows = names, figures
    terminal.write_table("out", headers, rows)
