"""template: the prompt templates of all layers, and their versions."""

import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from orch.cli import terminal
from orch.cli.completion import complete_session
from orch.cli.help import OrchGroup
from orch.cli.intake import Lost, read_answer, read_values
from orch.cli.options import FileOption, JsonOption, SetOption
from orch.cli.template_tables import complete_template, write_replay, write_templates, write_tests, write_versions
from orch.cli.work import Call, carry_out, lose_nothing, refuse, report, take_step
from orch.commands.outcome import Outcome, Refusal
from orch.storage.given import working_folder

PANEL = "Templates"

NameArgument = Annotated[
    str,
    typer.Argument(
        metavar="NAME",
        help="[layer:][type/]name, such as orchestrator, bugfix/analysis, user:lib/tone; or its file.",
        autocompletion=complete_template,
    ),
]
ReferenceArgument = Annotated[
    str,
    typer.Argument(
        metavar="REF",
        help="A template, or a version of it: orchestrator, project:orchestrator@3.",
        autocompletion=complete_template,
    ),
]
TypeOption = Annotated[
    str | None, typer.Option("--type", "-t", metavar="T", help="The feature type that it is for.")
]
MessageOption = Annotated[str, typer.Option("--message", "-m", metavar="M", help="What changed, in one line.")]


def register(app: typer.Typer) -> None:
    """Adds the commands of this file to `app`."""
    group = typer.Typer(cls=OrchGroup, no_args_is_help=True, help="Templates, their layers and their versions.")
    for name, function in (
        ("list", list_templates),
        ("show", show),
        ("add", add),
        ("update", update),
        ("publish", publish),
        ("versions", versions),
        ("diff", diff),
        ("rollback", rollback),
        ("test", try_templates),
        ("replay", replay),
        ("preview", preview),
    ):
        group.command(name)(function)
    app.add_typer(group, name="template", rich_help_panel=PANEL)


def list_templates(json: JsonOption = False) -> None:
    """List the templates of all layers, the nearest first, and say which are used."""
    done = _asked("list", {}, as_json=json)
    if not json:
        write_templates(done.result["templates"])
    _end(done, as_json=json)


def show(name: ReferenceArgument, feature_type: TypeOption = None, json: JsonOption = False) -> None:
    """Show a template's text, and say which layer it is from and what it hides.

    Example: orch template show orchestrator --type bugfix
    """
    done = _asked("show", {"name": _name(name), "featureType": feature_type}, as_json=json)
    if not json:
        terminal.write_text(done.result["text"], "jinja")
    _end(done, as_json=json)


def add(
    name: NameArgument,
    source: Annotated[
        str | None,
        typer.Option(
            "--from", metavar="REF", help="Copy this template or version.", autocompletion=complete_template
        ),
    ] = None,
    feature_type: TypeOption = None,
    block: Annotated[
        str | None, typer.Option("--block", metavar="B", help="The block to change; the rest stays as below.")
    ] = None,
    json: JsonOption = False,
) -> None:
    """Make a template of the project's own and print its file.

    Where a layer below has one of that name, the new one extends it; with --from it is a copy.

    Example: orch template add orchestrator --block guidelines
    """
    params = {"name": name, "featureType": feature_type, "block": block, "source": source and _name(source)}
    done = _asked("customize", params, as_json=json)
    if not json:
        terminal.write_text(done.result["path"], "text")
    _end(done, as_json=json)


def update(
    name: NameArgument,
    message: MessageOption,
    file: FileOption = None,
    feature_type: TypeOption = None,
    json: JsonOption = False,
) -> None:
    """Replace a template's text and publish it.

    The text comes from --file, else from a pipe.

    Example: orch template update orchestrator --file new.md.j2 --message "Asks for fewer steps"
    """
    text = read_answer(file)
    if isinstance(text, Lost):
        lose_nothing(text, as_json=json)
    if isinstance(text, Refusal):
        refuse(text, as_json=json)
    if text is None:
        refuse(Refusal("There is no text; give it with --file, or through a pipe."), as_json=json)
    params = {"name": _name(name), "featureType": feature_type, "message": message, "text": text}
    kind = f" --type {shlex.quote(feature_type)}" if feature_type else ""
    again = f"orch template update {shlex.quote(name)}{kind} --message {shlex.quote(message)} --file"
    take_step(Call("orch.template.publish", params, json, text, again), create=True)


