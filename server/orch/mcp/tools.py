"""The tools: what each is called, which command it is, and what a model is told of it."""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, get_type_hints

from orch.commands.registry import command
from orch.model.session import PHASES, RESULTS, STATUSES

INSTRUCTIONS = """\
Orch takes a change to this project from a request to a finished implementation in three phases: planning, analysis,
implementation. Each phase is one prompt and one answer, and all of it is kept in one session file that people read.

You are the model that carries the prompts out. Orch never calls a model by itself. The whole loop:
1. plan(request) gives a session id and the planning prompt. Carry the prompt out, then answer(session, text).
2. next(session) gives the analysis prompt. Look at the project as it asks, then answer(session, text).
3. next(session) gives the implementation prompt. Make the change, then answer(session, text) with your report.
4. complete(session, outcome) says how it went.

Every result has `do`: what to call next. `text` is always your own answer, whole and unchanged, never the prompt.
Pass `session` in every call: the id, or its first 8 characters. Where `missing` names open places of a prompt, fill
them first. A refusal is one sentence that names the step to take first; nothing was changed, and a long text that
came with it is kept in the file that the sentence names.
"""

SESSION = "The session: its id, or the first 8 characters. Needed when more than one session is open."
TEXT = "Your answer, whole and as you wrote it, as Markdown. Not the prompt, not a summary, not a file name."
VALUES = "Values by name, each a text: the template's inputs, and open places of the prompt, named as in `missing`"


@dataclass(frozen=True, slots=True)
class Tool:
    """One tool. `command` is the command behind it, empty for `check`.

    `arguments` are the parameters that are offered, with their description: names as the command's record has them.
    `needs` are those that must be given though the command could do without. `gives` is the kind of the result.
    """

    name: str
    title: str
    description: str
    arguments: Mapping[str, str]
    command: str = ""
    needs: Sequence[str] = ()
    choices: Mapping[str, Sequence[str]] = field(default_factory=dict)
    gives: str = "step"
    reads: bool = False
    ends: bool = False
    again: bool = False


TOOLS = (
    Tool(
        "plan",
        "Plan a change",
        "Start here for a new feature, fix or other change. Makes a session and returns its planning prompt in "
        "`prompt`. Then write the answer that the prompt asks for and file it with `answer`. With `session`, plans "
        "that session again, which must still be in planning. To go on with a session that exists, use `next`.",
        {
            "request": "What is wanted, in the user's own words; several paragraphs are fine. Leave it out only "
            "when planning a session again.",
            "session": "A session in planning that is to be planned again; leave it out for a new one.",
            "feature_type": "feature, bugfix, refactor, performance, migration, docs or a type of this project; "
            "without it the words of the request decide.",
            "project": "The project's name in the prompts; without it the configured one or the folder's.",
            "template": "The template for the planning prompt, as `list_templates` names it; only when asked for.",
            "values": f"{VALUES}.",
        },
        "orch.session.plan",
    ),
    Tool(
        "next",
        "Next step",
        "Takes the step that is due and returns its prompt. Call it after an answer was filed, or to go on with a "
        "session that you find open. A session that still waits for an answer gives the same prompt once more and "
        "does not change; where the planning answer lacked a part, the prompt asks for that part alone. When "
        "everything is saved it completes the session without an outcome: prefer `complete` there.",
        {"session": SESSION},
        "orch.session.next",
        again=True,
    ),
    Tool(
        "answer",
        "File an answer",
        "Files your answer to the prompt that the session waits for, in whatever phase it is. After planning it "
        "takes out the analysis prompt, the implementation prompt and the notes, and `parts` says what was found; "
        "where one is missing, `next` asks for it. Then call `next`.",
        {"session": SESSION, "text": TEXT},
        "orch.session.answer",
        needs=("text",),
    ),
    Tool(
        "process",
        "File the planning answer",
        "Like `answer`, for the planning answer only: stores it and takes its three parts out. Without `text` it "
        "processes the answer that a person has put into the session file. Refused when planning is over.",
        {"session": SESSION, "text": TEXT},
        "orch.session.process",
    ),
    Tool(
        "analyze",
        "Start the analysis",
        "Starts the analysis, or makes its prompt again with other `values`, and returns the prompt. Needs a "
        "processed planning answer. `next` does the same without values. Then carry it out and call `answer`.",
        {"session": SESSION, "values": f"{VALUES}."},
        "orch.session.analyze",
    ),
    Tool(
        "save_analysis",
        "Save the analysis",
        "Like `answer`, for the analysis only: stores your report. A report that was there before is kept.",
        {"session": SESSION, "text": TEXT},
        "orch.session.saveAnalysis",
        needs=("text",),
    ),
    Tool(
        "implement",
        "Start the implementation",
        "Starts the implementation, or makes its prompt again with other `values`, and returns the prompt with the "
        "analysis in it. Needs a saved analysis. `next` does the same without values. Then make the change and "
        "call `answer` with a report of what you built.",
        {
            "session": SESSION,
            "values": f"{VALUES}.",
            "force": "true goes on without an analysis; only when the user says so.",
        },
        "orch.session.implement",
    ),
    Tool(
        "save_implementation",
        "Save what was built",
        "Like `answer`, for the implementation only: stores your report of what you built and how you tested it.",
        {"session": SESSION, "text": TEXT},
        "orch.session.saveImplementation",
        needs=("text",),
    ),
    Tool(
        "complete",
        "Complete the session",
        "Ends a session whose implementation is saved, and records how it went. The outcome counts in experiments, "
        "so be honest, and ask the user where you can: success means done as asked and tested.",
        {
            "session": SESSION,
            "outcome": "success, partial or failure.",
            "rating": "From 1 (poor) to 5 (very good): the user's, not your own.",
            "comment": "What is worth remembering, in a sentence or two.",
            "force": "true ends the session before the implementation is saved; only when the user says so.",
        },
        "orch.session.complete",
        choices={"outcome": RESULTS},
    ),
    Tool(
        "reopen",
        "Reopen at a phase",
        "Goes back to an earlier phase, or brings an ended session back. All texts stay. Then call `next`, or "
        "`plan`, `analyze` or `implement` to make that phase's prompt anew.",
        {"session": SESSION, "phase": "The phase to go back to."},
        "orch.session.reopen",
        choices={"phase": PHASES},
    ),
    Tool(
        "abandon",
        "Abandon the session",
        "Ends an open session without an outcome. Only when the user wants it given up; `reopen` brings it back.",
        {"session": SESSION},
        "orch.session.abandon",
        ends=True,
    ),
    Tool(
        "fill",
        "Fill open places",
        "Gives values to the open places that `missing` lists, and makes the prompt anew where it was made. "
        "Look the values up in the project; ask the user for what only they know. Does not move the session on.",
        {
            "session": SESSION,
            "phase": "The phase of the prompt; without it the one that the session is in, or comes to next.",
            "values": f"{VALUES}. A text is filled in literally.",
        },
        "orch.session.fill",
        needs=("values",),
        choices={"phase": PHASES},
        again=True,
    ),
    Tool(
        "list_sessions",
        "List sessions",
        "Lists sessions, the newest first, each with `next`, what comes next in it. Use it to find the session "
        "that the user speaks of, or what is open (status `open`). Long texts are left out.",
        {
            "status": "`open` for all that have not ended, or one status.",
            "project": "Only sessions of this project's name.",
            "feature_type": "Only sessions of this type.",
            "query": "Words to look for in titles and requests.",
            "limit": "How many at most; 50 without it.",
        },
        "orch.session.list",
        choices={"status": ("open", *STATUSES)},
        gives="sessions",
        reads=True,
    ),
    Tool(
        "show_session",
        "Show a session",
        "Shows one session: what it is about, where it stands and what to do next. Long texts are given by their "
        "length only; name those that you want to read in `texts`. Changes nothing.",
        {"session": SESSION, "texts": "The long texts to return, by key; `all` for every one."},
        "orch.session.show",
        gives="session",
        reads=True,
    ),
    Tool(
        "list_templates",
        "List templates",
        "Lists the prompt templates of every layer. One with `hidden_by` is not used: the one named there is.",
        {},
        "orch.template.list",
        gives="templates",
        reads=True,
    ),
    Tool(
        "check",
        "Check sessions and templates",
        "Checks session files and prompt templates and returns findings with path, line and rule: what an editor "
        "would underline. Use it after editing one of these files by hand. It does not check the project's code.",
        {"paths": "Files or folders inside the project, from its root; all sessions and templates without it."},
        gives="findings",
        reads=True,
    ),
)

