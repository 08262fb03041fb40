"""The steps of a session, one command each."""

from typing import Annotated

import typer

from orch.cli.filing import file_answer
from orch.cli.intake import Lost, read_piped, read_values
from orch.cli.options import FileOption, JsonOption, SessionOption, SetOption, choice
from orch.cli.work import Call, lose_nothing, refuse, take_step
from orch.commands.outcome import Refusal
from orch.model.session import PHASES, RESULTS

PANEL = "Steps of a session"


def register(app: typer.Typer) -> None:
    """Adds the commands of this file to `app`."""
    for name, function in (
        ("plan", plan),
        ("process", process),
        ("analyze", analyze),
        ("save-analysis", save_analysis),
        ("implement", implement),
        ("save-implementation", save_implementation),
        ("complete", complete),
        ("reopen", reopen),
        ("abandon", abandon),
    ):
        app.command(name, rich_help_panel=PANEL)(function)


def plan(
    request: Annotated[
        str | None, typer.Argument(metavar="REQUEST", help="What you want; - reads it from standard input.")
    ] = None,
    project: Annotated[str | None, typer.Option("--project", "-p", metavar="P", help="The project's name.")] = None,
    feature_type: Annotated[
        str | None, typer.Option("--type", "-t", metavar="T", help="feature, bugfix, refactor, performance ...")
    ] = None,
    template: Annotated[
        str | None, typer.Option("--template", metavar="REF", help="The template to use for the planning prompt.")
    ] = None,
    values: SetOption = None,
    session: SessionOption = None,
    json: JsonOption = False,
) -> None:
    """Start a session and print its planning prompt.

    With --session, plan that session again; without a new REQUEST the old one stays.

    Example: orch plan "Add user authentication" | MODEL | orch process
    """
    if request is None and session is None:
        raise typer.BadParameter("Say what you want, or - to read it from standard input.", param_hint="REQUEST")
    piped = None
    if request == "-":
        read = read_piped()
        if isinstance(read, Lost):
            lose_nothing(read, as_json=json)
        request = piped = read
    if request is not None and not request.strip():
        refuse(Refusal("The request is empty; say what you want in one or more sentences."), as_json=json)
    given = read_values(values or ())
    if isinstance(given, Refusal):
        refuse(given, as_json=json)
    params = {
        "request": request,
        "session": session,
        "featureType": feature_type,
        "project": project,
        "template": template,
        "values": given,
    }
    take_step(Call("orch.session.plan", params, json, piped, "orch plan - <"), create=True)


def process(session: SessionOption = None, file: FileOption = None, json: JsonOption = False) -> None:
    """Take the three parts out of the model's planning answer.

    The answer comes from --file, else from a pipe, else it is the one that stands in the session. The exit code
    is 1 when the answer lacks a part.

    Example: orch process --file answer.md
    """
    file_answer("orch.session.process", "process", session, file, as_json=json)


def analyze(session: SessionOption = None, values: SetOption = None, json: JsonOption = False) -> None:
    """Print the analysis prompt, with its open places filled in.

    Example: orch analyze --set "PROJECT NAME=shop" --set LOG=@error.log | MODEL | orch save-analysis
    """
    given = read_values(values or ())
    if isinstance(given, Refusal):
        refuse(given, as_json=json)
    take_step(Call("orch.session.analyze", {"session": session, "values": given}, json))


def save_analysis(session: SessionOption = None, file: FileOption = None, json: JsonOption = False) -> None:
    """Save what the model answered to the analysis prompt."""
    file_answer("orch.session.saveAnalysis", "save-analysis", session, file, as_json=json)


def implement(
    session: SessionOption = None,
    values: SetOption = None,
    force: Annotated[bool, typer.Option("--force", help="Go on without an analysis result.")] = False,
    json: JsonOption = False,
) -> None:
    """Print the implementation prompt, with the analysis in it."""
    given = read_values(values or ())
    if isinstance(given, Refusal):
        refuse(given, as_json=json)
    take_step(Call("orch.session.implement", {"session": session, "values": given, "force": force}, json))


def save_implementation(session: SessionOption = None, file: FileOption = None, json: JsonOption = False) -> None:
    """Save what the model says it built."""
    file_answer("orch.session.saveImplementation", "save-implementation", session, file, as_json=json)


def complete(
    session: SessionOption = None,
    outcome: Annotated[
        str | None, typer.Option("--outcome", metavar="R", parser=choice(*RESULTS), help="|".join(RESULTS))
    ] = None,
    rating: Annotated[int | None, typer.Option("--rating", metavar="N", min=1, max=5, help="From 1 to 5.")] = None,
    comment: Annotated[
        str | None, typer.Option("--comment", metavar="C", help="What is worth remembering.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Complete it before the implementation.")] = False,
    json: JsonOption = False,
) -> None:
    """End the session and say how it went.

    Example: orch complete --outcome success --rating 4
    """
    params = {"session": session, "outcome": outcome, "rating": rating, "comment": comment, "force": force}
    take_step(Call("orch.session.complete", params, json))


def reopen(
    phase: Annotated[str, typer.Option("--phase", metavar="P", parser=choice(*PHASES), help="|".join(PHASES))],
    session: SessionOption = None,
    json: JsonOption = False,
) -> None:
    """Go back to an earlier phase; all texts stay."""
    take_step(Call("orch.session.reopen", {"session": session, "phase": phase}, json))


def abandon(session: SessionOption = None, json: JsonOption = False) -> None:
    """End the session without an outcome; reopen brings it back."""
    take_step(Call("orch.session.abandon", {"session": session}, json))
