"""How templates, versions, tests and replays look on the command line."""

from collections.abc import Mapping, Sequence
from typing import Any

from orch.cli import terminal
from orch.cli.tables import when
from orch.cli.work import opened
from orch.storage.port import StorageError

STYLES = {"used": "green", "current": "green", "ok": "green", "failed": "red", "skipped": "dim"}


def write_templates(templates: Sequence[Mapping[str, Any]]) -> None:
    """Writes the templates of `template list`, a row each."""
    rows = [
        (
            template_path(one),
            one["layer"],
            str(one["version"] or "-"),
            f"hidden by {one['hidden_by']}" if one["hidden_by"] else "used",
            one.get("problem") or one["description"],
        )
        for one in templates
    ]
    terminal.write_table("out", ("name", "layer", "version", "standing", "description"), rows, STYLES)


def write_versions(versions: Sequence[Mapping[str, Any]]) -> None:
    """Writes the versions of `template versions`, a row each."""
    published = {one["digest"]: one["version"] for one in reversed(versions) if one["version"]}
    rows = [
        (
            one["reference"],
            when(one["created"]),
            one["author"] or "",
            _state(one, published.get(one["digest"])),
            one["message"] or "",
        )
        for one in versions
    ]
    terminal.write_table("out", ("version", "created", "author", "state", "message"), rows, STYLES)


def write_tests(templates: Sequence[Mapping[str, Any]]) -> None:
    """Writes what came of `template test`: a row for each template, and one for each problem below it."""
    rows: list[tuple[str, str, str]] = []
    for one in templates:
        name = f"{one['layer']}:{template_path(one)}"
        state = "failed" if not one["ok"] else "skipped" if one["skipped"] else "ok"
        rows.append((name, state, one["skipped"] or f"{one['renders']} prompts"))
        rows += [("", problem["sample"], problem["sentence"]) for problem in one["problems"]]
    terminal.write_table("out", ("template", "result", "about"), rows, STYLES)


def write_replay(sessions: Sequence[Mapping[str, Any]]) -> None:
    """Writes what `template replay` found: for each session a line, then what changes in its prompt."""
    pieces: list[str] = []
    for one in sessions:
        if one["problem"]:
            how = f"no prompt: {one['problem']}"
        else:
            how = f"+{one['added']} -{one['removed']} lines" if one["changed"] else "no change"
        answer = {True: "; the stored answer extracts", False: "; the stored answer lacks a template", None: ""}
        pieces.append(f"# {one['id'][:8]} {one['title']}: {how}{answer[one['extracts']]}\n{one['unified']}")
    if pieces:
        terminal.write_text("\n".join(pieces), "diff")


def template_path(template: Mapping[str, Any]) -> str:
    """The name with its feature type."""
    return f"{template['feature_type']}/{template['name']}" if template["feature_type"] else str(template["name"])


def complete_template(incomplete: str) -> list[tuple[str, str]]:
    """The templates that the shell completes a name to, each with its layer."""
    from orch.commands.settings import project_library
    from orch.library.resolution import all_templates

    try:
        with opened(None, create=True) as project:
            found = all_templates(project_library(project)) if project is not None else []
    except StorageError:
        return []
    names: dict[str, str] = {}
    for template, _ in found:
        for name in (template.path, str(template)):
            names.setdefault(name, template.layer)
    return [(name, layer) for name, layer in names.items() if name.startswith(incomplete)]


def _state(version: Mapping[str, Any], published: int | None) -> str:
    """What is to be said of a version; `published` is the number that its text has got, where it has one."""
    if version["problem"]:
        return "changed by hand"
    if version["same_number"]:
        return "shares its number"
    if version["renumbered"]:
        return f"now {version['renumbered'].rpartition('@')[2]}"
    if version["merged"]:
        return "merged by git"
    if not version["version"] and published:
        return f"published as {published}"
    if version["current"]:
        return "current"
    return "" if version["version"] else "never published"
