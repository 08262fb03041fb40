"""What there is: the open sessions, all sessions, one session."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from orch.cli import terminal
from orch.cli.completion import complete_session
from orch.cli.options import JsonOption, choice
from orch.cli.session_markdown import session_markdown
from orch.cli.tables import write_sessions
from orch.cli.work import NOTHING_HERE, Call, carry_out, opened, refuse, report
from orch.commands.outcome import Outcome, Refusal
from orch.model.session import PHASES, STATUSES

PANEL = "Looking"


def register(app: typer.Typer) -> None:
    """Adds the commands of this file to `app`."""
    app.command("list-sessions", rich_help_panel=PANEL)(list_sessions)
    app.command("show", rich_help_panel=PANEL)(show)


def open_sessions(*, as_json: bool) -> None:
    """Bare `orch`: the open sessions and what comes next in each."""
    found = _listed({"status": "open"}, as_json=as_json)
    sessions = found and found["sessions"]
    if as_json:
        terminal.write_json(found or {"sessions": []})
    elif sessions is None:
        terminal.say(NOTHING_HERE)
        terminal.say("It prints a prompt for your model. Then: orch next | MODEL | orch answer, until it is done.")
    elif not sessions:
        terminal.say('No session is open. Start one with: orch plan "Add a login page"')
    else:
        write_sessions(sessions)
        if terminal.is_terminal("err"):
            terminal.say("orch next takes the due step; orch answer files what the model said.", "dim")
            _offer_runner()
    _say_problems(found)


def list_sessions(
    status: Annotated[
        str | None,
        typer.Option("--status", metavar="S", parser=choice("open", *STATUSES), help="open|" + "|".join(STATUSES)),
    ] = None,
    project: Annotated[str | None, typer.Option("--project", "-p", metavar="P", help="Of this project.")] = None,
    feature_type: Annotated[str | None, typer.Option("--type", "-t", metavar="T", help="Of this type.")] = None,
    limit: Annotated[int | None, typer.Option("--limit", "-n", metavar="N", min=1, help="At most so many.")] = None,
    json: JsonOption = False,
) -> None:
    """List the sessions, the newest first.

    Example: orch list-sessions --status completed --limit 10
    """
    params = {"status": status, "project": project, "featureType": feature_type, "limit": limit}
    found = _listed(params, as_json=json)
    sessions = found and found["sessions"]
    if json:
        terminal.write_json(found or {"sessions": []})
    elif sessions:
        write_sessions(sessions, costs=True)
    else:
        terminal.say(NOTHING_HERE if sessions is None else "No session is like that.")
    _say_problems(found)


def show(
    session: Annotated[
        str | None,
        typer.Argument(
            metavar="SESSION",
            help="Its id, the beginning of it, or its file; else the only open one.",
            autocompletion=complete_session,
        ),
    ] = None,
    prompt: Annotated[
        str | None,
        typer.Option("--prompt", metavar="P", parser=choice(*PHASES), help="Only this prompt: " + "|".join(PHASES)),
    ] = None,
    form: Annotated[
        str, typer.Option("--format", metavar="F", parser=choice("toml", "json", "md"), help="toml|json|md")
    ] = "toml",
    json: JsonOption = False,
) -> None:
    """Show a session, or one of its prompts.

    Example: orch show 8f14 --prompt analysis | MODEL
    """
    as_json = json or form == "json"
    if prompt is not None:
        done = carry_out(Call("orch.session.prompt", {"session": session, "phase": prompt}, as_json))
        if isinstance(done, Outcome) and not as_json:
            terminal.write_text(done.result["text"])
            raise typer.Exit(0)
        raise typer.Exit(report(done, as_json=as_json))
    done = carry_out(Call("orch.session.show", {"session": session}, as_json))
    if isinstance(done, Refusal) or as_json:
        raise typer.Exit(report(done, as_json=as_json))
    if form == "md":
        terminal.write_markdown(session_markdown(done.result))
    else:
        _write_file(done.result)


def _offer_runner() -> None:
    """One line on a program that could take prompts, where none is set up to."""
    from orch.commands.runners import found_program

    with opened(None) as project:
        found = found_program(project) if project is not None else None
    if found is not None:
        terminal.say(f"{found} is on this machine: after orch runner add {found}, orch run does both.", "dim")


def _listed(params: Mapping[str, Any], *, as_json: bool) -> Mapping[str, Any] | None:
    """The sessions that `params` ask for, and the `problems`; None in a folder that has no project."""
    with opened(None) as project:
        if project is None:
            return None
    done = carry_out(Call("orch.session.list", params, as_json))
    if isinstance(done, Refusal):
        refuse(done, as_json=as_json)
    return done.result


def _say_problems(found: Mapping[str, Any] | None) -> None:
    """A line for each file that no session could be read from: what is not listed is not gone."""
    for sentence in (found or {}).get("problems", ()):
        terminal.say(sentence, "yellow")


def _write_file(session: Mapping[str, Any]) -> None:
    with opened(session["path"]) as project:
        text = project.storage.read(Path(session["path"])) if project else None
    terminal.write_text(text or "", "toml")
