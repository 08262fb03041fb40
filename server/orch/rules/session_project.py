"""Rules on what a session names in its project: templates, files, and other sessions."""

from collections.abc import Iterator, Sequence

from orch.model.session import PHASES
from orch.rules.finding import Finding, Related, Severity
from orch.rules.session_context import SessionContext, session_rule
from orch.syntax.toml_tree import TomlEntry
from orch.text.span import Span


@session_rule(
    name="unknown-template",
    severity=Severity.WARNING,
    summary="A session names a template or a version that is not there",
    explanation=(
        "`template` says which version of which template made the prompt. When that version is in none of the "
        "layers, the prompt cannot be made again: its file was deleted or is not committed yet, or the "
        "reference has a slip."
    ),
    bad='[planning]\ntemplate = "project:no-such-template@3-5d41402a"\n',
    good='[planning]\ntemplate = "builtin:orchestrator"\n',
    slow=True,
)
def unknown_template(context: SessionContext) -> Iterator[Finding]:
    """Asks the project's layers."""
    if context.surroundings is None:
        return
    for phase in PHASES:
        value = context.tree.find((phase, "template"))
        if value is not None and value.kind == "string" and value.value:
            problem = context.surroundings.template_problem(value.value)
            if problem is not None:
                yield Finding("unknown-template", value.content, problem)


@session_rule(
    name="duplicate-id",
    severity=Severity.ERROR,
    summary="Two session files have the same id",
    explanation=(
        "Answers, commands and experiments find a session by its id, so two files must not share one. It "
        "happens when a file is copied by hand: give the copy a new id, or delete it."
    ),
    bad='id = "8f14e45f-ceea-467f-a8d2-6f0c1b7a9e21"\n',
    good='id = "1b7a9e21-ceea-467f-a8d2-6f0c8f14e45f"\n',
    slow=True,
)
def duplicate_id(context: SessionContext) -> Iterator[Finding]:
    """Asks for the other files with this id."""
    value = context.tree.find(("id",))
    if context.surroundings is None or value is None or value.kind != "string" or not value.value:
        return
    others = context.surroundings.same_id(value.value)
    if others:
        names = ", ".join(path.name for path in others)
        related = tuple(Related(Span(0, 0), "It has the same id.", path) for path in others)
        message = f"This id is also that of {names}: give one of them a new id."
        yield Finding("duplicate-id", value.content, message, related=related)


@session_rule(
    name="missing-file",
    severity=Severity.HINT,
    summary="A key file is not in the project",
    explanation=(
        "The model names the files that matter most. One that is not there is yet to be made, was renamed, or "
        "is a guess of the model's: worth a look before the analysis."
    ),
    bad='[notes]\nkey_files = ["src/no_such_file.py"]\n',
    good='[notes]\nkey_files = ["src/auth.py"]\n',
    slow=True,
)
def missing_file(context: SessionContext) -> Iterator[Finding]:
    """Once, on the key."""
    entry = _key_files(context)
    if context.surroundings is None or entry is None:
        return
    names = _names(entry)
    missing = context.surroundings.missing_files(names)
    if missing:
        one = (
            f"`{missing[0]}` is not there"
            if len(missing) == 1
            else f"{len(missing)} are not there: {_listed(missing)}"
        )
        message = f"Of {len(names)} key files {one}." if len(names) > 1 else f"{one[0].upper()}{one[1:]}."
        yield Finding("missing-file", entry.key_span, message)


@session_rule(
    name="overlapping-session",
    severity=Severity.HINT,
    summary="Another open session names the same key files",
    explanation=(
        "Two features that are worked on at once and change the same files get in each other's way. Finish "
        "one first, or tell each model about the other."
    ),
    bad='[notes]\nkey_files = ["src/shared.py"]\n',
    good='[notes]\nkey_files = ["src/auth.py"]\n',
    slow=True,
)
def overlapping_session(context: SessionContext) -> Iterator[Finding]:
    """Once, on the key."""
    entry = _key_files(context)
    if context.surroundings is None or entry is None:
        return
    found = context.surroundings.overlapping(_names(entry))
    if found:
        told = "; ".join(f'"{other.title}" ({_listed(other.files)})' for other in found[:3])
        rest = f" and {len(found) - 3} more" if len(found) > 3 else ""
        which = "Another open session names" if len(found) == 1 else f"{len(found)} other open sessions name"
        related = tuple(Related(Span(0, 0), f'The session "{other.title}"', other.path) for other in found)
        message = f"{which} the same key files: {told}{rest}."
        yield Finding("overlapping-session", entry.key_span, message, related=related)


def _key_files(context: SessionContext) -> TomlEntry | None:
    entry = context.tree.entry(("notes", "key_files"))
    return entry if entry is not None and entry.value.kind == "array" and _names(entry) else None


def _names(entry: TomlEntry) -> list[str]:
    return [item.value for item in entry.value.items if item.kind == "string" and item.value.strip()]


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(names[:5])
    return f"{shown} and {len(names) - 5} more" if len(names) > 5 else shown