BY_NAME = {tool.name: tool for tool in TOOLS}

TEXTS = (
    "request.text", "notes.text", "planning.prompt", "planning.response",
    "analysis.body", "analysis.prompt", "analysis.result",
    "implementation.body", "implementation.prompt", "implementation.result",
)  # fmt: skip
"""The long texts of a session that `show_session` can return."""


def input_schema(tool: Tool, roots: Sequence[str] = ()) -> dict[str, Any]:
    """The JSON schema of the arguments, from its command's record. `roots` are the folders, where several."""
    types = _types(tool)
    properties: dict[str, Any] = {}
    for name, description in tool.arguments.items():
        properties[name] = {**types[name], "description": description}
        if name in tool.choices:
            properties[name]["enum"] = list(tool.choices[name])
    if roots:
        told = "The folder that is meant, where the session does not tell it."
        properties["root"] = {"type": "string", "enum": list(roots), "description": told}
    schema: dict[str, Any] = {"type": "object", "properties": properties, "additionalProperties": False}
    required = [name for name in tool.arguments if name in tool.needs or name in _required(tool)]
    return {**schema, "required": required} if required else schema


_OWN_TYPES: dict[str, dict[str, Any]] = {
    "paths": {"type": "array", "items": {"type": "string"}},
    "texts": {"type": "array", "items": {"type": "string", "enum": ["all", *TEXTS]}},
}
"""The arguments that are the tools' own and no command's."""


def _types(tool: Tool) -> dict[str, dict[str, Any]]:
    hints = get_type_hints(command(tool.command).params) if tool.command else {}
    return {**_OWN_TYPES, **{name: _type(hint) for name, hint in hints.items()}}


def _type(hint: Any) -> dict[str, Any]:
    """The schema of a parameter: of `str | None` that of `str`, because what is not given is left out."""
    for kind, name in ((bool, "boolean"), (int, "integer"), (str, "string")):
        if hint == kind or hint == kind | None:
            return {"type": name}
    return {"type": "object", "additionalProperties": {"type": "string"}}


def _required(tool: Tool) -> list[str]:
    """The parameters that the command itself cannot do without."""
    fields = dataclasses.fields(command(tool.command).params) if tool.command else ()
    without = (dataclasses.MISSING, dataclasses.MISSING)
    return [one.name for one in fields if (one.default, one.default_factory) == without]