def publish(
    name: NameArgument,
    message: Annotated[
        str | None, typer.Option("--message", "-m", metavar="M", help="What changed, in one line.")
    ] = None,
    feature_type: TypeOption = None,
    renumber: Annotated[
        bool, typer.Option("--renumber", help="Only give versions that share a number one of their own.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """Publish the working copy as the next version.

    Example: orch template publish orchestrator --message "Asks for tests first"
    """
    if message is None and not renumber:
        raise typer.BadParameter("Say in one line what changed.", param_hint="--message")
    params = {"name": _name(name), "message": message, "featureType": feature_type, "renumber": renumber}
    take_step(Call("orch.template.publish", params, json), create=True)


def versions(name: NameArgument, feature_type: TypeOption = None, json: JsonOption = False) -> None:
    """List a template's versions, the newest first."""
    done = _asked("versions", {"name": _name(name), "featureType": feature_type}, as_json=json)
    if not json:
        write_versions(done.result["versions"])
    _end(done, as_json=json)


def diff(
    left: ReferenceArgument,
    right: ReferenceArgument,
    rendered: Annotated[bool, typer.Option("--rendered", help="Compare the prompts that they make.")] = False,
    session: Annotated[
        str | None,
        typer.Option(
            "--session",
            "-s",
            metavar="S",
            help="Compare the prompts for this session.",
            autocompletion=complete_session,
        ),
    ] = None,
    feature_type: TypeOption = None,
    json: JsonOption = False,
) -> None:
    """Compare two templates or versions, line by line.

    Example: orch template diff orchestrator@3 orchestrator
    """
    params = {"left": _name(left), "right": _name(right), "featureType": feature_type, "rendered": rendered}
    done = _asked("diff", {**params, "session": session}, as_json=json)
    if not json and done.result["unified"]:
        terminal.write_text(done.result["unified"], "diff")
    _end(done, as_json=json)


def rollback(
    name: NameArgument,
    version: Annotated[str, typer.Option("--to", metavar="VERSION", help="A number, or a number with its digits.")],
    feature_type: TypeOption = None,
    json: JsonOption = False,
) -> None:
    """Make the working copy what an earlier version was.

    Example: orch template rollback orchestrator --to 3
    """
    params = {"name": _name(name), "version": version, "featureType": feature_type}
    take_step(Call("orch.template.rollback", params, json), create=True)


def try_templates(
    name: Annotated[
        str | None,
        typer.Argument(metavar="NAME", help="One template; else all of them.", autocompletion=complete_template),
    ] = None,
    feature_type: TypeOption = None,
    json: JsonOption = False,
) -> None:
    """Render templates for their examples and for sample sessions of every feature type.

    The exit code is 1 when one of them does not work.
    """
    params = {"name": name and _name(name), "featureType": feature_type}
    with terminal.busy("Rendering the templates"):
        done = _asked("test", params, as_json=json)
    if not json:
        write_tests(done.result["templates"])
    _end(done, as_json=json)


def replay(
    name: NameArgument,
    feature_type: TypeOption = None,
    sessions: Annotated[int, typer.Option("--sessions", "-n", metavar="N", min=1, help="So many.")] = 10,
    json: JsonOption = False,
) -> None:
    """Render the working copy for the last ten sessions and show what changes in each prompt.

    Nothing is changed by it. It says as well whether the stored answers still extract.
    """
    params = {"name": _name(name), "featureType": feature_type, "sessions": sessions}
    with terminal.busy("Rendering the prompts"):
        done = _asked("replay", params, as_json=json)
    if not json:
        write_replay(done.result["sessions"])
    _end(done, as_json=json)


def preview(
    name: ReferenceArgument,
    session: Annotated[
        str | None,
        typer.Option(
            "--session",
            "-s",
            metavar="S",
            help="For this session, or sample; else the newest that fits.",
            autocompletion=complete_session,
        ),
    ] = None,
    values: SetOption = None,
    feature_type: TypeOption = None,
    json: JsonOption = False,
) -> None:
    """Print the prompt that a template would make. Nothing is recorded."""
    given = read_values(values or ())
    if isinstance(given, Refusal):
        refuse(given, as_json=json)
    params = {"name": _name(name), "values": given, "featureType": feature_type, "session": session}
    done = _asked("preview", params, as_json=json)
    problems = done.result["problems"]
    if json:
        terminal.write_json(done.result)
    elif not problems:
        terminal.write_text(done.result["text"])
        meant = done.result["session"]
        whose = f"session {meant['id'][:8]}, {meant['title']}" if meant else "a made-up session"
        terminal.say(f"Made by {done.result['template']} for {whose}.", "dim")
        if done.result["missing"]:
            terminal.say(f"Without a value: {', '.join(done.result['missing'])}.", "dim")
    for problem in problems:
        terminal.say(problem["sentence"], "red")
    raise typer.Exit(1 if problems else 0)


def _asked(command: str, params: Mapping[str, Any], *, as_json: bool) -> Outcome:
    """What a command gives. Templates are there without a project as well: the built-in ones and the user's own."""
    done = carry_out(Call(f"orch.template.{command}", params, as_json), create=True)
    if isinstance(done, Refusal):
        refuse(done, as_json=as_json)
    return done


def _end(done: Outcome, *, as_json: bool) -> None:
    raise typer.Exit(report(done, as_json=as_json))


def _name(text: str) -> str:
    """`text`, or the whole path of the template's file that it names from the working folder."""
    path = working_folder() / text
    return str(path) if text.endswith(".j2") and Path(path).exists() else text
