"""The session file's tables and keys, as data: what diagnostics check, completion offers and hover explains."""

from dataclasses import dataclass
from enum import StrEnum

from orch.model.session import COMPLEXITIES, FEATURE_TYPES, RESULTS, STATUSES


class Kind(StrEnum):
    """The TOML type that a key wants, in the words of a message."""

    TEXT = "text"
    INTEGER = "a whole number"
    NUMBER = "a number"
    TIME = "a date and time"
    TEXTS = "a list of texts"


@dataclass(frozen=True, slots=True)
class Key:
    """A key of a table. `choices` limits the value; `suggestions` are offered, others are allowed too.

    `long` marks the texts that fold and that are written as multi-line strings.
    """

    name: str
    kind: Kind
    doc: str
    choices: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()
    required: bool = False
    long: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the session file. `array` for `[[...]]`; `free` when a person names the keys themselves."""

    path: tuple[str, ...]
    doc: str
    keys: tuple[Key, ...] = ()
    array: bool = False
    free: bool = False

    def key(self, name: str) -> Key | None:
        """The key of that name, if the table has one."""
        return next((key for key in self.keys if key.name == name), None)


def _phase(name: str, doc: str, *own: Key) -> tuple[Table, Table]:
    keys = (
        Key("template", Kind.TEXT, "The template version that made the prompt: `layer:[type/]name@N-digest8`."),
        Key("experiment", Kind.TEXT, "The experiment that chose the template version."),
        Key("arm", Kind.TEXT, "The arm of the experiment that this session belongs to."),
        *own,
        Key("prompt", Kind.TEXT, "The prompt that Orch made for the model.", long=True),
    )
    values = "What fills the template's inputs" + ("." if name == "planning" else " and the body's placeholders.")
    return Table((name,), doc, keys), Table((name, "values"), values, free=True)


_RESULT = Key("result", Kind.TEXT, "What the model answered to this phase's prompt.", long=True)

SESSION_TABLES: tuple[Table, ...] = (
    Table(
        (),
        "A session: one feature on its way from a request to a completed change.",
        (
            Key("schema", Kind.INTEGER, "The version of the file's format.", required=True),
            Key(
                "id",
                Kind.TEXT,
                "The session's id, a UUID; its first eight characters are enough to name it.",
                required=True,
            ),
            Key("title", Kind.TEXT, "A short name for people to read.", required=True),
            Key("status", Kind.TEXT, "How far the session has come.", choices=STATUSES, required=True),
            Key(
                "feature_type",
                Kind.TEXT,
                "What kind of change this is; it chooses the templates.",
                suggestions=FEATURE_TYPES,
            ),
            Key("project", Kind.TEXT, "The project's name."),
            Key("created", Kind.TIME, "When the session was planned (UTC)."),
        ),
    ),
    Table(
        ("request",),
        "What is wanted.",
        (
            Key(
                "text",
                Kind.TEXT,
                "The feature request, in the words of the person who wants it.",
                required=True,
                long=True,
            ),
        ),
    ),
    Table(
        ("outcome",),
        "How it turned out. Outcomes feed the experiment.",
        (
            Key("result", Kind.TEXT, "Whether the change did what was wanted.", choices=RESULTS),
            Key("rating", Kind.INTEGER, "From 1 (poor) to 5 (excellent)."),
            Key("comment", Kind.TEXT, "What is worth remembering.", long=True),
        ),
    ),
    Table(
        ("notes",),
        "The EXECUTION NOTES of the planning answer.",
        (
            Key("complexity", Kind.TEXT, "How hard the model expects it to be.", choices=COMPLEXITIES),
            Key("time_estimate", Kind.TEXT, "How long the model expects it to take."),
            Key("key_files", Kind.TEXTS, "The files that matter most, relative to the project's root."),
            Key("text", Kind.TEXT, "The notes, whole.", long=True),
        ),
    ),
    Table(
        ("notes", "risks"),
        "What may go wrong.",
        (
            Key("risk", Kind.TEXT, "What may go wrong.", required=True),
            Key("mitigation", Kind.TEXT, "What is planned against it."),
        ),
        array=True,
    ),
    *_phase(
        "planning",
        "The planning prompt and the model's answer to it.",
        Key("response", Kind.TEXT, "The model's answer to the planning prompt, whole.", long=True),
    ),
    *_phase(
        "analysis",
        "The analysis: its template from the planning answer, its prompt and its result.",
        Key("body", Kind.TEXT, "The ANALYSIS template from the planning answer.", long=True),
        _RESULT,
    ),
    *_phase(
        "implementation",
        "The implementation: its template from the planning answer, its prompt and what was built.",
        Key("body", Kind.TEXT, "The IMPLEMENTATION template from the planning answer.", long=True),
        _RESULT,
    ),
    Table(
        ("executions",),
        "One entry for each time a runner was given a prompt.",
        (
            Key(
                "step",
                Kind.TEXT,
                "The step that was run.",
                choices=("plan", "analyze", "implement"),
                required=True,
            ),
            Key("runner", Kind.TEXT, "The runner's name in the configuration.", required=True),
            Key("model", Kind.TEXT, "The model that answered."),
            Key("started", Kind.TIME, "When it started (UTC)."),
            Key("seconds", Kind.NUMBER, "How long it took."),
            Key(
                "status",
                Kind.TEXT,
                "How it ended.",
                choices=("ok", "failed", "cancelled", "timeout"),
                required=True,
            ),
            Key("prompt_chars", Kind.INTEGER, "How long the prompt was, in characters."),
            Key("answer_chars", Kind.INTEGER, "How long the answer was, in characters."),
            Key("input_tokens", Kind.INTEGER, "Tokens that the model read, where it tells."),
            Key("output_tokens", Kind.INTEGER, "Tokens that the model wrote, where it tells."),
        ),
        array=True,
    ),
    Table(
        ("history",),
        "One entry for each step, the newest last.",
        (
            Key("at", Kind.TIME, "When the step was taken (UTC).", required=True),
            Key("step", Kind.TEXT, "The step.", required=True),
            Key("by", Kind.TEXT, "Who took it: git's user.name."),
            Key("commit", Kind.TEXT, "The project's commit at that time."),
            Key("kept", Kind.TEXTS, "What the step replaced, as `key:digest8` of `.orch/kept/`."),
        ),
        array=True,
    ),
    Table(("imported",), "What an import brought and Orch has no place for.", free=True),
)
"""The tables in the order in which a session file has them."""

TABLE_ORDER: tuple[str, ...] = tuple(dict.fromkeys(table.path[0] for table in SESSION_TABLES if table.path))
"""The top-level tables in the file's order: where a new header goes."""


LONG_KEYS: frozenset[tuple[str, ...]] = frozenset(
    (*table.path, key.name) for table in SESSION_TABLES for key in table.keys if key.long
)
"""The paths of the texts that are written on lines of their own whatever their size."""


def table_at(path: tuple[str, ...]) -> Table | None:
    """The table at `path` (`()` is the root), if the schema knows it."""
    return next((table for table in SESSION_TABLES if table.path == path), None)
