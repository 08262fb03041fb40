"""runner: what prompts may be given to, in the user's own settings."""

from typing import Annotated

import typer

from orch.cli import terminal
from orch.cli.help import OrchGroup
from orch.cli.options import JsonOption
from orch.cli.work import Call, carry_out, refuse, take_step
from orch.commands.outcome import Refusal

PANEL = "Without thinking"


def register(app: typer.Typer) -> None:
    """Adds the commands of this file to `app`."""
    group = typer.Typer(cls=OrchGroup, no_args_is_help=True, help="The programs and endpoints that orch run uses.")
    group.command("list")(list_runners)
    group.command("add")(add)
    app.add_typer(group, name="runner", rich_help_panel=PANEL)


def list_runners(json: JsonOption = False) -> None:
    """List the runners that are set up, and the programs on this machine that could be."""
    done = carry_out(Call("orch.runner.list", {}, json), create=True)
    if isinstance(done, Refusal):
        refuse(done, as_json=json)
    if json:
        terminal.write_json(done.result)
        return
    found = done.result["runners"]
    rows = [
        (
            one["name"],
            one["kind"],
            one.get("base_url") or " ".join(one["command"]),
            one.get("model", ""),
            ", ".join(
                word for word, is_so in (("default", one["default"]), ("not found", not one["there"])) if is_so
            ),
        )
        for one in found
    ]
    if rows:
        terminal.write_table("out", ("name", "kind", "what", "model", "state"), rows)
    else:
        terminal.say(f"No runner is set up in {done.result['path']}.")
    for sentence in done.result["problems"]:
        terminal.say(sentence, "yellow")
    for one in done.result["found"]:
        model = " --model MODEL" if one["needs_model"] else ""
        terminal.say(f"{one['name']} is on this machine; to use it: orch runner add {one['name']}{model}", "dim")


def add(
    name: Annotated[
        str,
        typer.Argument(metavar="NAME", help="claude, codex, gemini, llm or ollama; or what to call an endpoint."),
    ],
    model: Annotated[str | None, typer.Option("--model", "-m", metavar="M", help="The model to use.")] = None,
    url: Annotated[
        str | None, typer.Option("--url", metavar="URL", help="The address of an OpenAI-compatible endpoint.")
    ] = None,
    key_env: Annotated[
        str | None, typer.Option("--key-env", metavar="VAR", help="The environment variable that holds its key.")
    ] = None,
    json: JsonOption = False,
) -> None:
    """Add a runner to your own settings, never to a project.

    Example: orch runner add claude

    Example: orch runner add local --url http://127.0.0.1:11434/v1 --model llama3.3
    """
    params = {"name": name, "model": model, "baseUrl": url, "keyEnv": key_env}
    take_step(Call("orch.runner.add", params, json), create=True)
