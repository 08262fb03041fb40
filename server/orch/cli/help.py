"""The group of all commands: its help in a pipe, and what `--json` says of words that it does not know."""

from typing import Any

from typer.core import TyperGroup

from orch.cli import terminal


class OrchGroup(TyperGroup):
    """The group of all commands. Rich lays its help out on a terminal; this does the same for plain text."""

    def invoke(self, ctx: Any) -> Any:
        """Runs the command that is asked for. With `ctx.obj` a usage error is one JSON object as well."""
        try:
            return super().invoke(ctx)
        except Exception as error:
            # Typer brings Click along, and not every version tells the class of these errors
            if (
                ctx.parent is None
                and ctx.obj
                and getattr(error, "exit_code", None) == 2
                and hasattr(error, "format_message")
            ):
                terminal.write_json({"error": error.format_message(), "candidates": []})
            raise

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Writes the commands, a section for each group, in the order in which they were registered."""
        sections: dict[str, list[tuple[str, str]]] = {}
        for name in self.list_commands(ctx):
            command = self.get_command(ctx, name)
            if command is None or command.hidden:
                continue
            panel = getattr(command, "rich_help_panel", None)
            section = panel if isinstance(panel, str) else "Commands"
            sections.setdefault(section, []).append((name, command.get_short_help_str(90)))
        for section, rows in sections.items():
            with formatter.section(section):
                formatter.write_dl(rows)
