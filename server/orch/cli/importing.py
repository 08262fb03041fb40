"""import: sessions of the older system."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from orch.cli import terminal
from orch.cli.options import JsonOption
from orch.cli.work import Call, carry_out, report
from orch.commands.outcome import Refusal
from orch.storage.given import working_folder

PANEL = "Looking"
_STYLES = {"taken": "green", "known": "dim", "aside": "yellow", "refused": "red"}


def register(app: typer.Typer) -> None:
    """Adds the command of this file to `app`."""
    app.command("import", rich_help_panel=PANEL)(import_sessions)


def import_sessions(
    path: Annotated[str, typer.Argument(metavar="PATH", help="A JSON file, or a folder of them.")],
    json: JsonOption = False,
) -> None:
    """Import older sessions (JSON); what is here already is left as it is.

    Example: orch import orchestrator_workspace/sessions
    """
    where = str(working_folder() / path)
    done = carry_out(Call("orch.session.import", {"path": where}, json), create=True)
    if not isinstance(done, Refusal) and not json:
        _write(done.result)
    raise typer.Exit(report(done, as_json=json))


def _write(result: Mapping[str, Any]) -> None:
    rows: list[tuple[str, str, str, str]] = []
    for one in result["taken"]:
        rows.append(("taken", one["id"][:8], one["status"], one["title"]))
        rows += [("aside", one["id"][:8], "", sentence) for sentence in one["aside"]]
    rows += [("known", one["id"][:8], "", f"{one['from']} is here already.") for one in result["known"]]
    rows += [("refused", "", "", f"{one['from']}: {one['reason']}") for one in result["refused"]]
    if rows:
        terminal.write_table("out", ("what", "id", "status", "title or reason"), rows, _STYLES)
