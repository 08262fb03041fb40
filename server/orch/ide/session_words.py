"""What the words of a session file mean, for hovers and completion."""

from orch.model.schema import Key, Table
from orch.model.session import SCHEMA_VERSION

_CHOICES: dict[tuple[str, str], str] = {
    (
        "status",
        "planning",
    ): "The request is planned: its prompt waits for a model's answer, or the answer for its next step.",
    ("status", "analysis"): "The analysis prompt has been made; the model analyses the code.",
    ("status", "implementation"): "The implementation prompt has been made; the change is being built.",
    ("status", "completed"): "It has ended, with an outcome.",
    ("status", "abandoned"): "It has ended without being built.",
    ("feature_type", "feature"): "Something new.",
    ("feature_type", "bugfix"): "Something that is wrong.",
    ("feature_type", "refactor"): "The same, better built.",
    ("feature_type", "performance"): "The same, faster or smaller.",
    ("feature_type", "migration"): "From one version, place or system to another.",
    ("feature_type", "docs"): "Words, not code.",
    ("result", "success"): "The change does what was wanted.",
    ("result", "partial"): "It does some of it, or needed much help. Does not count as a success.",
    ("result", "failure"): "Nothing of use came out.",
}


def choice_doc(key: str, choice: str) -> str:
    """What `choice` means as a value of `key`; empty where the word says it all."""
    return _CHOICES.get((key, choice), "")


def key_markdown(table: Table, key: Key) -> str:
    """What a key is for, of which type, and what it may be."""
    where = f"{'.'.join(table.path)}." if table.path else ""
    lines = [f"**{where}{key.name}** · {key.kind}", "", key.doc]
    if key.choices:
        lines += ["", "One of:", ""]
        for choice in key.choices:
            doc = choice_doc(key.name, choice)
            lines.append(f"- `{choice}`" + (f": {doc}" if doc else ""))
    if key.suggestions:
        lines += ["", "For example: " + ", ".join(f"`{name}`" for name in key.suggestions)]
    if key.name == "schema":
        lines += ["", f"This Orch writes schema {SCHEMA_VERSION}."]
    return "\n".join(lines)


def table_markdown(table: Table) -> str:
    """What a table is for, and its keys."""
    name = ".".join(table.path)
    title = f"**[[{name}]]**" if table.array else f"**[{name}]**" if name else "**A session**"
    keys = [f"- `{key.name}`: {key.doc}" for key in table.keys]
    return "\n".join([title, "", table.doc, *(["", *keys] if keys else [])])
