"""edit: opens a session's file at a key; a text that is not there is put there empty, ready to be written."""

import re
from dataclasses import dataclass, replace
from pathlib import Path

from orch.commands.command import Command
from orch.commands.outcome import FileEdit, Outcome, Refusal
from orch.commands.project import Project
from orch.commands.session_files import find, relative
from orch.commands.session_json import head_json
from orch.model.schema import LONG_KEYS, TABLE_ORDER, table_at
from orch.syntax.toml_edit import EditProblem, Set, edit_toml
from orch.syntax.toml_tree import TomlTree, TomlValue, parse_toml
from orch.text.span import Span, TextEdit, apply_edits


@dataclass(frozen=True, slots=True)
class EditParams:
    """`key` is dotted, such as `planning.response`; without one it is opened at its first error, or its top."""

    session: str
    key: str | None = None


def edit(project: Project, params: EditParams) -> Outcome | Refusal:
    """The place in the file, for a client that asks no questions: the person writes there."""
    file = find(project, params.session, to_read=True)
    if isinstance(file, Refusal):
        return file
    path, text = file.path, file.text
    tree = parse_toml(text)
    told = head_json(path, file.session)
    if params.key is None:
        return Outcome(told, show=(path, tree.problems[0].span if tree.problems else Span(0, 0)))
    key = tuple(params.key.split("."))
    value = tree.find(key)
    if value is not None:
        return Outcome(told, show=(path, _to_write(value)))
    # to read it was enough that the file is there; to write to it is a step like any other
    able = find(project, params.session)
    return able if isinstance(able, Refusal) else _put(project, path, tree, key, Outcome(told))


COMMAND = Command("orch.session.edit", EditParams, edit, "Open a session where a text belongs")


def _to_write(value: TomlValue) -> Span:
    """The text between the quotes: selected where there is one, else the place for it."""
    return value.content if value.kind == "string" else value.span


def _put(project: Project, path: Path, tree: TomlTree, key: tuple[str, ...], told: Outcome) -> Outcome | Refusal:
    table = table_at(key[:-1])
    known = table.key(key[-1]) if table is not None else None
    if known is None or not known.long:
        return Refusal(f"A session has no text `{'.'.join(key)}`.")
    # the form of a long text, with a line of its own to write on; then that line is taken out again
    edited = edit_toml(tree.text, [Set(key, f"{_MARK}\n")], TABLE_ORDER, long_keys=LONG_KEYS)
    if isinstance(edited, EditProblem):
        return Refusal(f"{relative(project, path)} cannot be changed: {edited.sentence}")
    edits = tuple(TextEdit(span, _LINE.sub("", text)) for span, text in edited.edits)
    after = apply_edits(tree.text, edits)
    value = parse_toml(after).find(key)
    if value is None or value.value != "":
        return Refusal(f"{relative(project, path)} cannot be changed here; write `{'.'.join(key)}` by hand.")
    return replace(told, edits=(FileEdit(path, tree.text, after, edits),), show=(path, value.content))


_MARK = "\ue000here\ue000"
_LINE = re.compile(rf"{_MARK}\r?\n")
