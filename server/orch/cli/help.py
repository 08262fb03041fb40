"""Help in a pipe: the commands under their groups, as they are on a terminal."""

from typing import Any

from typer.core import TyperGroup


class OrchGroup(TyperGroup):
    """The group of all commands. Rich lays its help out on a terminal; this does the same for plain text."""

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
